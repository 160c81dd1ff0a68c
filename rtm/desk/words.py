"""The words of a text as secrets are compared by: folded, cut to their stems, figures read.

Case, accents, punctuation and invisible characters do not count. A word is its first five letters,
so that most inflected forms are one. Figures are read two ways: digit by digit as they stand, and
as what they say ("1,200,000", "1 200 000" and "1.2 million" are one). Scripts that part no words
are read character by character.
"""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

STEM = 5  # letters; longer stems miss inflected forms, shorter ones confuse words

# function words of five languages, as stems; two words of a secret should not be "that will"
_COMMON = """
the and for with that this from will have been were was are has had not but its our your his her
their they them you she who what when where which would could shoul about into than then there
these those some all any can just only also very over under after befor while see need nad nende
meie teie oma mis kes kui kuid ning ega aga siis veel juba nagu ette koos olema oli olid saab
sellel selle seda kuni enne peale pole ainul nie jest byl byla bylo dla jak ale czy oraz przez
jego jej ich ten tej tym tego ktory ktora ktore beda bedzi tylko moze przed tez ktera ktery
ktere jako nebo ani pro pri jeho jeji jejic tento tato toto ktomu jsou jsme bude budou bylo
podle vsak kdyz take smo ste bil bila bilo bodo tudi samo ali kot ker pred pri njih njego njen
tega temu
"""
COMMON = frozenset(_COMMON.split())
_SCALES = (  # longest first: milijarda begins like milijon
    (Decimal(10**9), ("milija", "miljar", "miliar", "billio", "mld", "mrd", "bn")),
    (Decimal(10**6), ("millio", "miljon", "milion", "milijo", "mln", "mio")),
    (Decimal(10**3), ("thousa", "tuhat", "tuhand", "tysiac", "tysiec", "tisic", "tisoc", "tys")),
)
_ATTACHED = {"k": Decimal(10**3), "m": Decimal(10**6), "bn": Decimal(10**9)}
_UNPARTED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
_CUT = re.compile(rf"[{_UNPARTED}]")
_PLAIN = re.compile(rf"(?P<cut>[{_UNPARTED}])|(?P<word>[^\W\d_{_UNPARTED}]+)|(?P<digits>\d+)")
_READ = re.compile(
    r"(?P<figure>\d{1,3}(?:(?P<group>[.,' ])\d{3}(?!\d))(?:(?P=group)\d{3}(?!\d))*(?:[.,]\d+)?"
    r"|\d+(?:[.,]\d+)?)(?:(?P<short>k|m|bn)\b| ?(?P<scale>[^\W\d_]{2,}))?"
    rf"|(?P<cut>[{_UNPARTED}])|(?P<word>[^\W\d_{_UNPARTED}]+)"
)
_STROKED = str.maketrans("łđøħŧ", "ldoht")  # letters whose stroke no accent stands for


class Word(NamedTuple):
    """A word's stem, or a figure's value, and where it stands in the text (from, to before)."""

    stem: str
    start: int
    end: int

    @property
    def is_telling(self) -> bool:
        """Tell whether it says something by itself, unlike "with" or "of"."""
        if self.stem[0].isdigit() or _CUT.match(self.stem):
            return True
        return len(self.stem) > 2 and self.stem not in COMMON


def readings(text: str) -> tuple[tuple[Word, ...], ...]:
    """Return the words of a text as they stand and, where it differs, with its figures read.

    >>> [word.stem for word in readings("Walnuts: 1.2 million")[1]]
    ['walnu', '1200000']
    """
    line, places = _folded(text)
    plain = tuple(_words(_PLAIN, line, places))
    read = tuple(_words(_READ, line, places))
    return (plain,) if plain == read else (plain, read)


def _folded(text: str) -> tuple[str, list[int]]:
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in _letters(character):
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


def _letters(character: str) -> str:
    if character.isascii():
        return character.lower() if not character.isspace() else " "
    plain = unicodedata.normalize("NFKC", character).casefold()
    apart = unicodedata.normalize("NFD", plain).translate(_STROKED)
    kept = (one for one in apart if unicodedata.category(one) not in ("Mn", "Cf"))
    return "".join(" " if one.isspace() else one for one in kept)


def _words(pattern: re.Pattern[str], line: str, places: list[int]) -> Iterator[Word]:
    at = 0
    while (found := pattern.search(line, at)) is not None:
        said, at = found.groupdict(), found.end()
        if said.get("figure"):
            stem, at = _figure(found)
        elif said.get("digits"):
            stem = _canonical(found.group())
        else:
            stem = found.group()[:STEM]
        yield Word(stem, places[found.start()], places[at - 1] + 1)


def _figure(found: re.Match[str]) -> tuple[str, int]:
    figure, group = found["figure"], found["group"]
    by, end = Decimal(1), found.end("figure")
    if found["short"]:
        by, end = _ATTACHED[found["short"]], found.end()
    elif found["scale"]:
        scale = (one for one, words in _SCALES if found["scale"].startswith(words))
        by = next(scale, Decimal(1))
        end = found.end() if by > 1 else end
    if group and not (by > 1 and group in ".," and figure.count(group) == 1):
        figure = figure.replace(group, "")  # else "1.200 million" has three decimals
    return _canonical(str(Decimal(figure.replace(",", ".")) * by)), end


def _canonical(figure: str) -> str:
    whole, _, part = figure.partition(".")
    whole, part = whole.lstrip("0") or "0", part.rstrip("0")
    return f"{whole}.{part}" if part else whole
