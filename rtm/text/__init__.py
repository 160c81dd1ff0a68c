"""What a post says: terms, near-duplicate signature, and which known phrases stand in it.

The reader has no state, so it may run over any slice of any frame, anywhere. ``terms`` is the
plain form, readable, with names; ``walker`` the compiled one, which gives the same keys.
"""
