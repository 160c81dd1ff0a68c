"""Ours against other statistics on the same posts: recall at equally many stories.

Floors of different scores mean nothing to each other, so each statistic is swept over its own, and
asked how much it finds while it tells no more than so many stories. Nothing is interpolated between
two floors: a point of the curve is a setting that was run.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct

from rtm.engine import Engine
from rtm.trends.settings import Settings
from rtm.trends.state import Given
from rtm.tune.marks import real_ids
from rtm.tune.matching import about
from rtm.tune.measures import Match
from rtm.tune.reading import events_of
from rtm.tune.result import OURS, Result
from rtm.tune.session import Run, Session
from rtm.tune.sightings import sightings_of
from rtm.tune.told import told_stories
from rtm.tune.yardsticks import YARDSTICKS, Yardstick

NO_BUDGET = 10**9  # stories: what is told is up to the floor alone
OUR_FLOORS = (3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0, 8.0, 9.0, 10.0, 12.0, 15.0, 20.0, 30.0, 50.0)
MOST_STORIES = (2.0, 5.0, 10.0)
UNITS = ("stories_a_day", "others_an_hour")


class Equal(Struct, frozen=True, kw_only=True):
    """What a variant finds at best while it tells no more than ``most`` in a ``unit``.

    ``unit`` names a measure; ``told`` is what it then tells; null where no setting tells so few.
    """

    variant: str
    unit: str
    most: float
    recall: float | None = None
    told: float | None = None
    delay_s: float | None = None
    negatives_hit: float | None = None
    story_floor: float | None = None


class Against(Struct, frozen=True, kw_only=True):
    """All settings of all variants, and where they meet."""

    equal: tuple[Equal, ...]
    results: tuple[Result, ...]


def with_floor(settings: Settings, story_floor: float) -> Settings:
    """Scale the three floors together, so that a story's is this; no budget.

    >>> with_floor(Settings(), 10.0).hot_floor
    7.0
    """
    usual = Settings()
    return settings._replace(
        story_floor=story_floor,
        hot_floor=round(story_floor * usual.hot_floor / usual.story_floor, 6),
        linked_floor=round(story_floor * usual.linked_floor / usual.story_floor, 6),
        stories_per_day=NO_BUDGET,
        stories_per_hour=NO_BUDGET,
    )


def runs_of(yardsticks: Sequence[Yardstick]) -> int:
    """Return how many settings a comparison runs."""
    return len(OUR_FLOORS) + sum(len(one.floors) for one in yardsticks)


def usual_yardsticks() -> list[Yardstick]:
    """Return one of each in the registry."""
    return [make() for make in YARDSTICKS.values()]


def against(
    session: Session,
    settings: Settings,
    yardsticks: Sequence[Yardstick],
    on_run: Callable[[int], object] = lambda runs: None,
) -> Iterator[Result]:
    """Yield the results of ours and of each yardstick, floor by floor; one run at a time."""
    runs = 0
    for floor in OUR_FLOORS:
        yield _result(session, with_floor(settings, floor), OURS, None)
        runs += 1
        on_run(runs)
    told = sightings_of(session.parts, settings)
    for one in yardsticks:
        lowest = with_floor(settings, one.floors[0]).hot_floor
        given = one.given(told, settings, lowest)
        for floor in one.floors:
            again = given._replace(mode=given.mode.copy())
            yield _result(session, with_floor(settings, floor), one.name, again)
            runs += 1
            on_run(runs)


def compared(results: Sequence[Result], most: Sequence[float] = MOST_STORIES) -> Against:
    """Say what each variant finds at equally many stories, in the order of the results."""
    variants = dict.fromkeys(one.variant for one in results)
    equal = tuple(
        equally([one for one in results if one.variant == variant], variant, unit, each)
        for unit in UNITS
        for variant in variants
        for each in most
    )
    return Against(equal=equal, results=tuple(results))


def equally(results: Sequence[Result], variant: str, unit: str, most: float) -> Equal:
    """Return the best of a variant's settings that tell no more than so many stories.

    Of equal recall, the one that tells fewest.
    """
    few = [
        (one.measures.recall.value, told, one)
        for one in results
        if (told := getattr(one.measures, unit).value) is not None
        and told <= most
        and one.measures.recall.value is not None
    ]
    if not few:
        return Equal(variant=variant, unit=unit, most=most)
    recall, told, best = max(few, key=lambda each: (each[0], -each[1], _floor(each[2].changed)))
    return Equal(
        variant=variant,
        unit=unit,
        most=most,
        recall=recall,
        told=told,
        delay_s=best.measures.delay_median_s.value,
        negatives_hit=best.measures.negatives_hit.value,
        story_floor=_floor(best.changed),
    )


def _floor(changed: Mapping[str, float | int | str | bool]) -> float:
    return float(changed.get("story_floor", Settings().story_floor))


def _result(session: Session, settings: Settings, variant: str, given: Given | None) -> Result:
    asked = session.asked
    engine = Engine(asked.brand, asked.events, settings, given)
    stories = [
        one
        for one in told_stories(events_of(engine, session.parts))
        if asked.since is None or one.opened_at >= asked.since
    ]
    matches = tuple(Match(one, tuple(about(stories, one))) for one in session.sought)
    run = Run(settings, tuple(stories), matches, real_ids(stories, asked.marks))
    # lists of unmatched stories would be repeated by every setting
    return msgspec.structs.replace(session.measured(run), variant=variant, unmatched=())
