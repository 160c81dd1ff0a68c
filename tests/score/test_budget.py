"""How much people are shown: as many as asked for in the long run, and the best."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.score.budget import DAY_S, HOUR_S, Budget

Seen = tuple[int, str, float]  # tick, candidate, worth


def few(form: type[Budget] = Budget) -> Budget:
    """Return a budget of five a day, and three an hour while an event is on."""
    return form(5, 3)


class ByTime(Budget):
    """Wrong on purpose: whoever comes first is told, however weak."""

    def allows(self, tick: int, candidate: str, worth: float, *, is_event_on: bool = False) -> bool:
        return super().allows(tick, candidate, -float(tick), is_event_on=is_event_on)


class Forgetless(Budget):
    """Wrong on purpose: never forgets."""

    def allows(self, tick: int, candidate: str, worth: float, *, is_event_on: bool = False) -> bool:
        return super().allows(0, candidate, worth, is_event_on=is_event_on)


def arrivals(days: int, per_day: int, seed: int = 1) -> list[Seen]:
    """Return stories seen once each at random moments, strong or weak by chance."""
    rng = random.Random(seed)
    moments = sorted(rng.randrange(days * DAY_S) for _ in range(days * per_day))
    return [(tick, f"s{n}", 3.5 + rng.expovariate(0.5)) for n, tick in enumerate(moments)]


def told(seen: Sequence[Seen], budget: Budget, event: tuple[int, int] = (-2, -1)) -> list[Seen]:
    """Return those that are shown; ``event`` is when one is on, from a tick up to another."""
    return [one for one in seen if budget.allows(*one, is_event_on=event[0] <= one[0] < event[1])]


def a_day(stories: Sequence[Seen], first: int, last: int) -> float:
    """Return how many of the stories there are a day, between two days."""
    return sum(first * DAY_S <= tick < last * DAY_S for tick, _, _ in stories) / (last - first)


@pytest.mark.parametrize("per_day", [8, 60, 300])
def test_in_the_long_run_as_many_a_day_are_told_as_asked_for(per_day):
    seen = arrivals(60, per_day)

    assert a_day(told(seen, few()), 2, 60) == pytest.approx(5, abs=0.6)


@pytest.mark.parametrize("form", [ByTime, Forgetless])
def test_a_budget_that_ranks_or_forgets_wrongly_tells_another_number(form):
    seen = arrivals(60, 60)

    assert a_day(told(seen, few(form=form)), 2, 60) != pytest.approx(5, abs=0.6)


def test_those_told_are_the_strongest():
    seen = arrivals(60, 60)
    chosen = {story for _, story, _ in told(seen, few()) if story > ""}

    strong = [level for tick, story, level in seen if story in chosen and tick > 2 * DAY_S]
    weak = [level for tick, story, level in seen if story not in chosen and tick > 2 * DAY_S]

    assert min(strong) > sorted(weak)[len(weak) // 2]
    assert sum(strong) / len(strong) > 2 * sum(weak) / len(weak)


def test_a_loud_day_is_cut_and_a_quiet_one_is_not():
    loud = [(60 * n, f"s{n}", 5.0) for n in range(40)]
    quiet = [(6 * HOUR_S * n, f"s{n}", 5.0) for n in range(40)]

    assert told(loud, few()) == loud[:5]
    assert told(quiet, few()) == quiet


def test_of_the_stories_of_a_day_a_stronger_one_is_told_though_the_day_is_full():
    budget = few()
    told([(60 * n, f"s{n}", 5.0) for n in range(9)], budget)

    assert not budget.allows(1_000, "weak", 4.9)
    assert budget.allows(1_001, "strong", 5.1)


def test_a_story_that_grows_stronger_is_told_then_and_stands_before_others():
    budget = few()
    told([(n, f"s{n}", 5.0) for n in range(5)], budget)

    before, after = budget.allows(10, "late", 4.0), budget.allows(20, "late", 6.0)
    others = [budget.allows(30 + n, f"t{n}", 5.5) for n in range(5)]

    assert (before, after) == (False, True)
    assert others == [True] * 4 + [False]  # four beside the one that grew


def test_a_story_is_measured_against_others_and_not_against_itself():
    budget = few()

    assert all(budget.allows(n, "s1", 5.0) for n in range(50))


def test_what_was_seen_a_day_ago_stands_in_nobody_s_way():
    budget = few()
    told([(n, f"s{n}", 9.0) for n in range(5)], budget)

    assert not budget.allows(DAY_S - 1, "before", 5.0)
    assert budget.allows(DAY_S + 4, "after", 5.0)


def test_a_story_that_was_seen_a_day_ago_may_be_asked_for_again():
    budget = few()
    budget.allows(0, "s1", 5.0)

    assert budget.allows(DAY_S, "s1", 5.0)
    assert budget.allows(3 * DAY_S, "s1", 5.0)


def test_while_an_event_is_on_the_hour_has_its_own_budget():
    game = (10 * HOUR_S, 14 * HOUR_S)
    seen = [(60 * n, f"s{n}", 5.0) for n in range(24 * 60)]

    during = [tick // HOUR_S for tick, _, _ in told(seen, few(), game)]
    without = told(seen, few())

    assert [during.count(hour) for hour in (0, 9, 10, 11, 12, 13)] == [5, 0, 0, 0, 0, 0]
    assert len(without) == 5


def test_while_an_event_is_on_only_the_last_hour_counts():
    game = (10 * HOUR_S, 14 * HOUR_S)
    before = [(60 * n, f"s{n}", 9.0) for n in range(6)]
    during = [(10 * HOUR_S + 1_300 * n, f"t{n}", 5.0) for n in range(11)]

    with_event = told([*before, *during], few(), game)
    without = told([*before, *during], few())

    assert without == before[:5]
    assert with_event == before[:5] + during


@given(st.integers(0, 2**32), st.integers(0, 300))
@settings(deadline=None, max_examples=30)
def test_a_snapshot_goes_on_as_if_nothing_had_been(seed, place):
    seen = arrivals(3, 100, seed)
    whole, first, again = (few() for _ in range(3))

    game = (DAY_S, DAY_S + 9_000)

    before = told(seen[:place], first, game)
    again.restore(first.snapshot())

    assert before + told(seen[place:], again, game) == told(seen, whole, game)


class Empty(Budget):
    """Wrong on purpose: remembers nothing at a restart."""

    def restore(self, content: bytes) -> None:
        super().restore(few().snapshot())


def test_a_restart_that_forgets_tells_more():
    seen = arrivals(3, 100)
    first, again = few(), few(form=Empty)

    before = told(seen[:150], first)
    again.restore(first.snapshot())

    assert len(before + told(seen[150:], again)) > len(told(seen, few()))
