"""From how the house stands to alerts: what lasts is told once, small breaks are let pass."""

from dataclasses import dataclass
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from rtm.alerts.alert import Alert, Resolution
from rtm.alerts.house import HouseState, Troubles
from tests.alerts.said import after


@dataclass(frozen=True)
class Hole:
    start: datetime
    end: datetime
    role: str = "moderator"


NOBODY = HouseState(has_moderator=False)
SOMEBODY = HouseState(has_moderator=True)


def said_of(troubles: Troubles, state: HouseState, *seconds: float):
    return [(s, said) for s in seconds for said in troubles.state(state, after(s))]


def test_nobody_on_duty_is_told_after_half_a_minute_and_once():
    told = said_of(Troubles(), NOBODY, *range(100))

    ((at, alert),) = told
    assert at == 30
    assert (alert.kind, alert.since, alert.is_critical) == ("moderator", after(0), True)


def test_a_change_of_shift_is_let_pass():
    troubles = Troubles()

    assert said_of(troubles, NOBODY, *range(29)) == []
    assert said_of(troubles, SOMEBODY, 29) == []
    assert said_of(troubles, NOBODY, *range(30, 59)) == []


def test_where_nobody_keeps_duty_nobody_is_missed():
    assert said_of(Troubles(), HouseState(), *range(100)) == []


def test_its_end_is_told():
    troubles = Troubles()
    said_of(troubles, NOBODY, 0, 30)

    ((_, over),) = said_of(troubles, SOMEBODY, 60, 61)
    assert over == Resolution(fingerprint="moderator", note="One is on duty")


def test_each_source_is_lost_by_itself():
    troubles = Troubles()
    both = HouseState(lost=("bluesky", "reddit"))
    told = said_of(troubles, both, 0, 30)

    assert [alert.fingerprint for _, alert in told] == ["source/bluesky", "source/reddit"]
    ((_, over),) = said_of(troubles, HouseState(lost=("reddit",)), 40)
    assert over.fingerprint == "source/bluesky"


def test_a_hole_is_told_at_once_and_is_not_critical():
    hole = Hole(after(86_400), after(90_000))

    ((at, alert),) = said_of(Troubles(), HouseState(holes=(hole,)), 0, 1, 2)
    assert at == 0
    assert (alert.kind, alert.title, alert.is_critical) == ("rota", "moderator", False)
    assert alert.text == "From 2026-01-06 12:00 to 2026-01-06 13:00 UTC nobody is planned."


def test_a_hole_whose_ends_move_is_the_same_and_another_is_another():
    troubles = Troubles()
    first = [
        said
        for s in range(100)
        for said in troubles.state(HouseState(holes=(Hole(after(s), after(3_600 + s)),)), after(s))
    ]
    holes = (Hole(after(100), after(3_700)), Hole(after(4_000), after(5_000)))
    more = troubles.state(HouseState(holes=holes), after(100))
    filled = troubles.state(HouseState(holes=holes[1:]), after(101))

    assert [type(one) for one in first] == [Alert]
    assert [one.fingerprint for one in more] == ["rota/moderator/2026-01-05T13:06"]
    assert [one.fingerprint for one in filled] == [first[0].fingerprint]


def test_two_roles_are_two_holes():
    holes = (Hole(after(0), after(60)), Hole(after(0), after(60), "writer"))

    assert len(Troubles().state(HouseState(holes=holes), after(0))) == 2


def test_after_a_restart_what_was_told_is_not_told_again_but_ends():
    troubles = Troubles()
    told = said_of(troubles, NOBODY, 0, 30)
    again = Troubles()
    again.begin([alert for _, alert in told])

    assert said_of(again, NOBODY, 40, 80) == []
    assert len(said_of(again, SOMEBODY, 90)) == 1


@given(st.lists(st.tuples(st.integers(1, 40), st.booleans(), st.sets(st.sampled_from("ab")))))
def test_whatever_comes_each_trouble_is_told_and_over_in_turn(states):
    troubles, at = Troubles(), 0
    told: set[str] = set()
    for seconds, has_moderator, lost in states:
        at += seconds
        state = HouseState(has_moderator=has_moderator, lost=tuple(sorted(lost)))
        for said in troubles.state(state, after(at)):
            assert (said.fingerprint in told) == isinstance(said, Resolution)
            told ^= {said.fingerprint}
        assert ("moderator" in told) <= (not has_moderator)
        assert {f"source/{one}" for one in lost} >= told - {"moderator"}
