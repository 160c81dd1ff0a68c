"""Which step may follow which, by whom; and that any record whatever folds to something sound."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rtm.decisions import (
    Asked,
    Decision,
    Expired,
    Fired,
    Heard,
    Outcome,
    Refused,
    Sent,
    Unknown,
    Unlocked,
    record_of,
)
from rtm.desk.deciding import FROM, Channel, Conditions, NotAllowed, Wish, decided, held
from rtm.desk.roles import STEPS, Person, Step
from rtm.desk.work import LEFT, Work, after, found, locked
from rtm.draft import Draft
from rtm.errors import IllegalMove

AT = datetime(2013, 2, 4, 1, 46, 30, tzinfo=UTC)
MIA = Person(name="mia", roles=frozenset({"writer"}))
NOOR = Person(name="noor", roles=frozenset({"approver"}))
ADA = Person(name="ada", roles=frozenset({"admin"}))
MODO = Person(name="modo", roles=frozenset({"moderator"}))
BOTH = Person(name="bo", roles=frozenset({"writer", "approver"}))
DRY = Channel("dry", "oreo", "3kabc")
WAY: list[tuple[Step, Person, str]] = [
    ("claim", MIA, ""),
    ("draft", MIA, "You can still dunk in the dark"),
    ("submit", MIA, ""),
    ("approve", NOOR, ""),
    ("fire", NOOR, ""),
]


HOUSE = Conditions(moderators=("modo",), channels=(DRY,))


def decisions_of(
    work: Work, step: Step, person: Person, text: str = "", house: Conditions = HOUSE, **wish: Any
) -> tuple[Decision | Outcome, ...]:
    return decided(work, Wish(step, text, **wish), person, AT, house)


def taken(
    work: Work, step: Step, person: Person, text: str = "", house: Conditions = HOUSE, **wish: Any
) -> Work:
    for decision in decisions_of(work, step, person, text, house, **wish):
        work = after(work, decision)
    return work


def why(work: Work, house: Conditions = HOUSE) -> str | None:
    told = held(work, house)
    return None if told is None else told.words


def walked(steps: int) -> Work:
    work = found("o1", AT)
    for step, person, text in WAY[:steps]:
        work = taken(work, step, person, text)
    return work


def sent(key: str = "3kabc") -> Sent:
    return Sent(
        at=AT, opportunity="o1", channel="dry", account="oreo", key=key, uri="at://x/y/" + key,
        url=None,
    )  # fmt: skip


def unknown_now() -> Unknown:
    return Unknown(
        at=AT, opportunity="o1", channel="dry", account="oreo", key="3kabc", reason="time-out"
    )


STANDS = [
    *(walked(steps) for steps in range(6)),
    taken(walked(4), "fire", NOOR, send_at=AT + timedelta(hours=1), zone="Europe/Tallinn"),
    after(walked(5), unknown_now()),
    after(walked(5), sent()),
]


def test_the_way_of_a_post_from_found_to_fired():
    states = [walked(steps).state for steps in range(6)]

    assert states == ["found", "claimed", "drafted", "submitted", "approved", "firing"]
    work = after(walked(5), sent())
    assert work.state == "fired"
    assert [step.state for step in work.steps] == [*states, "fired"]
    (sending,) = work.sendings
    assert (sending.state, sending.message.text) == ("sent", "You can still dunk in the dark")


def test_what_is_fired_is_the_text_that_was_approved():
    work = walked(4)

    (decision,) = decisions_of(work, "fire", NOOR, "something else")

    assert isinstance(decision, Fired)
    assert decision.text == work.draft.text


def test_an_edit_after_approval_voids_it():
    work = taken(walked(4), "draft", MIA, "Another text")

    assert work.state == "drafted"
    assert work.approvals == ()
    with pytest.raises(IllegalMove, match="not possible while it is drafted"):
        taken(work, "fire", NOOR)


@pytest.mark.parametrize(("steps", "step"), [(3, "approve"), (4, "fire"), (3, "return")])
def test_a_writer_alone_cannot_let_a_post_out(steps, step):
    with pytest.raises(NotAllowed, match="has not the role"):
        taken(walked(steps), step, MIA, "why")

    assert taken(walked(steps), step, NOOR, "why").rev > walked(steps).rev


@pytest.mark.parametrize("step", STEPS)
def test_who_looks_after_people_takes_no_step_of_the_desk(step):
    work = next(one for one in STANDS if one.state in FROM[step])

    with pytest.raises(NotAllowed):
        taken(work, step, ADA, "text")


def test_only_its_owner_writes():
    other = Person(name="lee", roles=frozenset({"writer"}))

    with pytest.raises(NotAllowed, match="mia has it"):
        taken(walked(1), "draft", other, "mine")

    assert taken(walked(1), "draft", MIA, "mine").draft.text == "mine"


def test_what_was_given_back_can_be_claimed_by_another_and_keeps_its_text():
    other = Person(name="lee", roles=frozenset({"writer"}))

    work = taken(taken(walked(2), "release", MIA), "claim", other)

    assert (work.owner, work.state) == ("lee", "drafted")
    assert work.draft.text == "You can still dunk in the dark"


def test_a_grave_story_lets_nothing_out_any_more():
    work = locked(walked(4), "4 of 9 posts speak of death")

    with pytest.raises(IllegalMove, match="locked, 4 of 9 posts speak of death"):
        taken(work, "fire", NOOR)

    assert taken(work, "dismiss", NOOR, "grave").state == "dismissed"


@pytest.mark.parametrize("steps", range(5))
def test_from_any_state_before_firing_a_lock_lets_no_step_lead_on(steps):
    work = locked(walked(steps), "4 of 9 posts speak of death: locked.")

    for step in ("claim", "draft", "submit", "return", "approve", "fire"):
        for person in (MIA, NOOR, MODO, BOTH):
            with pytest.raises(IllegalMove):
                decisions_of(work, step, person, "a text")
    assert why(work) == "locked, 4 of 9 posts speak of death: locked."


@pytest.mark.parametrize("person", [MIA, NOOR, ADA, BOTH])
def test_only_a_moderator_releases_a_lock(person):
    work = locked(walked(2), "grave")

    with pytest.raises(NotAllowed, match=r"unlock: .* has not the role"):
        taken(work, "unlock", person, "it is a film")

    assert taken(work, "unlock", MODO, "it is a film").lock is None


@pytest.mark.parametrize("text", ["", "  \n"])
def test_a_lock_is_released_with_a_reason_alone(text):
    work = locked(walked(2), "grave")

    with pytest.raises(IllegalMove, match="unlock: say why"):
        taken(work, "unlock", MODO, text)

    released = taken(work, "unlock", MODO, " it is  a film ")
    assert released.unlocked == Unlocked(at=AT, opportunity="o1", who="modo", reason="it is a film")


def test_what_is_not_locked_has_no_lock_to_release():
    with pytest.raises(IllegalMove, match="unlock: it is not locked"):
        taken(walked(2), "unlock", MODO, "it is a film")


def test_a_moderator_writes_approves_and_fires_nothing():
    ways: list[tuple[int, Step]] = [(1, "draft"), (3, "approve"), (4, "fire")]

    for steps, step in ways:
        with pytest.raises(NotAllowed):
            taken(walked(steps), step, MODO, "text")


def test_after_the_release_work_goes_on_where_it_was():
    work = taken(locked(walked(2), "grave"), "unlock", MODO, "it is a film")

    assert (work.state, work.owner, work.draft) == ("drafted", "mia", walked(2).draft)
    assert taken(work, "submit", MIA).state == "submitted"


def test_what_was_approved_before_the_lock_is_approved_anew_after_it():
    work = taken(locked(walked(4), "grave"), "unlock", MODO, "it is a film")

    assert (work.state, work.approvals) == ("submitted", ())
    with pytest.raises(IllegalMove, match="not possible while it is submitted"):
        taken(work, "fire", NOOR)
    assert taken(taken(work, "approve", NOOR), "fire", NOOR).state == "firing"


def test_a_story_that_gets_worse_locks_again_and_tells_who_had_released_it():
    released = taken(locked(walked(4), "3 of 10"), "unlock", MODO, "it is a film")

    work = locked(released, "5 of 10")

    assert why(work) == "locked, 5 of 10"
    assert work.unlocked == released.unlocked
    assert taken(work, "unlock", MODO, "still a film").lock is None


def test_what_had_left_before_the_lock_is_said_to_have_left():
    late = after(locked(walked(5), "grave"), sent())
    later = locked(after(walked(5), sent()), "grave")

    assert (late.state, late.note) == (later.state, later.note) == ("fired", LEFT)
    assert after(walked(5), sent()).note is None


def test_what_a_lock_kept_in_the_outbox_is_approved_and_locked():
    refused = Refused(
        at=AT, opportunity="o1", channel="dry", account="oreo", key="3kabc", reason="Locked"
    )
    work = after(locked(walked(5), "grave"), refused)

    assert (work.state, why(work)) == ("approved", "locked, grave")
    assert [one.state for one in work.sendings] == ["refused"]


@pytest.mark.parametrize("step", ["return", "dismiss"])
def test_a_refusal_says_why(step):
    with pytest.raises(IllegalMove, match="say why"):
        taken(walked(3), step, NOOR, "  ")


def test_an_empty_draft_is_not_submitted():
    work = taken(walked(1), "draft", MIA, " \n ")

    with pytest.raises(IllegalMove, match="the draft is empty"):
        taken(work, "submit", MIA)


def test_nothing_is_fired_where_no_channel_is():
    with pytest.raises(IllegalMove, match="no channel"):
        taken(walked(4), "fire", NOOR, house=replace(HOUSE, channels=()))


def test_unknown_is_settled_either_way():
    unknown = Unknown(
        at=AT, opportunity="o1", channel="dry", account="oreo", key="3kabc", reason="time-out"
    )
    work = after(walked(5), unknown)

    assert work.state == "unknown"
    assert after(work, sent()).state == "fired"
    refused = Refused(
        at=AT, opportunity="o1", channel="dry", account="oreo", key="3kabc", reason="too long"
    )
    assert after(work, refused).state == "approved"
    assert after(work, refused).note == "too long"


def test_a_receipt_for_another_key_changes_nothing():
    assert after(walked(5), sent("other")) == walked(5)


def test_time_ends_only_what_nobody_took_on():
    late = Expired(at=AT + timedelta(hours=1), opportunity="o1")

    assert after(walked(0), late).state == "expired"
    assert after(walked(2), late) == walked(2)
    assert taken(after(walked(0), late), "claim", MIA).state == "claimed"


def test_a_post_that_comes_back_is_heard_once():
    heard = Heard(at=AT, opportunity="o1", uri="at://x/y/3kabc")
    work = after(after(walked(5), sent()), heard)

    assert work.sendings[0].is_heard
    assert after(work, heard) == work
    assert after(walked(5), Heard(at=AT, opportunity="o1", uri="at://x/y/zzz")) == walked(5)
    fired = after(walked(5), sent())
    assert after(fired, Heard(at=AT, opportunity="o1", uri="at://else/y/3kabc")) == fired


LEE = Person(name="lee", roles=frozenset({"approver"}))
TWO = replace(HOUSE, needed=2)
PAIR = replace(HOUSE, channels=(DRY, Channel("mastodon", "oreo@example.social", "9")))


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
