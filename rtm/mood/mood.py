"""The mood of one brand's posts: what the team's labels taught, as calibrated probabilities.

Be a label: someone on the desk says that a post is negative, or is not. Its probability, as it
stood, is first held against the label, for calibration and for the watch on drift. Then both the
part for all languages and that of its own learn from it. Where errors have grown for good, all is
forgotten but the newest labels, and a sentence says so.
"""

import json
from collections import deque
from collections.abc import Mapping
from typing import Literal, get_args
from zlib import crc32

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from rtm.errors import StoreError
from rtm.languages import LANGUAGES
from rtm.mood.calibration import OWN_SPREAD, Calibration, Fit, chance
from rtm.mood.drift import ErrorWatch
from rtm.mood.features import Features, features_of
from rtm.mood.learner import NO_PRIOR, Learned, Learner, Prior, named_columns
from rtm.mood.rows import Rows, rows_of
from rtm.text.language import OTHER, UNKNOWN

Target = Literal["negative", "complaint"]
TARGETS: tuple[Target, ...] = get_args(Target)
# log odds; those of "negative" were rounded from fits to the part of the labelled sets that
# rtm.evaluate.mood sets aside, those of "complaint" set by hand: no labelled set tells complaints
PRIORS: Mapping[Target, Prior] = {
    "negative": Prior(-0.5, (1.25, -1.0, 0.4, 0.6, 0.3, 0.2)),
    "complaint": Prior(-1.5, (0.75, -1.0, 1.25, 0.5, 0.3, 0.1)),
}
RELEARNED = 500  # labels of each target that a drift may learn again
VERSION = 1


class Label(msgspec.Struct, frozen=True):
    """What the team said of a post."""

    text: str
    language: int
    label: bool


class _KeptFit(msgspec.Struct, frozen=True):
    pairs: list[tuple[float, bool]]
    taken: int
    fit: Fit


class _Kept(msgspec.Struct, frozen=True):
    learned: Learned
    calibrations: dict[int, _KeptFit]  # by language number; 0 is all
    errors: list[float]
    labels: list[Label]


class _Snapshot(msgspec.Struct, frozen=True):
    version: int
    columns: int  # checksum of the named columns: a snapshot of another lexicon is refused
    targets: dict[str, _Kept]


class _Taught:
    # what belongs to one target
    def __init__(self, prior: Prior) -> None:
        self.prior = prior
        self.labels: deque[Label] = deque(maxlen=RELEARNED)
        self.forget()

    def forget(self) -> None:
        self.learner = Learner(self.prior)
        self.calibrations = {UNKNOWN: Calibration()}
        self.watch = ErrorWatch()

    def fit_of(self, language: int) -> Fit:
        own = self.calibrations.get(language)
        return own.fit if own else self.calibrations[UNKNOWN].fit

    def learn_one(self, rows: Rows, language: int, label: bool) -> float:
        score = float(self.learner.scores(rows, np.array([language], np.uint8))[0])
        fit = self.fit_of(language)
        expected = float(chance(np.array(fit.slope * score + fit.offset)))
        self.learner.learn_one(rows, language, label)
        everyone = self.calibrations[UNKNOWN]
        everyone.learn_one(score, label)
        if language not in (UNKNOWN, OTHER):
            own = self.calibrations.setdefault(language, Calibration(OWN_SPREAD))
            own.learn_one(score, label, everyone.fit)
        return abs(label - expected)


class Mood:
    """What is known of one brand's posts, both targets; without a prior only to be compared."""

    def __init__(self, has_prior: bool = True) -> None:
        self._taught = {
            target: _Taught(PRIORS[target] if has_prior else NO_PRIOR) for target in TARGETS
        }

    def score(
        self, features: Features, languages: NDArray[np.uint8], target: Target = "negative"
    ) -> NDArray[np.float64]:
        """Return the calibrated probability of each post; ``languages`` as numbers."""
        return self.score_rows(rows_of(features, languages), languages, target)

    def score_rows(
        self, rows: Rows, languages: NDArray[np.uint8], target: Target = "negative"
    ) -> NDArray[np.float64]:
        """Return the same of posts whose rows are made already, for both targets at once."""
        taught = self._taught[target]
        slopes, offsets = np.empty(256), np.empty(256)
        for language in np.unique(languages).tolist():
            fit = taught.fit_of(language)
            slopes[language], offsets[language] = fit.slope, fit.offset
        scores = taught.learner.scores(rows, languages)
        return chance(slopes[languages] * scores + offsets[languages])

    def novelty(self, rows: Rows) -> NDArray[np.float64]:
        """Return how much of each post no label of "negative" ever had, from 0 to 1."""
        return self._taught["negative"].learner.is_new(rows)

    def learn_one(
        self, text: str, language: int, is_negative: bool, target: Target = "negative"
    ) -> str | None:
        """Learn a label; ``is_negative`` says whether the post is what ``target`` asks.

        Returns a sentence for the board where the mood has drifted, else None.
        """
        rows = rows_of(features_of(pl.Series([text])), np.array([language], np.uint8))
        taught = self._taught[target]
        taught.labels.append(Label(text, language, is_negative))
        newest = taught.watch.step(taught.learn_one(rows, language, is_negative))
        if not newest:
            return None
        again = list(taught.labels)[-newest:]
        taught.forget()
        learn_again(taught, again)
        return (
            f"What is {target} about the brand has changed: the latest labels no longer fit what "
            f"was learned. Began again from the word lists and the newest {len(again)} labels."
        )

    def labels(self, target: Target = "negative") -> int:
        """Return how many labels are learned."""
        return self._taught[target].learner.labels

    def fit(self, target: Target = "negative") -> Fit:
        """Return the calibration of all languages, with what it does not know."""
        return self._taught[target].calibrations[UNKNOWN].fit

    def reset(self) -> None:
        """Forget every label: back to the word lists."""
        for taught in self._taught.values():
            taught.labels.clear()
            taught.forget()

    def export(self) -> str:
        """Return what was learned as JSON: labels, calibration, and the weights that have names."""
        codes = {str(number): code for number, code in enumerate(sorted(LANGUAGES), 1)}
        targets = {}
        for target, taught in self._taught.items():
            fit = taught.calibrations[UNKNOWN].fit
            weights = taught.learner.readable()
            targets[target] = {
                "labels": taught.learner.labels,
                "calibration": {"slope": fit.slope, "offset": fit.offset},
                "intercept": float(taught.learner.model.intercept),
                "weights": {codes.get(number, number): told for number, told in weights.items()},
            }
        told = {"version": VERSION, "targets": targets}
        return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)

    def snapshot(self) -> bytes:
        """Return all that was learned; the same labels give the same bytes."""
        targets: dict[str, _Kept] = {
            target: _Kept(
                taught.learner.learned(),
                {
                    language: _KeptFit(one.pairs(), one.taken, one.fit)
                    for language, one in sorted(taught.calibrations.items())
                },
                taught.watch.errors,
                list(taught.labels),
            )
            for target, taught in self._taught.items()
        }
        told = _Snapshot(VERSION, _columns_sum(), targets)
        return msgspec.msgpack.encode(told)

    def restore(self, snapshot: bytes) -> None:
        """Take up where a snapshot was made, or raise StoreError and stay as it was."""
        try:
            told = msgspec.msgpack.decode(snapshot, type=_Snapshot)
            if told.version != VERSION or told.columns != _columns_sum():
                raise StoreError("snapshot of mood: of other word lists; start without it")
            taught = {target: _Taught(self._taught[target].prior) for target in TARGETS}
            for target in TARGETS:
                _fill(taught[target], told.targets[target])
        except (msgspec.MsgspecError, ValueError, KeyError) as error:
            raise StoreError("snapshot of mood: damaged; start without it") from error
        self._taught = taught


def learn_again(taught: _Taught, labels: list[Label]) -> None:
    """Teach a new beginning the labels that are to be kept."""
    languages = np.array([label.language for label in labels], np.uint8)
    rows = rows_of(features_of(pl.Series([label.text for label in labels])), languages)
    for i, label in enumerate(labels):
        taught.learn_one(rows.only(i), label.language, label.label)


def _fill(taught: _Taught, kept: _Kept) -> None:
    taught.learner.restore(kept.learned)
    for language, told in kept.calibrations.items():
        own = Calibration(OWN_SPREAD) if language else Calibration()
        own.restore(told.pairs, told.taken, told.fit)
        taught.calibrations[language] = own
    taught.watch = ErrorWatch(kept.errors)
    taught.labels.extend(kept.labels)


def _columns_sum() -> int:
    return crc32("\n".join(named_columns().values()).encode())
