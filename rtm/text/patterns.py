"""Which known phrases stand in a post: brand, event, themes, no-go, grave matters, as bits.

A phrase is up to four words, a hashtag or a handle. A stem is one word's beginning. Both become
lookups by raw state, so that the walker finds all of them in its one pass, at word boundaries only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntFlag
from typing import NamedTuple

from rtm.text import keys
from rtm.text.lexicon import risk_entries
from rtm.text.lookup import Lookup, lookup_of
from rtm.text.terms import Token, tokens_of

MAX_PHRASE = 4  # words; what stands behind the fourth is not compared
ANY_ENDING = 255  # letters that may follow a stem
SHORT_ENDING = 2  # letters that may follow a phrase's only word: cookie, cookies
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


class Patterns(NamedTuple):
    """Three lookups: stems (bits, and allowed ending above bit 16), phrases, and term keys."""

    stems: Lookup
    phrases: Lookup
    terms: Lookup


@dataclass(slots=True)
class _Entries:
    stems: dict[int, int] = field(default_factory=dict)
    phrases: dict[int, int] = field(default_factory=dict)
    terms: dict[int, int] = field(default_factory=dict)

    def add_phrase(self, phrase: str, mark: Mark, ending: int) -> None:
        tokens = [token for token in tokens_of(phrase) if token.kind != "break"]
        if not tokens:
            return
        first = tokens[0]
        if first.kind == "tag":
            self._add(self.terms, keys.tag_key(first.text), mark)
        elif first.kind == "name":
            self._add(self.terms, keys.name_key(first.text), mark)
        elif first.kind == "link":
            self._add(self.terms, keys.link_key(first.text), mark)
        else:
            words = [token.text for token in tokens if is_word(token)][:MAX_PHRASE]
            self._add(self.phrases, raw_phrase(words), mark)
            if len(words) == 1 and len(words[0]) >= LONG_ENOUGH:
                self.add_stem(words[0], mark, ending)

    def add_stem(self, stem: str, mark: Mark, ending: int) -> None:
        state = keys.raw(stem)
        before = self.stems.get(state, 0)
        self.stems[state] = (before | mark) & 0xFFFF | max(before >> 16, ending) << 16

    @staticmethod
    def _add(entries: dict[int, int], key: int, mark: Mark) -> None:
        entries[key] = entries.get(key, 0) | mark


def is_word(token: Token) -> bool:
    """Tell whether a token is part of a phrase."""
    return token.kind in ("word", "ideograph")


def raw_phrase(words: Iterable[str]) -> int:
    """Return the raw state of words in order."""
    state: int | None = None
    for word in words:
        state = keys.raw(word) if state is None else keys.chain(state, keys.raw(word))
    assert state is not None, "a phrase has at least one word"
    return state


def patterns_of(
    phrases: Mapping[Mark, Iterable[str]], names: Mapping[Mark, Iterable[str]] | None = None
) -> Patterns:
    """Freeze what to look for, together with the grave stems that ship with rtm.

    ``phrases`` are words of the language: one of four letters and more also matches with an ending
    of up to two letters. ``names`` are matched exactly.
    """
    entries = _Entries()
    for mark, texts in phrases.items():
        for text in texts:
            entries.add_phrase(text, mark, SHORT_ENDING)
    for mark, texts in (names or {}).items():
        for text in texts:
            entries.add_phrase(text, mark, 0)
    for mark, risk in ((Mark.GRAVE, "grave"), (Mark.POLITICS, "politics")):
        for entry in risk_entries()[risk]:
            if entry.endswith("="):
                entries.add_phrase(entry[:-1], mark, 0)
            else:
                entries.add_stem(entry.rstrip("*"), mark, ANY_ENDING)
    return Patterns(lookup_of(entries.stems), lookup_of(entries.phrases), lookup_of(entries.terms))
