"""Slots: what a kit's words leave open, as "{score}", to be filled in on the night."""

import re

_SLOT = re.compile(r"\{\s*([^\W\d_](?:[\w '-]{0,38}\w)?)\s*\}")


def slots_of(text: str) -> tuple[str, ...]:
    """Return the names of the slots that a text has still open, in order, each once.

    >>> slots_of("{score} for {team}! {score}, {1}, { }")
    ('score', 'team')
    """
    return tuple(dict.fromkeys(match[1] for match in _SLOT.finditer(text)))
