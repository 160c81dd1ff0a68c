"""Which known phrases stand in a post: brand, event, themes, no-go, grave matters, as bits.

A phrase is up to four words, a hashtag or a handle; one with a sign between words (Dr. Pepper) is
found with and without it. A stem is one word's beginning. Both become
lookups by raw state, so that the walker finds all of them in its one pass, at word boundaries only.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntFlag
from functools import cache
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rtm.text import keys
from rtm.text.lexicon import bait_entries, market_entries, risk_entries
from rtm.text.lookup import Lookup, lookup_of
from rtm.text.terms import Token, tokens_of

MAX_PHRASE = 4  # words and signs between them; what stands behind the fourth is not compared
SHORT_ENDING = 2  # letters that may follow a phrase's only word: cookie, cookies
SHORT_BITS = 32  # a stem's marks stand above this bit where only a short ending may follow
LONG_ENOUGH = 4  # letters of a word that may take a short ending
WEAK_BITS = 10  # a class said by a weak word alone stands so far above its mark: see text.grave


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
    SCENE = 1 << 24  # who and what is around when something bad happened; weighed by text.grave,
    PLAY = 1 << 25  # sport, games, idioms: and gone from what the reader tells, as weak words are


CLASSES: Mapping[str, Mark] = {
    "death": Mark.DEATH,
    "disaster": Mark.DISASTER,
    "attack": Mark.ATTACK,
    "crime": Mark.CRIME,
    "abuse": Mark.ABUSE,
    "minors": Mark.MINORS,
    "health": Mark.HEALTH,
}
"""The classes of grave matters, by their name in the lists."""


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

    def add_phrase(self, phrase: str, mark: int, has_endings: bool) -> None:
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

    def add_stem(self, stem: str, mark: int) -> None:
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
    markets: Iterable[str] = (),
    confirm: Confirm | None = None,
) -> Patterns:
    """Freeze what to look for, together with the lexicons that ship with rtm.

    ``phrases`` are words of the language: one of four letters and more also matches with an ending
    of up to two letters. ``names`` are matched exactly. ``markets`` (ISO 3166) add what is grave
    there.
    """
    grave = _grave(tuple(markets))
    entries = _Entries(dict(grave.stems), dict(grave.phrases), dict(grave.terms))
    for mark, texts in phrases.items():
        for text in texts:
            entries.add_phrase(text, mark, has_endings=True)
    for mark, texts in (names or {}).items():
        for text in texts:
            entries.add_phrase(text, mark, has_endings=False)
    for entry in bait_entries():
        if entry.endswith("*"):
            entries.add_stem(entry[:-1], Mark.BAIT)
        else:
            entries.add_phrase(entry, Mark.BAIT, has_endings=False)
    lookups = (lookup_of(entries.stems), lookup_of(entries.phrases), lookup_of(entries.terms))
    return Patterns(*lookups, confirm)


def only_phrases(lists: Mapping[int, Iterable[str]]) -> Patterns:
    """Freeze some lists of phrases and nothing else, each under a bit of its own, up to 32.

    They are matched as the ``phrases`` of ``patterns_of`` are.
    """
    entries = _Entries()
    for bit, texts in lists.items():
        for text in texts:
            entries.add_phrase(text, bit, has_endings=True)
    return Patterns(lookup_of(entries.stems), lookup_of(entries.phrases), lookup_of(entries.terms))


@cache
def _grave(markets: tuple[str, ...]) -> _Entries:
    entries = _Entries()
    for bits, entry in risk_bits(markets):
        if is_stem(entry):
            entries.add_stem(entry.rstrip("*"), bits)
        else:
            entries.add_phrase(entry.rstrip("*="), bits, has_endings=False)
    return entries


def risk_bits(markets: Iterable[str] = ()) -> Iterator[tuple[int, str]]:
    """Yield every entry of the lists that ship with rtm, with the bits that it sets."""
    bits = {"politics": int(Mark.POLITICS), "scene": int(Mark.SCENE), "play": int(Mark.PLAY)}
    for name, mark in CLASSES.items():
        bits[f"strong {name}"] = Mark.GRAVE | mark
        bits[f"weak {name}"] = mark << WEAK_BITS
        bits[f"likely {name}"] = mark << WEAK_BITS | Mark.SCENE  # its own witness
    for kind, entries in risk_entries().items():
        yield from ((bits[kind], entry) for entry in entries)
    for market in markets:
        for name, entries in market_entries(market).items():
            yield from ((Mark.GRAVE | CLASSES[name], entry) for entry in entries)


def is_stem(entry: str) -> bool:
    """Tell whether an entry of a list is the beginning of one word.

    >>> is_stem("kill*"), is_stem("war="), is_stem("shot dead"), is_stem("r.i.p")
    (True, False, False, False)
    """
    return not entry.endswith("=") and len(list(tokens_of(entry.rstrip("*")))) == 1
