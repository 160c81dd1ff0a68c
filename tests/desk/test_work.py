"""Which step may follow which, by whom; and that any record whatever folds to something sound."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rtm.decisions import (
    Expired,
    Fired,
    Heard,
    Refused,
    Unknown,
    Unlocked,
)
from rtm.desk.deciding import FROM, NotAllowed
from rtm.desk.roles import STEPS, Person, Step
from rtm.desk.work import LEFT, after, locked
from rtm.errors import IllegalMove
from tests.desk.walking import (
    ADA,
    AT,
    BOTH,
    HOUSE,
    MIA,
    MODO,
    NOOR,
    STANDS,
    decisions_of,
    sent,
    taken,
    walked,
    why,
)


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
