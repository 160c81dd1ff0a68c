"""The list of rude words, by what an entry means, and the languages in which some of it counts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from rtm.text.lexicon import manners_list, stop_words_of
from rtm.text.plain_letters import plain

Kind = Literal["hate", "slur", "sexual", "profanity", "violent", "brand", "sensitive"]
LONGEST = 24  # letters of the longest entry
KNOWN = 20_000  # words remembered with their class
SPOKEN = 2  # stop words of a language that show it
_LETTERS = {
    "et": "õäöü",
    "pl": "ąćęłńśźż",
    "cs": "ěřůďťň",
    "sl": "",
    "de": "ß",
    "fr": "çœ",
    "es": "ñ",
}


@dataclass(slots=True)
class Entries:
    """Entries by what they mean; those with accents are kept apart, as they want them."""

    whole: dict[str, Kind] = field(default_factory=dict)
    begins: dict[str, Kind] = field(default_factory=dict)
    ends: dict[str, Kind] = field(default_factory=dict)
    holds: dict[str, Kind] = field(default_factory=dict)
    lower: dict[str, Kind] = field(default_factory=dict)
    phrases: dict[str, list[tuple[str, Kind]]] = field(default_factory=dict)
    accented: "Entries | None" = None
    core: dict[str, Kind] = field(default_factory=dict)
    known: dict[tuple[str, str], Kind | None] = field(default_factory=dict)

    def kind(self, word: str, written: str) -> Kind | None:
        """Return the class of a plain word that stands in the text as ``written``."""
        key = (word, written)
        if key not in self.known:
            if len(self.known) >= KNOWN:
                self.known.clear()
            self.known[key] = self._kind(word, written)
        return self.known[key]

    def _kind(self, word: str, written: str) -> Kind | None:
        found = self.whole.get(word)
        if found is None and word in self.lower and not written[:1].isupper():
            found = self.lower[word]
        if found is None:
            cuts = range(2, min(len(word), LONGEST) + 1)
            found = next((self.begins[word[:n]] for n in cuts if word[:n] in self.begins), None)
        if found is None and len(word) > 3:
            found = next((kind for end, kind in self.ends.items() if word.endswith(end)), None)
            found = found or next((kind for part, kind in self.holds.items() if part in word), None)
        if found is None and self.accented is not None and not written.isascii():
            lowered = written.lower()
            return self.accented.kind(lowered, lowered)
        return found

    def add(self, entry: str, kind: Kind) -> None:
        """Take an entry in."""
        if " " in entry:
            words = plain(entry).text
            self.phrases.setdefault(words.split()[0], []).append((words, kind))
            return
        word = entry.strip("*=~")
        if plain(word).text != word:
            self.accented = self.accented or Entries()
            self.accented.put(entry, word, kind)
        else:
            self.put(entry, word, kind)

    def put(self, entry: str, word: str, kind: Kind) -> None:
        """Keep a word where its entry's marks say."""
        if entry.startswith("*"):
            (self.ends if entry.endswith("=") else self.holds)[word] = kind
        elif entry.endswith("="):
            self.whole[word] = kind
        elif entry.endswith("~"):
            self.lower[word] = kind
        else:
            self.begins[word] = kind


def _entries(classes: dict[str, dict[str, list[str]]], languages: Iterable[str] | None) -> Entries:
    entries = Entries()
    for kind in ("hate", "slur", "sexual", "profanity"):
        for language, listed in classes.get(kind, {}).items():
            if languages is None or language in languages:
                for entry in listed:
                    entries.add(entry, kind)
    return entries


@cache
def rude_words() -> Entries:
    """Return what is rude in whatever language a text is."""
    told = manners_list()
    entries = _entries(told, None)
    for word in told["core"]["words"]:
        entries.core[word] = entries.kind(word, word) or "profanity"
    return entries


@cache
def shy_words(language: str) -> Entries:
    """Return what is rude in a language and innocent in others."""
    return _entries(manners_list()["shy"], [language])


@cache
def innocent_words() -> Entries:
    """Return innocent words that hold a rude one."""
    entries = Entries()
    for entry in manners_list()["innocent"]["words"]:
        entries.add(entry, "sensitive")
    return entries


def spoken(text: str, words: Iterable[str]) -> list[str]:
    """Return the languages with words of their own that a text shows itself to be in."""
    lowered, said = text.lower(), set(words)
    return [
        language
        for language, letters in _LETTERS.items()
        if any(letter in lowered for letter in letters)
        or len(said & stop_words_of(language)) >= SPOKEN
    ]
