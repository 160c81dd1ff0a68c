"""From the record to alerts: who is called for what, and what calls nobody."""

from datetime import timedelta
from typing import Any

import pytest

from rtm.alerts.alert import Acknowledgement, Alert, Resolution
from rtm.alerts.watch import Lookout
from rtm.decisions import (
    Approved,
    Asked,
    Claimed,
    Closed,
    Dismissed,
    Expired,
    Fired,
    Leaked,
    Opened,
    Record,
    Refused,
    Released,
    Returned,
    Sent,
    Submitted,
    Unknown,
    Unlocked,
)
from rtm.orders import CrisisDeclared, CrisisOver, DutyBegan, Resumed, Stopped
from rtm.text.manners import NOT_FIT
from rtm.text.screening import Screening
from rtm.types import StoryGrew
from tests.alerts.night import found, locked, story, tried
from tests.alerts.said import after

O1: dict[str, Any] = {"opportunity": "o1"}
POST: dict[str, Any] = {**O1, "channel": "bluesky", "account": "oreo", "key": "k1"}


def told(*records: Record) -> list[Any]:
    lookout = Lookout(Screening())
    return [said for record in records for said in lookout.record(record, record.at)]


def standing(*records: Record) -> dict[str, Alert]:
    """Return what stands after these records and nobody has."""
    alerts: dict[str, Alert] = {}
    for said in told(*records):
        match said:
            case Alert():
                alerts[said.fingerprint] = said
            case Resolution() | Acknowledgement():
                alerts.pop(said.fingerprint, None)
    return alerts


def test_a_new_opportunity_calls_with_what_it_is_worth_and_how_long():
    (alert,) = told(found(after(0)))

    assert alert.fingerprint == "opportunity/o1"
    assert (alert.kind, alert.card, alert.title) == ("opportunity", "o1", "the lights went out")
    assert alert.text == (
        "Score 71 of 100. People speak of dunking in the dark. Open until about 12:15 UTC."
    )
    assert not alert.is_critical


def test_what_a_watch_that_catches_up_finds_too_late_calls_nobody():
    assert Lookout(Screening()).record(found(after(0)), after(901)) == []
    assert len(Lookout(Screening()).record(found(after(0)), after(899))) == 1


def test_a_trial_calls_nobody_until_it_is_found():
    assert told(tried(after(0))) == []
    assert standing(tried(after(0)), found(after(9))).keys() == {"opportunity/o1"}


def test_a_trial_that_somebody_has_calls_nobody_when_it_is_found():
    claimed = Claimed(at=after(5), who="mia", **O1)

    assert standing(tried(after(0)), claimed, found(after(9))) == {}


@pytest.mark.parametrize(
    ("title", "shown"),
    [("what a f*ck up", NOT_FIT), ("the lights went out", "the lights went out")],
)
def test_a_rude_headline_is_not_passed_on_and_others_are(title, shown):
    (alert,) = told(found(after(0), title=title))

    assert alert.title == shown


def test_what_people_write_is_passed_on_only_where_it_is_fit():
    stopped = Stopped(at=after(0), who="mia", reason="what a f*ck up")

    assert told(stopped)[0].text == f"mia: {NOT_FIT}. Nothing leaves."


@pytest.mark.parametrize(
    "ends",
    [
        Claimed(at=after(5), who="mia", **O1),
        Dismissed(at=after(5), who="mia", reason="not us", **O1),
        Expired(at=after(5), **O1),
        locked(after(5)),
    ],
)
def test_what_somebody_took_or_what_is_gone_calls_nobody_more(ends):
    assert "opportunity/o1" not in standing(found(after(0)), ends)


def test_who_claims_it_is_named():
    said = told(found(after(0)), Claimed(at=after(5), who="mia", **O1))

    assert said[-1] == Acknowledgement(fingerprint="opportunity/o1", who="mia")


def test_what_is_given_back_calls_again():
    said = told(
        found(after(0)),
        Claimed(at=after(5), who="mia", **O1),
        Released(at=after(9), who="mia", **O1),
    )

    assert [type(one) for one in said] == [Alert, Acknowledgement, Resolution, Alert]
    assert said[-1].text.startswith("Given back by mia.")


HANDED_IN = (
    found(after(0)),
    Claimed(at=after(5), who="mia", **O1),
    Submitted(at=after(60), who="mia", **O1),
)


def test_a_draft_that_is_handed_in_waits_for_whoever_approves():
    (alert,) = standing(*HANDED_IN).values()

    assert (alert.kind, alert.asked) == ("approval", None)
    assert alert.text == "mia handed it in. It waits since 12:01 UTC."


def test_who_is_asked_is_named_and_calls_for_nobody_else():
    (alert,) = standing(*HANDED_IN, Asked(at=after(61), approver="noor", **O1)).values()

    assert (alert.fingerprint, alert.asked) == ("approval/o1/noor", "noor")
    assert alert.text == "noor is asked. It waits since 12:01 UTC."


def test_who_is_passed_over_is_said_to_who_is_asked_next():
    (alert,) = standing(
        *HANDED_IN,
        Asked(at=after(61), approver="noor", **O1),
        Asked(at=after(121), approver="abe", passed_over="noor", **O1),
    ).values()

    assert alert.asked == "abe"
    assert alert.text.startswith("abe is asked, as noor is silent.")


@pytest.mark.parametrize(
    "answer",
    [
        Approved(at=after(70), who="noor", **O1),
        Returned(at=after(70), who="noor", note="shorter", **O1),
        Dismissed(at=after(70), who="noor", reason="too late", **O1),
        Fired(at=after(70), who="noor", text="dunk", **POST),
    ],
)
def test_an_answer_ends_the_waiting(answer):
    asked = Asked(at=after(61), approver="noor", **O1)

    assert standing(*HANDED_IN, asked) != {}
    assert standing(*HANDED_IN, asked, answer) == {}


def test_the_first_of_two_approvals_calls_for_the_second():
    asked = Asked(at=after(61), approver="noor", **O1)
    (alert,) = standing(
        *HANDED_IN, asked, Approved(at=after(70), who="noor", is_last=False, **O1)
    ).values()

    assert alert.asked is None
    assert alert.text.startswith("noor agrees; one more has to.")


def test_a_lock_is_critical_only_where_somebody_was_about_to_answer():
    (idle,) = standing(found(after(0)), locked(after(9))).values()
    busy = standing(*HANDED_IN, locked(after(70)))

    assert idle.fingerprint == "locked/o1"
    assert not idle.is_critical
    assert busy["locked/o1"].is_critical
    assert busy.keys() == {"locked/o1"}  # nobody is asked to approve it
    assert idle.text == "People may be hurt. A moderator may unlock it, or let it go."


def test_what_is_unlocked_is_open_again_while_there_is_time():
    unlocked = Unlocked(at=after(60), who="noor", reason="nobody was hurt", **O1)
    late = Unlocked(at=after(1_000), who="noor", reason="nobody was hurt", **O1)
    grave = (found(after(0)), locked(after(9)))

    assert standing(*grave, unlocked).keys() == {"opportunity/o1"}
    assert standing(*grave, late) == {}


def test_what_is_given_back_while_it_is_locked_calls_nobody_to_claim_it():
    given_back = Released(at=after(90), who="mia", **O1)

    assert standing(*HANDED_IN, locked(after(70)), given_back).keys() == {"locked/o1"}


@pytest.mark.parametrize(
    ("begins", "ends", "note"),
    [
        (
            Stopped(at=after(0), who="mia", reason="a drill."),
            Resumed(at=after(9), who="noor"),
            "Resumed by noor",
        ),
        (
            CrisisDeclared(at=after(0), who="mia", what="a recall"),
            CrisisOver(at=after(9), who="noor"),
            "Over, says noor",
        ),
        (
            Unknown(at=after(0), reason="timed out", **POST),
            Sent(at=after(9), uri="at://1", url=None, **POST),
            "It is out",
        ),
        (
            Unknown(at=after(0), reason="timed out", **POST),
            Refused(at=after(9), reason="too long", **POST),
            "It is not out",
        ),
    ],
)
def test_an_alarm_is_critical_and_ends_with_a_word_on_how(begins, ends, note):
    alert, resolution = told(begins, ends)

    assert alert.is_critical
    assert resolution == Resolution(fingerprint=alert.fingerprint, note=note)


def test_the_end_of_another_sending_is_not_its_end():
    other = Sent(at=after(9), uri="at://1", url=None, **{**POST, "key": "k2"})

    assert len(standing(Unknown(at=after(0), reason="timed out", **POST), other)) == 1


def test_a_secret_that_is_given_away_is_told_once_and_without_its_words():
    def leaked(s: float, label: str) -> Leaked:
        return Leaked(at=after(s), post=f"p{s}", label=label, text="the codename is Bluebird")

    alerts = standing(leaked(0, "codename"), leaked(9, "codename"), leaked(9, "price"))
    assert alerts.keys() == {"leak/codename", "leak/price"}
    assert all("Bluebird" not in f"{one.title} {one.text}" for one in alerts.values())

    day = timedelta(days=1)
    assert Lookout(Screening()).begin([leaked(0, "price")], [], after(9) + day) == []
    assert len(Lookout(Screening()).begin([leaked(0, "price")], [], after(9))) == 1


def test_what_a_person_opened_calls_nobody_until_it_waits_for_somebody():
    opened = Opened(at=after(0), who="mia", title="a lost parcel", terms=("parcel",), **O1)
    handed_in = Submitted(at=after(60), who="mia", **O1)
    given_back = Released(at=after(60), who="mia", **O1)

    assert told(opened) == []
    assert standing(opened, handed_in).popitem()[1].title == "a lost parcel"
    assert standing(opened, given_back)["opportunity/o1"].text == "Given back by mia."
    assert standing(opened, handed_in, Closed(at=after(90), who="mia", **O1)) == {}


def test_what_is_nobodys_business_calls_nobody():
    assert told(StoryGrew(at=after(0), story=story()), DutyBegan(at=after(0), who="mia")) == []
    assert told(Claimed(at=after(0), who="mia", opportunity="of another folder")) == []


def test_after_a_restart_what_still_stands_is_told_with_who_has_it():
    records: list[Record] = [
        found(after(0), "o1"),
        found(after(1), "o2"),
        Claimed(at=after(2), who="mia", opportunity="o2"),
        found(after(3), "o3"),
        Expired(at=after(4), opportunity="o3"),
    ]
    over = Alert(fingerprint="stopped", kind="stopped", title="", text="", since=after(0))
    lost = Alert(fingerprint="source/x", kind="source", title="x", text="", since=after(0))

    said = Lookout(Screening()).begin(records, [over, lost], after(60))
    assert [one.fingerprint for one in said] == [
        *("stopped", "opportunity/o1", "opportunity/o2", "opportunity/o2")
    ]
    assert isinstance(said[0], Resolution)
    assert said[-1] == Acknowledgement(fingerprint="opportunity/o2", who="mia")


def test_after_a_restart_what_has_closed_or_is_old_calls_nobody():
    lookout = Lookout(Screening())
    closed = lookout.begin([found(after(0))], [], after(901))
    day = timedelta(days=1)
    old = Lookout(Screening()).begin(HANDED_IN, [], after(61) + day)
    crisis = CrisisDeclared(at=after(0), who="mia", what="a recall")

    assert (closed, old) == ([], [])
    assert len(Lookout(Screening()).begin([found(after(0))], [], after(899))) == 1
    assert len(Lookout(Screening()).begin(HANDED_IN, [], after(59) + day)) == 1
    assert len(Lookout(Screening()).begin([crisis], [], after(0) + 9 * day)) == 1
