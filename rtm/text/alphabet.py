"""What each character is to the reader: its class, and its folded form.

Both are tables over code points, kept in ``alphabet.npz`` so that every Python version reads texts
alike, and the plain reader and the compiled one look up the same facts. ``python -m
rtm.text.alphabet`` makes the file anew from Python's own Unicode data.
"""

import unicodedata
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TABLED = 0x20000  # planes 0 and 1; beyond them only ranges matter

# classes, each with the letter that stands for it in a shape string
BREAK = 0  # ends a phrase: full stop, colon, emoji
WHITE = 1  # white space: ends a link, words on both sides are neighbours
NEWLINE = 2  # ends a phrase and a link
CLOSER = 3  # bracket or quote that ends a phrase and a link
JOIN = 4  # comma, hyphen, slash: words on both sides are neighbours
LOWER = 5  # a letter without case, or a small one
UPPER = 6
DIGIT = 7
MARK = 8  # continues a word: an accent of its own, a vowel sign
IDEOGRAPH = 9  # a word by itself: scripts written without spaces
APOSTROPHE = 10
ZERO = 11  # no width: skipped as if it were not there
AT = 12
HASH = 13
UNDERSCORE = 14
SHAPES = ".wn),aA0mi'z@#_"

IDEOGRAPH_RANGES = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # kana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9D),  # half-width kana
)
FAR_IDEOGRAPHS = (0x20000, 0x33480)
FAR_ZEROS = (0xE0000, 0xE1000)  # tags and variation selectors

_APOSTROPHES = "'\u2019\u02bc\uff07"
_CLOSERS = '<>")]}\u201d\u00bb'
_BREAKING_PUNCTUATION = ".!?;:([{|\u2026\u2014\u3002\uff01\uff1f\u061f\u00bf\u00a1\u201c\u00ab"
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)


def _class_of(code: int) -> int:
    char = chr(code)
    category = unicodedata.category(char)
    special = {"@": AT, "#": HASH, "\uff03": HASH, "_": UNDERSCORE}.get(char)
    if special is not None:
        return special
    if char in _APOSTROPHES:
        return APOSTROPHE
    if char in "\n\r\v\f\x85\u2028\u2029":
        return NEWLINE
    if char in _CLOSERS:
        return CLOSER
    if category == "Cf" or code in _VARIATION_SELECTORS:
        return ZERO
    if category.startswith("L"):
        if any(low <= code <= high for low, high in IDEOGRAPH_RANGES):
            return IDEOGRAPH
        return UPPER if category in ("Lu", "Lt") else LOWER
    if category == "Nd":
        return DIGIT
    if category.startswith("M"):
        return MARK
    if category == "Zs" or char == "\t":
        return WHITE
    if category.startswith("P") and char not in _BREAKING_PUNCTUATION:
        return JOIN
    return JOIN if char in "+=~&^`$%" else BREAK


def _fold_of(code: int) -> int:
    char = chr(code)
    if unicodedata.category(char) == "Nd":
        return ord("0") + unicodedata.digit(char)
    if char in _APOSTROPHES:
        return ord("'")
    lower = char.lower()[0]
    return ord("\u03c3" if lower == "\u03c2" else lower)


FILE = Path(__file__).with_suffix(".npz")


def generate() -> dict[str, NDArray[np.uint32]]:
    """Make both tables from Python's Unicode data, with the version they come from."""
    codes = range(TABLED)
    return {
        "classes": np.fromiter((_class_of(code) for code in codes), np.uint32, TABLED),
        "shifts": np.fromiter((_fold_of(code) - code & 0xFFFFFFFF for code in codes), np.uint32),
        "unicode": np.array([int(n) for n in unicodedata.unidata_version.split(".")], np.uint32),
    }


@cache
def tables() -> dict[str, NDArray[np.uint32]]:
    """Read the tables; ``classes`` and ``folds`` have the shape ``(TABLED,)``."""
    with np.load(FILE, allow_pickle=False) as kept:
        codes = np.arange(TABLED, dtype=np.uint32)
        return {
            "classes": kept["classes"],
            "folds": codes + kept["shifts"],  # kept as a difference, which is nearly all zero
            "unicode": kept["unicode"],
        }


@cache
def _translations() -> tuple[str, str]:
    kinds, codes = tables()["classes"].tolist(), tables()["folds"].tolist()
    return "".join(SHAPES[kind] for kind in kinds), "".join(map(chr, codes))


def shape_of(text: str) -> str:
    """Return a text's shape: one letter of ``SHAPES`` a character.

    >>> shape_of("Oh, 2 京")
    'Aa,w0wi'
    """
    shape = text.translate(_translations()[0])
    if text.isascii() or max(text) < chr(TABLED):
        return shape
    return "".join(SHAPES[class_of(ord(char))] for char in text)


def folded(text: str) -> str:
    """Return the text that stands for this one when texts are compared, character by character."""
    return text.translate(_translations()[1])


def class_of(code: int) -> int:
    """Return the class of any code point.

    >>> SHAPES[class_of(ord("k"))], SHAPES[class_of(ord("7"))], SHAPES[class_of(ord("京"))]
    ('a', '0', 'i')
    """
    if code < TABLED:
        return int(tables()["classes"][code])
    if FAR_IDEOGRAPHS[0] <= code < FAR_IDEOGRAPHS[1]:
        return IDEOGRAPH
    return ZERO if FAR_ZEROS[0] <= code < FAR_ZEROS[1] else BREAK


def fold_of(code: int) -> int:
    """Return the code point that stands for this one when texts are compared."""
    return int(tables()["folds"][code]) if code < TABLED else code


if __name__ == "__main__":
    np.savez_compressed(FILE, allow_pickle=False, **generate())
