"""The score is NAB's own: it gives every published row, the blind alert, and the labels' own."""

import numpy as np
import polars as pl
import pytest

from rtm.tune.nab import PROFILES, Curve, Labelled, best, curve, left_out, worths
from rtm.tune.nab_data import SHIPPED, anchors, read

BLIND_ROWS = 396  # 33 hours
TOLD = {
    "standard": (35.2, 93.3),
    "reward_low_FP_rate": (0, 93.3),
    "reward_low_FN_rate": (56.8, 95.5),
}


@pytest.fixture(scope="module")
def series() -> list[Labelled]:
    return read(SHIPPED)


@pytest.fixture(scope="module")
def top_scores() -> pl.DataFrame:
    """Return the highest scores of other detectors; rows not stored are lower than all stored."""
    return pl.read_csv(SHIPPED / "detector_top_scores.csv.gz")


def curves_of(series: list[Labelled], rows: dict[str, dict[int, float]], profile: str):
    curves = []
    for one in series:
        scores = np.zeros(one.values.size)
        for row, score in rows[one.name].items():
            scores[row] = score
        curves.append(curve(one, scores, PROFILES[profile]))
    return curves


def windows_of(series: list[Labelled]) -> int:
    return sum(len(one.windows) for one in series)


def short(windows: tuple[tuple[int, int], ...]) -> Labelled:
    return Labelled("short", np.zeros(1000), windows, ())


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("detector", anchors(SHIPPED))
def test_a_published_detector_scores_what_was_published(series, top_scores, detector, profile):
    stored = top_scores.filter(detector=detector)
    rows = {
        one.name: dict(stored.filter(series=one.name).select("row", "anomaly_score").iter_rows())
        for one in series
    }

    found = best(curves_of(series, rows, profile), windows_of(series), PROFILES[profile])

    assert found.score == pytest.approx(anchors(SHIPPED)[detector][profile], abs=0.005)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_blind_alert_every_33_hours_is_the_floor(series, profile):
    rows = {one.name: dict.fromkeys(range(0, one.values.size, BLIND_ROWS), 1.0) for one in series}

    found = best(curves_of(series, rows, profile), windows_of(series), PROFILES[profile])

    assert found.score == pytest.approx(TOLD[profile][0], abs=0.05)


@pytest.mark.parametrize("profile", PROFILES)
def test_an_alert_at_each_label_is_the_ceiling(series, profile):
    rows = {one.name: dict.fromkeys(one.labels, 1.0) for one in series}

    found = best(curves_of(series, rows, profile), windows_of(series), PROFILES[profile])

    assert found.score == pytest.approx(TOLD[profile][1], abs=0.05)


def test_a_row_is_worth_one_at_the_left_edge_and_little_at_the_right():
    worth, window = worths(short(((200, 299),)))

    assert worth[200] == pytest.approx(1.0)
    assert worth[250] == pytest.approx(0.86, abs=0.01)
    assert 0 < worth[299] < 0.05
    assert set(window[200:300]) == {0}


def test_a_row_outside_costs_most_far_from_a_window_before_it():
    worth, _ = worths(short(((200, 299),)))

    assert worth[199] == -1.0
    assert -0.1 < worth[300] < 0
    assert worth[999] == -1.0


def test_only_the_best_row_of_a_window_counts():
    twice = np.zeros(1000)
    twice[[210, 250]] = 1.0
    once = np.zeros(1000)
    once[210] = 1.0
    profile = PROFILES["standard"]
    one = short(((200, 299),))

    assert curve(one, twice, profile).raw.tolist() == curve(one, once, profile).raw.tolist()


def test_probation_is_not_scored():
    early = np.zeros(1000)
    early[149] = 1.0

    assert curve(short(()), early, PROFILES["standard"]).raw.size == 0


def test_a_threshold_from_the_others_costs_what_it_costs():
    # two series; each is best served by a threshold at which the other one raises a false alarm
    calm = Curve(np.array([3.0, 1.0]), np.array([1.0, -2.0]), -1.0)
    loud = Curve(np.array([3.0, 1.0]), np.array([-2.0, 1.0]), -1.0)

    together = best([calm, loud], 2, PROFILES["standard"])

    assert together.score == pytest.approx(25.0)
    assert left_out([calm, loud], 2, PROFILES["standard"]) == pytest.approx(-50.0)
