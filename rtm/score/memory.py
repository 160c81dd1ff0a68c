"""The opportunities that people were shown, so that a click on one teaches what it was then."""

from collections.abc import Mapping

import msgspec

from rtm.score.learner import Learner
from rtm.score.lessons import Lesson

MOST = 2_000  # opportunities remembered: a hundred days of twenty


class Shown(msgspec.Struct):
    """A story's features and prior when it was told, and the kinds of lessons it gave already."""

    features: dict[str, float]
    prior: float
    taught: list[str] = []


class Memory:
    """Turn lessons, which name an opportunity, into what a learner is taught."""

    def __init__(self) -> None:
        self._shown: dict[str, Shown] = {}

    def keep(self, opportunity: str, features: Mapping[str, float], prior: float) -> None:
        """Remember what was shown; the oldest is let go when there are too many."""
        before = self._shown.pop(opportunity, None)
        taught = before.taught if before else []
        self._shown[opportunity] = Shown(features=dict(features), prior=prior, taught=taught)
        if len(self._shown) > MOST:
            del self._shown[next(iter(self._shown))]

    def teach(self, lesson: Lesson, learner: Learner) -> None:
        """Teach a lesson, each kind once an opportunity; an unknown opportunity teaches nothing."""
        shown = self._shown.get(lesson.opportunity)
        if shown is None or lesson.kind in shown.taught:
            return
        # who claims, fires and succeeds took one story on, not three
        is_new = not any((kind != "dismiss") == lesson.is_wanted for kind in shown.taught)
        shown.taught.append(lesson.kind)
        learner.learn_one(
            shown.features, shown.prior, lesson.is_wanted, lesson.weight, is_counted=is_new
        )

    def begin_anew(self) -> None:
        """Let all that was shown teach once more."""
        for shown in self._shown.values():
            shown.taught.clear()

    def snapshot(self) -> bytes:
        """Return all that is remembered."""
        return msgspec.json.encode(self._shown)

    def restore(self, content: bytes) -> None:
        """Take up where a snapshot was made."""
        self._shown = msgspec.json.decode(content, type=dict[str, Shown])
