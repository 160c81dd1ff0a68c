"""Work by several people on several channels, in a house with rules."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from rtm.decisions import (
    Asked,
    Fired,
    Refused,
    record_of,
)
from rtm.desk.deciding import NotAllowed
from rtm.desk.roles import Person
from rtm.desk.work import Work, after, found
from rtm.draft import Draft
from rtm.errors import IllegalMove
from tests.desk.walking import (
    AT,
    BOTH,
    HOUSE,
    LEE,
    MIA,
    NOOR,
    PAIR,
    TWO,
    decisions_of,
    sent,
    taken,
    unknown_now,
    walked,
)


def test_where_two_must_agree_the_first_does_not_approve():
    once = taken(walked(3), "approve", NOOR, house=TWO)

    assert (once.state, once.approvals) == ("submitted", ("noor",))
    with pytest.raises(IllegalMove, match="noor has agreed already"):
        taken(once, "approve", NOOR, house=TWO)
    both = taken(once, "approve", LEE, house=TWO)
    assert (both.state, both.approvals) == ("approved", ("noor", "lee"))
    assert taken(both, "fire", NOOR, house=TWO).state == "firing"


def test_what_one_agreed_to_does_not_leave_where_two_must():
    with pytest.raises(IllegalMove, match="not approved") as told:
        taken(walked(4), "fire", NOOR, house=TWO)

    assert told.value.rule == "approval"


def test_where_nobody_approves_their_own_words_another_must():
    work = walked(1)
    both = replace(work, owner="bo")
    own = taken(taken(both, "draft", BOTH, "mine"), "submit", BOTH)
    strict = replace(HOUSE, own_approval=False)

    with pytest.raises(IllegalMove, match="own words"):
        taken(own, "approve", BOTH, house=strict)

    assert taken(own, "approve", NOOR, house=strict).state == "approved"
    assert taken(own, "approve", BOTH).state == "approved"


@pytest.mark.parametrize(
    ("house", "rule"),
    [
        (replace(HOUSE, moderators=()), "moderator"),
        (replace(HOUSE, stopped="mia: stop"), "stop"),
        (replace(HOUSE, crisis="recall"), "crisis"),
        (replace(HOUSE, is_on_duty=False), "duty"),
        (replace(HOUSE, unread=3), "rules"),
    ],
)
def test_what_the_house_forbids_is_not_fired_and_the_rule_is_named(house, rule):
    with pytest.raises(IllegalMove) as told:
        taken(walked(4), "fire", NOOR, house=house)

    assert told.value.rule == rule
    assert taken(walked(4), "fire", NOOR).state == "firing"


def test_an_answer_leaves_while_a_crisis_is_open():
    draft = Draft(text="We are on it", reply_to="at://them/post/1")
    claimed = taken(found("o1", AT, is_answer=True), "claim", MIA)
    crisis = replace(HOUSE, crisis="recall")

    def approved(work: Work) -> Work:
        work = taken(taken(work, "draft", MIA, draft=draft), "submit", MIA)
        return taken(work, "approve", NOOR, house=crisis)

    assert taken(approved(claimed), "fire", NOOR, house=crisis).state == "firing"
    with pytest.raises(IllegalMove, match="a crisis is open"):  # a promotion made an answer
        taken(approved(walked(1)), "fire", NOOR, house=crisis)


def test_a_responder_writes_answers_and_nothing_else():
    sam = Person(name="sam", roles=frozenset({"responder"}))
    answer = found("o1", AT, is_answer=True)

    with pytest.raises(NotAllowed):
        taken(found("o1", AT), "claim", sam)

    assert taken(answer, "claim", sam).owner == "sam"


def test_in_an_open_house_an_engineer_answers_and_the_policy_still_applies():
    eve = Person(name="eve", roles=frozenset({"employee"}))
    answer = found("o1", AT, is_answer=True)
    is_open = replace(HOUSE, open_responders=True)

    with pytest.raises(NotAllowed):
        taken(answer, "claim", eve)

    work = taken(taken(answer, "claim", eve, house=is_open), "draft", eve, "Sorry!", is_open)
    with pytest.raises(IllegalMove, match="acknowledged"):
        taken(work, "submit", eve, house=replace(is_open, unread=1))
    work = taken(work, "submit", eve, house=is_open)
    with pytest.raises(NotAllowed):
        taken(work, "approve", eve, house=is_open)
    with pytest.raises(NotAllowed):
        taken(found("o1", AT), "claim", eve, house=is_open)


def test_a_draft_goes_to_each_channel_in_its_own_words():
    draft = Draft(text="Short", own={"mastodon": "The long version"})
    work = taken(taken(walked(1), "draft", MIA, draft=draft), "submit", MIA)
    work = taken(work, "approve", NOOR)

    fired = decisions_of(work, "fire", NOOR, house=PAIR)

    assert [(one.channel, one.text) for one in fired if isinstance(one, Fired)] == [
        ("dry", "Short"),
        ("mastodon", "The long version"),
    ]


def test_a_channel_that_refused_is_fired_to_again_and_the_other_is_not():
    work = taken(walked(4), "fire", NOOR, house=PAIR)
    work = after(work, sent())
    assert work.state == "firing"
    about: dict[str, Any] = {"at": AT, "opportunity": "o1", "account": "oreo@example.social"}
    work = after(work, Refused(**about, channel="mastodon", key="9", reason="too long"))

    assert (work.state, work.note) == ("fired", "too long")
    again = taken(work, "fire", NOOR, house=replace(HOUSE, channels=(PAIR.channels[1],)))
    assert [(one.channel, one.state) for one in again.sendings] == [
        ("dry", "sent"),
        ("mastodon", "firing"),
    ]


def test_what_is_scheduled_waits_and_can_be_taken_back():
    later = AT + timedelta(hours=1)
    work = taken(walked(4), "fire", NOOR, send_at=later, zone="Europe/Tallinn")

    assert (work.state, work.sendings[0].send_at) == ("scheduled", later)
    back = taken(work, "recall", MIA)
    assert (back.state, back.sendings[0].state) == ("approved", "recalled")
    assert after(work, sent()).state == "fired"
    with pytest.raises(IllegalMove, match="over"):
        taken(walked(4), "fire", NOOR, send_at=AT)
    for nowhere in ("Mars/Olympus", "../../etc/passwd", ""):
        with pytest.raises(IllegalMove, match="no time zone"):
            taken(walked(4), "fire", NOOR, send_at=later, zone=nowhere)


def test_a_person_settles_what_no_machine_can_read_back():
    work = after(walked(5), unknown_now())

    out = taken(work, "settle", NOOR, is_out=True, url="https://example.com/1")
    lost = taken(work, "settle", NOOR, is_out=False)

    assert (out.state, out.sendings[0].url) == ("fired", "https://example.com/1")
    assert lost.state == "approved"
    with pytest.raises(NotAllowed):
        taken(work, "settle", MIA, is_out=False)


def test_a_post_that_is_out_is_withdrawn_with_a_reason():
    work = after(walked(5), sent())

    with pytest.raises(IllegalMove, match="say why"):
        taken(work, "withdraw", NOOR)

    assert taken(work, "withdraw", NOOR, "a typo").sendings[0].state == "withdrawn"


def test_a_draft_as_older_records_have_it_is_its_text():
    about = '"at":"2013-02-04T01:46:30Z","opportunity":"o1","who":"mia"'
    line = f'{{"event":"drafted",{about},"text":"Old"}}'

    work = after(walked(1), record_of(line))  # type: ignore[arg-type]

    assert work.draft == Draft(text="Old")


def test_who_is_asked_stands_in_the_work_until_there_is_an_answer():
    asked = Asked(at=AT, opportunity="o1", approver="noor")
    work = after(walked(3), asked)

    assert (work.asked, work.asked_at, work.rev) == ("noor", AT, walked(3).rev)
    passed = after(work, Asked(at=AT, opportunity="o1", approver="lee", passed_over="noor"))
    assert (passed.asked, passed.passed_over) == ("lee", ("noor",))
    assert taken(passed, "approve", LEE).asked is None
