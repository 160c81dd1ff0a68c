"""What must hold for every detector, whatever it does inside; each check raises AssertionError."""

import gc
import math
import random
import types
from collections.abc import Callable, Sequence

from rtm.series.detector import Detector

Make = Callable[[], Detector]
Bins = Sequence[tuple[float, float]]

DAYS = 2
QUIET = 288 * DAYS  # bins, past every warm-up
GROWN = 1_500  # bins after which a detector has all the memory it will ever need


def noise(bins: int, seed: int = 1, level: float = 20.0) -> list[tuple[float, float]]:
    rng = random.Random(seed)
    return [(max(0.0, round(rng.gauss(level, level**0.5))), 1.0) for _ in range(bins)]


def taught(detector: Detector, bins: Bins) -> list[float]:
    scores = []
    for x, of in bins:
        scores.append(detector.score_one(x, of))
        detector.learn_one(x, of)
    return scores


def scoring_has_no_side_effect(make: Make) -> None:
    once, often = make(), make()
    for x, of in noise(QUIET):
        for other in (0.0, 3 * x, 1000.0):
            often.score_one(other, of)
        assert once.score_one(x, of) == often.score_one(x, of)
        once.learn_one(x, of)
        often.learn_one(x, of)
    assert once.score_one(200.0) == often.score_one(200.0)


def a_lone_spike_scores_above_its_neighbours(make: Make) -> None:
    bins = noise(QUIET)
    bins[-20] = (400.0, 1.0)

    scores = taught(make(), bins)

    assert scores[-20] > 0
    assert scores[-20] > max(scores[-40:-20])
    assert scores[-20] > max(scores[-19:])


def a_constant_series_scores_about_zero(make: Make) -> None:
    for level in (7.0, 0.1, 12_345.678):
        scores = taught(make(), [(level, 1.0)] * QUIET)
        assert max(scores) < 0.01


def silence_scores_zero_and_never_nan(make: Make) -> None:
    detector = make()
    scores = taught(detector, [(0.0, 1.0)] * QUIET)
    after = [detector.score_one(x) for x in (0.0, 1.0, 1e6)]

    assert max(scores) < 0.01
    assert all(math.isfinite(score) and score >= 0 for score in after)


def a_score_is_finite_and_never_below_zero(make: Make) -> None:
    wild = [(x, of) for x, _ in noise(QUIET) for of in (1.0, 0.0, 1e-6, 1e6)]
    scores = taught(make(), [*wild, (1e12, 1.0), (0.0, 1.0), (1e-12, 1.0), *wild[:400]])

    assert all(math.isfinite(score) and score >= 0 for score in scores)


def warming_up_scores_zero(make: Make) -> None:
    assert make().score_one(1000.0) == 0.0
    assert taught(make(), noise(20)) == [0.0] * 20


def a_gap_scores_zero_and_teaches_nothing(make: Make) -> None:
    bins = noise(QUIET)
    whole, broken = make(), make()
    taught(whole, bins)
    taught(broken, bins)

    assert taught(broken, [(0.0, 0.0)] * 50) == [0.0] * 50
    assert broken.score_one(60.0) == whole.score_one(60.0)


def a_whole_that_grows_with_its_part_changes_nothing(make: Make) -> None:
    detector = make()
    before = taught(detector, [(x, 1000.0) for x, _ in noise(QUIET, level=50.0)])[-200:]

    grown = taught(detector, [(4 * x, 4000.0) for x, _ in noise(50, seed=2, level=50.0)])

    assert max(grown) <= max(2.5, 1.5 * max(before))


def equal_bins_give_equal_scores(make: Make) -> None:
    bins = [*noise(QUIET), (300.0, 1.0), *noise(QUIET, seed=3)]

    assert taught(make(), bins) == taught(make(), bins)


def memory_is_bounded(make: Make) -> None:
    detector = make()
    taught(detector, noise(GROWN))
    before = size_of(detector)
    taught(detector, noise(2 * GROWN, seed=5))

    assert size_of(detector) <= 1.5 * before + 500


def a_restart_changes_no_score(make: Make) -> None:
    detector = make()
    if not hasattr(detector, "snapshot"):
        return
    again = make()
    taught(detector, [*noise(QUIET), (150.0, 1.0)])
    again.restore(detector.snapshot())  # type: ignore[attr-defined]
    later = [*noise(60, seed=9), (500.0, 1.0), *noise(60, seed=8)]

    assert again.snapshot() == detector.snapshot()  # type: ignore[attr-defined]
    assert taught(again, later) == taught(detector, later)


def size_of(thing: object) -> int:
    """Return how many objects can be reached from one, leaving out code and modules."""
    skipped = (type, types.ModuleType, types.BuiltinFunctionType, types.CodeType)
    seen: set[int] = set()
    waiting: list[object] = [thing]
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, skipped):
            continue
        seen.add(id(one))
        if isinstance(one, types.FunctionType):
            waiting.extend(one.__closure__ or ())
        else:
            waiting.extend(gc.get_referents(one))
    return len(seen)


CHECKS: tuple[Callable[[Make], None], ...] = (
    scoring_has_no_side_effect,
    a_lone_spike_scores_above_its_neighbours,
    a_constant_series_scores_about_zero,
    silence_scores_zero_and_never_nan,
    a_score_is_finite_and_never_below_zero,
    warming_up_scores_zero,
    a_gap_scores_zero_and_teaches_nothing,
    a_whole_that_grows_with_its_part_changes_nothing,
    equal_bins_give_equal_scores,
    memory_is_bounded,
    a_restart_changes_no_score,
)
