"""Publish: a channel is one file here and one line in ``channels.py``."""
