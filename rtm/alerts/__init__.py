"""Alerts: people away from the board are told what they must know, once, and who is next."""
