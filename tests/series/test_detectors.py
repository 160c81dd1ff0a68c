"""The same checks on every detector, and for each check a detector that it catches."""

import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from rtm.series.detector import DETECTORS
from rtm.series.rise import WARM_UP, Rise
from tests.series import checks


class Touched(Rise):
    """Wrong on purpose: learns by being asked."""

    def score_one(self, x: float, of: float = 1.0) -> float:
        score = super().score_one(x, of)
        self.learn_one(x, of)
        return score


class Late(Rise):
    """Wrong on purpose: tells of a bin when the next one comes."""

    def __init__(self) -> None:
        super().__init__()
        self._told = 0.0

    def score_one(self, x: float, of: float = 1.0) -> float:
        return self._told

    def learn_one(self, x: float, of: float = 1.0) -> None:
        self._told = super().score_one(x, of)
        super().learn_one(x, of)


class Constant(Rise):
    """Wrong on purpose: is surprised by a value, not by a change."""

    def score_one(self, x: float, of: float = 1.0) -> float:
        return x / of if self._state.bins > WARM_UP and of else 0.0


class Nan(Rise):
    """Wrong on purpose: has no answer to silence."""

    def score_one(self, x: float, of: float = 1.0) -> float:
        return float("nan") if self._state.bins > WARM_UP and x == 0 else super().score_one(x, of)


class Negative(Rise):
    """Wrong on purpose: scores falls below 0."""

    def score_one(self, x: float, of: float = 1.0) -> float:
        return super().score_one(x, of) or -x


class Eager(Rise):
    """Wrong on purpose: knows before it has seen."""

    def score_one(self, x: float, of: float = 1.0) -> float:
        return super().score_one(x, of) or 0.001


class Gapless(Rise):
    """Wrong on purpose: takes a gap for silence."""

    def learn_one(self, x: float, of: float = 1.0) -> None:
        super().learn_one(x, of or 1.0)


class Wholeless(Rise):
    """Wrong on purpose: counts the part, whatever the whole."""

    def score_one(self, x: float, of: float = 1.0) -> float:
        return super().score_one(x, min(of, 1.0))

    def learn_one(self, x: float, of: float = 1.0) -> None:
        super().learn_one(x, min(of, 1.0))


ROOT = Path(__file__).parents[2]
NUMBERS = count()


class Moody(Rise):
    """Wrong on purpose: no two are alike."""

    def __init__(self) -> None:
        super().__init__()
        self._mood = 1 + next(NUMBERS) % 7

    def score_one(self, x: float, of: float = 1.0) -> float:
        return super().score_one(x, of) * self._mood


class Hoarder(Rise):
    """Wrong on purpose: keeps all it has seen."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: list[tuple[float, float]] = []

    def learn_one(self, x: float, of: float = 1.0) -> None:
        super().learn_one(x, of)
        self._kept.append((x + 0.5, of))


class Forgetful(Rise):
    """Wrong on purpose: wakes up having forgotten what it told."""

    def restore(self, content: bytes) -> None:
        super().restore(content)
        self._state.loudest = 0.0


BROKEN: dict[Callable[[checks.Make], None], checks.Make] = {
    checks.scoring_has_no_side_effect: Touched,
    checks.a_lone_spike_scores_above_its_neighbours: Late,
    checks.a_constant_series_scores_about_zero: Constant,
    checks.silence_scores_zero_and_never_nan: Nan,
    checks.a_score_is_finite_and_never_below_zero: Negative,
    checks.warming_up_scores_zero: Eager,
    checks.a_gap_scores_zero_and_teaches_nothing: Gapless,
    checks.a_whole_that_grows_with_its_part_changes_nothing: Wholeless,
    checks.equal_bins_give_equal_scores: Moody,
    checks.memory_is_bounded: Hoarder,
    checks.a_restart_changes_no_score: Forgetful,
}


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("make", DETECTORS.values(), ids=DETECTORS.keys())
def test_every_detector(make, check):
    check(make)


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.__name__)
def test_each_check_catches_a_broken_detector(check):
    with pytest.raises(AssertionError):
        check(BROKEN[check])


def test_river_is_imported_only_when_a_detector_of_its_is_made():
    code = (
        "import sys; from rtm.series.detector import DETECTORS; DETECTORS['Rise'](); "
        "before = 'river' in sys.modules; DETECTORS['ADWIN'](); "
        "print(before, 'river' in sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )

    assert done.stdout.split() == ["False", "True"]
