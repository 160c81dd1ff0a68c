"""Trials: a stated share of unsure stories, at most so many a day, the same on every run."""

import pytest

from rtm.score.budget import DAY_S
from rtm.score.trials import PER_DAY, UNSURE, Trials, is_drawn


def given(trials: Trials, tick: int, story: str, relevance: float) -> bool:
    """Show a story where that is allowed."""
    if not trials.allows(tick, story, relevance):
        return False
    trials.give(tick)
    return True


def test_a_stated_share_is_drawn_and_always_the_same():
    stories = [f"s{n}" for n in range(4_000)]

    drawn = [story for story in stories if is_drawn(story, 0.25)]

    assert len(drawn) / len(stories) == pytest.approx(0.25, abs=0.02)
    assert drawn == [story for story in stories if is_drawn(story, 0.25)]


def test_no_more_than_so_many_are_tried_in_a_day():
    trials = Trials(share=1.0)

    first = [given(trials, 60 * n, f"s{n}", 0.2) for n in range(10)]
    next_day = [given(trials, DAY_S + 700 + n, f"t{n}", 0.2) for n in range(10)]

    assert sum(first) == sum(next_day) == PER_DAY


def test_what_surely_does_not_fit_is_not_tried():
    assert not Trials(share=1.0).allows(0, "s1", UNSURE - 0.01)
    assert Trials(share=1.0).allows(0, "s1", UNSURE)


def test_a_count_goes_on_from_a_snapshot():
    trials, later = Trials(share=1.0, per_day=1), Trials(share=1.0, per_day=1)
    given(trials, 0, "s1", 0.2)

    later.restore(trials.snapshot())

    assert not later.allows(1, "s2", 0.2)
    assert Trials(share=1.0, per_day=1).allows(1, "s2", 0.2)
