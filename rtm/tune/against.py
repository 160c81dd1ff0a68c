"""Ours against other statistics on the same posts: recall at equally many stories.

Floors of different scores mean nothing to each other, so each statistic is swept over its own, and
asked how much it finds while it tells no more than so many stories. Nothing is interpolated between
two floors: a point of the curve is a setting that was run.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from rtm.trends.settings import Settings
from rtm.trends.state import LEVEL, Given
from rtm.tune.activity import DAY_S
from rtm.tune.result import OURS, Result
from rtm.tune.session import Session
from rtm.tune.sightings import sightings_of
from rtm.tune.yardsticks import YARDSTICKS, Yardstick

STEP = 1.25  # from floor to floor
FINE = 6  # such steps are made of so many where stories are equal
OUR_LEAST, OUR_MOST = 2.0, 64.0  # story floors of ours
MOST_STORIES = (2.0, 5.0, 10.0)
FAR = 2.0  # times the most stories at which a sweep ends
DAY_UNIT, HOUR_UNIT = "stories_a_day", "others_an_hour"


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
    """Scale the three floors together, so that a story's is this.

    >>> with_floor(Settings(), 10.0).hot_floor
    7.0
    """
    usual = Settings()
    return settings._replace(
        story_floor=story_floor,
        hot_floor=round(story_floor * usual.hot_floor / usual.story_floor, 6),
        linked_floor=round(story_floor * usual.linked_floor / usual.story_floor, 6),
    )


def unit_of(session: Session) -> str:
    """Return the measure by which stories are equal: of less than a day it is others an hour."""
    return DAY_UNIT if session.activity.seconds >= DAY_S else HOUR_UNIT


def usual_yardsticks() -> list[Yardstick]:
    """Return one of each in the registry."""
    return [make() for make in YARDSTICKS.values()]


def against(
    session: Session,
    settings: Settings,
    yardsticks: Sequence[Yardstick],
    on_run: Callable[[int], object] = lambda runs: None,
    *,
    step: float = STEP,
) -> Iterator[Result]:
    """Yield the results of ours and of each yardstick, floor by floor from the highest down.

    A sweep ends where twice the most stories of ``MOST_STORIES`` are told; then floors are halved
    where each of these numbers is passed, so that the steps are fine where it matters.
    """
    runs = 0
    unit = unit_of(session)

    def swept(variant: str, least: float, most: float, given: Given | None) -> Iterator[Result]:
        nonlocal runs
        told: dict[float, float] = {}
        floors = _floors(least, most, step)
        while (floor := next(floors, None) or _between(told, step)) is not None:
            again = None if given is None else given._replace(mode=given.mode.copy())
            run = session.told(with_floor(settings, floor), given=again)
            # lists of unmatched stories would be repeated by every setting
            result = replace(session.measured(run), variant=variant, unmatched=())
            yield result
            runs += 1
            on_run(runs)
            told[floor] = getattr(result.measures, unit).value or 0.0
            if told[floor] > FAR * max(MOST_STORIES):
                floors = iter(())

    yield from swept(OURS, OUR_LEAST, OUR_MOST, None)
    sightings = sightings_of(session.parts, settings)
    for one in yardsticks:
        given = one.given(sightings, settings, with_floor(settings, one.least).hot_floor)
        most = float(given.levels[:, LEVEL].max(initial=one.least))
        yield from swept(one.name, one.least, most * step, given)


def compared(session: Session, results: Sequence[Result]) -> Against:
    """Say what each variant finds at equally many stories, in the order of the results."""
    variants = dict.fromkeys(one.variant for one in results)
    equal = tuple(
        equally([one for one in results if one.variant == variant], unit_of(session), each)
        for variant in variants
        for each in MOST_STORIES
    )
    return Against(equal=equal, results=tuple(results))


def _floors(least: float, most: float, step: float) -> Iterator[float]:
    # from the highest down, on a grid that does not depend on where it begins
    for power in range(math.ceil(math.log(most, step)), math.floor(math.log(least, step)), -1):
        yield round(step**power, 3)


def _between(told: dict[float, float], step: float) -> float | None:
    # half way between the lowest floor that tells few enough and the next one, while they are far
    for most in MOST_STORIES:
        low = max((floor for floor, stories in told.items() if stories > most), default=0.0)
        high = min((floor for floor in told if floor > low), default=0.0)
        if low and high and high / low > step ** (1 / FINE):
            return round(math.sqrt(low * high), 3)
    return None


def equally(results: Sequence[Result], unit: str, most: float) -> Equal:
    """Return the best of one variant's settings that tell no more than so many stories.

    Of equal recall the soonest, then the one that tells fewest.
    """
    variant = results[0].variant
    known = [(one.measures, getattr(one.measures, unit).value, one) for one in results]
    few = [each for each in known if each[1] is not None and each[1] <= most]
    if not few:
        return Equal(variant=variant, unit=unit, most=most)
    found, told, best = min(
        few,
        key=lambda each: (
            -(each[0].recall.value or 0.0),
            each[0].delay_median_s.value or 0.0,
            each[1],
            -_floor(each[2].changed),
        ),
    )
    return Equal(
        variant=variant,
        unit=unit,
        most=most,
        recall=found.recall.value,
        told=told,
        delay_s=found.delay_median_s.value,
        negatives_hit=found.negatives_hit.value,
        story_floor=_floor(best.changed),
    )


def _floor(changed: Mapping[str, float | int | str | bool]) -> float:
    return float(changed.get("story_floor", Settings().story_floor))
