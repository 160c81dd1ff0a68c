"""What a team's clicks teach of a brand's relevance: a logistic model upon the stated prior.

The prior is the sum of ``rtm.score.relevance``; its logit is each story's own intercept, and what
was learned is added to it. So a learner that was taught nothing tells the prior, exactly. Since the
logit of 0 and of 1 is without bound, the prior is first drawn in by ``MARGIN`` on both sides, and
what comes out is spread again.

References
----------
Duchi, Hazan, Singer (2011), adaptive subgradient methods (AdaGrad): river's.
Deviation: the offset is not learned, and a feature not taught for long is dropped.
"""

import math
from collections.abc import Iterable, Mapping

import msgspec
from river.linear_model import LogisticRegression
from river.optim import AdaGrad
from river.optim.initializers import Zeros
from river.optim.schedulers import Constant
from river.utils import VectorDict

VERSION = 1
RATE = 0.3  # of AdaGrad: what a first click on a whole feature adds to its logit
MARGIN = 0.05  # by which the prior is drawn in: 0 is then worth a logit of -2.9
MOST = 5_000  # features remembered; the one taught longest ago is dropped


class Learned(msgspec.Struct, kw_only=True):
    """What is known of one feature: weight, sum of squared gradients, and the stories behind it.

    ``wanted`` and ``unwanted`` count these; ``latest`` is the number of the last lesson.
    """

    weight: float
    squares: float
    wanted: int = 0
    unwanted: int = 0
    latest: int = 0


class Knowledge(msgspec.Struct, kw_only=True):
    """All that was learned for a brand: what is exported, kept, and may be read by a person."""

    version: int = VERSION
    brand: str
    lessons: int = 0
    features: dict[str, Learned] = {}


class Learner:
    """Learn which features a brand's team wants; told of lessons in order."""

    def __init__(self, brand: str, rate: float = RATE) -> None:
        self._brand, self._rate = brand, rate
        self.reset()

    def reset(self) -> None:
        """Forget all that was learned."""
        self.restore(Knowledge(brand=self._brand))

    @property
    def lessons(self) -> int:
        """How many lessons were learned."""
        return self._lessons

    def learn_one(
        self,
        features: Mapping[str, float],
        prior: float,
        is_wanted: bool,
        weight: float = 1.0,
        *,
        is_counted: bool = True,
    ) -> None:
        """Learn that a story with these features was wanted or not; ``prior`` 0 to 1.

        ``is_counted``: whether it is told among the stories that were, or only weighs.
        """
        self._lessons += 1
        # AdaGrad makes up for what scales a gradient, so a lesson's weight scales the rate
        self._model.optimizer.lr = Constant(self._rate * weight)
        self._model.intercept = _logit(prior)
        self._model.learn_one(dict(features), is_wanted)
        for name in features:
            known = self._known.setdefault(name, Learned(weight=0.0, squares=0.0))
            known.wanted += is_wanted and is_counted
            known.unwanted += not is_wanted and is_counted
            known.latest = self._lessons
        while len(self._known) > MOST:
            self._drop(min(self._known, key=lambda name: self._known[name].latest))

    def relevance(self, prior: float, terms: Iterable[float]) -> float:
        """Return the relevance of a story with this prior, 0 to 1, after these logits are added.

        >>> round(Learner("Oreo").relevance(0.3, [0.0]), 3)
        0.3
        """
        logit = sum(terms)
        if not logit:
            return prior
        drawn = (1 + math.tanh((_logit(prior) + logit) / 2)) / 2
        return min(1.0, max(0.0, (drawn - MARGIN) / (1 - 2 * MARGIN)))

    def terms(self, features: Mapping[str, float]) -> list[tuple[str, float]]:
        """Return what each feature that was taught adds to the logit, most in favour first."""
        weights = self._model.weights
        found = [(name, weights.get(name, 0.0) * value) for name, value in features.items()]
        return sorted((one for one in found if one[1]), key=lambda one: (-one[1], one[0]))

    def counts(self, feature: str) -> tuple[int, int]:
        """Return how many stories with a feature were wanted, and how many were not."""
        known = self._known[feature]
        return known.wanted, known.unwanted

    def knowledge(self) -> Knowledge:
        """Return all that was learned, in the order in which it was first taught."""
        weights, squares = self._model.weights, self._model.optimizer.g2
        return Knowledge(
            brand=self._brand,
            lessons=self._lessons,
            features={
                name: msgspec.structs.replace(
                    known, weight=weights.get(name, 0.0), squares=squares.get(name, 0.0)
                )
                for name, known in self._known.items()
            },
        )

    def restore(self, knowledge: Knowledge) -> None:
        """Take up what was learned; that of another brand or version is not taken."""
        if (knowledge.version, knowledge.brand) != (VERSION, self._brand):
            knowledge = Knowledge(brand=self._brand)
        self._lessons = knowledge.lessons
        self._known = {
            name: msgspec.structs.replace(one) for name, one in knowledge.features.items()
        }
        optimizer = AdaGrad(self._rate)
        optimizer.g2.update({name: one.squares for name, one in self._known.items()})
        self._model = LogisticRegression(optimizer, intercept_lr=0.0)
        # river has no way to begin with weights but this
        self._model._weights = VectorDict(
            {name: one.weight for name, one in self._known.items()}, Zeros()
        )

    def _drop(self, name: str) -> None:
        del self._known[name]
        self._model._weights.pop(name, None)
        self._model.optimizer.g2.pop(name, None)


def _logit(prior: float) -> float:
    drawn = MARGIN + (1 - 2 * MARGIN) * prior
    return math.log(drawn / (1 - drawn))
