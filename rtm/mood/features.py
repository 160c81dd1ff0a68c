"""What of a post its mood can be read from, of many posts in one compiled pass.

You are a post. Links are noted and skipped, names and tags kept as themselves. Each of your words,
in small letters without accents, gives itself, its pair with the word before, its beginning, and
its runs of letters; each becomes a number below ``HASHED``. Your signs, capitals and emoji
give numbers of their own behind it. And each word is looked up among the mood stems of all
languages at once; which of them counts is settled when your language is known, see ``rows``.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rtm.compiled import compiled
from rtm.mood.lexicon import (
    BARED,
    CLASS_BITS,
    COMPLAINT,
    ENTRY_BITS,
    LANGUAGES,
    NEGATION,
    NEGATIVE,
    POSITIVE,
    bare_letters,
    lexicon,
)
from rtm.text.alphabet import (
    AT,
    BREAK,
    CLOSER,
    DIGIT,
    HASH,
    IDEOGRAPH,
    LOWER,
    NEWLINE,
    UPPER,
    tables,
)
from rtm.text.characters import SENTINELS, decode, is_in_word
from rtm.text.columns import laid_out
from rtm.text.keys import NAME, OFFSET, PAIR, TAG, WORD, chained, grown, mixed
from rtm.text.links import MAX_HOST, suffixes
from rtm.text.lookup import found
from rtm.text.scanner import link_at, name_at, tag_at, word_end
from rtm.text.terms import MAX_WORD

HASHED = 1 << 18
PREFIX = 5  # letters of a word's beginning
RUN = 4  # letters of a run
# signs of a post as a whole: columns from HASHED on
SIGNS = ("!", "!!", "?", "CAPITALS", ":)", ":(", "emoji +", "emoji -", "link", "names", "soooo")
EXCLAIMED, SHOUTED, ASKED, CAPITALS, SMILE, FROWN, GOOD, BAD, LINKED, NAMED, STRETCHED = range(11)
TOTALS = ("negative", "positive", "complaint", "negation", "not positive", "not negative")
NEGATIVE_TOTAL, POSITIVE_TOTAL, COMPLAINT_TOTAL, NEGATION_TOTAL, NOT_POSITIVE, NOT_NEGATIVE = range(
    6
)
REACH = 3  # words that a negation turns
SEEN_BITS = 11
SEEN = 1 << SEEN_BITS  # places to tell a post's features apart
MAX_FEATURES = 1200  # of one post; the rest is not read
MAX_READ = 250  # words of one post; counts of them fit eight bits
PREFIXED = np.uint64(0x06)
RAN = np.uint64(0x07)
SYMBOL = np.uint64(0x08)
NOTHING = np.uint64(0)
HASH_MASK = np.uint64(HASHED - 1)
ENTRY = np.uint64((1 << ENTRY_BITS) - 1)
SHIFT = np.uint64(ENTRY_BITS)
CLASS_SHIFT = np.uint64(CLASS_BITS)
CLASS = np.uint64((1 << CLASS_BITS) - 1)
GLAD = np.uint64(POSITIVE)
LETTER = np.uint64(16)  # bits of each letter of a run
EDGE = np.uint64(0x20)  # stands before the first letter of a word and behind its last
SPOKEN = len(LANGUAGES)
ACCENTS = (0x300, 0x370)


@dataclass(frozen=True, slots=True)
class Features:
    """What was read of ``n`` posts.

    =========== ===================== ======================================================
    column      shape, dtype          meaning
    =========== ===================== ======================================================
    columns     (f,) int32            hashed features, then signs; distinct, laid end to end
    starts      (n + 1,) int64        post ``i`` has ``columns[starts[i]:starts[i + 1]]``
    stems       (s,) int32            entries of the lexicon that were met, likewise
    stem_starts (n + 1,) int64        their bounds
    totals      (n, 6, 6) uint8       words of each class of ``TOTALS`` by each of ``LANGUAGES``
    =========== ===================== ======================================================
    """

    columns: NDArray[np.int32]
    starts: NDArray[np.int64]
    stems: NDArray[np.int32]
    stem_starts: NDArray[np.int64]
    totals: NDArray[np.uint8]

    def __len__(self) -> int:
        return int(self.starts.size - 1)


@compiled("int64(int32[::1], int64, int64, int32[::1], int64[::1], int64, uint64)")
def _noted(
    columns: NDArray[np.int32],
    start: int,
    total: int,
    seen: NDArray[np.int32],
    stamps: NDArray[np.int64],
    stamp: int,
    key: np.uint64,
) -> int:
    # append a key's column unless this post (its stamp) had it; the new total
    column = np.int32(key & HASH_MASK)
    place = np.int64(key & np.uint64(SEEN - 1))
    while stamps[place] == stamp:
        if seen[place] == column:
            return total
        place = (place + 1) & (SEEN - 1)
    if total - start >= MAX_FEATURES:
        return total
    stamps[place] = stamp
    seen[place] = column
    columns[total] = column
    return total + 1


@compiled("int64(int64[::1], int64)")
def _face_at(codes: NDArray[np.int64], place: int) -> int:
    # a face of signs with its eyes here: 1 smiles, -1 frowns, 0 is none
    eyes = codes[place]
    if eyes == ord("<") and codes[place + 1] == ord("3"):
        return 1
    if eyes != ord(":") and eyes != ord(";") and eyes != ord("="):
        return 0
    if place > 0 and ord("0") <= codes[place - 1] <= ord("9"):
        return 0
    at = place + 1
    if codes[at] == ord("-") or codes[at] == ord("'"):
        at += 1
    mouth = codes[at]
    if mouth == ord(")") or mouth == ord("D") or mouth == ord("*") or mouth == ord("]"):
        return 1
    return -1 if mouth == ord("(") or mouth == ord("[") or mouth == ord("/") else 0


@compiled("void(uint64, int64, int64[::1], uint8[:, ::1])")
def _tally(
    classes: np.uint64,
    words: int,
    negated: NDArray[np.int64],
    totals: NDArray[np.uint8],
) -> None:
    # count one word's classes for every language; a negation turns the words after it
    for spoken in range(SPOKEN):
        bits = np.int64(classes & CLASS)
        classes >>= CLASS_SHIFT
        if bits == 0:
            continue
        is_turned = words <= negated[spoken]
        if bits & NEGATION:
            negated[spoken] = words + REACH
            totals[spoken, NEGATION_TOTAL] += 1
        if bits & NEGATIVE:
            totals[spoken, NOT_NEGATIVE if is_turned else NEGATIVE_TOTAL] += 1
        if bits & POSITIVE:
            totals[spoken, NOT_POSITIVE if is_turned else POSITIVE_TOTAL] += 1
        if bits & COMPLAINT:
            totals[spoken, COMPLAINT_TOTAL] += 1


@compiled(
    "Tuple((int64, int64))(uint8[::1], int64[::1], uint32[::1], uint32[::1], int64[::1],"
    " uint64[::1], uint64[::1], uint64[::1], uint64[::1], uint64[::1], uint64[::1],"
    " uint64[::1], uint64[::1], uint64[::1], uint64[::1],"
    " int64[:, ::1], uint8[::1], int32[::1], int64[::1], int64[::1], int64[::1],"
    " int32[::1], int64[::1], int32[::1], int64[::1], uint8[:, :, ::1])"
)
def _read(
    text: NDArray[np.uint8],
    bounds: NDArray[np.int64],
    classes: NDArray[np.uint32],
    folds: NDArray[np.uint32],
    letters: NDArray[np.int64],
    suffix_keys: NDArray[np.uint64],
    suffix_bits: NDArray[np.uint64],
    stem_keys: NDArray[np.uint64],
    stem_values: NDArray[np.uint64],
    word_keys: NDArray[np.uint64],
    word_values: NDArray[np.uint64],
    pair_keys: NDArray[np.uint64],
    pair_values: NDArray[np.uint64],
    emoji_keys: NDArray[np.uint64],
    emoji_values: NDArray[np.uint64],
    characters: NDArray[np.int64],  # scratch from here
    host: NDArray[np.uint8],
    seen: NDArray[np.int32],
    stamps: NDArray[np.int64],
    signs: NDArray[np.int64],
    negated: NDArray[np.int64],
    columns: NDArray[np.int32],  # results from here
    starts: NDArray[np.int64],
    stems: NDArray[np.int32],
    stem_starts: NDArray[np.int64],
    totals: NDArray[np.uint8],
) -> tuple[int, int]:
    codes, kinds, folded = characters[0], characters[1], characters[2]
    total, hits = 0, 0
    for i in range(bounds.size - 1):
        stamp = i + 1
        start = total
        size = decode(text, bounds[i], bounds[i + 1], classes, folds, codes, kinds, folded)
        signs[:] = 0
        negated[:] = -1
        words = 0
        before = NOTHING
        place = 0
        tag_end = 0
        while place < size:
            kind = kinds[place]
            if place >= tag_end and (place == 0 or not is_in_word(kinds[place - 1])):
                stop = -1
                if kind == AT:
                    state, stop = name_at(codes, place + 1)
                    if stop > place + 2:
                        signs[NAMED] += 1
                        total = _noted(
                            columns, start, total, seen, stamps, stamp, mixed(state ^ NAME)
                        )
                    if stop <= place + 1:
                        stop = -1
                elif kind == HASH:
                    state, tag_end = tag_at(kinds, folded, place + 1)
                    if tag_end >= 0:
                        stop = place + 1
                        total = _noted(
                            columns, start, total, seen, stamps, stamp, mixed(state ^ TAG)
                        )
                elif folded[place] == ord("h") or folded[place] == ord("w"):
                    state, stop = link_at(codes, kinds, place, host, suffix_keys, suffix_bits)
                    if stop >= 0:
                        signs[LINKED] += 1
                if stop >= 0:
                    place = stop
                    continue
            if kind != IDEOGRAPH and not LOWER <= kind <= DIGIT:
                code = codes[place]
                if kind in (BREAK, NEWLINE, CLOSER):
                    before = NOTHING
                    negated[:] = -1
                    if code == ord("!"):
                        signs[EXCLAIMED] += 1
                        if codes[place + 1] == ord("!"):
                            signs[SHOUTED] += 1
                    elif code == ord("?"):
                        signs[ASKED] += 1
                    elif code >= 0x2000:
                        key = mixed(np.uint64(code) ^ SYMBOL)
                        total = _noted(columns, start, total, seen, stamps, stamp, key)
                        valence = found(emoji_keys, emoji_values, np.uint64(code))
                        if valence == GLAD:
                            signs[GOOD] += 1
                        elif valence != NOTHING:
                            signs[BAD] += 1
                if code < 0x80:
                    face = _face_at(codes, place)
                    if face > 0:
                        signs[SMILE] += 1
                        place += 1
                    elif face < 0:
                        signs[FROWN] += 1
                        place += 1
                place += 1
                continue

            stop = word_end(kinds, place, place < tag_end)
            if words == MAX_READ:
                break
            words += 1
            state, prefix = OFFSET, NOTHING
            length, capitals = 0, 0
            last, last_but_one = -1, -1
            entry, met = NOTHING, NOTHING
            run = EDGE
            for j in range(place, stop):
                letter, of = folded[j], kinds[j]
                if letter == last and letter == last_but_one and LOWER <= of <= UPPER:
                    signs[STRETCHED] = 1
                    continue
                if ACCENTS[0] <= letter < ACCENTS[1]:
                    continue
                last_but_one, last = last, letter
                if letter < BARED:
                    letter = letters[letter]
                if of == UPPER:
                    capitals += 1
                state = grown(state, np.uint64(letter))
                length += 1
                run = run << LETTER | np.uint64(letter & 0xFFFF)
                if length > 2 and length < MAX_WORD:
                    total = _noted(columns, start, total, seen, stamps, stamp, mixed(run ^ RAN))
                if length == PREFIX:
                    prefix = state
                if length > 1:
                    value = found(stem_keys, stem_values, state)
                    if value != NOTHING:
                        entry = value & ENTRY
                        met |= value >> SHIFT
            place = stop
            if length > 2 and length < MAX_WORD:
                run = run << LETTER | EDGE
                total = _noted(columns, start, total, seen, stamps, stamp, mixed(run ^ RAN))
            if capitals > 2 and capitals == length:
                signs[CAPITALS] += 1
            value = found(word_keys, word_values, state)
            if value != NOTHING:
                entry = value & ENTRY
                met |= value >> SHIFT
            if entry != NOTHING:
                stems[hits] = np.int32(entry) - 1
                hits += 1
            total = _noted(columns, start, total, seen, stamps, stamp, mixed(state ^ WORD))
            if length > PREFIX:
                key = mixed(prefix ^ PREFIXED)
                total = _noted(columns, start, total, seen, stamps, stamp, key)
            if before != NOTHING:
                joined = chained(before, state)
                key = mixed(joined ^ PAIR)
                total = _noted(columns, start, total, seen, stamps, stamp, key)
                value = found(pair_keys, pair_values, joined)
                if value != NOTHING:
                    stems[hits] = np.int32(value & ENTRY) - 1
                    hits += 1
                    met |= value >> SHIFT
            if met != NOTHING:
                _tally(met, words, negated, totals[i])
            before = state
        for sign in range(signs.size):
            if signs[sign] > (1 if sign == NAMED else 0):
                columns[total] = HASHED + sign
                total += 1
        starts[i + 1] = total
        stem_starts[i + 1] = hits
    return total, hits


def features_of(texts: pl.Series) -> Features:
    """Read the features of many texts; nulls are read as empty texts."""
    text, bounds = laid_out(texts)
    n = bounds.size - 1
    lengths = np.diff(bounds)
    known = lexicon()
    columns = np.empty(int(np.minimum(4 * lengths, MAX_FEATURES).sum()) + n * len(SIGNS), np.int32)
    stems = np.empty(int(np.minimum(lengths, 2 * MAX_READ).sum()), np.int32)
    starts, stem_starts = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64)
    totals = np.zeros((n, SPOKEN, len(TOTALS)), np.uint8)
    total, hits = _read(
        text,
        bounds,
        tables()["classes"],
        tables()["folds"],
        bare_letters(),
        *suffixes(),
        *known.stems,
        *known.words,
        *known.pairs,
        *known.emoji,
        np.empty((3, int(lengths.max(initial=0)) + SENTINELS), np.int64),
        np.empty(MAX_HOST, np.uint8),
        np.empty(SEEN, np.int32),
        np.zeros(SEEN, np.int64),
        np.empty(len(SIGNS), np.int64),
        np.empty(SPOKEN, np.int64),
        columns,
        starts,
        stems,
        stem_starts,
        totals,
    )
    return Features(columns[:total].copy(), starts, stems[:hits].copy(), stem_starts, totals)
