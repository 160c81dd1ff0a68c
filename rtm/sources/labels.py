"""What a network says of a post's content, as one string of words."""

import re

import polars as pl

SENSITIVE = "sensitive"
MOST = 10  # as many as a Bluesky record may have of its own
_WORD = r"[a-z0-9!][a-z0-9-]{0,63}"
_LABEL = re.compile(_WORD)
_LABELS = rf"^{_WORD}(?: {_WORD}){{0,{MOST - 1}}}$"


def labels_of(told: object) -> str | None:
    """Return the labels of a record, whatever its author put there; None when there are none.

    Parameters
    ----------
    told
        Words, objects with a ``val``, or an object with a list of those as ``values``.

    Examples
    --------
    >>> labels_of({"values": [{"val": "porn"}, {"val": 3}, {"val": "Nudity"}]})
    'porn nudity'
    """
    listed = told.get("values") if isinstance(told, dict) else told
    if not isinstance(listed, list):
        return None
    found: dict[str, None] = {}
    for one in listed:
        value = one.get("val") if isinstance(one, dict) else one
        if isinstance(value, str) and _LABEL.fullmatch(value.lower()):
            found[value.lower()] = None
        if len(found) == MOST:
            break
    return " ".join(found) or None


def labels_in(words: pl.Expr) -> pl.Expr:
    """Return labels that stand in one lower-case string, by commas or blanks; else null."""
    told = words.str.replace_all(r"[,;|\s]+", " ").str.strip_chars()
    return pl.when(told.str.contains(_LABELS)).then(told)
