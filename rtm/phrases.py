"""Phrases: words as a person writes them into a profile or an event, and what lists of them keep.

A phrase is kept as written. Two that differ only in case, spacing or a leading @ are the same.
"""

import unicodedata
from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta

from rtm.remedies import shown, wrong

MAX_PHRASES = 500  # in a list: whoever needs more wants a theme said in fewer words
MAX_CHARACTERS = 100  # of a phrase: longer ones are sentences, and nobody repeats those exactly

Phrase = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_CHARACTERS,
        pattern=r"\A(?=\S)(?=.*[^\W_])[^\x00-\x1f\x7f-\x9f\u2028\u2029]+(?<=\S)\Z",
        description=f"a word or phrase in quotes: up to {MAX_CHARACTERS} characters on one line, "
        "a letter or digit among them, no space at either end",
        examples=["milk"],
    ),
]

Phrases = Annotated[tuple[Phrase, ...], Meta(max_length=MAX_PHRASES)]


def folded(phrase: str) -> str:
    """Return the form in which phrases are compared within a profile.

    >>> folded("@Oreo  COOKIE")
    'oreo cookie'
    """
    return " ".join(unicodedata.normalize("NFC", phrase).removeprefix("@").casefold().split())


def refuse_repeats(key: str, phrases: Sequence[str]) -> None:
    """Raise a ValueError when a list says the same phrase twice."""
    first: dict[str, int] = {}
    for number, phrase in enumerate(phrases, 1):
        earlier = first.setdefault(folded(phrase), number)
        if earlier != number:
            remedy = f"{key} #{earlier} says the same ({shown(phrases[earlier - 1])}); delete one"
            raise wrong(f"{key} #{number}", phrase, remedy)


def refuse_shared(key: str, phrases: Sequence[str], other_key: str, others: Sequence[str]) -> None:
    """Raise a ValueError when a phrase stands under two keys that exclude each other."""
    taken = {folded(phrase): phrase for phrase in others}
    for number, phrase in enumerate(phrases, 1):
        if folded(phrase) in taken:
            theirs = shown(taken[folded(phrase)])
            remedy = f"{other_key} says the same ({theirs}); keep it in one of the two"
            raise wrong(f"{key} #{number}", phrase, remedy)


def listed(phrases: Sequence[str], most: int = 8) -> str:
    """Write phrases for a person: the first ones, and how many more.

    >>> listed(["milk", "cookie", "dunk"], most=2)
    'milk, cookie and 1 more'
    """
    firsts = ", ".join(phrases[:most])
    return firsts if len(phrases) <= most else f"{firsts} and {len(phrases) - most} more"
