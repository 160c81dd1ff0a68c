"""The forms of a brand's and its rivals' names, and which of them are sure by themselves.

A form needs a second look where it is a word of a language that the brand listens in, where it is
the ending of a very short name, where the profile names contexts or exclusions, and where it stands
within the name of another. All of this is settled when a profile is loaded.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from simplemma.strategies.dictionaries.stream_dictionary_factory import StreamDictionaryFactory
from simplemma.strategies.dictionary_lookup import DictionaryLookupStrategy

from rtm.brand import Brand
from rtm.text.forms import INFLECTED, forms_of, without_accents, words_of
from rtm.text.patterns import Mark
from rtm.text.terms import tokens_of

_DICTIONARY = DictionaryLookupStrategy(StreamDictionaryFactory())  # a tenth of the usual memory
SHORT_NAME = 3  # letters: with an ending such a name is easily something else (HP, hpd)


@dataclass(frozen=True, slots=True)
class Form:
    """One form of one name.

    ``language`` has the ending, "" for the name itself; ``word_of`` is the language of which it is
    a word, "" if none; ``is_plain`` says that the accents were left out.
    """

    name: str
    mark: Mark
    language: str
    word_of: str
    is_short: bool
    is_plain: bool
    is_sure: bool

    @property
    def is_ambiguous(self) -> bool:
        """Tell whether it needs a capital, a sign or a context to be the name."""
        return bool(self.word_of) or self.is_short


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand near a name, or around it: each a set of its forms."""

    text: str
    words: tuple[frozenset[str], ...]

    def fits(self, words: Sequence[str], place: int) -> bool:
        """Tell whether it stands at a place of folded words."""
        if place + len(self.words) > len(words):
            return False
        return all(words[place + i] in forms for i, forms in enumerate(self.words))


def lemma_of(form: str, language: str) -> str | None:
    """Return the dictionary form of a folded form, folded; None where no dictionary has it."""
    lemma = _DICTIONARY.exact_lemma(form, language) if language in INFLECTED else None
    return None if lemma is None else lemma.lower()


@lru_cache(maxsize=1 << 16)
def is_in_dictionary(form: str, language: str) -> bool:
    """Tell whether a folded form is in a language's dictionary; False where there is none.

    What the dictionary writes with a capital, as Orlen in Polish, is a name and no word.
    """
    return lemma_of(form, language) is not None


def listening(brand: Brand) -> tuple[str, ...]:
    """Return the languages in which a brand's names are looked for: its own, and English."""
    return tuple(dict.fromkeys((*brand.languages, "en")))


def forms_known(brand: Brand) -> dict[str, Form]:
    """Return every form of the brand's names and of its rivals', folded, words apart by spaces.

    Where both have a form, the brand has it.
    """
    named = [(name, Mark.MENTION) for name in (brand.name, *brand.aliases)]
    named += [(name, Mark.RIVAL) for name in brand.rivals]
    exact = {" ".join(words_of(name)) for name, _ in named}
    inner = set(_inner_runs([*exact, *(" ".join(words_of(told)) for told in brand.exclusions)]))
    forms: dict[str, Form] = {}
    for name, mark in named:
        has_second_look = mark == Mark.MENTION and bool(brand.exclusions or brand.context)
        is_within = bool(words_of(name)) and " ".join(words_of(name)) in inner
        # the second look goes by words, which such scripts do not part
        is_unspaced = any(token.kind == "ideograph" for token in tokens_of(name))
        for form, language, is_plain in _spellings(name, listening(brand)):
            # what one name is in full, no other name has as its inflection
            if form in forms or (language and form in exact):
                continue
            is_bare = not language and mark == Mark.MENTION and name == brand.name
            word_of = _word_of(form, listening(brand))
            is_short = bool(language) and len(form.split("'")[0]) == len(form) and _is_short(name)
            known = Form(name, mark, language, word_of, is_short, is_plain, False)
            is_open = known.is_ambiguous or (is_bare and bool(brand.context))
            sure = is_unspaced or not (is_open or has_second_look or is_within)
            forms[form] = Form(name, mark, language, word_of, is_short, is_plain, sure)
    return forms


class Phrases:
    """Phrases with the forms of each of their words, to be looked up by the first."""

    def __init__(self, texts: Iterable[str], languages: Sequence[str]) -> None:
        self._starts: dict[str, list[Phrase]] = {}
        self.all: list[Phrase] = []
        for text in texts:
            words = words_of(text)
            if words:
                phrase = Phrase(text, tuple(_word_set(word, languages) for word in words))
                self.all.append(phrase)
                for form in phrase.words[0]:
                    self._starts.setdefault(form, []).append(phrase)

    def at(self, words: Sequence[str], place: int) -> Iterator[Phrase]:
        """Yield the phrases that stand at a place of folded words."""
        for phrase in self._starts.get(words[place], ()):
            if phrase.fits(words, place):
                yield phrase


def _word_set(word: str, languages: Sequence[str]) -> frozenset[str]:
    forms = forms_of(word, languages)
    return frozenset([*forms, *map(without_accents, forms)])


def _spellings(name: str, languages: Sequence[str]) -> Iterator[tuple[str, str, bool]]:
    forms = forms_of(name, languages)
    for form, language in forms.items():
        yield form, language, False
    accented = without_accents(name) != name
    if accented:
        for form, language in forms.items():
            plain = without_accents(form)
            if plain not in forms:
                yield plain, language, True


def _word_of(form: str, languages: Sequence[str]) -> str:
    if " " in form or "'" in form:
        return ""
    return next((language for language in languages if is_in_dictionary(form, language)), "")


def _is_short(name: str) -> bool:
    words = words_of(name)
    return len(words) == 1 and len(words[0]) <= SHORT_NAME


def _inner_runs(names: Iterable[str]) -> Iterator[str]:
    # "big apple pie" has "big", "apple", "pie", "big apple" and "apple pie" in it
    for name in names:
        words = name.split()
        for size in range(1, len(words)):
            for start in range(len(words) - size + 1):
                yield " ".join(words[start : start + size])
