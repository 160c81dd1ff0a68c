"""Rude words behind a mask: digits and signs for letters, stars, letters set apart, drawn out."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

LONGEST = 40  # characters of a disguise: longer is no word
# Read on plain letters: chunks without blanks, and letters set apart.
CHUNK = re.compile(r"[^\s,;:/\"'\u2019()]+")
SPACED = re.compile(r"(?<![^\W_])[^\W_](?:[^\w\n]{1,3}[^\W_](?![^\W_])){2,30}")
_SIGNS = str.maketrans("0134578$@!€+|¡£", "oleastbsaietiil")
_OTHERS = str.maketrans("0134578$@!€+|¡£6", "oieastbsaietiilg")
_STARS = "*#%&-@!$"
_LOUD = "#%&-@!$?~+="  # behind a word they are no letters
_OUTER = "\"'“”\u2018\u2019«»()[]{}<>,;:?.…"
_DRAWN = re.compile(r"(.)\1{2,}")
_DOUBLE = re.compile(r"(.)\1+")
_SEPARATE = re.compile(r"[\W_]+")
_ENDS = ("", "ing", "in", "er", "ers", "ed", "s", "es", "y", "head", "face", "hole", "off", "up")


class Disguise(NamedTuple):
    """Which word of the core it is, the word as read, and its place in the chunk."""

    core: str
    word: str
    start: int
    end: int


def shortened(word: str) -> Iterator[str]:
    """Yield what a word with drawn-out letters may be.

    >>> list(shortened("fuuuuck"))
    ['fuck', 'fuuck', 'fuck']
    """
    if _DRAWN.search(word):
        yield _DRAWN.sub(r"\1", word)
        yield _DRAWN.sub(r"\1\1", word)
        yield _DOUBLE.sub(r"\1", word)


def read_disguise(chunk: str, core: Mapping[str, str]) -> Disguise | None:
    """Return which word of the core a chunk without blanks, or spaced letters, are meant to be.

    >>> read_disguise('"sh1t!"', {"shit": "profanity"})
    Disguise(core='shit', word='shit', start=1, end=5)
    """
    if chunk.isalpha() or not 3 <= len(chunk) <= 2 * LONGEST:
        return None
    left = len(chunk) - len(chunk.lstrip(_OUTER + "#"))
    bare = chunk[left:].rstrip(_OUTER)
    if bare.isalpha() or len(bare) < 3:
        return None
    for trimmed in dict.fromkeys((bare, bare.rstrip("!*-_~+"), bare.lstrip("@*-_~"))):
        start = left + bare.find(trimmed)
        for word in _read(trimmed):
            found = _starts(word, core)
            if found is not None:
                return Disguise(found, word, start, start + len(trimmed))
        found = _filled(trimmed, core)
        if found is not None:
            return Disguise(found, found, start, start + len(trimmed))
    return None


def read_spaced(letters: str, core: Mapping[str, str]) -> str | None:
    """Return the word of the core that letters set apart hold, wherever it begins.

    >>> read_spaced("i f u c k u", {"fuck": "profanity"})
    'fuck'
    """
    for signs in (_SIGNS, _OTHERS):
        word = _SEPARATE.sub("", letters.translate(signs))
        for one in dict.fromkeys((word, _DRAWN.sub(r"\1", word))):
            found = _any_of(tuple(core)).search(one)
            if found is not None:
                return found.group()
    return None


def _read(chunk: str) -> Iterator[str]:
    if not any(char.isalpha() for char in chunk):
        return
    for signs in (_SIGNS, _OTHERS):
        word = chunk.translate(signs)
        if word.isalpha() and word != chunk:
            yield word
            yield from shortened(word)
        joined = _SEPARATE.sub("", word)
        if joined != word:
            yield joined
            yield from shortened(joined)


def _starts(word: str, core: Mapping[str, str]) -> str | None:
    for one in _by_first(tuple(core)).get(word[:1], ()):
        if word.startswith(one) and word[len(one) :] in _ENDS:
            return one
    return None


def _filled(chunk: str, core: Mapping[str, str]) -> str | None:
    # stars between a first letter and at least one more
    if not chunk[:1].isalpha():
        return None
    starred = chunk.rstrip(_LOUD)
    if re.fullmatch(r"f\*{3,}(ing|er|ed|s)?", chunk):
        return "fuck"
    holes = [place for place, char in enumerate(starred) if char in _STARS]
    known = sum(char.isalpha() for char in starred)
    if not holes or known < 2 or known + len(holes) != len(starred):
        return None
    if len(holes) == 1 and starred[holes[0]] == "-":  # as in pick-up
        return None
    low, high = holes[0], holes[-1] + 1
    before, after, gap = starred[:low], starred[high:], high - low
    is_run = gap == len(holes)
    is_star = all(starred[place] == "*" for place in holes)
    for one in _by_first(tuple(core)).get(chunk[0], ()):
        for end in _ENDS:
            whole = one + end
            if len(one) < 4 or not whole.startswith(before) or low >= len(one):
                continue
            if is_run and is_star:
                missing = len(whole) - len(before) - len(after)
                slack = 1 if after else 0
                if whole.endswith(after) and 1 <= missing <= gap + slack and missing >= gap - slack:
                    return one
            elif len(whole) == len(starred) and all(
                char in _STARS or char == letter
                for char, letter in zip(starred, whole, strict=True)
            ):
                return one
    return None


@lru_cache(maxsize=8)
def _any_of(core: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(one) for one in core if len(one) > 3))


@lru_cache(maxsize=8)
def _by_first(core: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in core:
        found.setdefault(one[0], []).append(one)
    return found
