"""What is rising: echo weighs copies, the kernel counts, the trigger fires, stories gather.

In order, for each closed tick: ``echo`` gives every post its weight and source, ``kernel`` counts
terms in ``table`` against their own past, ``significance`` says how unlikely a count is,
``trigger`` decides what is hot, ``stories`` join hot terms about one happening.
"""
