from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rtm.desk.house import (
    acknowledged,
    duty_began,
    duty_ended,
    named,
    rota_loaded,
    rules_set,
    shift_dropped,
    shift_planned,
)
from rtm.desk.newsroom import LONGEST_DUTY, Newsroom, Shift
from rtm.desk.roles import Person
from rtm.desk.rota import NO_ROTA
from rtm.desk.rota_view import rota_view
from rtm.errors import ConfigError, IllegalMove
from rtm.orders import Acknowledged, DutyBegan, DutyEnded, House, RulesSet

AT = datetime(2026, 12, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
MIA = Person(name="Mia", roles=frozenset({"writer", "moderator"}))
NOOR = Person(name="noor", roles=frozenset({"moderator"}))
PEOPLE = [MIA, NOOR]
SAID: dict[str, Any] = {"who": "ada", "at": AT}


def shift(start_h: float, end_h: float, person: str = "Mia", role: str = "moderator") -> Shift:
    return Shift(AT + start_h * HOUR, AT + end_h * HOUR, person, role)


def newsroom(*records: House) -> Newsroom:
    made = Newsroom()
    for record in records:
        made.tell(record)
    return made


def planning(*shifts: Shift) -> Newsroom:
    return newsroom(
        *(shift_planned(Newsroom(), PEOPLE, one, who="ada", at=one.start) for one in shifts)
    )


def test_a_name_is_found_whatever_its_capitals():
    assert named(PEOPLE, "mIa") == MIA
    with pytest.raises(ConfigError, match=r'"Bob": nobody .* there are Mia, noor'):
        named(PEOPLE, "Bob")


def test_who_is_on_duty_may_be_taken_off_and_it_says_by_whom():
    on = newsroom(duty_began("Mia", AT))

    assert duty_ended(on, "Mia", AT, by="noor") == DutyEnded(at=AT, who="Mia", by="noor")
    assert duty_ended(on, "Mia", AT, by="Mia") == DutyEnded(at=AT, who="Mia")


def test_who_is_not_on_duty_or_forgot_to_go_off_cannot_be_taken_off():
    with pytest.raises(IllegalMove, match="Mia is not on duty"):
        duty_ended(newsroom(), "Mia", AT)
    with pytest.raises(IllegalMove):
        duty_ended(newsroom(DutyBegan(at=AT, who="Mia")), "Mia", AT + LONGEST_DUTY)


def test_a_shift_is_planned_under_the_name_as_it_is_written_in_utc():
    made = shift_planned(newsroom(), PEOPLE, shift(1, 2, "mia"), **SAID)

    assert (made.person, made.role, made.start, made.end) == (
        "Mia",
        "moderator",
        AT + HOUR,
        AT + 2 * HOUR,
    )


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (shift(1, 2, "Bob"), "nobody who may log in"),
        (shift(1, 2, "noor", "writer"), "noor has not the role writer"),
        (shift(2, 2), "ends after it begins"),
        (shift(0, 24 * 8), "at most 7 days"),
        (shift(-2, 0), "over"),
    ],
)
def test_a_shift_that_cannot_be_is_refused(wanted, words):
    with pytest.raises(ConfigError, match=words):
        shift_planned(newsroom(), PEOPLE, wanted, **SAID)


def test_a_shift_that_is_planned_is_not_planned_again_and_may_be_dropped_once():
    planned = planning(shift(1, 2))

    with pytest.raises(IllegalMove, match="already"):
        shift_planned(planned, PEOPLE, shift(1, 2), **SAID)
    planned.tell(shift_dropped(planned, shift(1, 2), **SAID))
    with pytest.raises(IllegalMove, match="not planned any more"):
        shift_dropped(planned, shift(1, 2), **SAID)


def test_a_loaded_rota_replaces_what_is_ahead_and_leaves_what_was():
    over, running, ahead = shift(-8, -1), shift(-1, 7), shift(7, 15)
    planned = planning(over, running, ahead)

    changes = rota_loaded(planned, PEOPLE, [running, shift(7, 15, "noor")], **SAID)
    for change in changes:
        planned.tell(change)

    assert [one.person for one in changes] == ["Mia", "noor"]
    assert planned.shifts == {over, running, shift(7, 15, "noor")}
    assert rota_loaded(planned, PEOPLE, [running, shift(7, 15, "noor")], **SAID) == []


def test_a_rota_with_one_wrong_shift_changes_nothing():
    with pytest.raises(ConfigError, match="Bob"):
        rota_loaded(planning(shift(1, 2)), PEOPLE, [shift(2, 3), shift(3, 4, "Bob")], **SAID)


def test_rules_are_numbered_and_the_same_text_makes_no_version():
    first = rules_set(newsroom(), "# A {a}\r\n", **SAID)

    assert first == RulesSet(at=AT, who="ada", version=1, text="# A {a}\n")
    assert rules_set(newsroom(first), "# A {a}\n\n", **SAID) is None
    second = rules_set(newsroom(first), "# B {b}", **SAID)
    assert second is not None
    assert second.version == 2


def test_a_text_that_cannot_be_rules_is_refused():
    with pytest.raises(ConfigError, match="line 2"):
        rules_set(newsroom(), "# A {a}\n# A {a}\n", **SAID)


def test_only_the_rules_that_hold_can_be_acknowledged():
    first = RulesSet(at=AT, who="ada", version=1, text="x")
    second = RulesSet(at=AT, who="ada", version=2, text="y")

    with pytest.raises(IllegalMove, match="no rules"):
        acknowledged(newsroom(), 1, who="Mia", at=AT)
    said = acknowledged(newsroom(first), 1, who="Mia", at=AT)
    assert said == Acknowledged(at=AT, who="Mia", version=1)
    for version in (1, 3):
        with pytest.raises(IllegalMove, match="read version 2 first"):
            acknowledged(newsroom(first, second), version, who="Mia", at=AT)


def test_a_rota_is_seen_with_its_holes_first_and_who_is_missing():
    planned = planning(shift(-1, 12), shift(12, 24, "noor"), shift(30, 24 * 8)).shifts

    seen = rota_view(planned, PEOPLE, {"noor": AT - HOUR}, AT)

    assert [(hole.start, hole.end) for hole in seen.holes] == [
        (AT + 24 * HOUR, AT + 30 * HOUR),
        (AT + 24 * 8 * HOUR, seen.until),
    ]
    assert seen.alarms == (
        "Nobody is planned as moderator from 2026-12-02 08:00 to 2026-12-02 14:00 UTC, in 24 h.",
    )
    assert [one.person for one in seen.missing] == ["Mia"]
    assert [(one.who, one.roles) for one in seen.on_duty] == [("noor", ("moderator",))]
    assert [one.person for one in seen.shifts] == ["Mia", "noor", "Mia"]
    assert seen.note is None


def test_a_shift_of_who_may_log_in_no_more_is_seen_as_a_hole():
    seen = rota_view({shift(-1, 24 * 20, "noor")}, [MIA], {}, AT)

    assert [one.is_able for one in seen.shifts] == [False]
    assert seen.missing == ()
    assert seen.alarms[0].endswith(", now.")


def test_where_no_rota_is_kept_it_says_so_and_alarms_nobody():
    seen = rota_view(set(), PEOPLE, {}, AT)

    assert (seen.note, seen.alarms, seen.holes) == (NO_ROTA, (), ())
