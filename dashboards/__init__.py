"""The screens: what the board looks like on a wall, at a desk and in a hand."""
