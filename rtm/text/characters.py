"""Characters of UTF-8 bytes for compiled code: code points, classes and folded forms.

What has no width is skipped, and an HTML entity is one space, as in ``terms.tokens_of``.
"""

import numpy as np
from numpy.typing import NDArray

from rtm.compiled import compiled
from rtm.text.alphabet import (
    BREAK,
    DIGIT,
    FAR_IDEOGRAPHS,
    FAR_ZEROS,
    IDEOGRAPH,
    LOWER,
    MARK,
    TABLED,
    UNDERSCORE,
    UPPER,
    WHITE,
    ZERO,
)

END = 255  # class of what comes after the last character
SENTINELS = 8  # END places behind the last character, so that looking ahead needs no check
LONGEST_ENTITY = 6  # letters or digits between "&" and ";"
BYTE = np.uint64(0xFF)
NEXT_BYTE = np.uint64(8)


@compiled("boolean(int64)")
def is_latin(code: int) -> bool:
    """Tell whether a code point is one of A-Z and a-z."""
    return ord("a") <= code <= ord("z") or ord("A") <= code <= ord("Z")


@compiled("boolean(int64)")
def continues_word(kind: int) -> bool:
    """Tell whether a character of this class goes on with a word."""
    return LOWER <= kind <= MARK


@compiled("boolean(int64)")
def is_in_word(kind: int) -> bool:
    """Tell whether a link, a name or a tag cannot start right behind this class."""
    return LOWER <= kind <= IDEOGRAPH or kind == UNDERSCORE


@compiled("int64(int64[::1], int64)")
def _entity_start(codes: NDArray[np.int64], size: int) -> int:
    # where the entity starts that the ";" at the end of these codes would close, else -1
    length = 0
    digits = 0
    place = size - 1
    while place >= 0 and length <= LONGEST_ENTITY:
        code = codes[place]
        if ord("0") <= code <= ord("9"):
            digits += 1
        elif code == ord("#"):
            is_numeric = length >= 2 and digits == length
            return place - 1 if is_numeric and place > 0 and codes[place - 1] == ord("&") else -1
        elif code == ord("&"):
            return place if length >= 2 and digits == 0 else -1
        elif not is_latin(code):
            return -1
        length += 1
        place -= 1
    return -1


@compiled(
    "int64(uint8[::1], int64, int64, uint32[::1], uint32[::1], int64[::1], int64[::1], int64[::1])"
)
def decode(
    text: NDArray[np.uint8],
    place: int,
    end: int,
    classes: NDArray[np.uint32],
    folds: NDArray[np.uint32],
    codes: NDArray[np.int64],
    kinds: NDArray[np.int64],
    folded: NDArray[np.int64],
) -> int:
    """Decode ``text[place:end]`` into the three scratch arrays and return how many characters.

    The scratch arrays hold at least ``end - place + SENTINELS`` places; behind the last character
    stand ``SENTINELS`` of class ``END``.
    """
    size = 0
    while place < end:
        first = np.int64(text[place])
        if first < 0x80:
            code, place = first, place + 1
        elif first < 0xE0:
            code = (first & 0x1F) << 6 | (np.int64(text[place + 1]) & 0x3F)
            place += 2
        elif first < 0xF0:
            code = (
                (first & 0x0F) << 12
                | (np.int64(text[place + 1]) & 0x3F) << 6
                | (np.int64(text[place + 2]) & 0x3F)
            )
            place += 3
        else:
            code = (
                (first & 0x07) << 18
                | (np.int64(text[place + 1]) & 0x3F) << 12
                | (np.int64(text[place + 2]) & 0x3F) << 6
                | (np.int64(text[place + 3]) & 0x3F)
            )
            place += 4
        kind = BREAK
        fold = code
        if code < TABLED:
            kind = np.int64(classes[code])
            fold = np.int64(folds[code])
        elif FAR_IDEOGRAPHS[0] <= code < FAR_IDEOGRAPHS[1]:
            kind = IDEOGRAPH
        elif FAR_ZEROS[0] <= code < FAR_ZEROS[1]:
            kind = ZERO
        if kind == ZERO:
            continue
        if code == ord(";"):
            start = _entity_start(codes, size)
            if start >= 0:
                size = start
                code, kind, fold = ord(" "), WHITE, ord(" ")
        codes[size] = code
        kinds[size] = kind
        folded[size] = fold
        size += 1
    for i in range(size, size + SENTINELS):
        codes[i] = 0
        kinds[i] = END
    return size


@compiled("int64(int64[::1], int64, uint64)")
def behind_literal(codes: NDArray[np.int64], place: int, literal: np.uint64) -> int:
    """Return the place behind a literal in either case, or -1 where it does not stand.

    ``literal`` is up to eight small ASCII letters packed into a number, first letter lowest.
    """
    while literal:
        expected = np.int64(literal & BYTE)
        literal >>= NEXT_BYTE
        code = codes[place]
        is_capital = ord("a") <= expected <= ord("z") and code == expected - 32
        if code != expected and not is_capital:
            return -1
        place += 1
    return place


assert (LOWER, UPPER, DIGIT, MARK, IDEOGRAPH) == (5, 6, 7, 8, 9), "ranges above rely on it"
