"""One thing learned of a brand's posts, online, by river: are they negative, or complaints.

A post's score is the sum of what was learned of all languages and of its own, trained as one: the
model holds each feature twice, once for all and once for its language. A language with few labels
so lives from the others, and one with many goes its own way. Before any label, the words of the
lexicon have the weights of ``Prior`` and everything else has none. River is imported when a learner
is made: that takes most of a second.

References
----------
Daume (2007), Frustratingly easy domain adaptation, ACL: features for all and for each.
Duchi, Hazan and Singer (2011), Adaptive subgradient methods, JMLR 12: river's AdaGrad.
"""

from typing import Any  # river's own types are switched off for most of it

import msgspec
import numpy as np
from numpy.typing import NDArray

from rtm.compiled import compiled
from rtm.mood.features import HASHED, SIGNS, TOTALS
from rtm.mood.lexicon import lexicon
from rtm.mood.rows import ALWAYS, STEM, TOTAL, Rows, columns
from rtm.text.language import OTHER, UNKNOWN

RATE = 0.1  # AdaGrad's learning rate; see rtm.evaluate.mood for what it was chosen on
INTERCEPT_RATE = 0.02
SHARED, SILENT = 0, 1  # rows of the dense weights: of all languages; of none that was learned


class Prior(msgspec.Struct, frozen=True):
    """Weights before any label, in log odds: of a post, and of each word of a class of TOTALS."""

    intercept: float
    totals: tuple[float, float, float, float, float, float]


NO_PRIOR = Prior(0.0, (0.0, 0.0, 0.0, 0.0, 0.0, 0.0))


class Learned(msgspec.Struct, frozen=True):
    """All that was learned: sorted keys, their weights and AdaGrad's sums, as bytes."""

    labels: int
    intercept: float
    keys: bytes
    weights: bytes
    squares: bytes


@compiled(
    "void(int32[::1], float64[::1], int64[::1], int64[::1], float64[:, ::1], float64, float64[::1])"
)
def _add_up(
    row_columns: NDArray[np.int32],
    row_values: NDArray[np.float64],
    row_starts: NDArray[np.int64],
    places: NDArray[np.int64],
    weights: NDArray[np.float64],
    intercept: float,
    scores: NDArray[np.float64],
) -> None:
    for i in range(scores.size):
        own = places[i]
        score = intercept
        for place in range(row_starts[i], row_starts[i + 1]):
            column = row_columns[place]
            score += (weights[SHARED, column] + weights[own, column]) * row_values[place]
        scores[i] = score


class Learner:
    """A logistic regression of river's, and its weights once more in an array to score many."""

    def __init__(self, prior: Prior) -> None:
        self._prior = prior
        self._begin()

    def _begin(self) -> None:
        from river.linear_model import LogisticRegression
        from river.optim import AdaGrad

        prior = self._prior
        self.labels = 0
        self.model: Any = LogisticRegression(
            optimizer=AdaGrad(RATE),
            intercept_init=prior.intercept,
            intercept_lr=INTERCEPT_RATE,
        )
        weights = {TOTAL + i: weight for i, weight in enumerate(prior.totals) if weight}
        self.model._weights = _vector(weights)
        self._places = np.full(256, SILENT, np.int64)
        self._dense = np.zeros((2, columns()))
        for column, weight in weights.items():
            self._dense[SHARED, column] = weight

    def scores(self, rows: Rows, languages: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return the log odds of each post, not calibrated."""
        scores = np.empty(len(rows))
        _add_up(
            rows.columns,
            rows.values,
            rows.starts,
            self._places[languages],
            self._dense,
            float(self.model.intercept),
            scores,
        )
        return scores

    def learn_one(self, rows: Rows, language: int, label: bool) -> None:
        """Learn from the only post of ``rows``."""
        x = told(rows, language)
        self.model.learn_one(x, label)
        self.labels += 1
        self._copy_weights(x)

    def is_new(self, rows: Rows) -> NDArray[np.float64]:
        """Return the share of each post's hashed features that no label ever had, from 0 to 1."""
        hashed = rows.columns < HASHED
        fresh = hashed & (self._dense[SHARED, rows.columns] == 0.0)
        of = np.add.reduceat(np.append(hashed, False), rows.starts[:-1], dtype=np.int64)
        new = np.add.reduceat(np.append(fresh, False), rows.starts[:-1], dtype=np.int64)
        share: NDArray[np.float64] = new / np.maximum(of, 1)
        return share

    def learned(self) -> Learned:
        """Return all that was learned, the same bytes for the same labels."""
        weights = self.model.weights
        squares = self.model.optimizer.g2
        keys = np.array(sorted(weights), np.int64)
        return Learned(
            self.labels,
            float(self.model.intercept),
            keys.tobytes(),
            np.array([weights[key] for key in keys.tolist()], np.float64).tobytes(),
            np.array([squares.get(key, 0.0) for key in keys.tolist()], np.float64).tobytes(),
        )

    def restore(self, learned: Learned) -> None:
        """Take up what was learned; ValueError where it is of other columns."""
        keys = np.frombuffer(learned.keys, np.int64).tolist()
        weights = np.frombuffer(learned.weights, np.float64).tolist()
        squares = np.frombuffer(learned.squares, np.float64).tolist()
        if not len(keys) == len(weights) == len(squares):
            raise ValueError("keys, weights and squares of different lengths")
        if keys and (keys[0] < 0 or keys[-1] >= columns() * OTHER):
            raise ValueError("a key of no column")
        self._begin()
        self.labels = learned.labels
        self.model.intercept = learned.intercept
        self.model._weights = _vector(dict(zip(keys, weights, strict=True)))
        for key, square in zip(keys, squares, strict=True):
            if square:
                self.model.optimizer.g2[key] = square
        self.model.optimizer.n_iterations = learned.labels
        self._copy_weights(keys)

    def readable(self) -> dict[str, dict[str, float]]:
        """Return the weights that have names, by language number ("all" for the shared ones)."""
        names = named_columns()
        told: dict[str, dict[str, float]] = {}
        for key, weight in sorted(self.model.weights.items()):
            language, column = divmod(key, columns())
            if column in names and weight:
                told.setdefault(str(language) if language else "all", {})[names[column]] = weight
        return told

    def _copy_weights(self, keys: Any) -> None:
        weights = self.model._weights
        for key in keys:
            language, column = divmod(key, columns())
            if language and self._places[language] == SILENT:
                self._places[language] = len(self._dense)
                self._dense = np.vstack([self._dense, np.zeros(columns())])
            place = self._places[language] if language else SHARED
            self._dense[place, column] = weights[key]


def told(rows: Rows, language: int) -> dict[int, float]:
    """Return the only row as river takes it: each feature for all, and for a known language."""
    pairs = list(zip(rows.columns.tolist(), rows.values.tolist(), strict=True))
    x = dict(pairs)
    if language not in (UNKNOWN, OTHER):
        first = language * columns()
        x.update((first + column, value) for column, value in pairs)
    return x


def _vector(weights: dict[int, float]) -> Any:
    from river.utils import VectorDict

    return VectorDict(weights)


def named_columns() -> dict[int, str]:
    """Return the names of all columns that have one: signs, totals and stems."""
    names = dict(enumerate(SIGNS, HASHED)) | {ALWAYS: "always"}
    names |= {TOTAL + i: f"{name} words" for i, name in enumerate(TOTALS)}
    return names | {STEM + i: name for i, name in enumerate(lexicon().names)}
