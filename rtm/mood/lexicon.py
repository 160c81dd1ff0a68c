"""Mood stems that ship with rtm, as lookups for the reader of features.

An entry is a stem (``špatn``), a whole word (``late=``) or two words side by side (``on hold``). In
each language it may be negative, positive, a complaint or a negation, or several of these.
"""

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from rtm.text import keys
from rtm.text.language import number_of
from rtm.text.lookup import Lookup, lookup_of

LANGUAGES = ("", "en", "et", "pl", "cs", "sl")  # "" reads words of any language, see ANY_FROM
ANY_FROM = 5  # letters of a stem, or 4 of a word, that speaks even where the language is unknown
NEGATIVE, POSITIVE, COMPLAINT, NEGATION = 1, 2, 4, 8
CLASS_BITS = 4  # of each language, side by side
CLASSES = {"negative": NEGATIVE, "positive": POSITIVE, "complaint": COMPLAINT, "negation": NEGATION}
ENTRY_BITS = 16  # the lowest bits of a looked-up value: the entry's number and one
BARED = 0x250  # code points below it lose their accents
_UNDECOMPOSED = {"ł": "l", "đ": "d", "ø": "o", "ß": "s"}


@dataclass(frozen=True, slots=True)
class MoodLexicon:
    """All entries: ``names`` as written, ``classes`` the bits of every language, and lookups."""

    names: tuple[str, ...]
    classes: NDArray[np.uint64]
    stems: Lookup
    words: Lookup
    pairs: Lookup
    emoji: Lookup


@cache
def bare_letters() -> NDArray[np.int64]:
    """Return the letter without accents that stands for each code point below ``BARED``."""
    letters = [unicodedata.normalize("NFD", chr(code))[0] for code in range(BARED)]
    return np.array([ord(_UNDECOMPOSED.get(letter, letter)) for letter in letters], np.int64)


def bare(text: str) -> str:
    """Return a text in small letters without accents.

    >>> bare("Źle, õudne ŁÓDŹ")
    'zle, oudne lodz'
    """
    letters = bare_letters()
    small = text.lower()
    return "".join(chr(letters[ord(char)]) if ord(char) < BARED else char for char in small)


@cache
def lexicon() -> MoodLexicon:
    """Read ``mood.toml``."""
    text = resources.files("rtm.lexicons").joinpath("mood.toml").read_text("utf-8")
    lists = tomllib.loads(text)
    emoji = lists.pop("emoji")
    classes: dict[str, int] = {}
    for name, languages in lists.items():
        for language, entries in languages.items():
            for entry in entries:
                bits = CLASSES[name] << (CLASS_BITS * LANGUAGES.index(language))
                if _speaks_anywhere(entry, language):
                    bits |= CLASSES[name]
                classes[bare(entry)] = classes.get(bare(entry), 0) | bits
    names = tuple(sorted(classes))
    kinds: dict[str, dict[int, int]] = {"stem": {}, "word": {}, "pair": {}}
    for number, name in enumerate(names):
        value = number + 1 | classes[name] << ENTRY_BITS
        first, _, second = name.partition(" ")
        if second:
            kinds["pair"][keys.chain(keys.raw(first), keys.raw(second))] = value
        elif name.endswith("="):
            kinds["word"][keys.raw(name[:-1])] = value
        else:
            kinds["stem"][keys.raw(name)] = value
    return MoodLexicon(
        names,
        np.array([classes[name] for name in names], np.uint64),
        lookup_of(kinds["stem"]),
        lookup_of(kinds["word"]),
        lookup_of(kinds["pair"]),
        lookup_of({ord(char): CLASSES[name] for name, chars in emoji.items() for char in chars}),
    )


@cache
def lexicon_languages() -> NDArray[np.uint8]:
    """Return the place in ``LANGUAGES`` for each language number of ``rtm.text.language``."""
    places = np.zeros(256, np.uint8)
    for place, code in enumerate(LANGUAGES):
        if code:
            places[number_of(code)] = place
    return places


def _speaks_anywhere(entry: str, language: str) -> bool:
    return language == "en" or " " in entry or len(entry) >= ANY_FROM
