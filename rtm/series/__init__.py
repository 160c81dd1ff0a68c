"""Detectors on one series of counts, which say how surprising a bin is after the ones before it.

``detector`` holds the protocol and the registry, ``rise`` our own, ``borrowed`` and ``drift``
river's; ``vitals`` reads several series side by side for a board.
"""
