"""Each morning once: across summer time, across restarts, and however long rtm was down."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.alerting import DigestTime, Smtp
from rtm.alerts.daily import Daily, day_before, latest_day, moment_of
from rtm.alerts.mail import Letter, send
from rtm.errors import PublishError
from tests.clocks import HandClock, settled

TALLINN = ZoneInfo("Europe/Tallinn")
WHEN = DigestTime(at="08:00", zone="Europe/Tallinn", to=("team@example.org",))
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.parametrize(
    ("day", "at", "moment"),
    [
        (date(2026, 3, 28), time(8), "2026-03-28T06:00"),
        (SPRING, time(8), "2026-03-29T05:00"),
        (SPRING, time(3, 30), "2026-03-29T01:30"),  # no clock shows it: it is 04:30 by then
        (AUTUMN, time(3, 30), "2026-10-25T00:30"),  # it is shown twice: the first counts
        (AUTUMN, time(8), "2026-10-25T06:00"),
    ],
)
def test_a_morning_is_one_moment(day, at, moment):
    assert moment_of(day, at, TALLINN) == datetime.fromisoformat(f"{moment}+00:00")


@given(
    st.dates(date(2000, 1, 1), date(2035, 1, 1)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(["Europe/Tallinn", "America/New_York", "Australia/Lord_Howe", "UTC"]),
)
def test_days_follow_on_each_other_without_a_gap(day, at, name):
    zone, next_day = ZoneInfo(name), day + timedelta(days=1)
    start, end = day_before(next_day, at, zone)

    assert start == day_before(day, at, zone)[1]
    assert timedelta(hours=22, minutes=59) < end - start < timedelta(hours=25, minutes=1)
    assert latest_day(end, at, zone) == next_day
    assert latest_day(end - timedelta(seconds=1), at, zone) == day


class Told:
    """Takes letters; ``errors`` come first."""

    def __init__(self, *errors: Exception) -> None:
        self.letters: list[Letter] = []
        self.errors = list(errors)

    async def send(self, letter: Letter) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.letters.append(letter)

    @property
    def days(self) -> list[str]:
        return [letter.subject for letter in self.letters]


async def letter_of(start: datetime, end: datetime) -> Letter:
    return Letter(id="d", at=end, subject=f"{end.astimezone(TALLINN):%m-%d %H:%M}", text="words")


def clock_at(text: str) -> HandClock:
    clock = HandClock()
    clock.now_s = datetime.fromisoformat(text).replace(tzinfo=TALLINN).timestamp()
    return clock


async def pass_hours(daily: Daily, clock: HandClock, hours: float) -> None:
    """Let it run for so many hours of its clock, then stop it as a restart would."""
    task = asyncio.create_task(daily.run())
    for _ in range(round(hours * 4)):
        await asyncio.sleep(0.002)  # threads read and write
        await settled()
        await clock.go(15 * 60)
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_mornings_are_mailed_once_each_across_summer_time(tmp_path):
    told, clock = Told(), clock_at("2026-03-28T00:00")
    await pass_hours(Daily(WHEN, letter_of, told.send, clock, tmp_path / "sent"), clock, 70)

    assert told.days == ["03-28 08:00", "03-29 08:00", "03-30 08:00"]


async def test_a_restart_on_the_same_morning_mails_nothing(tmp_path):
    told, clock = Told(), clock_at("2026-03-28T07:00")
    for _ in range(3):
        await pass_hours(Daily(WHEN, letter_of, told.send, clock, tmp_path / "sent"), clock, 2)

    assert told.days == ["03-28 08:00"]


async def test_a_twin_that_forgets_is_late_for_every_morning_or_twice(tmp_path):
    class Forgetful(Daily):
        def _remembered(self):
            return self._latest() - timedelta(days=1)

    told, clock = Told(), clock_at("2026-03-28T08:30")
    for _ in range(2):
        await pass_hours(Forgetful(WHEN, letter_of, told.send, clock, tmp_path / "sent"), clock, 1)

    assert told.days == ["03-28 08:00", "03-28 08:00"]


async def test_the_first_start_is_no_morning(tmp_path):
    told, clock = Told(), clock_at("2026-03-28T09:00")
    await pass_hours(Daily(WHEN, letter_of, told.send, clock, tmp_path / "sent"), clock, 20)

    assert told.days == []


async def test_after_days_down_only_the_latest_morning_is_made_up_for(tmp_path):
    (tmp_path / "sent").write_text("2026-03-20\n")
    told, clock = Told(), clock_at("2026-03-28T09:00")
    await pass_hours(Daily(WHEN, letter_of, told.send, clock, tmp_path / "sent"), clock, 2)

    assert told.days == ["03-28 08:00"]
    assert (tmp_path / "sent").read_text() == "2026-03-28\n"


async def test_a_mail_server_that_is_away_is_asked_again(tmp_path):
    (tmp_path / "sent").write_text("2026-03-27\n")
    told = Told(PublishError("away", 0.0), PublishError("away", 0.0))
    clock = clock_at("2026-03-28T09:00")
    daily = Daily(WHEN, letter_of, told.send, clock, tmp_path / "sent")
    await pass_hours(daily, clock, 2)

    assert told.days == ["03-28 08:00"]
    assert daily.failed is None


@pytest.mark.parametrize("error", [PublishError("no such user"), RuntimeError("a bug")])
async def test_what_is_refused_for_good_is_shown_and_tomorrow_is_another_day(tmp_path, error):
    (tmp_path / "sent").write_text("2026-03-27\n")
    told, clock = Told(error), clock_at("2026-03-28T09:00")
    daily = Daily(WHEN, letter_of, told.send, clock, tmp_path / "sent")
    await pass_hours(daily, clock, 2)
    assert (told.days, bool(daily.failed)) == ([], True)

    await pass_hours(daily, clock, 24)
    assert told.days == ["03-29 08:00"]
    assert daily.failed is None


async def test_a_memory_that_cannot_be_written_mails_all_the_same(tmp_path):
    told, clock = Told(), clock_at("2026-03-28T07:00")
    memory = tmp_path / "gone" / "sent"
    await pass_hours(Daily(WHEN, letter_of, told.send, clock, memory), clock, 4)

    assert told.days == ["03-28 08:00"]


async def test_it_reaches_a_real_mail_server(tmp_path, mailbox):
    (tmp_path / "sent").write_text("2026-03-27\n")
    smtp = Smtp(host="127.0.0.1", port=mailbox.port, sender="rtm@example.org", starttls=False)
    clock = clock_at("2026-03-28T09:00")

    async def by_mail(letter: Letter) -> None:
        await send(letter, smtp, None, WHEN.to)

    daily = Daily(WHEN, letter_of, by_mail, clock, tmp_path / "sent")
    task = asyncio.create_task(daily.run())
    mail = await mailbox.next()
    task.cancel()

    assert mail["Subject"] == "03-28 08:00"
    assert mail["Date"].datetime == datetime(2026, 3, 28, 6, tzinfo=UTC)
