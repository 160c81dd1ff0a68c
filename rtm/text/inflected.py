"""Phrases of ordinary words in a text, whatever their endings: what a brand never touches.

A word is one of a phrase's when it is the same, when it has a dictionary form in common with it,
or when it is that word with a known ending; what a dictionary knows as another word is not.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rtm.text.forms import forms_of, without_accents, words_of
from rtm.text.names import lemma_of


@dataclass(frozen=True, slots=True)
class _Word:
    exact: frozenset[str]  # itself and its dictionary forms, with and without accents
    forms: frozenset[str]

    def fits(self, word: str, lemmas: frozenset[str]) -> bool:
        if word in self.exact or not self.exact.isdisjoint(lemmas):
            return True
        return word in self.forms and not lemmas


class Inflected:
    """Phrases, each word with its forms in some languages, to be looked up by the first."""

    def __init__(self, phrases: Iterable[str], languages: Sequence[str]) -> None:
        self._languages = tuple(languages)
        self._starts: dict[str, list[tuple[str, tuple[_Word, ...]]]] = {}
        for phrase in phrases:
            words = tuple(self._word(word) for word in words_of(phrase))
            if words:
                for form in words[0].exact | words[0].forms:
                    self._starts.setdefault(form, []).append((phrase, words))

    def found(self, words: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield each phrase among the folded words of a text, and the words that it has there.

        >>> list(Inflected(["funeral"], ["en"]).found(["two", "funerals"]))
        [('funeral', 'funerals')]
        """
        lemmas = [_lemmas(word, self._languages) for word in words]
        for place, word in enumerate(words):
            known = (self._starts.get(one, ()) for one in (word, *sorted(lemmas[place])))
            for phrase, sought in dict.fromkeys(one for several in known for one in several):
                run = words[place : place + len(sought)]
                if len(run) == len(sought) and all(
                    one.fits(said, lemmas[place + i])
                    for i, (one, said) in enumerate(zip(sought, run, strict=True))
                ):
                    yield phrase, " ".join(run)

    def _word(self, word: str) -> _Word:
        exact = {word, *_lemmas(word, self._languages)}
        forms = forms_of(word, self._languages)
        plain = map(without_accents, (*exact, *forms))
        return _Word(frozenset((*exact, without_accents(word))), frozenset((*forms, *plain)))


@lru_cache(maxsize=1 << 16)
def _lemmas(word: str, languages: tuple[str, ...]) -> frozenset[str]:
    return frozenset(lemma for one in languages if (lemma := lemma_of(word, one)))
