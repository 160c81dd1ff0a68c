"""The board: what a screen shows, as a fold of the record. No I/O, no clock."""
