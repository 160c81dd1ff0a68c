"""How long a story will last: foretold from its own past, within what others taught."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.score.closes import ENOUGH, KEPT, LEAST_S, MOST_S, Closes, Forecast, Kind, forecast, spell
from rtm.types import Pace

AGES = st.integers(1, 10**8)
OLDER = st.integers(240, 10**8)  # than two stretches of two minutes
POSTS = st.integers(1, 10**9)
WEIGHTS = st.integers(0, 10**9).map(lambda units: units / 256)
STRETCHES = st.sampled_from([(61, 120), (120, 120), (301, 600), (1_741, 1_800)])
EVERY: tuple[Kind, ...] = ("few", "rising", "falling")
KINDS = st.sampled_from(EVERY)


def pace_of(latest: float, before: float, latest_s: int = 300, before_s: int = 300) -> Pace:
    return Pace(latest=latest, latest_s=latest_s, before=before, before_s=before_s)


def foretold(age_s: int, *paces: Pace, posts: int = 100) -> Forecast:
    return forecast(age_s, posts, paces)


@given(AGES, POSTS, WEIGHTS, WEIGHTS, STRETCHES)
@settings(deadline=None)
def test_the_interval_has_a_length_and_keeps_its_bounds(age_s, posts, latest, before, stretch):
    told = forecast(age_s, posts, [pace_of(latest, before, *stretch)])

    low_s, high_s = Closes().interval(told)

    assert 0 <= low_s < high_s <= MOST_S
    assert high_s - low_s >= LEAST_S


@given(st.lists(st.tuples(KINDS, st.floats(0, 1e9), st.integers(0, 10**9)), max_size=250))
@settings(deadline=None)
def test_whatever_was_learned_the_interval_keeps_its_bounds(stories):
    closes = Closes()
    for number, (kind, left_s, over) in enumerate(stories):
        closes.note(f"s{number}", 0, Forecast(kind, left_s, "So."))
        closes.learn(f"s{number}", over)

    for kind in EVERY:
        low_s, high_s = closes.interval(Forecast(kind, 600.0, "So."))
        assert 0 <= low_s <= high_s - LEAST_S
        assert high_s <= MOST_S


@given(AGES, POSTS, WEIGHTS, WEIGHTS, STRETCHES)
@settings(deadline=None)
def test_a_story_is_said_to_rise_only_if_it_does(age_s, posts, latest, before, stretch):
    told = forecast(age_s, posts, [pace_of(latest, before, *stretch)])

    before_s = min(stretch[1], max(1, age_s - stretch[0]))
    is_rising = latest / stretch[0] >= before / before_s
    can_tell = latest + before >= ENOUGH and age_s > stretch[0]
    assert (told.kind == "rising") == ("rising" in told.sentence) == (is_rising and can_tell)


@given(OLDER, OLDER, WEIGHTS.filter(lambda weight: weight >= ENOUGH))
@settings(deadline=None)
def test_an_older_rising_story_lasts_longer(first, second, weight):
    younger, older = sorted((first, second))
    closes = Closes()

    early, late = (
        closes.interval(foretold(age_s, pace_of(weight, weight, 120, 120)))
        for age_s in (younger, older)
    )

    assert early[0] <= late[0]
    assert early[1] <= late[1]


@given(st.integers(32, 10**6), st.integers(1, 10**6), STRETCHES)
@settings(deadline=None)
def test_a_story_that_falls_faster_ends_no_later(before, fallen, stretch):
    slowly, fast = before - before / (fallen + 2), before - before / (fallen + 1)
    pace = stretch[0] / stretch[1]

    late, soon = (
        foretold(10_000, pace_of(latest * pace, before, *stretch)) for latest in (slowly, fast)
    )

    assert late.kind == soon.kind == "falling"
    assert soon.left_s <= late.left_s * (1 + 1e-9)


def test_a_rising_story_is_foretold_to_last_as_long_again():
    told = foretold(1800, pace_of(40.0, 20.0))

    assert told == Forecast("rising", 1800.0, "Still rising after 30 min.")


def test_at_first_a_rising_story_lasts_between_a_tenth_and_seven_times_its_age():
    low_s, high_s = Closes().interval(foretold(1800, pace_of(40.0, 20.0)))

    # ln of the ratio lies between the errors of the prior that leave a tenth aside on each side
    assert low_s == pytest.approx(1830 * math.exp(0.0 + (1.5 / 20 - 0.5) / 0.4 * 2.2) - 30, abs=1)
    assert high_s == pytest.approx(1830 * math.exp(0.0 + (18.5 / 20 - 0.5) / 0.4 * 1.9) - 30, abs=1)


def test_too_few_posts_tell_no_trend_but_only_an_age():
    falling = foretold(1800, pace_of(1.0, 2.0))
    rising = foretold(1800, pace_of(2.0, 1.0))

    assert falling == rising
    assert falling.kind == "few"
    assert falling.left_s == 1800.0
    assert falling.sentence == "Spoken of for 30 min so far, by too few to tell a trend."


def test_enough_posts_tell_a_trend():
    assert foretold(1800, pace_of(ENOUGH, ENOUGH)).kind == "rising"
    assert foretold(1800, pace_of(ENOUGH / 4, ENOUGH)).kind == "falling"


def test_a_story_younger_than_the_stretch_tells_no_trend():
    young, older = (foretold(age_s, pace_of(40.0, 0.0)) for age_s in (300, 301))

    assert young.kind == "few"
    assert older.kind == "rising"


def test_the_shortest_stretch_with_enough_posts_tells():
    two, ten = pace_of(5.0, 5.0, 120, 120), pace_of(10.0, 40.0, 600, 600)

    assert foretold(3600, two, ten).kind == "falling"
    assert foretold(3600, pace_of(9.0, 9.0, 120, 120), ten).kind == "rising"


def test_a_story_that_halves_every_five_minutes_ends_when_a_tenth_of_all_is_left():
    told = foretold(3600, pace_of(8.0, 16.0), posts=5)

    to_come = 8 / 300 * 300 / math.log(2)
    left = 300 * math.log2(to_come / (0.1 * (5 + to_come)))
    assert told.sentence == "Halving every 5 min."
    assert told.left_s == pytest.approx(left)


def test_a_falling_story_most_of_whose_posts_have_come_is_over():
    told = foretold(3600, pace_of(8.0, 16.0), posts=500)

    assert (told.kind, told.left_s) == ("falling", 0.0)


def test_a_story_of_which_nobody_speaks_any_more_is_over():
    told = foretold(3600, pace_of(0.0, 20.0, 120, 120))

    assert told == Forecast("falling", 0.0, "Nobody spoke of it in the last 2 min.")


# --- learning -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Life:
    """A story told once at a tick, and when it was over."""

    id: str
    told_at: int
    told: Forecast
    over: int


Law = Callable[[random.Random], float]
LAWS: dict[str, Law] = {
    "much shorter than foretold": lambda rng: rng.lognormvariate(-1.5, 0.5),
    "much longer than foretold": lambda rng: rng.lognormvariate(2.0, 1.0),
    "a narrow law": lambda rng: rng.uniform(0.9, 1.1),
    "a wide law": lambda rng: rng.lognormvariate(1.1, 1.8),
}


def lives(law: Law, seed: int, count: int = 1_500) -> list[Life]:
    """Return stories, four an hour, that last as a law says, whatever is foretold."""
    rng = random.Random(seed)
    made = []
    for number in range(count):
        left_s = rng.uniform(200, 3_000)
        told_at = 900 * number
        over = told_at + round(left_s * law(rng))
        told = Forecast("rising", left_s, "Still rising.")
        made.append(Life(f"s{number}", told_at, told, over))
    return made


def intervals(closes: Closes, stories: Sequence[Life]) -> list[tuple[int, int]]:
    """Tell of stories in order of time, each learned from when it is over; what was said."""
    told = [(life.told_at, 1, life.id, life) for life in stories]
    over = [(life.over, 0, life.id, life) for life in stories]
    said: dict[str, tuple[int, int]] = {}
    for at, is_told, _, life in sorted(told + over, key=lambda one: one[:3]):
        closes.learn(life.id, at) if not is_told else closes.note(life.id, at, life.told)
        said[life.id] = said.get(life.id) or closes.interval(life.told)
    return [said[life.id] for life in stories]


def coverage(stories: Sequence[Life], said: Sequence[tuple[int, int]]) -> float:
    """Return the share of stories that were over within what was said."""
    held = [
        low <= life.over - life.told_at <= high
        for life, (low, high) in zip(stories, said, strict=True)
    ]
    return sum(held) / len(held)


class Unlearned(Closes):
    """Wrong on purpose: learns nothing."""

    def learn(self, story: str, over: int) -> None:
        self.forget(story)


class Foreseeing(Closes):
    """Wrong on purpose: learns from a story when it is told, not when it is over."""

    def __init__(self, stories: Sequence[Life]) -> None:
        super().__init__()
        self._over = {life.id: life.over for life in stories}

    def note(self, story: str, tick: int, told: Forecast) -> None:
        super().note(story, tick, told)
        super().learn(story, self._over[story])


@pytest.mark.parametrize("law", LAWS)
def test_four_stories_in_five_are_over_within_the_interval_although_the_prior_is_wrong(law):
    stories = lives(LAWS[law], seed=3)

    held = coverage(stories[300:], intervals(Closes(), stories)[300:])

    assert held == pytest.approx(0.8, abs=0.05)


@pytest.mark.parametrize("law", LAWS)
def test_without_learning_the_interval_holds_too_many_or_too_few(law):
    stories = lives(LAWS[law], seed=3)

    held = coverage(stories[300:], intervals(Unlearned(), stories)[300:])

    assert abs(held - 0.8) > 0.05


def test_a_law_that_changes_is_learned_anew():
    before, after = lives(LAWS["a wide law"], 4, 600), lives(LAWS["a narrow law"], 5, 1_200)
    later = [Life("t" + one.id, one.told_at + 10**8, one.told, one.over + 10**8) for one in after]

    said = intervals(Closes(), [*before, *later])

    assert coverage(later[KEPT * 2 :], said[600 + KEPT * 2 :]) == pytest.approx(0.8, abs=0.05)


def is_blind(new_closes: Callable[[Sequence[Life]], Closes], seed: int) -> bool:
    """Tell whether what is said up to a moment is the same, whatever the future is."""
    stories = lives(LAWS["a wide law"], seed, 200)
    now = stories[100].told_at
    others = [
        Life(one.id, one.told_at, one.told, one.over if one.over <= now else one.over + 9_999)
        for one in stories
    ]
    said, otherwise = (intervals(new_closes(some), some)[:101] for some in (stories, others))
    return said == otherwise


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_learned_of_a_story_before_it_is_over(seed):
    assert is_blind(lambda _: Closes(), seed)
    assert not is_blind(Foreseeing, seed)


def test_a_story_that_never_ended_teaches_nothing():
    closes, other = Closes(), Closes()
    for number in range(50):
        closes.note(f"s{number}", 0, Forecast("few", 600.0, "So."))
        closes.forget(f"s{number}")
        closes.learn(f"s{number}", 10**6)
        other.note(f"s{number}", 0, Forecast("few", 600.0, "So."))
        other.learn(f"s{number}", 10**6)

    told = Forecast("few", 600.0, "So.")
    assert closes.interval(told) == Closes().interval(told) != other.interval(told)


def test_each_kind_learns_for_itself():
    closes = Closes()
    for number in range(50):
        closes.note(f"s{number}", 0, Forecast("few", 600.0, "So."))
        closes.learn(f"s{number}", 20)

    untouched, taught = (Forecast(kind, 600.0, "So.") for kind in ("falling", "few"))
    assert closes.interval(untouched) == Closes().interval(untouched)
    assert closes.interval(taught) != Closes().interval(taught)


@given(st.integers(0, 300), st.integers(0, 2**32))
@settings(deadline=None, max_examples=20)
def test_a_snapshot_goes_on_as_if_nothing_had_been(place, seed):
    stories = lives(LAWS["a wide law"], seed, 300)
    whole, first, again = Closes(), Closes(), Closes()
    for closes in (whole, first):
        intervals(closes, stories[:place])
    for number in range(place % 7):
        whole.note(f"open{number}", 7, Forecast("few", 600.0, "So."))
        first.note(f"open{number}", 7, Forecast("few", 600.0, "So."))

    again.restore(first.snapshot())

    assert again.snapshot() == whole.snapshot()
    whole.learn("open0", 900)
    again.learn("open0", 900)
    assert intervals(again, stories[place:]) == intervals(whole, stories[place:])


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (89, "1 min"),
        (3569, "59 min"),
        (3590, "1 h 0 min"),
        (7199, "2 h 0 min"),
    ],
)
def test_a_span_is_spelt(seconds, said):
    assert spell(seconds) == said
