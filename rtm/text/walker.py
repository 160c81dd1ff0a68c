"""Read many texts in one pass over their bytes: term keys, signature, marks.

This is ``terms.tokens_of`` and ``terms.terms_of`` once more, as one compiled loop over UTF-8: the
same keys for every text, held to that by a property test; as quick for ten posts as for ten
thousand.
"""

import numpy as np
from numpy.typing import NDArray

from rtm.compiled import compiled
from rtm.text.alphabet import (
    AT,
    BREAK,
    CLOSER,
    DIGIT,
    HASH,
    IDEOGRAPH,
    LOWER,
    NEWLINE,
    tables,
)
from rtm.text.characters import (
    SENTINELS,
    decode,
    is_in_word,
)
from rtm.text.keys import LINK, NAME, OFFSET, PAIR, TAG, WORD, chain, chained, grown, mixed, raw
from rtm.text.lexicon import stop_lookup
from rtm.text.links import MAX_HOST, suffixes
from rtm.text.lookup import found
from rtm.text.patterns import SHORT_ENDING, Patterns
from rtm.text.scanner import link_at, name_at, tag_at, word_at, word_end
from rtm.text.terms import MAX_WORD, MAX_WORDS

SKETCH = 16  # smallest word keys kept as a text's signature
SKETCHED_FROM = 5  # distinct counted words; shorter texts are compared exactly
EMPTY = np.uint64(0xFFFFFFFFFFFFFFFF)  # fills a sketch's unused places
SCRATCH = 2048  # places to tell a post's terms apart: over twice what MAX_WORDS can give
MAX_TERMS = 3 * MAX_WORDS  # words, pairs, and what is named otherwise
NO_MARKS = np.uint64(0)
NOTHING = np.uint64(0)
REPOSTED = np.uint64(chain(int(OFFSET), raw("rt")))  # of a text that began with "RT"


@compiled("int64(uint64[::1], int64, uint64)")
def _sketched(sketch: NDArray[np.uint64], size: int, key: np.uint64) -> int:
    # keep the smallest keys in order, each once; the new size
    if size == SKETCH and key >= sketch[SKETCH - 1]:
        return size
    place = size
    while place > 0 and sketch[place - 1] >= key:
        place -= 1
    if place < size and sketch[place] == key:
        return size
    for i in range(min(size, SKETCH - 1), place, -1):
        sketch[i] = sketch[i - 1]
    sketch[place] = key
    return min(size + 1, SKETCH)


@compiled("int64(uint64[::1], int64, uint64[::1], int64[::1], int64, uint64)")
def _counted(
    keys: NDArray[np.uint64],
    total: int,
    seen: NDArray[np.uint64],
    stamps: NDArray[np.int64],
    stamp: int,
    key: np.uint64,
) -> int:
    # append a key unless this post (its stamp) had it; the new total
    mask = np.uint64(SCRATCH - 1)
    place = key & mask
    while stamps[place] == stamp:
        if seen[place] == key:
            return total
        place = (place + np.uint64(1)) & mask
    if total == keys.size:
        return total
    stamps[place] = stamp
    seen[place] = key
    keys[total] = key
    return total + 1


@compiled(
    "int64(uint8[::1], int64[::1], uint32[::1], uint32[::1], uint64[::1], uint64[::1], uint64[::1],"
    " uint64[::1], uint64[::1], uint64[::1], uint64[::1], uint64[::1], uint64[::1], uint64[::1],"
    " int64[:, ::1], uint8[::1], uint64[::1], int64[::1],"
    " uint64[::1], int64[::1], uint64[:, ::1], int32[::1], uint32[::1])"
)
def _walk(
    text: NDArray[np.uint8],
    bounds: NDArray[np.int64],
    classes: NDArray[np.uint32],
    folds: NDArray[np.uint32],
    stop_keys: NDArray[np.uint64],
    stop_bits: NDArray[np.uint64],
    suffix_keys: NDArray[np.uint64],
    suffix_bits: NDArray[np.uint64],
    stem_keys: NDArray[np.uint64],
    stem_bits: NDArray[np.uint64],
    phrase_keys: NDArray[np.uint64],
    phrase_bits: NDArray[np.uint64],
    term_keys: NDArray[np.uint64],
    term_bits: NDArray[np.uint64],
    characters: NDArray[np.int64],  # scratch from here
    host: NDArray[np.uint8],
    seen: NDArray[np.uint64],
    stamps: NDArray[np.int64],
    keys: NDArray[np.uint64],  # results from here
    starts: NDArray[np.int64],
    sketches: NDArray[np.uint64],
    sizes: NDArray[np.int32],
    marks: NDArray[np.uint32],
) -> int:
    codes, kinds, folded = characters[0], characters[1], characters[2]
    total = 0
    for i in range(bounds.size - 1):
        stamp = i + 1
        size = decode(text, bounds[i], bounds[i + 1], classes, folds, codes, kinds, folded)
        sketch = sketches[i]
        sketch_size = 0
        words = 0
        named = 0  # tags, names and links
        exact = OFFSET
        mark = NO_MARKS
        before = NOTHING  # the counted word before this one; no state is 0 but by a miracle
        one, two, three, phrase = NOTHING, NOTHING, NOTHING, 0
        place = 0
        tag_end = 0
        while place < size:
            kind = kinds[place]
            if place >= tag_end and (place == 0 or not is_in_word(kinds[place - 1])):
                key = NOTHING
                stop = -1
                if kind == AT:
                    state, stop = name_at(codes, place + 1)
                    if stop > place + 2:
                        key = mixed(state ^ NAME)
                    if stop > place + 1:
                        before, phrase = NOTHING, 0
                elif kind == HASH:
                    state, tag_end = tag_at(kinds, folded, place + 1)
                    if tag_end >= 0:
                        key = mixed(state ^ TAG)
                        stop = place + 1
                elif folded[place] == ord("h") or folded[place] == ord("w"):
                    state, stop = link_at(codes, kinds, place, host, suffix_keys, suffix_bits)
                    if stop >= 0:
                        before, phrase = NOTHING, 0
                        if state != NOTHING:
                            key = mixed(state ^ LINK)
                if key != NOTHING:
                    named += 1
                    if named > MAX_WORDS:
                        break
                    if kind == AT and exact == REPOSTED:
                        exact = OFFSET  # "RT @name: ..." says what its original says
                    mark |= found(term_keys, term_bits, key)
                    total = _counted(keys, total, seen, stamps, stamp, key)
                if stop >= 0:
                    place = stop
                    continue
            is_ideograph = kind == IDEOGRAPH
            if not is_ideograph and not LOWER <= kind <= DIGIT:
                if kind in (BREAK, NEWLINE, CLOSER):
                    before = NOTHING
                    if phrase > 0 and one != OFFSET:  # a sign takes a word's place, for Dr. Pepper
                        three = chained(two, OFFSET)
                        two = chained(one, OFFSET)
                        one = OFFSET
                        phrase += 1
                place += 1
                continue

            stop = word_end(kinds, place, place < tag_end)
            state, masked, length, stems = word_at(kinds, folded, place, stop, stem_keys, stem_bits)
            place = stop
            if length > MAX_WORD:
                continue
            words += 1
            if words > MAX_WORDS:
                break
            mark |= stems
            exact = chained(exact, masked)
            four = chained(three, state)
            three = chained(two, state)
            two = chained(one, state)
            one = state
            phrase += 1
            mark |= found(phrase_keys, phrase_bits, one)
            if phrase > 1:
                mark |= found(phrase_keys, phrase_bits, two)
            if phrase > 2:
                mark |= found(phrase_keys, phrase_bits, three)
            if phrase > 3:
                mark |= found(phrase_keys, phrase_bits, four)
            if not is_ideograph and (length < 2 or found(stop_keys, stop_bits, state)):
                continue
            sketch_size = _sketched(sketch, sketch_size, mixed(masked))
            if not is_ideograph:
                total = _counted(keys, total, seen, stamps, stamp, mixed(state ^ WORD))
            if before != NOTHING:
                pair = mixed(chained(before, state) ^ PAIR)
                total = _counted(keys, total, seen, stamps, stamp, pair)
            before = state
        if sketch_size >= SKETCHED_FROM:
            sizes[i] = sketch_size
        else:
            if words == 0:  # only signs: compare these
                for j in range(size):
                    exact = grown(exact, np.uint64(codes[j]))
            sketch[:] = EMPTY
            sketch[0] = mixed(exact)
        marks[i] = np.uint32(mark)
        starts[i + 1] = total
    return total


def walk(
    text: NDArray[np.uint8], bounds: NDArray[np.int64], patterns: Patterns
) -> tuple[
    NDArray[np.uint64],
    NDArray[np.int64],
    NDArray[np.uint64],
    NDArray[np.int32],
    NDArray[np.uint32],
]:
    """Read texts laid end to end: text ``i`` is ``text[bounds[i]:bounds[i + 1]]``, valid UTF-8.

    Returns term keys laid end to end, their bounds, sketches ``(texts, SKETCH)``, how many places
    of each sketch are used (0: compared exactly, by its first place) and marks.
    """
    texts = bounds.size - 1
    lengths = np.diff(bounds)
    keys = np.empty(int(np.minimum(lengths, MAX_TERMS).sum()), np.uint64)
    starts = np.zeros(texts + 1, np.int64)
    sketches = np.full((texts, SKETCH), EMPTY, np.uint64)
    sizes = np.zeros(texts, np.int32)
    marks = np.zeros(texts, np.uint32)
    total = _walk(
        text,
        bounds,
        tables()["classes"],
        tables()["folds"],
        *stop_lookup(),
        *suffixes(),
        *patterns.stems,
        *patterns.phrases,
        *patterns.terms,
        np.empty((3, int(lengths.max(initial=0)) + SENTINELS), np.int64),
        np.empty(MAX_HOST, np.uint8),
        np.empty(SCRATCH, np.uint64),
        np.zeros(SCRATCH, np.int64),
        keys,
        starts,
        sketches,
        sizes,
        marks,
    )
    return keys[:total].copy(), starts, sketches, sizes, marks


@compiled("void(uint8[::1], int64[::1], uint64[::1])")
def _hash(text: NDArray[np.uint8], bounds: NDArray[np.int64], keys: NDArray[np.uint64]) -> None:
    for i in range(keys.size):
        state = OFFSET
        for place in range(bounds[i], bounds[i + 1]):
            state = grown(state, np.uint64(text[place]))
        keys[i] = mixed(state)


def hash_texts(text: NDArray[np.uint8], bounds: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return a key for each of many texts laid end to end, by their bytes as they stand."""
    keys = np.empty(bounds.size - 1, np.uint64)
    _hash(text, bounds, keys)
    return keys


assert SHORT_ENDING == 2, "here, one_ago and two_ago rely on it"
