"""Tune: recorded posts and labels in, and how well a setting of the detector finds them."""
