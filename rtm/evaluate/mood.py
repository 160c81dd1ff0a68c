"""How well mood is learned from labels, with the word lists as prior and without.

Posts whose id's hash falls into the first tenth were set aside: on them, and once, the learning
rates, the prior's weights and the spreads of the calibration were chosen, one setting for all sets.
Nothing here is measured on them. "At the end" is progressive validation: each post is predicted,
then learned. "At n labels" are n labels drawn in seeded orders, and all other posts predicted.

The airlines' negative posts are complaints; the other sets label sentiment, which is not the same.
"No prior" has the same features, the word lists among them, and begins with all weights 0. The word
lists were written without looking at any set, but by people who know what air travel is: "luggage"
stands among the complaints.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zlib import crc32

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rtm.estimates import NOTHING, Estimate, area, ratio, share
from rtm.evaluate.figure import Figure
from rtm.evaluate.places import corpus
from rtm.mood.calibration import Fit
from rtm.mood.features import features_of
from rtm.mood.gauge import LEAST_POSTS, Gauge
from rtm.mood.mood import Mood
from rtm.mood.rows import Rows, rows_of
from rtm.text.language import number_of

AIRLINES = "us_airlines_2015"
MULTILINGUAL = "multilingual_et_pl_cs_sl"
ENDS = {"en": 0.90, "cs": 0.80, "et": 0.75, "pl": None, "sl": None}  # aims of the area at the end
FEW = (10, 50, 200)  # labels
ORDERS = 5
WINDOW_S = 6 * 3600
BINS = 10
RESAMPLES = 200
SEED = 20150217
SENTIMENT = "labels tell sentiment, not complaints"

_figure = partial(Figure, part="mood")


@dataclass(frozen=True, slots=True)
class Labelled:
    """Posts in the order in which they are learned, with what they truly were."""

    name: str
    language: int
    frame: pl.DataFrame
    rows: Rows
    labels: NDArray[np.bool_]

    @property
    def languages(self) -> NDArray[np.uint8]:
        """The language number of each post."""
        return np.full(self.labels.size, self.language, np.uint8)


@dataclass(frozen=True, slots=True)
class Course:
    """What was predicted of each post before it was learned, the fit by then, and drifts told."""

    probabilities: NDArray[np.float64]
    fits: list[Fit]
    drifts: int


def figures(data: Path) -> Iterator[Figure]:
    """Yield the figures of mood."""
    airlines, others = corpus(data, AIRLINES), corpus(data, MULTILINGUAL)
    if airlines is None:
        yield _figure(name=f"AUC, {AIRLINES}", note=f"{AIRLINES} is not there")
    else:
        posts = labelled(pl.read_parquet(airlines), AIRLINES, "en")
        yield from _learning(posts, ENDS["en"], "labels are complaints")
        yield _end_without_prior(posts)
        yield _complaints(posts)
        yield from _shares(posts)
    if others is None:
        yield _figure(name=f"AUC, {MULTILINGUAL}", note=f"{MULTILINGUAL} is not there")
        return
    frame = pl.read_parquet(others)
    for code in ("cs", "et", "pl", "sl"):
        posts = labelled(frame.filter(pl.col("lang") == code), f"{MULTILINGUAL}: {code}", code)
        yield from _learning(posts, ENDS[code], SENTIMENT)


def is_set_aside(id_: str) -> bool:
    """Tell whether a post is of the tenth on which settings were chosen."""
    return crc32(id_.encode()) % 10 == 0


def labelled(frame: pl.DataFrame, name: str, code: str) -> Labelled:
    """Return the posts of a set that were not set aside: by time, or by hash where none is told."""
    frame = frame.filter(pl.col("sentiment") != "mixed").unique(
        "text", keep="first", maintain_order=True
    )
    aside = pl.Series([is_set_aside(id_) for id_ in frame["id"]], dtype=pl.Boolean())
    frame = frame.filter(~aside).with_columns(
        order=pl.Series([crc32(f"o{id_}".encode()) for id_ in frame.filter(~aside)["id"]])
    )
    frame = frame.sort("created_at", "order", "id")
    language = number_of(code)
    rows = rows_of(features_of(frame["text"]), np.full(frame.height, language, np.uint8))
    return Labelled(name, language, frame, rows, (frame["sentiment"] == "negative").to_numpy())


def course_of(mood: Mood, posts: Labelled, places: Sequence[int]) -> Course:
    """Predict each post, then learn it, in order."""
    texts, labels = posts.frame["text"].to_list(), posts.labels.tolist()
    language = np.array([posts.language], np.uint8)
    probabilities, fits, drifts = np.empty(len(places)), [], 0
    for k, i in enumerate(places):
        fits.append(mood.fit())
        probabilities[k] = mood.score_rows(posts.rows.only(i), language)[0]
        drifts += mood.learn_one(texts[i], posts.language, labels[i]) is not None
    return Course(probabilities, fits, drifts)


def calibration_error(
    probabilities: NDArray[np.float64], labels: NDArray[np.bool_], bins: int = BINS
) -> float:
    """Return the expected calibration error over bins of equal width.

    >>> calibration_error(np.array([0.75, 0.75, 0.75, 0.75]), np.array([True, True, True, False]))
    0.0
    """
    places = np.minimum((probabilities * bins).astype(np.int64), bins - 1)
    gaps = np.bincount(places, probabilities - labels, bins)
    return float(np.abs(gaps).sum() / probabilities.size)


def _learning(posts: Labelled, aim: float | None, note: str) -> Iterator[Figure]:
    everything = range(posts.labels.size)
    start = Mood().score_rows(posts.rows, posts.languages)
    yield _figure(
        name=f"AUC at 0 labels, {posts.name}",
        estimate=area(start.tolist(), posts.labels.tolist(), posts.name),
        note=f"the word lists alone; {note}",
    )
    for has_prior, what in ((True, ""), (False, ", no prior")):
        for few in FEW:
            areas = [_area_after(few, order, has_prior, posts) for order in range(ORDERS)]
            yield _figure(
                name=f"AUC at {few} labels{what}, {posts.name}",
                estimate=ratio(areas, [1.0] * ORDERS, f"{posts.name} {few}"),
                note=f"mean of {ORDERS} seeded orders; interval over orders; {note}",
            )
    course = course_of(Mood(), posts, everything)
    yield _figure(
        name=f"AUC at the end, {posts.name}",
        estimate=area(course.probabilities.tolist(), posts.labels.tolist(), posts.name),
        aim=aim,
        note=f"progressive validation; {course.drifts} drifts told; {note}",
    )
    yield _figure(
        name=f"expected calibration error, {posts.name}",
        estimate=_error_of(course.probabilities, posts.labels),
        better="less",
        note=f"progressive validation, {BINS} bins; resamples lean above the value",
    )


def _end_without_prior(posts: Labelled) -> Figure:
    bare = course_of(Mood(has_prior=False), posts, range(posts.labels.size))
    return _figure(
        name=f"AUC at the end, no prior, {posts.name}",
        estimate=area(bare.probabilities.tolist(), posts.labels.tolist(), posts.name),
        note="progressive validation",
    )


def _area_after(labels: int, order: int, has_prior: bool, posts: Labelled) -> float:
    drawn = np.random.default_rng([SEED, order]).permutation(posts.labels.size)[:labels]
    mood = Mood(has_prior)
    texts = posts.frame["text"]
    for i in drawn.tolist():
        mood.learn_one(texts[i], posts.language, bool(posts.labels[i]))
    left = np.ones(posts.labels.size, bool)
    left[drawn] = False
    scores = mood.score_rows(posts.rows, posts.languages)[left]
    return area(scores.tolist(), posts.labels[left].tolist(), posts.name).value or 0.0


def _complaints(posts: Labelled) -> Figure:
    scores = Mood().score_rows(posts.rows, posts.languages, "complaint")
    return _figure(
        name=f"AUC of complaints at 0 labels, {posts.name}",
        estimate=area(scores.tolist(), posts.labels.tolist(), "complaint"),
        note="the complaint word lists alone; negative posts of this set are complaints",
    )


def _shares(posts: Labelled) -> Iterator[Figure]:
    # each brand by a model of its own, as rtm is run
    ticks = posts.frame["created_at"].dt.epoch("s").to_numpy()
    told: list[float] = []
    counted: list[float] = []
    true: list[float] = []
    inside: list[bool] = []
    scores = np.empty(posts.labels.size)
    for brand in posts.frame["brand"].unique().sort():
        places = np.flatnonzero((posts.frame["brand"] == brand).to_numpy())
        course = course_of(Mood(), posts, places.tolist())
        scores[places] = course.probabilities
        gauge = Gauge()
        gauge.add(ticks[places], course.probabilities)
        windows = ticks[places] // WINDOW_S
        for window in np.unique(windows).tolist():
            here = windows == window
            mood = gauge.read(
                (window + 1) * WINDOW_S, WINDOW_S, course.fits[int(np.flatnonzero(here)[-1])]
            )
            if mood is None:
                continue
            truth = float(posts.labels[places][here].mean())
            told.append(mood.negative)
            counted.append(float((course.probabilities[here] > 0.5).mean()))
            true.append(truth)
            inside.append(mood.low <= truth <= mood.high)
    where = f"brand x 6 h, {posts.name}"
    note = f"a model a brand, progressive; windows of {LEAST_POSTS} posts and more"
    yield _figure(
        name=f"AUC at the end, each brand alone, {posts.name}",
        estimate=area(scores.tolist(), posts.labels.tolist(), "each brand"),
        note="a model a brand, progressive; all brands' posts together",
    )
    yield _figure(
        name=f"r of negative share, {where}", estimate=_correlation(told, true), aim=0.90, note=note
    )
    yield _figure(
        name=f"r of share by counting at .5, {where}",
        estimate=_correlation(counted, true),
        note=f"what the gauge does not do; {note}",
    )
    gaps = [abs(a - b) for a, b in zip(told, true, strict=True)]
    yield _figure(
        name=f"mean error of negative share, {where}",
        estimate=ratio(gaps, [1.0] * len(gaps), "share error"),
        better="less",
        note=note,
    )
    yield _figure(
        name=f"truth inside the 95 % interval, {where}",
        estimate=share(inside, "share inside"),
        aim=0.95,
        note=note,
    )


def _correlation(one: list[float], other: list[float]) -> Estimate:
    # the interval is by Fisher's z
    n = len(one)
    if n < 5:
        return NOTHING
    r = float(np.corrcoef(one, other)[0, 1])
    reach = 1.959964 / np.sqrt(n - 3)
    low, high = np.tanh(np.arctanh(r) - reach), np.tanh(np.arctanh(r) + reach)
    return Estimate(round(r, 6), round(float(low), 6), round(float(high), 6), n)


def _error_of(probabilities: NDArray[np.float64], labels: NDArray[np.bool_]) -> Estimate:
    generator = np.random.default_rng(SEED)
    n = labels.size
    drawn = []
    for _ in range(RESAMPLES):
        units = generator.integers(0, n, n)
        drawn.append(calibration_error(probabilities[units], labels[units]))
    low, high = np.percentile(drawn, (2.5, 97.5))
    value = calibration_error(probabilities, labels)
    return Estimate(round(value, 6), round(float(low), 6), round(float(high), 6), n)
