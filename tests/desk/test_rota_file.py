from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.config import struct_of, table_of
from rtm.desk.newsroom import Shift
from rtm.desk.rota import holes
from rtm.desk.rota_file import DAYS, Rota, Weekly, expanded, understood
from rtm.errors import ConfigError

MONDAY = datetime(2026, 11, 30, 6, tzinfo=UTC)  # 08:00 in Tallinn
TALLINN = ZoneInfo("Europe/Tallinn")
CHANGES = [date(2026, 10, 25), date(2027, 3, 28)]  # of the clocks, in most of Europe

ZONE = 'zone = "Europe/Tallinn"\n'
WEEKLY = (
    '[[weekly]]\nperson = "mia"\nrole = "writer"\ndays = ["mon"]\nfrom = "08:00"\nto = "20:00"\n'
)
SINGLE = (
    '[[shift]]\nperson = "mia"\nrole = "writer"\n'
    "start = 2026-12-01T08:00:00\nend = 2026-12-01T20:00:00\n"
)


def rota(text: str) -> Rota:
    return struct_of(table_of(text.encode(), "rota.toml"), Rota, "rota.toml")


def hours(shift: Shift) -> tuple[str, str]:
    """Return a shift as the wall of Tallinn shows it."""
    start, end = (at.astimezone(TALLINN) for at in (shift.start, shift.end))
    return f"{start:%m-%d %H:%M}", f"{end:%m-%d %H:%M}"


def test_a_single_shift_is_by_the_clock_of_the_files_zone():
    (shift,) = expanded(rota(ZONE + SINGLE), MONDAY)

    assert shift == Shift(
        datetime(2026, 12, 1, 6, tzinfo=UTC),
        datetime(2026, 12, 1, 18, tzinfo=UTC),
        "mia",
        "writer",
    )


def test_a_time_with_a_zone_of_its_own_is_kept():
    (shift,) = expanded(rota(ZONE + SINGLE.replace("08:00:00", "08:00:00Z")), MONDAY)

    assert shift.start == datetime(2026, 12, 1, 8, tzinfo=UTC)


def test_weekly_shifts_are_written_out_for_eight_weeks():
    shifts = sorted(expanded(rota(ZONE + WEEKLY), MONDAY))

    assert len(shifts) == 8
    assert hours(shifts[0]) == ("11-30 08:00", "11-30 20:00")
    assert hours(shifts[-1]) == ("01-18 08:00", "01-18 20:00")


def test_a_shift_that_is_on_now_is_written_out_and_one_that_is_over_is_not():
    text = ZONE + WEEKLY.replace('"20:00"', '"07:00"')  # until Tuesday morning

    on_tuesday = expanded(rota(text), MONDAY + timedelta(hours=20), weeks=1)
    after = expanded(rota(text), MONDAY + timedelta(hours=23), weeks=1)

    assert sorted(map(hours, on_tuesday)) == [
        ("11-30 08:00", "12-01 07:00"),
        ("12-07 08:00", "12-08 07:00"),
    ]
    assert [hours(shift) for shift in after] == [("12-07 08:00", "12-08 07:00")]


def test_a_shift_keeps_its_hours_on_the_wall_when_the_clocks_change():
    text = ZONE + WEEKLY.replace('["mon"]', '["sat"]').replace('"20:00"', '"08:00"')

    autumn = sorted(expanded(rota(text), datetime(2026, 10, 23, tzinfo=UTC), weeks=1))[0]
    spring = sorted(expanded(rota(text), datetime(2027, 3, 26, tzinfo=UTC), weeks=1))[0]

    assert hours(autumn) == ("10-24 08:00", "10-25 08:00")
    assert autumn.end - autumn.start == timedelta(hours=25)
    assert hours(spring) == ("03-27 08:00", "03-28 08:00")
    assert spring.end - spring.start == timedelta(hours=23)


def test_no_shift_begins_on_a_day_that_is_excepted():
    shifts = expanded(rota(ZONE + WEEKLY + "except = [2026-12-07]\n"), MONDAY, weeks=2)

    assert [hours(shift) for shift in shifts] == [("11-30 08:00", "11-30 20:00")]


@given(
    change=st.sampled_from(CHANGES),
    zone=st.sampled_from(["Europe/Tallinn", "America/New_York", "Australia/Lord_Howe", "UTC"]),
    cuts=st.lists(
        st.tuples(st.integers(0, 23), st.integers(0, 59)), min_size=1, max_size=5, unique=True
    ),
)
def test_shifts_that_meet_on_the_wall_leave_no_hole_whatever_the_clocks_do(change, zone, cuts):
    times = [f"{hour:02}:{minute:02}" for hour, minute in sorted(cuts)]
    weekly = tuple(
        Weekly(person=f"p{n}", role="moderator", days=DAYS, start=start, end=end)
        for n, (start, end) in enumerate(zip(times, [*times[1:], times[0]], strict=True))
    )
    now = datetime(change.year, change.month, change.day, tzinfo=UTC) - timedelta(days=3)

    shifts = expanded(Rota(zone=zone, weekly=weekly), now, weeks=1)

    assert holes(shifts, "moderator", now, now + timedelta(days=7)) == []


def test_a_rota_says_when_in_a_usual_week_nobody_is_there():
    days = WEEKLY.replace('["mon"]', '["mon", "tue", "wed", "thu", "fri", "sat", "sun"]')
    weekdays = WEEKLY.replace('["mon"]', '["tue", "wed"]').replace("writer", "moderator")

    lines = understood(rota(ZONE + days + weekdays + weekdays + SINGLE))

    assert lines[0].startswith("Rota by the clock of Europe/Tallinn: 1 single shift, 3 weekly ones")
    assert lines[1].startswith("As writer nobody in a usual week: Mon 20:00 to Tue 08:00 (12 h), ")
    assert lines[1].endswith("Sun 20:00 to Mon 08:00 (12 h).")
    assert lines[2] == (
        "As moderator nobody in a usual week: Tue 20:00 to Wed 08:00 (12 h), "
        "Wed 20:00 to Tue 08:00 (5 d 12 h)."
    )


def test_a_rota_says_where_there_are_only_single_shifts():
    assert (
        understood(rota(ZONE + SINGLE))[1] == "As writer only single shifts; between them nobody."
    )


def test_a_shift_that_the_clock_jumps_over_is_none():
    jumped = (
        WEEKLY.replace('["mon"]', '["sun"]').replace("08:00", "03:30").replace("20:00", "04:15")
    )

    shifts = expanded(rota(ZONE + jumped), datetime(2027, 3, 22, tzinfo=UTC), weeks=2)

    assert [hours(shift) for shift in shifts] == [("04-04 03:30", "04-04 04:15")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ZONE, "nobody is planned; add [[shift]] or [[weekly]]"),
        (WEEKLY, "zone is missing; add e.g. zone = "),
        ('zone = "Tallinn"\n' + WEEKLY, 'zone = "Tallinn"; '),
        ('zone = "Europe/Talinn"\n' + WEEKLY, 'did you mean "Europe/Tallinn"?'),
        (ZONE + WEEKLY.replace('"writer"', '"wrtier"'), 'did you mean "writer"?'),
        (ZONE + WEEKLY.replace('"08:00"', '"8"'), '[[weekly]] #1 from = "8"; expected hours'),
        (ZONE + WEEKLY.replace('"08:00"', '"24:30"'), "from = "),
        (ZONE + WEEKLY.replace('["mon"]', '["mon", "Monday"]'), "days #2 = "),
        (ZONE + WEEKLY.replace('["mon"]', '["mon", "mon"]'), "says the same"),
        (ZONE + WEEKLY.replace('["mon"]', "[]"), "days"),
        (ZONE + WEEKLY.replace('"mia"', '"../mia"'), "the name that somebody logs in with"),
        (ZONE + WEEKLY + 'except = ["soon"]\n', "expected a date without quotes"),
        (ZONE + SINGLE.replace("2026-12-01T20", "2026-12-01T07"), "a shift ends after it begins"),
        (ZONE + SINGLE.replace("2026-12-01T20", "2026-12-31T20"), "at most 7 days"),
        (ZONE + SINGLE.replace("2026-12-01T20", "0001-01-01T00"), "write a year from"),
        (ZONE + SINGLE.replace("2026-12-01T20:00:00", '"soon"'), "a date and a time without quote"),
    ],
)
def test_a_wrong_rota_is_refused_with_what_to_write(text, words):
    with pytest.raises(ConfigError) as caught:
        rota(text)

    message = str(caught.value)
    assert message.startswith("rota.toml: ")
    assert words in message
    assert "\n" not in message
