"""Ours against other statistics: the same posts, the same stories, another score."""

import json
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from rtm.cli import main
from rtm.estimates import Estimate
from rtm.trends.settings import Settings
from rtm.tune.against import (
    DAY_UNIT,
    HOUR_UNIT,
    Against,
    against,
    compared,
    equally,
    unit_of,
    with_floor,
)
from rtm.tune.session import Session
from rtm.tune.yardsticks import YARDSTICKS
from tests.planted import happening, posts_of, talk
from tests.streams import SMALL
from tests.tune.nights import LABELS, night


@pytest.fixture(scope="module")
def session():
    return Session(night(), LABELS)


@pytest.fixture(scope="module")
def results(session):
    yardsticks = [make() for make in YARDSTICKS.values()]
    return list(against(session, SMALL, yardsticks, step=2.0))


def test_every_statistic_finds_what_was_planted(results):
    best = {one.variant: 0.0 for one in results}
    for one in results:
        best[one.variant] = max(best[one.variant], one.measures.recall.value)

    assert set(best) == {"rtm", *YARDSTICKS}
    assert min(best.values()) >= 2 / 3


def test_no_statistic_takes_copies_for_a_happening(results):
    # the echo discounts them before any statistic sees them
    assert all(one.measures.negatives_hit.value == 0.0 for one in results)


def test_a_floor_no_score_reaches_tells_nothing(results):
    firsts = [next(one for one in results if one.variant == name) for name in YARDSTICKS]

    assert [one.stories for one in firsts] == [0] * len(YARDSTICKS)


def test_two_comparisons_are_equal(session, results):
    again = list(against(session, SMALL, [YARDSTICKS["signitrend"]()], step=2.0))

    expected = [one for one in results if one.variant in ("rtm", "signitrend")]
    assert msgspec.json.encode(again) == msgspec.json.encode(expected)


def test_an_empty_stream_compares_to_nothing():
    told = Session(night().clear(), [])

    found = list(against(told, SMALL, [make() for make in YARDSTICKS.values()], step=8.0))

    assert {one.stories for one in found} == {0}


def test_quiet_talk_opens_nothing_at_the_defaults_of_charts():
    quiet = Session(posts_of(talk(1800)), [])

    found = list(against(quiet, SMALL, [YARDSTICKS["poisson"]()], step=2.0))

    assert all(
        one.stories == 0 for one in found if float(one.changed.get("story_floor", 5.0)) >= 8.0
    )


def test_floors_keep_the_proportions_of_ours():
    usual, scaled = Settings(), with_floor(Settings(), 12.0)

    assert scaled.hot_floor / scaled.story_floor == pytest.approx(
        usual.hot_floor / usual.story_floor
    )
    assert scaled.linked_floor == pytest.approx(12.0 * usual.linked_floor / usual.story_floor)


def result(recall: float, told: float, delay: float, floor: float) -> Any:
    def one(value: float) -> Estimate:
        return Estimate(value, None, None, 3)

    measures = SimpleNamespace(
        recall=one(recall),
        stories_a_day=one(told),
        delay_median_s=one(delay),
        negatives_hit=one(0.0),
    )
    return SimpleNamespace(variant="x", measures=measures, changed={"story_floor": floor})


POINTS = [
    result(0.2, 1.0, 30.0, 9.0),
    result(0.6, 4.0, 50.0, 8.0),
    result(0.6, 4.5, 20.0, 7.0),
    result(0.4, 4.9, 5.0, 6.0),
    result(1.0, 11.0, 1.0, 4.0),
]


@pytest.mark.parametrize(("most", "floor"), [(2.0, 9.0), (4.2, 8.0), (5.0, 7.0), (20.0, 4.0)])
def test_the_best_of_few_enough_stories_is_chosen_soonest_first(most, floor):
    assert equally(POINTS, DAY_UNIT, most).story_floor == floor


def test_who_never_tells_so_few_has_no_recall():
    assert equally(POINTS, DAY_UNIT, 0.5).recall is None


def test_less_than_a_day_is_compared_by_the_hour(session):
    long = posts_of(talk(1800), happening(90_000, "lamps dark"), talk(90_000, every=3600))

    assert unit_of(session) == HOUR_UNIT
    assert unit_of(Session(long, [])) == DAY_UNIT


def test_the_command_prints_a_row_for_each(tmp_path, capfd):
    data, labels, figure = (tmp_path / name for name in ("n.parquet", "n.json", "n.html"))
    night().write_parquet(data)
    labels.write_bytes(msgspec.json.encode(LABELS))
    small = [f"--set={name}={value}" for name, value in SMALL._asdict().items() if "_bits" in name]

    with pytest.raises(SystemExit) as ended:
        main(
            [
                *("tune", str(data), "--labels", str(labels), "--against", "--json"),
                *("--figure", str(figure), *small),
            ]
        )

    found = msgspec.json.decode(capfd.readouterr().out, type=Against)
    assert not ended.value.code
    assert {one.variant for one in found.equal} == {"rtm", *YARDSTICKS}
    assert all(json.dumps(name) in figure.read_text() for name in YARDSTICKS)


def test_the_command_refuses_to_sweep_twice(tmp_path, capfd):
    with pytest.raises(SystemExit) as ended:
        main(["tune", "a.parquet", "--labels", "b.json", "--against", "--spike"])

    assert ended.value.code == 2
    assert "--against sweeps by itself" in capfd.readouterr().err


def test_compared_keeps_all_results(session, results):
    found = compared(session, results)

    assert len(found.results) == len(results)
    assert {one.unit for one in found.equal} == {HOUR_UNIT}
