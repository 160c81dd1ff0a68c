"""How long a post is, by a network's own counting."""

import regex

from rtm.publish.publisher import Limits

_LETTER = regex.compile(r"\X")


def letters(text: str) -> int:
    r"""Return how many letters a reader sees: grapheme clusters.

    >>> letters("e\u0301t\u00e9"), letters("\U0001f469\u200d\U0001f469\u200d\U0001f467")
    (3, 1)
    """
    return sum(1 for _ in _LETTER.finditer(text))


def too_long(text: str, limits: Limits) -> str | None:
    """Return a sentence on what is too long, or None when a text fits.

    >>> too_long("dunk", Limits(3, None))
    'The post is 1 letter too long: 4 of at most 3.'
    """
    if (over := letters(text) - limits.graphemes) > 0:
        return (
            f"The post is {over:,} letter{'s' * (over > 1)} too long: "
            f"{over + limits.graphemes:,} of at most {limits.graphemes:,}."
        )
    size = len(text.encode(errors="replace"))
    if limits.utf8_bytes is not None and size > limits.utf8_bytes:
        return f"The post has {size:,} bytes of at most {limits.utf8_bytes:,}; use fewer emoji."
    return None
