from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.desk.newsroom import Shift
from rtm.desk.roles import Person
from rtm.desk.rota import (
    AHEAD,
    GIVEN_UP,
    Hole,
    Reach,
    Stretch,
    able,
    alarms,
    holes,
    in_utc,
    missing,
    next_hole,
    on_shift,
    reach_of,
    roles_of,
    shift_id,
    told,
)
from rtm.event import WatchedEvent
from rtm.policy import Desk

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
TALLINN = ZoneInfo("Europe/Tallinn")
SPRING = datetime(2027, 3, 27, 18, tzinfo=UTC)  # the clocks of Tallinn go on an hour at 01:00 UTC
AUTUMN = datetime(2026, 10, 24, 18, tzinfo=UTC)  # and back an hour at 01:00 UTC
MOD = Person(name="mo", roles=frozenset({"moderator"}))
MEG = Person(name="meg", roles=frozenset({"moderator", "writer"}))


def shift(start: datetime, end: datetime, person: str = "mo", role: str = "moderator") -> Shift:
    return Shift(start, end, person, role)


def round_the_clock(days: int = 30, person: str = "mo") -> list[Shift]:
    return [shift(NOW + n * DAY, NOW + (n + 1) * DAY, person) for n in range(-1, days)]


def minutes_without(
    shifts: Iterable[Shift],
    role: str,
    since: datetime,
    until: datetime,
    must: Sequence[Stretch] = (),
) -> list[datetime]:
    """Look at each minute by itself; ``must``: only minutes in one of these stretches count."""
    found, at = [], since
    while at < until:
        is_covered = any(s.role == role and s.start <= at < s.end for s in shifts)
        is_needed = not must or any(start <= at < end for start, end in must)
        if is_needed and not is_covered:
            found.append(at)
        at += MINUTE
    return found


def minutes_of(found: Iterable[Hole]) -> list[datetime]:
    return [
        hole.start + n * MINUTE for hole in found for n in range((hole.end - hole.start) // MINUTE)
    ]


def days_around(base: datetime) -> st.SearchStrategy[list[Shift]]:
    """Return shifts of a few hours about a moment, planned by the clock on a Tallinn wall."""
    moment = st.integers(-200, 1000).map(lambda n: base + n * MINUTE)
    wall = moment.map(lambda at: at.astimezone(TALLINN))
    return st.lists(
        st.builds(
            lambda at, length, person, role: shift(at, at + length * MINUTE, person, role),
            wall,
            st.integers(1, 500),
            st.sampled_from(["mo", "meg"]),
            st.sampled_from(["moderator", "writer"]),
        ).filter(lambda one: one.start.astimezone(UTC) < one.end.astimezone(UTC)),
        max_size=6,
    )


@given(base=st.sampled_from([SPRING, AUTUMN, NOW]), data=st.data())
def test_holes_are_what_a_look_at_each_minute_finds(base, data):
    planned = data.draw(days_around(base))
    since, until = base, base + 14 * HOUR
    must = data.draw(
        st.lists(
            st.tuples(st.integers(-60, 800), st.integers(1, 400)).map(
                lambda pair: Stretch(base + pair[0] * MINUTE, base + sum(pair) * MINUTE)
            ),
            max_size=3,
        )
    )
    reach = Reach(is_always=not must, times=tuple(must))

    found = holes(planned, "moderator", since, until, reach)

    plain = minutes_without([in_utc(s) for s in planned], "moderator", since, until, must)
    assert minutes_of(found) == plain
    assert all(a.end < b.start for a, b in pairwise(found)) or must


@given(base=st.sampled_from([SPRING, AUTUMN]), data=st.data())
def test_the_next_hole_is_the_first_that_begins_within_the_time(base, data):
    planned = data.draw(days_around(base))

    found = next_hole(planned, "moderator", base, within=2 * HOUR)

    (plain,) = minutes_without([in_utc(s) for s in planned], "moderator", base, base + 24 * HOUR)[
        :1
    ]
    assert (found is not None) == (plain < base + 2 * HOUR)
    assert found is None or found.start == plain


def test_shifts_back_to_back_over_midnight_leave_no_hole():
    day, night = shift(NOW, NOW + 12 * HOUR), shift(NOW + 12 * HOUR, NOW + DAY, "meg")

    assert holes([night, day], "moderator", NOW, NOW + DAY) == []


def test_one_minute_between_two_shifts_is_a_hole():
    noon = NOW + 12 * HOUR
    day, night = shift(NOW, noon - MINUTE), shift(noon, NOW + DAY, "meg")

    assert holes([day, night], "moderator", NOW, NOW + DAY) == [
        Hole(noon - MINUTE, noon, "moderator")
    ]


def test_two_events_back_to_back_have_one_hole_in_common():
    reach = Reach(False, (Stretch(NOW, NOW + HOUR), Stretch(NOW + HOUR, NOW + 2 * HOUR)))

    assert holes([], "moderator", NOW - DAY, NOW + DAY, reach) == [
        Hole(NOW, NOW + 2 * HOUR, "moderator")
    ]


def test_a_hole_is_told_in_utc_whatever_the_zone_it_was_asked_in():
    (hole,) = holes([], "moderator", NOW.astimezone(TALLINN), (NOW + HOUR).astimezone(TALLINN))

    assert (hole.start.tzinfo, hole.end.tzinfo) == (UTC, UTC)


def test_somebody_of_another_role_fills_no_hole():
    assert holes([shift(NOW, NOW + DAY, role="writer")], "moderator", NOW, NOW + HOUR) == [
        Hole(NOW, NOW + HOUR, "moderator")
    ]


@pytest.mark.parametrize("hours", [24, 30, 35])
def test_a_hole_alarms_at_least_a_day_ahead(hours):
    begins = NOW + timedelta(hours=hours)
    planned = [shift(NOW - HOUR, begins), shift(begins + HOUR, NOW + 20 * DAY)]

    assert alarms(planned, [MOD], NOW) == [Hole(begins, begins + HOUR, "moderator")]


def test_a_rota_without_a_hole_alarms_nobody():
    assert alarms(round_the_clock(), [MOD], NOW) == []


def test_a_hole_beyond_the_time_alarms_nobody_yet_but_will_a_day_before():
    begins = NOW + AHEAD + HOUR
    planned = [shift(NOW - HOUR, begins), shift(begins + HOUR, NOW + 20 * DAY)]

    assert alarms(planned, [MOD], NOW) == []
    assert alarms(planned, [MOD], begins - DAY - 12 * HOUR + MINUTE) != []


def test_a_hole_that_is_open_now_alarms():
    planned = [shift(NOW - 2 * HOUR, NOW - HOUR), shift(NOW + HOUR, NOW + 20 * DAY)]

    assert alarms(planned, [MOD], NOW) == [Hole(NOW, NOW + HOUR, "moderator")]


def test_the_end_of_a_rota_is_a_hole():
    assert alarms([shift(NOW - HOUR, NOW + DAY)], [MOD], NOW)[0].start == NOW + DAY


def test_where_no_rota_is_kept_nothing_alarms():
    assert alarms([], [MOD], NOW) == []
    assert roles_of([], NOW) == []


def test_a_rota_that_ran_out_alarms_until_it_has_been_given_up():
    old = [shift(NOW - DAY, NOW)]

    assert alarms(old, [MOD], NOW + GIVEN_UP - HOUR) != []
    assert alarms(old, [MOD], NOW + GIVEN_UP) == []


def test_when_the_only_moderator_is_let_in_no_more_their_shifts_are_a_hole():
    planned = round_the_clock()

    assert alarms(planned, [MOD], NOW) == []
    assert alarms(planned, [MEG], NOW)[0].start == NOW


def test_a_shift_in_a_role_that_its_person_has_not_is_nobodys():
    mine, no_longer = shift(NOW, NOW + DAY, "meg"), shift(NOW, NOW + DAY, "mo", "writer")

    assert able([mine, no_longer], [MOD, MEG]) == {mine}


def test_only_watched_events_need_somebody_unless_the_house_says_always():
    match = WatchedEvent(
        title="Match", start=NOW + 20 * HOUR, end=NOW + 23 * HOUR, terms=("match",)
    )
    planned = [shift(NOW - DAY, NOW - HOUR), shift(NOW + 21 * HOUR, NOW + 23 * HOUR)]

    on_events = alarms(planned, [MOD], NOW, reach=reach_of(Desk(), [match]))
    always = alarms(planned, [MOD], NOW, reach=reach_of(Desk(reachable="always"), [match]))

    assert on_events == [Hole(match.start, NOW + 21 * HOUR, "moderator")]
    assert always[0].start == NOW
    assert alarms(planned, [MOD], NOW, reach=reach_of(Desk(), [])) == []


def test_a_shift_is_ones_turn_from_its_start_up_to_before_its_end():
    first, second = shift(NOW, NOW + HOUR), shift(NOW + HOUR, NOW + 2 * HOUR, "meg")

    assert on_shift([second, first], NOW) == [first]
    assert on_shift([second, first], NOW + HOUR) == [second]
    assert on_shift([second, first], NOW + 2 * HOUR) == []


def test_who_is_not_on_duty_five_minutes_into_a_shift_is_missing():
    planned = [shift(NOW, NOW + HOUR)]

    assert missing(planned, {}, NOW + 4 * MINUTE) == []
    assert missing(planned, {}, NOW + 5 * MINUTE) == planned
    assert missing(planned, {"mo": NOW}, NOW + 5 * MINUTE) == []
    assert missing(planned, {"meg": NOW}, NOW + 5 * MINUTE) == planned
    assert missing(planned, {}, NOW + HOUR) == []


def test_a_shift_is_the_same_whatever_the_zone_it_was_said_in():
    utc, local = shift(NOW, NOW + HOUR), shift(NOW.astimezone(TALLINN), NOW + HOUR)

    assert in_utc(local) == utc
    assert in_utc(local).start.tzinfo is UTC
    assert shift_id(local) == shift_id(utc)
    assert shift_id(utc) != shift_id(shift(NOW, NOW + HOUR, "meg"))


@pytest.mark.parametrize("length", [timedelta(0), -HOUR, timedelta(days=7, minutes=1)])
def test_a_shift_of_no_sensible_length_is_refused(length):
    with pytest.raises(ValueError, match="a shift"):
        in_utc(shift(NOW, NOW + length))


def test_a_hole_is_told_in_words():
    assert told(Hole(NOW, NOW + HOUR, "writer"), NOW).endswith("to 2026-12-01 09:00 UTC, now.")
    assert told(Hole(NOW + DAY, NOW + 2 * DAY, "writer"), NOW).endswith("in 24 h.")
