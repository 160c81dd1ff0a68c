"""Calibrated probabilities mean what they say, from few labels on."""

import numpy as np
import pytest
from numpy.typing import NDArray

from rtm.evaluate.mood import calibration_error
from rtm.mood.calibration import KEPT, OWN_SPREAD, SPREAD, UNFITTED, Calibration, Fit, chance

Floats = NDArray[np.float64]
Labels = NDArray[np.bool_]


def scored(posts: int, slope: float, offset: float, seed: int = 1) -> tuple[Floats, Labels]:
    """Return scores and labels whose true log odds are slope * score + offset."""
    generator = np.random.default_rng(seed)
    scores = generator.normal(0.0, 1.5, posts)
    return scores, generator.random(posts) < chance(slope * scores + offset)


def taught(
    scores: Floats,
    labels: Labels,
    spread: tuple[float, float] = SPREAD,
    prior: Fit = UNFITTED,
) -> Calibration:
    calibration = Calibration(spread)
    for score, label in zip(scores.tolist(), labels.tolist(), strict=True):
        calibration.learn_one(score, label, prior)
    return calibration


def test_before_any_label_a_score_stands_as_it_is():
    assert Calibration().fit == Fit(1.0, 0.0, (SPREAD[0] ** 2, 0.0, SPREAD[1] ** 2))


def test_slope_and_offset_are_found():
    fit = taught(*scored(KEPT, 0.6, -0.8)).fit

    assert fit.slope == pytest.approx(0.6, abs=0.2)
    assert fit.offset == pytest.approx(-0.8, abs=0.3)


def test_scores_far_too_sure_are_calibrated_and_were_not_before():
    scores, labels = scored(4000, 0.5, 0.7)
    fit = taught(scores[:KEPT], labels[:KEPT]).fit

    after = calibration_error(chance(fit.slope * scores + fit.offset), labels)

    assert after < 0.05 < calibration_error(chance(scores), labels)


def test_the_fit_minimises_what_it_says():
    scores, labels = scored(60, 1.4, 0.5)
    fit = taught(scores, labels).fit

    def cost(slope: float, offset: float) -> float:
        signed = np.where(labels, 1, -1) * (slope * scores + offset)
        away = ((slope - 1) / SPREAD[0]) ** 2 + (offset / SPREAD[1]) ** 2
        return float(np.logaddexp(0, -signed).sum() + away / 2)

    least = cost(fit.slope, fit.offset)
    assert all(
        least <= cost(fit.slope + a, fit.offset + b)
        for a in (-0.01, 0, 0.01)
        for b in (-0.01, 0, 0.01)
    )


def test_more_labels_leave_less_doubt():
    few, many = (taught(*scored(n, 1.0, 0.0)).fit.covariance for n in (10, 400))

    assert many[0] < few[0] < SPREAD[0] ** 2
    assert many[2] < few[2] < SPREAD[1] ** 2


def test_few_labels_of_a_language_stay_near_the_fit_of_all():
    everyone = Fit(0.7, -0.5, (0.0, 0.0, 0.0))

    own = taught(*scored(3, 1.0, 1.0), OWN_SPREAD, everyone).fit

    assert own.slope == pytest.approx(0.7, abs=0.1)
    assert own.offset == pytest.approx(-0.5, abs=0.4)


def test_only_the_latest_labels_count():
    old, new = scored(KEPT, 1.0, 2.0), scored(KEPT, 1.0, -2.0, seed=2)
    scores, labels = np.append(old[0], new[0]), np.append(old[1], new[1])

    assert taught(scores, labels).fit.offset == pytest.approx(taught(*new).fit.offset, abs=1e-6)


def test_a_fit_never_turns_scores_round():
    scores, labels = scored(KEPT, -2.0, 0.0)

    assert taught(scores, labels).fit.slope > 0


def test_a_restored_calibration_goes_on_alike():
    scores, labels = scored(KEPT + 50, 0.8, 0.1)
    first = taught(scores, labels)
    second = Calibration()
    second.restore(first.pairs(), first.taken, first.fit)

    for calibration in (first, second):
        calibration.learn_one(0.3, True)

    assert first.fit == second.fit
    assert first.pairs() == second.pairs()
