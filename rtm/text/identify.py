"""The language of each post: told by the network, else identified from the words themselves.

Be a post whose network told nothing. Links and handles are cut out of you, since they speak no
language. With fewer than ``LEAST_LETTERS`` letters left you are "und". Otherwise a machine of
states walks over your bytes, counts the byte sequences that tell languages apart, and the language
under which they are likeliest is yours. The model is py3langid's own, and so is every answer
(``identified``): only the walk is compiled. A language that ``rtm.languages`` does not know is
"other".

References
----------
Lui and Baldwin (2012), langid.py: an off-the-shelf language identification tool, ACL 2012 system
demonstrations. The model is that of py3langid 0.4 (BSD), 142 classes.
"""

import unicodedata
from functools import cache
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rtm.compiled import compiled
from rtm.text.columns import laid_out
from rtm.text.language import UNKNOWN, number_of

LEAST_LETTERS = 12  # fewer tell too little
_MORE = 2  # a sign of a script without spaces tells as much as three letters: two more
_IDEOGRAPH = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
_SPEAKS_NONE = r"(?i)\bhttps?://\S+|\bwww\.\S+|@[a-z0-9_]+(?:[.-][a-z0-9_]+)*|\brt\b"
NO_LANGUAGE = "zxx"  # the model's class for what is no language at all
SILENT = -1  # a state of the walk that counts nothing; also: a text in which nothing was counted
LOG_TABLE = 4096  # log(1 + count) up to here is looked up; no post is longer


class Model(NamedTuple):
    """py3langid's model, laid out for compiled code.

    ``moves`` and ``rows``: the next state after a byte is ``moves[rows[state] + byte]``;
    ``features (states,)``: what reaching a state counts, or ``SILENT``; ``weights (features,
    classes)``: log-likelihoods; ``priors (classes,)``; ``twins (classes,)``: the first class with
    the same name; ``numbers (classes,)``: of ``rtm.text.language``.
    """

    moves: NDArray[np.uint32]
    rows: NDArray[np.int64]
    features: NDArray[np.int32]
    weights: NDArray[np.float32]
    priors: NDArray[np.float32]
    twins: NDArray[np.int64]
    logs: NDArray[np.float32]
    names: tuple[str, ...]
    numbers: NDArray[np.uint8]


@cache
def model() -> Model:
    """Load the model: half a second, once, and only where a network told no language."""
    # here, since most networks tell the language, and then nothing of this is needed
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    source = LanguageIdentifier.from_model_file(MODEL_FILE)
    names = tuple(source.nb_classes)
    numbers = [UNKNOWN if name == NO_LANGUAGE else number_of(name) for name in names]
    return Model(
        moves=np.asarray(source.tk_nextmove, np.uint32),
        rows=np.asarray(source.tk_row, np.int64) << 8,
        features=np.asarray(source.tk_output, np.int32),
        weights=source.nb_ptc.astype(np.float32),
        priors=source.nb_pc.astype(np.float32),
        twins=np.array([names.index(name) for name in names], np.int64),
        logs=np.log1p(np.arange(LOG_TABLE, dtype=np.float32)),
        names=names,
        numbers=np.array(numbers, np.uint8),
    )


@compiled(
    "void(uint8[::1], int64[::1], uint32[::1], int64[::1], int32[::1], float32[:, ::1],"
    " float32[::1], int64[::1], float32[::1], int32[::1], int32[::1], float32[::1], int64[::1])"
)
def _classify(
    text: NDArray[np.uint8],
    bounds: NDArray[np.int64],
    moves: NDArray[np.uint32],
    rows: NDArray[np.int64],
    features: NDArray[np.int32],
    weights: NDArray[np.float32],
    priors: NDArray[np.float32],
    twins: NDArray[np.int64],
    logs: NDArray[np.float32],
    counts: NDArray[np.int32],  # scratch from here, all zero
    met: NDArray[np.int32],
    scores: NDArray[np.float32],
    found: NDArray[np.int64],  # the result
) -> None:
    classes = priors.size
    for i in range(bounds.size - 1):
        state = np.int64(0)
        distinct = 0
        for place in range(bounds[i], bounds[i + 1]):
            state = np.int64(moves[rows[state] + np.int64(text[place])])
            feature = features[state]
            if feature >= 0:
                if counts[feature] == 0:
                    met[distinct] = feature
                    distinct += 1
                counts[feature] += 1
        if distinct == 0:
            found[i] = SILENT
            continue
        for k in range(classes):
            scores[k] = priors[k]
        for j in range(distinct):
            feature = met[j]
            count = min(counts[feature], LOG_TABLE - 1)
            counts[feature] = 0
            times = logs[count]
            row = weights[feature]
            for k in range(classes):
                scores[k] += times * row[k]
        best = 0
        for k in range(1, classes):
            if scores[k] > scores[best]:
                best = k
        found[i] = twins[best]


@compiled("void(uint8[::1], int64[::1], boolean[::1])")
def _doubtful(text: NDArray[np.uint8], bounds: NDArray[np.int64], told: NDArray[np.bool_]) -> None:
    # which texts may be all capitals or not in NFC; the rest is as py3langid wants it
    for i in range(bounds.size - 1):
        has_small = False
        is_far = False
        place = bounds[i]
        end = bounds[i + 1]
        while place < end:
            byte = np.int64(text[place])
            place += 1
            if ord("a") <= byte <= ord("z"):
                has_small = True
            elif byte == 0xE2:  # U+2000 to U+20CF, quotation marks and dashes: never composed
                second = np.int64(text[place])
                is_far = is_far or not 0x80 <= second <= 0x82
            elif byte == 0xF0:  # U+1F000 to U+1FFFF, pictures: never composed
                is_far = is_far or text[place] != 0x9F
            elif byte >= 0xCC:  # U+0300 and above; below it NFC changes nothing
                is_far = True
        told[i] = is_far or not has_small


def classes_of(texts: pl.Series) -> NDArray[np.int64]:
    """Return py3langid's class of each text, a place in ``model().names``.

    ``SILENT`` where not one feature is found. Two classes whose scores agree to six digits may
    change places, since the sums run in another order.
    """
    text, bounds = laid_out(texts)
    doubtful = np.zeros(texts.len(), np.bool_)
    _doubtful(text, bounds, doubtful)
    if doubtful.any():
        places = np.flatnonzero(doubtful)
        mended = pl.Series([_as_modelled(words) for words in texts.gather(places)], dtype=pl.String)
        text, bounds = laid_out(texts.scatter(places, mended))
    known = model()
    found = np.empty(texts.len(), np.int64)
    _classify(
        text,
        bounds,
        *known[:7],
        np.zeros(known.weights.shape[0], np.int32),
        np.empty(known.weights.shape[0], np.int32),
        np.empty(known.priors.size, np.float32),
        found,
    )
    return found


def _as_modelled(text: str) -> str:
    return unicodedata.normalize("NFC", text.lower() if text.isupper() else text)


def identified(texts: pl.Series) -> NDArray[np.uint8]:
    """Return the language of each text by its own words, as numbers of ``rtm.text.language``.

    >>> from rtm.text.language import number_of
    >>> texts = pl.Series(["Kahjuks ei tulnud buss täna hommikul üldse", "ok @oreo"])
    >>> identified(texts).tolist() == [number_of("et"), UNKNOWN]
    True
    """
    spoken = np.full(texts.len(), UNKNOWN, np.uint8)
    words = texts.str.replace_all(_SPEAKS_NONE, " ")
    letters = words.str.count_matches(r"\p{L}") + _MORE * words.str.count_matches(_IDEOGRAPH)
    places = np.flatnonzero((letters >= LEAST_LETTERS).to_numpy())
    if not places.size:
        return spoken
    classes = classes_of(words.gather(places))
    spoken[places] = np.where(classes == SILENT, UNKNOWN, model().numbers[classes])
    return spoken


def spoken_in(texts: pl.Series, told: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the language of each text: the told one, and its words' own where none is told."""
    places = np.flatnonzero(told == UNKNOWN)
    if not places.size:
        return told
    spoken = told.copy()
    spoken[places] = identified(texts.gather(places))
    return spoken
