"""All forms in which a brand's name may stand in a sentence, in five languages.

A name is inflected like any noun: Oreo'ga, Lux Expressis, Żabkę, u Seznamu, z Mercatorjem. No list
knows names, so every stem and ending that a language would try is tried when a profile is loaded;
that makes 100 to 400 forms a language, most of which nobody will ever write, and nothing is left to
guess while posts are read. A form that happens to be a word of the language is the affair of
``rtm.text.mentions``.

Names of several words take endings at the last word or at the first, and at both where the first
looks like an adjective.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

from msgspec import Struct

from rtm.text.alphabet import folded
from rtm.text.patterns import MAX_PHRASE, is_word
from rtm.text.terms import tokens_of

LEAST_STEM = 3  # letters that stay of a name when its end changes
LEAST_DROPPED = 4  # letters of a name whose final letter may fall away
_ELONGATED = re.compile(r"(.)\1\1")
_NO_VOWEL = "-"
_UNCOMPOSED = str.maketrans("łđøßŁĐØ", "ldosLDO")  # letters whose stroke no accent stands for
_ADJECTIVE_ENDS = {"pl": ("y", "i", "a", "e"), "cs": ("ý", "á", "é", "í"), "sl": ("i", "a", "o")}
_ADJECTIVES = {
    "pl": "y a e i ego emu ej ą ym im ych ich ymi imi",
    "cs": "ý á é í ého ému ou ým ém ých ými ího ímu ím ích ími",
    "sl": "i a o e ega emu em im ih imi",
}


class Endings(Struct, frozen=True, forbid_unknown_fields=True):
    """How one language inflects names; see ``name_endings.toml``."""

    endings: tuple[str, ...]
    drops: tuple[str, ...]
    changes: tuple[tuple[str, str], ...]


@cache
def endings_of(language: str) -> Endings:
    """Return how a language inflects names; it must be one of ``INFLECTED``."""
    table = _table()[language]
    vowels = ["" if vowel == _NO_VOWEL else vowel for vowel in table["vowels"].split()]
    endings = ["" if ending == _NO_VOWEL else ending for ending in table["endings"].split()]
    changes = [change.partition(">") for change in table["changes"].split()]
    return Endings(
        tuple(dict.fromkeys(vowel + ending for vowel in vowels for ending in endings)),
        tuple(table["drops"].split()),
        tuple((before, after) for before, _, after in changes),
    )


@cache
def _table() -> dict[str, dict[str, str]]:
    content = resources.files("rtm.lexicons").joinpath("name_endings.toml").read_text("utf-8")
    return tomllib.loads(content)


INFLECTED = tuple(_table())
"""Languages whose endings are known, by their two letters."""


def words_of(name: str) -> tuple[str, ...]:
    """Return the folded words of a name, as the reader sees them; only the first four count.

    >>> words_of("Domino's & Żabka")
    ('domino', 'żabka')
    """
    return tuple(token.text for token in tokens_of(name) if is_word(token))[:MAX_PHRASE]


def without_accents(text: str) -> str:
    """Return how a text is typed on a keyboard that lacks its letters.

    >>> without_accents("Żabka Łódź")
    'Zabka Lodz'
    """
    split = unicodedata.normalize("NFD", text.translate(_UNCOMPOSED))
    return "".join(char for char in split if not unicodedata.combining(char))


def forms_of(name: str, languages: Sequence[str]) -> dict[str, str]:
    """Return every form of a name, folded, with the language whose ending it has.

    The name itself comes first, with no language (""). ``languages`` that rtm cannot inflect are
    passed over; where two languages share a form, the first has it.

    >>> forms = forms_of("Lux Express", ["en", "et"])
    >>> forms["lux express"], forms["lux expressis"], forms["lux express'ga"]
    ('', 'et', 'et')
    """
    words = words_of(name)
    if not words:
        return {}
    forms = {" ".join(words): ""}
    for language in languages:
        if language in INFLECTED:
            for inflected in _inflections(words, language):
                forms.setdefault(inflected, language)
    return forms


def _inflections(words: tuple[str, ...], language: str) -> Iterator[str]:
    first, last = words[0], words[-1]
    before = "".join(word + " " for word in words[:-1])
    lasts = word_forms(last, language)
    for form in lasts:
        yield before + form
    if len(words) == 1:
        return
    after = "".join(" " + word for word in words[1:])
    for form in word_forms(first, language):
        yield form + after
    middle = "".join(word + " " for word in words[1:-1])
    for form in _adjective_forms(first, language):
        for last_form in (last, *lasts):
            if "'" not in last_form:
                yield f"{form} {middle}{last_form}"


@cache
def word_forms(word: str, language: str) -> tuple[str, ...]:
    """Return the forms of one folded word other than itself, in a fixed order.

    >>> [form for form in word_forms("pank", "et") if form in ("panga", "pangas", "pank'is")]
    ["pank'is", 'panga', 'pangas']
    """
    known = endings_of(language)
    # 's is folded away wherever words are read, so it would be the name itself
    joined = [word + "'" + ending for ending in known.endings if ending not in ("", "s")]
    stemmed = [stem + ending for stem in _stems(word, known) for ending in known.endings]
    # three alike are read as two, so such a form would be another
    forms = dict.fromkeys(form for form in joined + stemmed if not _ELONGATED.search(form))
    forms.pop(word, None)
    return tuple(forms)


def _stems(word: str, known: Endings) -> list[str]:
    stems = [word]
    if len(word) >= LEAST_DROPPED:
        stems += [word[: -len(end)] for end in known.drops if word.endswith(end)]
    changed = [
        stem[: -len(before)] + after
        for stem in stems
        for before, after in known.changes
        if stem.endswith(before)
    ]
    return [word, *(stem for stem in [*stems[1:], *changed] if len(stem) >= LEAST_STEM)]


def _adjective_forms(word: str, language: str) -> list[str]:
    if not word.endswith(_ADJECTIVE_ENDS.get(language, ())):
        return []
    return [word[:-1] + ending for ending in _ADJECTIVES[language].split()]


def folded_word(word: str) -> str:
    """Return a word as written, in the form in which forms are compared.

    >>> folded_word("Oreo's"), folded_word("Oreo'ga")
    ('oreo', "oreo'ga")
    """
    word = folded(word)
    return word[:-2] if len(word) > 2 and word.endswith("'s") else word
