"""Which known phrases stand in a post: brand, event, themes, no-go, grave matters, as bits.

A phrase is up to four words, a hashtag or a handle; one with a sign between words (Dr. Pepper) is
found with and without it. A stem is one word's beginning. Both become
lookups by raw state, so that the walker finds all of them in its one pass, at word boundaries only.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntFlag
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rtm.text import keys
from rtm.text.lexicon import risk_entries
from rtm.text.lookup import Lookup, lookup_of
from rtm.text.terms import Token, tokens_of

MAX_PHRASE = 4  # words and signs between them; what stands behind the fourth is not compared
SHORT_ENDING = 2  # letters that may follow a phrase's only word: cookie, cookies
SHORT_BITS = 32  # a stem's marks stand above this bit where only a short ending may follow
LONG_ENOUGH = 4  # letters of a word that may take a short ending


class Mark(IntFlag):
    """What a post was found to speak of; one bit each, several a post."""

    GRAVE = 1
    POLITICS = 2
    MENTION = 4
    THEME = 8
    NO_GO = 16
    RIVAL = 32
    EVENT = 64
    DEATH = 128  # what makes a post grave; each of these comes with GRAVE
    DISASTER = 256
    ATTACK = 512
    CRIME = 1024
    ABUSE = 2048
    MINORS = 4096
    HEALTH = 8192
    BAIT = 16384  # asks for likes or follows, or gives something away for them
    MAYBE_MENTION = 32768  # a form of the brand's name that may be a word of the language
    MAYBE_RIVAL = 65536  # the same of a rival's


Confirm = Callable[[pl.Series, NDArray[np.uint32]], NDArray[np.uint32]]
"""Takes texts and their marks; returns the marks with every MAYBE resolved or dropped."""


class Patterns(NamedTuple):
    """Three lookups of bits: stems (see ``SHORT_BITS``), phrases, and term keys.

    ``confirm`` takes the second look at what may be a name; without it a MAYBE stays one.
    """

    stems: Lookup
    phrases: Lookup
    terms: Lookup
    confirm: Confirm | None = None


@dataclass(slots=True)
class _Entries:
    stems: dict[int, int] = field(default_factory=dict)
    phrases: dict[int, int] = field(default_factory=dict)
    terms: dict[int, int] = field(default_factory=dict)

    def add_phrase(self, phrase: str, mark: Mark, has_endings: bool) -> None:
        tokens = list(tokens_of(phrase))
        first = next((token for token in tokens if token.kind != "break"), None)
        if first is None:
            return
        if first.kind == "tag":
            self._add(self.terms, keys.tag_key(first.text), mark)
        elif first.kind == "name":
            self._add(self.terms, keys.name_key(first.text), mark)
        elif first.kind == "link":
            self._add(self.terms, keys.link_key(first.text), mark)
        else:
            words = [token.text for token in tokens if is_word(token)]
            for units in (words, _with_signs(tokens)):
                self._add(self.phrases, raw_phrase(units), mark)
            if has_endings and len(words) == 1 and len(words[0]) >= LONG_ENOUGH:
                self._add(self.stems, keys.raw(words[0]), mark << SHORT_BITS)

    def add_stem(self, stem: str, mark: Mark) -> None:
        self._add(self.stems, keys.raw(stem), mark)

    @staticmethod
    def _add(entries: dict[int, int], key: int, bits: int) -> None:
        entries[key] = entries.get(key, 0) | bits


def is_word(token: Token) -> bool:
    """Tell whether a token is part of a phrase."""
    return token.kind in ("word", "ideograph")


def _with_signs(tokens: Iterable[Token]) -> list[str]:
    # words in order, and "" for whatever stands between two of them and ends a sentence
    units: list[str] = []
    for token in tokens:
        if is_word(token) or (token.kind == "break" and units and units[-1]):
            units.append(token.text)
    units = units[:MAX_PHRASE]
    return units if units[-1] else units[:-1]


def raw_phrase(words: Sequence[str]) -> int:
    """Return the raw state of the first words, in order."""
    state: int | None = None
    for word in words[:MAX_PHRASE]:
        state = keys.raw(word) if state is None else keys.chain(state, keys.raw(word))
    assert state is not None, "a phrase has at least one word"
    return state


def patterns_of(
    phrases: Mapping[Mark, Iterable[str]],
    names: Mapping[Mark, Iterable[str]] | None = None,
    confirm: Confirm | None = None,
) -> Patterns:
    """Freeze what to look for, together with the grave stems that ship with rtm.

    ``phrases`` are words of the language: one of four letters and more also matches with an ending
    of up to two letters. ``names`` are matched exactly.
    """
    entries = _Entries()
    for mark, texts in phrases.items():
        for text in texts:
            entries.add_phrase(text, mark, has_endings=True)
    for mark, texts in (names or {}).items():
        for text in texts:
            entries.add_phrase(text, mark, has_endings=False)
    for mark, risk in ((Mark.GRAVE, "grave"), (Mark.POLITICS, "politics")):
        for entry in risk_entries()[risk]:
            if entry.endswith("="):
                entries.add_phrase(entry[:-1], mark, has_endings=False)
            else:
                entries.add_stem(entry.rstrip("*"), mark)
    lookups = (lookup_of(entries.stems), lookup_of(entries.phrases), lookup_of(entries.terms))
    return Patterns(*lookups, confirm)
