"""The digest of a day: every figure by hand, and nothing of other days in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rtm.alerts.day import Took
from rtm.alerts.digest import digest_of, holes_ahead
from rtm.alerts.digest_mail import digest_letter
from rtm.alerts.words import Voice
from rtm.brand import Seats
from rtm.decisions import (
    Approved,
    Breached,
    Claimed,
    Dismissed,
    Drafted,
    Expired,
    Fired,
    Leaked,
    Measured,
    Record,
    Refused,
    Sent,
    Submitted,
    Unknown,
    Unlocked,
)
from rtm.desk.cost_clock import CostClock
from rtm.desk.newsroom import Shift
from rtm.desk.roles import Person
from rtm.orders import (
    CrisisDeclared,
    CrisisOver,
    DutyBegan,
    DutyEnded,
    ShiftDropped,
    ShiftPlanned,
    Stopped,
)
from rtm.text.manners import NOT_FIT
from rtm.text.screening import Screening
from tests.alerts.night import found, locked, tried
from tests.alerts.said import after

SEATS = Seats(count=3, rate_eur_per_hour=150.0)
TALLINN = ZoneInfo("Europe/Tallinn")
VOICE = Voice("Oreo", "https://rtm.example.org")
DAY = 86_400
O1: dict[str, Any] = {"opportunity": "o1"}
POST: dict[str, Any] = {**O1, "channel": "bluesky", "account": "oreo", "key": "k1"}


@dataclass(frozen=True)
class Hole:
    start: datetime
    end: datetime
    role: str = "moderator"


def fired_by(s: float, o: str = "o1", found_at: float = 0.0) -> list[Record]:
    """Return the way of an opportunity to the receipt: claimed after 10 s, fired after 100 s."""
    post = {**POST, "opportunity": o, "key": o}
    return [
        found(after(found_at), o),
        Claimed(at=after(s + 10), who="mia", opportunity=o),
        Drafted(at=after(s + 20), who="mia", text="dunk", opportunity=o),
        Submitted(at=after(s + 40), who="mia", opportunity=o),
        Approved(at=after(s + 70), who="noor", opportunity=o),
        Fired(at=after(s + 100), who="noor", text="dunk", **post),
        Sent(at=after(s + 101), uri="at://1", url="https://bsky.example/1", **post),
    ]


def day(*records: Record, start: float = 0.0, **more: Any):
    return digest_of(records, after(start), after(start + DAY), screening=Screening(), **more)


def test_a_day_is_counted():
    told = day(
        *fired_by(0),
        found(after(200), "o2"),
        Dismissed(at=after(210), who="mia", reason="not our humour.", opportunity="o2"),
        found(after(300), "o3"),
        Expired(at=after(900), opportunity="o3"),
        found(after(400), "o4"),
    )

    assert (told.found, told.claimed, told.let_go, told.expired) == (4, 1, 1, 1)
    assert [one.became for one in told.moments] == [
        "fired by noor",
        "let go by mia: not our humour",
        "nobody took it on in time",
        "nobody took it on",
    ]


def test_steps_are_timed_in_the_middle():
    told = day(*fired_by(0, "o1"), *fired_by(1_000, "o2", 1_000), *fired_by(2_000, "o3", 1_000))

    assert told.took == (
        Took("found to claimed", 10.0, 3),
        Took("claimed to handed in", 30.0, 3),
        Took("handed in to approved", 30.0, 3),
        Took("approved to fired", 30.0, 3),
        Took("found to fired", 100.0, 3),
    )


def test_what_is_of_another_day_is_not_counted_but_a_step_is_where_it_ends():
    records = [*fired_by(DAY - 50), found(after(2 * DAY), "o2")]
    told = day(*records, start=DAY)

    assert (told.found, told.claimed) == (0, 0)
    assert [one.step for one in told.took] == [
        *("handed in to approved", "approved to fired", "found to fired")
    ]
    assert len(told.posts) == 1
    assert day(*records).posts == ()


def test_a_second_approval_is_timed_with_the_last():
    records = fired_by(0)
    records.insert(4, Approved(at=after(50), who="abe", is_last=False, **O1))

    assert [one for one in day(*records).took if one.step == "handed in to approved"] == [
        Took("handed in to approved", 30.0, 1)
    ]


def test_results_are_those_measured_last():
    post = {**POST, "key": "o1"}
    measured = Measured(at=after(3_700), after_s=3_600, likes=40, replies=2, **post)
    later = Measured(at=after(9_000), after_s=8_900, likes=90, **post)
    (posted,) = day(*fired_by(0), measured, later).posts

    assert (posted.likes, posted.replies, posted.views) == (90, 2, None)
    assert (posted.became, posted.url) == ("out", "https://bsky.example/1")


def test_a_post_that_was_refused_says_why():
    records = fired_by(0)[:-1]
    post = {**POST, "key": "o1"}
    (posted,) = day(*records, Refused(at=after(101), reason="too long", **post)).posts

    assert posted.became == "refused: too long"


def test_breaches_are_counted_by_rule():
    def breach(s: float, rule: str) -> Breached:
        return Breached(at=after(s), who="mia", step="fire", rule=rule, reason="no", **O1)

    told = day(breach(1, "own-approval"), breach(2, "leak"), breach(3, "leak"), breach(DAY, "leak"))
    assert told.breaches == (("leak", 2), ("own-approval", 1))


def test_alarms_are_told_with_how_long_they_lasted():
    told = day(
        CrisisDeclared(at=after(10), who="mia", what="a recall"),
        CrisisOver(at=after(70), who="mia"),
        found(after(80)),
        locked(after(90)),
        Unlocked(at=after(95), who="noor", reason="nobody was hurt", **O1),
        Stopped(at=after(100), who="mia", reason="a drill"),
    )

    assert [(one.what, one.over_at) for one in told.alarms] == [
        ("Crisis declared by mia: a recall", after(70)),
        ("Locked: the lights went out (People may be hurt)", after(95)),
        ("All stopped by mia: a drill", None),
    ]


def test_what_lasts_is_told_every_morning_but_a_locked_card_on_one():
    records: list[Record] = [
        locked(after(10)),
        Stopped(at=after(20), who="mia", reason="a drill"),
        CrisisDeclared(at=after(30), who="mia", what="a recall"),
        CrisisOver(at=after(40), who="mia"),
    ]

    assert [one.at for one in day(*records).alarms] == [after(10), after(20), after(30)]
    assert [one.at for one in day(*records, start=DAY).alarms] == [after(20)]


def test_an_unknown_post_is_an_alarm_until_it_is_known():
    post = {**POST, "key": "o1"}
    records = [*fired_by(0)[:-1], Unknown(at=after(101), reason="timed out", **post)]

    assert day(*records).alarms[0].over_at is None
    assert day(*records).posts[0].became == "nobody knows: timed out"
    known = Sent(at=after(160), uri="at://1", url=None, **post)
    assert day(*records, known).alarms[0].over_at == after(160)


def test_a_secret_that_was_given_away_is_told_without_its_words():
    leaked = Leaked(at=after(9), post="p1", label="codename", text="it is Bluebird")
    letter = digest_letter(day(leaked, leaked), VOICE, TALLINN)

    assert letter.text.count("A post gave a secret away: codename") == 1
    assert "Bluebird" not in letter.text


def test_shifts_and_holes_ahead_are_told():
    def shift(kind: Any, s: float, person: str) -> Record:
        made: Record = kind(
            at=after(5), who="noor", person=person, role="writer", start=after(s), end=after(s + 99)
        )
        return made

    told = day(
        shift(ShiftPlanned, DAY + 10, "mia"),
        shift(ShiftPlanned, DAY + 500, "abe"),
        shift(ShiftDropped, DAY + 500, "abe"),
        shift(ShiftPlanned, 10, "long over"),
        shift(ShiftPlanned, 9 * DAY, "far ahead"),
        holes=[Hole(after(DAY + 600), after(DAY + 700)), Hole(after(9 * DAY), after(10 * DAY))],
    )

    assert [one.person for one in told.shifts] == ["mia"]
    assert [one.start for one in told.holes or ()] == [after(DAY + 600)]


def test_holes_ahead_are_those_of_each_role_that_has_a_rota():
    noor = Person(name="noor", roles=frozenset({"moderator"}))
    hour = timedelta(hours=1)
    shifts = {
        Shift(after(0), after(0) + 10 * hour, "noor", "moderator"),
        Shift(after(0) + 12 * hour, after(0) + 60 * hour, "noor", "moderator"),
    }

    (hole,) = holes_ahead(shifts, [noor], after(0))
    assert (hole.start, hole.end) == (after(0) + 10 * hour, after(0) + 12 * hour)
    (all_of_it,) = holes_ahead(shifts, [], after(0))  # nobody of them may log in
    assert all_of_it.end - all_of_it.start == 40 * hour


def test_a_trial_is_not_found():
    assert day(tried(after(0)), Claimed(at=after(9), who="mia", **O1)).found == 0


def test_an_empty_day_is_said_to_be_one():
    letter = digest_letter(day(holes=()), VOICE, TALLINN)

    assert "Opportunities: 0 found, 0 claimed, 0 fired, 0 let go" in letter.text
    assert "No hole is known of." in letter.text
    assert "What became of each" not in letter.text
    assert "Cost" not in letter.text


def test_where_nobody_looked_for_holes_nothing_is_said_of_them():
    assert "hole" not in digest_letter(day(), VOICE, TALLINN).text


def full_letter(title: str = "the lights went out"):
    records = [
        DutyBegan(at=after(-3_600), who="mia"),
        *fired_by(0),
        found(after(200), "o2", title=title),
        Dismissed(at=after(210), who="mia", reason="<i>no</i>", opportunity="o2"),
        Measured(at=after(3_700), after_s=3_600, likes=1_240, **{**POST, "key": "o1"}),
        DutyEnded(at=after(7_200), who="mia"),
    ]
    holes = [Hole(after(DAY + 600), after(DAY + 700))]
    return digest_letter(day(*records, holes=holes, cost=CostClock(SEATS)), VOICE, TALLINN)


def test_the_mail_says_all_of_it_in_the_zones_time():
    letter = full_letter()

    assert letter.subject == "Oreo: the last day on the desk, Tuesday 06 January 2026"
    assert letter.id == "digest_20260106"
    for words in (
        "Mon 05 Jan 14:00 to Tue 06 Jan 14:00 (Europe/Tallinn)",
        "2 found, 1 claimed, 1 fired, 1 let go, 0 gone",
        "Cost: EUR 300.",
        "14:00 | the lights went out | 71 | fired by noor",
        "https://rtm.example.org/desk#o1",
        "bluesky as oreo, by noor | out | 1,240 likes",
        "found to fired | 100 s | 1",
        "One shift has nobody.",
        "Tue 06 Jan 14:10 to Tue 06 Jan 14:11 | moderator | NOBODY",
    ):
        assert words in letter.text


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str | None] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links |= {value for name, value in attrs if name == "href"}


def test_in_html_strangers_words_are_words():
    letter = full_letter('<script>alert(1)</script> <img src="https://evil.example/x">')
    seen = Tags()
    seen.feed(letter.html or "")

    assert seen.tags == {
        *("html", "meta", "title", "body", "h1", "h2", "p", "table", "tr", "th", "td", "a")
    }
    assert all((link or "").startswith(("https://rtm", "https://bsky")) for link in seen.links)
    assert "&lt;script&gt;" in (letter.html or "")


def test_a_rude_headline_is_not_mailed():
    assert NOT_FIT in full_letter("what a f*ck up").text
    assert NOT_FIT not in full_letter().text


@pytest.mark.parametrize("count", [1, 60])
def test_a_long_day_is_cut(count):
    records = [found(after(n), f"o{n}") for n in range(count)]
    letter = digest_letter(day(*records), VOICE, TALLINN)

    assert letter.text.count("nobody took it on\n") == min(count, 40)
    assert ("20 more are on the desk" in letter.text) == (count == 60)


def test_a_letter_is_the_same_for_the_same_day():
    assert full_letter() == full_letter()
    assert timedelta(seconds=DAY) == after(DAY) - after(0)
