"""Cards of moments that people opened, and kits on cards."""

from datetime import timedelta

import msgspec
import pytest

from rtm.board.fold import Board, folded
from rtm.board.public import public_card
from rtm.decisions import Closed, Dismissed, Opened, Record
from rtm.text.screening import Screening
from rtm.types import (
    Example,
    Opportunity,
    OpportunityFound,
    OpportunityLocked,
    StoryClosed,
    StoryGrew,
    StoryOpened,
)
from tests.board.test_fold import AT, FOUND, opportunity, story
from tests.desk.test_kits import HALF_TIME, OVERTIME, game

STORY = "h00c0ffee00c0ffee"
CARD = "o" + STORY
OPENED = Opened(at=AT, opportunity=CARD, who="mia", title="Lights out", terms=("lights out",))
COMPLAINT = msgspec.structs.replace(OPENED, kind="complaint", reply_to="at://bad")
TOLD = msgspec.structs.replace(story(5, "Lights out"), id=STORY, surprise=0.0)
OFFER = msgspec.structs.replace(opportunity(), id=CARD, story=TOLD)
SAID = Example(id="at://bad", at=AT, text="stale crumbs", author="ann")


def test_a_moment_is_a_card_before_the_engine_says_anything():
    card = folded([OPENED]).card(CARD)

    assert (card.title, card.terms, card.state) == ("Lights out", ("lights out",), "found")
    assert (card.opened_by, card.kind, card.posts, card.quotes) == ("mia", "moment", 0, ())
    assert card.closes_high_ms - card.found_ms == 15 * 60_000


def test_what_the_engine_says_fills_the_card_and_its_work_goes_on():
    board = folded([OPENED])
    before = board.card(CARD)

    board.tell(StoryOpened(at=AT, story=TOLD))
    changed = board.tell(OpportunityFound(at=AT, opportunity=OFFER))

    card = board.card(CARD)
    assert changed == CARD
    assert (card.posts, card.reasons, card.opened_by) == (5, OFFER.reasons, "mia")
    assert (card.rev > before.rev, card.work_rev) == (True, before.work_rev)
    assert len(card.steps) == 1


def test_it_grows_is_locked_and_ends_as_any_other():
    board = folded([OPENED, OpportunityFound(at=AT, opportunity=OFFER)])

    board.tell(StoryGrew(at=AT, story=msgspec.structs.replace(TOLD, posts=10)))
    board.tell(OpportunityLocked(at=AT, opportunity=OFFER, reason="grave: locked."))
    board.tell(StoryClosed(at=AT, story=TOLD))

    card = board.card(CARD)
    assert (card.lock, card.is_over, card.opened_by) == ("grave: locked.", True, "mia")


def test_a_found_card_was_opened_by_nobody():
    assert folded(FOUND).card("o1").opened_by is None


def test_it_expires_as_any_other_when_nobody_takes_it_on():
    board = folded([OPENED])

    assert board.due(AT + timedelta(minutes=14)) == []
    assert [one.opportunity for one in board.due(AT + timedelta(minutes=15))] == [CARD]


def test_an_answer_begins_with_the_post_that_is_answered():
    unread = folded([COMPLAINT]).card(CARD)
    read = folded([msgspec.structs.replace(COMPLAINT, answers=SAID)]).card(CARD)
    told = msgspec.structs.replace(
        OFFER, story=msgspec.structs.replace(TOLD, examples=(*TOLD.examples, SAID))
    )
    later = folded([COMPLAINT, OpportunityFound(at=AT, opportunity=told)]).card(CARD)

    assert [(one.id, one.text) for one in unread.quotes] == [("at://bad", "")]
    assert [(one.id, one.text) for one in read.quotes] == [("at://bad", "stale crumbs")]
    assert [one.id for one in later.quotes] == ["at://bad", "p1"]
    assert (later.kind, later.reply_to) == ("complaint", "at://bad")


def test_what_the_engine_never_heard_of_is_known():
    board = folded([OPENED])
    assert board.untold() == [OPENED]
    assert board.followed() == [OPENED]

    board.tell(StoryOpened(at=AT, story=TOLD))
    assert board.untold() == []
    assert board.followed() == [OPENED]

    board.tell(StoryClosed(at=AT, story=TOLD))
    assert board.followed() == []


def test_what_was_closed_by_hand_is_over_at_once():
    board = folded([OPENED, StoryOpened(at=AT, story=TOLD)])

    assert board.tell(Closed(at=AT, opportunity=CARD, who="noor")) == CARD
    assert board.tell(Closed(at=AT, opportunity=CARD, who="noor")) is None

    assert board.card(CARD).is_over
    assert (board.followed(), board.untold(), board.stories) == ([], [], 0)


@pytest.mark.parametrize(
    ("record", "like"),
    [
        (FOUND[1], ("o1",)),
        (Dismissed(at=AT, opportunity="o1", who="mia", reason="no"), ()),
        (StoryClosed(at=AT, story=story()), ()),
    ],
)
def test_found_cards_that_share_its_terms_are_named_while_they_are_under_way(record: Record, like):
    board = folded([*FOUND, OPENED, record])

    assert board.like(CARD) == like


def test_kits_are_offered_on_cards_and_expire_at_the_next_change():
    board = folded([OpportunityFound(at=AT, opportunity=half_time())], [game(OVERTIME, HALF_TIME)])
    (kit,) = board.card("o1").kits

    assert (kit.name, kit.slots, kit.image) == ("Half-time", ("score", "team name"), "milk.png")
    assert kit.until_ms == round(HALF_TIME.until.timestamp() * 1000)  # type: ignore[union-attr]
    board.tell(StoryGrew(at=HALF_TIME.until, story=half_time().story))  # type: ignore[arg-type]
    assert board.card("o1").kits == ()


def test_a_moment_opened_by_hand_is_offered_kits_at_once():
    said = msgspec.structs.replace(OPENED, title="They go to overtime")
    board = Board([game(OVERTIME)])

    board.tell(said)

    assert [kit.name for kit in board.card(CARD).kits] == ["Overtime"]


def test_a_wall_is_shown_no_kit_and_nothing_rude_of_whoever_opened_it():
    card = folded([OpportunityFound(at=AT, opportunity=half_time())], [game(HALF_TIME)]).card("o1")
    rude = folded([msgspec.structs.replace(OPENED, who="shithead")]).card(CARD)

    assert card.kits
    assert public_card(card, Screening()).kits == ()
    assert public_card(folded([COMPLAINT]).card(CARD), Screening()).quotes == ()
    assert "shit" not in (public_card(rude, Screening()).opened_by or "")


def half_time() -> Opportunity:
    at = AT - timedelta(hours=1)
    told = msgspec.structs.replace(story(4, "Halftime!"), opened_at=at)
    return msgspec.structs.replace(opportunity(), story=told)
