"""Find links, names, tags and words in decoded characters, one at a time, for compiled code.

``terms.tokens_of`` says the same in plain Python.
"""

import numpy as np
from numpy.typing import NDArray

from rtm.compiled import compiled
from rtm.text.alphabet import (
    APOSTROPHE,
    CLOSER,
    DIGIT,
    IDEOGRAPH,
    LOWER,
    MARK,
    NEWLINE,
    UNDERSCORE,
    UPPER,
    WHITE,
)
from rtm.text.characters import END, behind_literal, continues_word, is_in_word, is_latin
from rtm.text.keys import OFFSET, grown
from rtm.text.links import MAX_HOST, domain_state
from rtm.text.lookup import found
from rtm.text.patterns import SHORT_BITS

SHORT = np.uint64(SHORT_BITS)
MARKS = np.uint64(0xFFFFFFFF)
NO_MARKS = np.uint64(0)
NOTHING = np.uint64(0)
ZERO_DIGIT = np.uint64(ord("0"))
HTTP = np.uint64(int.from_bytes(b"http://", "little"))
HTTPS = np.uint64(int.from_bytes(b"https://", "little"))
WWW = np.uint64(int.from_bytes(b"www.", "little"))


@compiled(
    "Tuple((uint64, int64))(int64[::1], int64[::1], int64, uint8[::1], uint64[::1], uint64[::1])"
)
def link_at(
    codes: NDArray[np.int64],
    kinds: NDArray[np.int64],
    place: int,
    host: NDArray[np.uint8],
    suffix_keys: NDArray[np.uint64],
    suffix_bits: NDArray[np.uint64],
) -> tuple[np.uint64, int]:
    """Return the raw state of a link's registered domain (0: none), and the place behind it.

    The place is -1 where no link starts. ``host`` is scratch, ``MAX_HOST`` long.
    """
    start = behind_literal(codes, place, HTTP)
    if start < 0:
        start = behind_literal(codes, place, HTTPS)
    if start < 0:
        if behind_literal(codes, place, WWW) < 0:
            return NOTHING, -1
        start = place
    stop = start
    while True:
        code = codes[stop]
        if not (is_latin(code) or ord("0") <= code <= ord("9") or code == 0x2D or code == 0x2E):
            break
        stop += 1
    size = stop - start
    while not (
        kinds[stop] == WHITE
        or kinds[stop] == NEWLINE
        or kinds[stop] == CLOSER
        or kinds[stop] == END
    ):
        stop += 1
    if size > MAX_HOST:
        return NOTHING, stop
    for i in range(size):
        code = codes[start + i]
        host[i] = code | 0x20 if is_latin(code) else code
    return domain_state(host, size, suffix_keys, suffix_bits), stop


@compiled("Tuple((uint64, int64))(int64[::1], int64)")
def name_at(codes: NDArray[np.int64], place: int) -> tuple[np.uint64, int]:
    """Return the raw state of the handle behind an "@", and the place behind it."""
    state = OFFSET
    start = stop = place
    joint = 0
    while True:
        code = codes[place]
        latin = is_latin(code)
        if latin or ord("0") <= code <= ord("9") or code == ord("_"):
            if joint:
                state = grown(state, np.uint64(joint))
                joint = 0
            state = grown(state, np.uint64(code | 0x20 if latin else code))
            stop = place + 1
        elif (code == 0x2D or code == 0x2E) and start < place == stop:
            joint = code
        else:
            return state, stop
        place += 1


@compiled("Tuple((uint64, int64))(int64[::1], int64[::1], int64)")
def tag_at(
    kinds: NDArray[np.int64], folded: NDArray[np.int64], place: int
) -> tuple[np.uint64, int]:
    """Return the raw state of the tag behind a "#", and the place behind; -1 without a letter."""
    state = OFFSET
    last, last_but_one = -1, -1
    has_letter = False
    while is_in_word(kinds[place]):
        kind, fold = kinds[place], folded[place]
        place += 1
        is_letter = LOWER <= kind <= UPPER
        has_letter = has_letter or is_letter or kind == IDEOGRAPH
        if is_letter and fold == last and fold == last_but_one:
            continue
        last_but_one, last = last, fold
        if kind != UNDERSCORE:
            state = grown(state, np.uint64(fold))
    return state, place if has_letter else -1


@compiled("int64(int64[::1], int64, boolean)")
def word_end(kinds: NDArray[np.int64], place: int, in_tag: bool) -> int:
    """Return the place behind the word or ideograph that starts here; a tag splits at capitals."""
    is_ideograph = kinds[place] == IDEOGRAPH
    while True:
        place += 1
        kind = kinds[place]
        if is_ideograph:
            if kind != MARK:
                return place
        elif continues_word(kind):
            if (
                in_tag
                and kind == UPPER
                and (kinds[place - 1] != UPPER or kinds[place + 1] == LOWER)
            ):
                return place
        elif kind != APOSTROPHE or in_tag or not LOWER <= kinds[place + 1] <= UPPER:
            return place


@compiled(
    "Tuple((uint64, uint64, int64, uint64))"
    "(int64[::1], int64[::1], int64, int64, uint64[::1], uint64[::1])"
)
def word_at(
    kinds: NDArray[np.int64],
    folded: NDArray[np.int64],
    place: int,
    stop: int,
    stem_keys: NDArray[np.uint64],
    stem_bits: NDArray[np.uint64],
) -> tuple[np.uint64, np.uint64, int, np.uint64]:
    """Return a word's raw state, the same with digits masked, its length, marks of its stems."""
    state, masked = OFFSET, OFFSET
    before_apostrophe, masked_before_apostrophe = OFFSET, OFFSET
    length = 0
    last, last_but_one = -1, -1
    in_digits = False
    marks = NO_MARKS
    here, one_ago, two_ago = NO_MARKS, NO_MARKS, NO_MARKS  # stems that a short ending may follow
    short_before_apostrophe = NO_MARKS
    for i in range(place, stop):
        kind, fold = kinds[i], folded[i]
        if fold == last and fold == last_but_one and LOWER <= kind <= UPPER:
            continue
        last_but_one, last = last, fold
        if kind == APOSTROPHE:
            before_apostrophe, masked_before_apostrophe = state, masked
            short_before_apostrophe = here | one_ago | two_ago
        state = grown(state, np.uint64(fold))
        length += 1
        if kind != DIGIT:
            masked = grown(masked, np.uint64(fold))
            in_digits = False
        elif not in_digits:
            masked = grown(masked, ZERO_DIGIT)
            in_digits = True
        two_ago, one_ago, here = one_ago, here, NO_MARKS
        if length > 1:
            bits = found(stem_keys, stem_bits, state)
            marks |= bits & MARKS
            here = bits >> SHORT
    if length > 2 and last == ord("s") and last_but_one == ord("'"):
        state, masked = before_apostrophe, masked_before_apostrophe
        return state, masked, length - 2, marks | short_before_apostrophe
    return state, masked, length, marks | here | one_ago | two_ago
