"""What is told to whom, and when; each rule with the one that it leaves alone."""

from datetime import datetime

import pytest
from msgspec.structs import replace

from rtm.alerting import Route
from rtm.alerts import alerts as alerts_module
from rtm.alerts.alert import Acknowledgement, Resolution
from rtm.alerts.alerts import Alerts
from rtm.errors import IllegalMove
from tests.alerts.said import NIGHT, START, after, alert, config, silence, slack, told

CRISIS = alert("crisis", title="Crisis", is_critical=True)


@pytest.fixture
def alerts():
    return Alerts(config())


def test_an_alert_waits_for_others_of_its_kind_and_they_are_one_message(alerts):
    alerts.tell(alert("opportunity/o1"), START)
    alerts.tell(alert("opportunity/o2"), after(3))

    assert alerts.next_at() == after(5)
    assert alerts.due(after(4.9)) == []
    assert told(alerts.due(after(5))) == [
        ("team", "opportunity", ["opportunity/o1", "opportunity/o2"], [], [])
    ]
    assert alerts.due(after(5)) == []


def test_another_kind_is_another_message(alerts):
    alerts.tell(alert("opportunity/o1"), START)
    alerts.tell(alert("approval/o1"), START)

    assert [one.kind for one in alerts.due(after(5))] == ["opportunity", "approval"]


def test_the_next_of_its_kind_waits_until_a_minute_is_over(alerts):
    alerts.tell(alert("opportunity/o1"), START)
    alerts.due(after(5))
    alerts.tell(alert("opportunity/o2"), after(10))

    assert alerts.next_at() == after(65)
    assert told(alerts.due(after(65)))[0][2] == ["opportunity/o2"]


def test_the_same_again_says_nothing_and_a_new_one_does(alerts):
    alerts.tell(alert("opportunity/o1"), START)
    alerts.due(after(5))
    alerts.tell(alert("opportunity/o1", title="it grew"), after(70))
    assert alerts.due(after(110)) == []
    assert alerts.standing()[0].alert.title == "it grew"

    alerts.tell(alert("opportunity/o2"), after(110))
    assert told(alerts.due(after(115)))[0][2] == ["opportunity/o2"]


def test_what_nobody_answers_is_passed_on(alerts):
    alerts.tell(alert(), START)
    alerts.due(after(5))

    assert alerts.next_at() == after(5 + 120 + 5)
    assert told(alerts.due(after(130))) == [("lead", "opportunity", [], ["opportunity/o1"], [])]
    assert alerts.next_at() is None


def test_what_somebody_has_is_not_passed_on(alerts):
    alerts.tell(alert(), START)
    alerts.due(after(5))
    alerts.tell(Acknowledgement(fingerprint="opportunity/o1", who="mia"), after(100))

    assert alerts.next_at() is None
    assert alerts.due(after(1_000)) == []


def test_what_somebody_has_before_it_is_told_is_told_nobody(alerts):
    alerts.tell(alert(), START)
    alerts.tell(Acknowledgement(fingerprint="opportunity/o1", who="mia"), after(1))

    assert alerts.due(after(5)) == []


def test_a_longer_way_is_gone_route_by_route():
    routes = (*config().routes[:1], Route(name="leads", targets=("lead",), escalate_to="heads"))
    routes += (Route(name="heads", targets=("head", "team")),)
    targets = (*config().targets, slack("head"))
    alerts = Alerts(config(routes=routes, targets=targets))
    alerts.tell(alert(), START)
    alerts.due(after(5))
    alerts.due(after(130))

    assert sorted(told(alerts.due(after(255)))) == [
        ("head", "opportunity", [], ["opportunity/o1"], []),
        ("team", "opportunity", [], ["opportunity/o1"], []),  # once more, as it is next
    ]


def test_the_end_of_an_alarm_is_told_once_to_those_who_knew(alerts):
    alerts.tell(CRISIS, START)
    alerts.due(after(5))
    alerts.tell(Acknowledgement(fingerprint="crisis", who="mia"), after(20))
    alerts.tell(Resolution(fingerprint="crisis", note="Over, says mia"), after(100))

    (message,) = alerts.due(after(105))
    assert told([message]) == [("team", "crisis", [], [], ["crisis"])]
    assert message.over[0].note == "Over, says mia"
    assert alerts.next_at() is None


def test_the_end_of_an_opportunity_is_told_nobody(alerts):
    alerts.tell(alert(), START)
    alerts.due(after(5))
    alerts.tell(Resolution(fingerprint="opportunity/o1"), after(100))

    assert alerts.next_at() is None


def test_an_alarm_that_is_over_before_it_is_told_is_told_nobody(alerts):
    alerts.tell(CRISIS, START)
    alerts.tell(Resolution(fingerprint="crisis"), after(4))

    assert alerts.next_at() is None


def test_an_alarm_that_comes_back_before_its_end_is_told_goes_on(alerts):
    alerts.tell(CRISIS, START)
    alerts.due(after(5))
    alerts.tell(Resolution(fingerprint="crisis"), after(20))
    alerts.tell(CRISIS, after(30))

    assert alerts.due(after(65)) == []
    assert told(alerts.due(after(130))) == [("lead", "crisis", [], ["crisis"], [])]


def test_a_silence_by_kind_holds_back_its_kind_alone(alerts):
    alerts.tell(silence(kind="opportunity", until_s=600), START)
    alerts.tell(alert("opportunity/o1"), START)
    alerts.tell(alert("approval/o1"), START)

    assert [one.kind for one in alerts.due(after(5))] == ["approval"]


def test_a_silence_of_a_card_holds_back_that_card_alone(alerts):
    alerts.tell(silence(card="o1", until_s=600), START)
    alerts.tell(alert("opportunity/o1"), START)
    alerts.tell(alert("opportunity/o2"), START)

    assert told(alerts.due(after(5)))[0][2] == ["opportunity/o2"]


def test_a_silence_of_a_kind_on_a_card_holds_back_nothing_else(alerts):
    alerts.tell(silence(card="o1", kind="approval", until_s=600), START)
    for fingerprint in ("approval/o1", "approval/o2", "opportunity/o1"):
        alerts.tell(alert(fingerprint), START)

    said = [fingerprint for one in told(alerts.due(after(5))) for fingerprint in one[2]]
    assert said == ["approval/o2", "opportunity/o1"]


def test_after_a_silence_what_still_stands_is_told(alerts):
    alerts.tell(silence(kind="opportunity", until_s=600), START)
    alerts.tell(alert(), START)

    assert alerts.next_at() == after(605)
    assert told(alerts.due(after(605)))[0][2] == ["opportunity/o1"]


def test_a_silence_can_be_ended(alerts):
    alerts.tell(silence(kind="opportunity", until_s=600), START)
    alerts.tell(alert(), START)
    alerts.tell(silence(kind="opportunity", until_s=60), after(60))

    assert alerts.silences(after(60)) == []
    assert alerts.next_at() == after(65)


def test_a_silenced_alert_is_not_passed_on(alerts):
    alerts.tell(alert(), START)
    alerts.due(after(5))
    alerts.tell(silence(card="o1", at_s=60, until_s=600), after(60))

    assert alerts.due(after(130)) == []
    assert alerts.next_at() == after(605)


def test_a_silence_of_nothing_is_refused(alerts):
    with pytest.raises(IllegalMove, match="name a kind"):
        alerts.tell(silence(until_s=60), START)


def test_silences_are_bounded(alerts, monkeypatch):
    monkeypatch.setattr(alerts_module, "MOST_SILENCES", 2)
    alerts.tell(silence("s1", kind="crisis", until_s=60), START)
    alerts.tell(silence("s2", kind="rota", until_s=60), START)
    with pytest.raises(IllegalMove, match="end one first"):
        alerts.tell(silence("s3", kind="source", until_s=60), START)

    alerts.tell(silence("s3", kind="source", at_s=60, until_s=90), after(60))
    assert [one.id for one in alerts.silences(after(60))] == ["s3"]


def at_night(seconds: float) -> datetime:
    return after(12 * 3600 + seconds)  # 02:00 in Tallinn; quiet until 05:00 UTC


def test_in_quiet_hours_only_what_is_critical_is_told():
    routes = tuple(replace(route, quiet=NIGHT) for route in config().routes)
    alerts = Alerts(config(routes=routes))
    alerts.tell(alert(), at_night(0))
    alerts.tell(CRISIS, at_night(0))

    assert [one.kind for one in alerts.due(at_night(5))] == ["crisis"]
    assert [one.kind for one in alerts.due(at_night(130))] == ["crisis"]
    assert alerts.next_at() == at_night(5 * 3600 + 5)
    assert [one.kind for one in alerts.due(at_night(5 * 3600 + 5))] == ["opportunity"]


def test_outside_of_quiet_hours_all_is_told():
    routes = tuple(replace(route, quiet=NIGHT) for route in config().routes)
    alerts = Alerts(config(routes=routes))
    alerts.tell(alert(), START)

    assert alerts.next_at() == after(5)


def test_a_target_that_two_routes_name_is_told_once():
    routes = (*config().routes, Route(name="all", kinds=("opportunity",), targets=("team", "lead")))
    alerts = Alerts(config(routes=routes))
    alerts.tell(alert(), START)

    assert [one.target for one in alerts.due(after(5))] == ["team", "lead"]
    assert alerts.due(after(100)) == []


def test_what_no_route_names_is_told_nobody(alerts):
    alerts.tell(alert("rota"), START)

    assert alerts.next_at() is None
    assert len(alerts.standing()) == 1


def test_what_was_told_is_not_told_again_after_a_restart(alerts):
    alerts.tell(alert("opportunity/o1"), START)
    alerts.tell(CRISIS, START)
    alerts.due(after(5))
    alerts.tell(silence(card="o2", until_s=600), after(6))
    again = Alerts(config())
    again.restore(alerts.snapshot())

    again.tell(alert("opportunity/o1"), after(70))
    again.tell(alert("opportunity/o2"), after(70))
    assert again.due(after(100)) == []
    assert told(again.due(after(130))) == [
        ("lead", "opportunity", [], ["opportunity/o1"], []),
        ("lead", "crisis", [], ["crisis"], []),
    ]


def test_a_twin_that_remembers_nothing_tells_it_again(alerts):
    alerts.tell(alert("opportunity/o1"), START)
    alerts.due(after(5))
    again = Alerts(config())

    again.tell(alert("opportunity/o1"), after(70))
    assert len(again.due(after(100))) == 1


def test_after_a_restart_with_other_routes_an_alarm_still_ends(alerts):
    alerts.tell(CRISIS, START)
    alerts.due(after(5))
    again = Alerts(config(routes=(Route(name="other", kinds=("crisis",), targets=("team",)),)))
    again.restore(alerts.snapshot())

    again.tell(Resolution(fingerprint="crisis"), after(70))
    assert again.due(after(100)) == []
    assert again.snapshot().count(b"fingerprint") == 0


def test_a_flood_drops_what_somebody_has_first_and_is_counted(alerts, monkeypatch):
    monkeypatch.setattr(alerts_module, "MOST_STANDING", 2)
    alerts.tell(alert("opportunity/o1"), START)
    alerts.tell(alert("opportunity/o2"), after(1))
    alerts.tell(Acknowledgement(fingerprint="opportunity/o2", who="mia"), after(2))
    alerts.tell(alert("opportunity/o3"), after(3))
    alerts.tell(alert("opportunity/o4"), after(4))

    assert [one.alert.card for one in alerts.standing()] == ["o4", "o3"]
    assert alerts.dropped == 2


def test_a_message_keeps_its_id_and_another_has_another(alerts):
    alerts.tell(alert(), START)
    alerts.tell(alert("approval/o1"), START)

    first, second = alerts.due(after(5))
    assert first.id != second.id
    assert first.id.startswith("msg_")
