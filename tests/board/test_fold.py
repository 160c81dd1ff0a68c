"""What a screen shows, as a fold of what the engine, people, time and networks said."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from rtm.board.fold import KEPT, folded
from rtm.board.view import Card, Delta, encoded
from rtm.decisions import Claimed, Dismissed, Expired, Fired, Heard, Record, Sent
from rtm.types import (
    Example,
    Interval,
    Opportunity,
    OpportunityFound,
    OpportunityLocked,
    OpportunityTried,
    Story,
    StoryClosed,
    StoryGrew,
    StoryMerged,
    StoryOpened,
    StorySplit,
)

AT = datetime(2013, 2, 4, 1, 46, 30, tzinfo=UTC)


def story(posts: int = 4, title: str = "The lights went out") -> Story:
    return Story(
        id="s1", title=title, terms=("lights",), posts=posts, authors=None, sources=4.0,
        surprise=5.5, opened_at=AT - timedelta(minutes=3),
        examples=(Example(id="p1", at=AT, text="dark!", author=None),),
    )  # fmt: skip


def opportunity(posts: int = 4) -> Opportunity:
    return Opportunity(
        id="o1", story=story(posts), brand="Oreo", score=26.0, relevance=0.35, risk=0.0,
        audience=None, closes_at=Interval(low=AT + timedelta(minutes=2),
        high=AT + timedelta(minutes=32)), reasons=("4 of 4 posts speak of it (+0.60).",),
    )  # fmt: skip


FOUND: list[Record] = [
    StoryOpened(at=AT, story=story(3)),
    OpportunityFound(at=AT, opportunity=opportunity()),
]


def test_an_opportunity_is_a_card_with_the_engine_s_own_words():
    card = folded(FOUND).card("o1")

    assert (card.title, card.state, card.owner, card.lock) == (
        "The lights went out",
        "found",
        None,
        None,
    )
    assert card.reasons == opportunity().reasons
    assert card.closes_high_ms - card.closes_low_ms == 30 * 60_000


def test_a_story_that_is_no_opportunity_is_no_card_but_is_counted():
    board = folded(FOUND[:1])

    assert board.cards() == ()
    assert board.stories == 1
    assert folded([*FOUND[:1], StoryClosed(at=AT, story=story())]).stories == 0


def test_a_growing_story_changes_the_card_and_leaves_the_work_alone():
    board = folded(FOUND)
    before = board.card("o1")

    assert board.tell(StoryGrew(at=AT, story=story(8, "Power cut"))) == "o1"

    after = board.card("o1")
    assert (after.title, after.posts) == ("Power cut", 8)
    assert after.rev > before.rev
    assert after.work_rev == before.work_rev


def closing(low_min: float, high_min: float) -> Interval:
    return Interval(low=AT + timedelta(minutes=low_min), high=AT + timedelta(minutes=high_min))


def retold(low_min: float, high_min: float, **speed: float) -> Story:
    """Return the story as it is told when it closes so many minutes after the card was found."""
    return msgspec.structs.replace(story(8), closes_at=closing(low_min, high_min), **speed)


def shown_min(card: Card) -> tuple[float, float]:
    found_ms = round(AT.timestamp() * 1000)
    return (card.closes_low_ms - found_ms) / 60_000, (card.closes_high_ms - found_ms) / 60_000


@pytest.mark.parametrize("kind", [StoryGrew, StoryMerged])
def test_a_card_closes_when_its_story_was_last_said_to(kind):
    merged = {"merged": "s2"} if kind is StoryMerged else {}
    board = folded(FOUND)
    assert shown_min(board.card("o1")) == (2, 32)

    board.tell(kind(at=AT + timedelta(minutes=5), story=retold(20, 90), **merged))

    assert shown_min(board.card("o1")) == (20, 90)


def test_a_card_never_closes_before_anybody_could_have_acted():
    board = folded(FOUND)

    board.tell(StoryGrew(at=AT, story=retold(0, 1)))

    assert shown_min(board.card("o1")) == (2, 2)


def test_a_story_that_does_not_say_when_it_closes_leaves_the_card_s_own():
    board = folded([*FOUND, StoryGrew(at=AT, story=retold(20, 90))])

    board.tell(StoryGrew(at=AT, story=story(16)))

    assert shown_min(board.card("o1")) == (20, 90)


def test_a_story_that_is_over_foretells_nothing_more():
    board = folded([*FOUND, StoryGrew(at=AT, story=retold(20, 90))])

    board.tell(StoryClosed(at=AT + timedelta(minutes=60), story=retold(61, 500)))

    assert shown_min(board.card("o1")) == (20, 90)
    assert board.card("o1").is_over


def test_a_story_told_before_its_opportunity_changes_nothing():
    board = folded([StoryOpened(at=AT, story=retold(20, 90)), FOUND[1]])

    assert shown_min(board.card("o1")) == (2, 32)


def test_an_opportunity_that_is_judged_again_closes_by_its_own_word():
    board = folded([*FOUND, StoryGrew(at=AT, story=retold(20, 90))])

    board.tell(OpportunityLocked(at=AT, opportunity=opportunity(9), reason="3 of 9 speak of death"))

    assert shown_min(board.card("o1")) == (2, 32)


def test_another_story_s_closing_time_is_nothing_to_a_card():
    board = folded(FOUND)
    other = msgspec.structs.replace(retold(20, 90), id="s2")

    told = [
        board.tell(StorySplit(at=AT, story=other, parent="s1")),
        board.tell(StoryGrew(at=AT, story=other)),
    ]

    assert told == [None, None]
    assert shown_min(board.card("o1")) == (2, 32)
    assert board.stories == 2


def test_a_card_tells_how_fast_its_story_goes():
    before = folded(FOUND).card("o1")
    after = folded(
        [*FOUND, StoryGrew(at=AT, story=retold(20, 90, per_min=7.5, acceleration=-0.5))]
    ).card("o1")

    assert (before.per_min, before.acceleration) == (0.0, 0.0)
    assert (after.per_min, after.acceleration) == (7.5, -0.5)


def test_a_decision_changes_both_revisions():
    board = folded(FOUND)
    before = board.card("o1")

    assert board.tell(Claimed(at=AT, opportunity="o1", who="mia")) == "o1"

    after = board.card("o1")
    assert after.owner == "mia"
    assert after.rev > before.rev
    assert after.work_rev > before.work_rev


def test_a_story_that_became_grave_locks_its_card():
    board = folded(FOUND)

    board.tell(OpportunityLocked(at=AT, opportunity=opportunity(9), reason="3 of 9 speak of death"))

    assert board.card("o1").lock == "3 of 9 speak of death"
    assert board.card("o1").state == "found"


def test_a_card_nobody_took_on_is_due_once_it_closed():
    board = folded(FOUND)

    assert board.due(AT + timedelta(minutes=31)) == []
    due = board.due(AT + timedelta(minutes=32))

    assert due == [Expired(at=AT + timedelta(minutes=32), opportunity="o1")]
    board.tell(due[0])
    assert board.card("o1").state == "expired"
    assert board.due(AT + timedelta(minutes=33)) == []


def test_a_card_whose_story_goes_on_is_due_later_and_one_that_ends_sooner_is_due_sooner():
    longer = folded([*FOUND, StoryGrew(at=AT, story=retold(20, 90))])
    shorter = folded([*FOUND, StoryGrew(at=AT, story=retold(3, 10))])

    assert longer.due(AT + timedelta(minutes=89)) == []
    assert [one.opportunity for one in longer.due(AT + timedelta(minutes=90))] == ["o1"]
    assert shorter.due(AT + timedelta(minutes=9)) == []
    assert [one.opportunity for one in shorter.due(AT + timedelta(minutes=10))] == ["o1"]


def test_a_claimed_card_is_never_due():
    board = folded([*FOUND, Claimed(at=AT, opportunity="o1", who="mia")])

    assert board.due(AT + timedelta(days=1)) == []


def test_ended_cards_leave_after_a_day_and_others_stay():
    ended = folded([*FOUND, Dismissed(at=AT, opportunity="o1", who="mia", reason="not us")])
    going = folded([*FOUND, Claimed(at=AT, opportunity="o1", who="mia")])

    assert ended.forget(AT + KEPT) == []
    assert ended.forget(AT + KEPT + timedelta(seconds=1)) == ["o1"]
    assert "o1" not in ended
    assert going.forget(AT + 10 * KEPT) == []


def test_what_comes_for_a_card_that_left_is_no_error():
    assert folded([]).tell(Claimed(at=AT, opportunity="gone", who="mia")) is None
    with pytest.raises(KeyError):
        folded([]).card("gone")


def test_a_post_is_awaited_from_firing_until_it_is_heard():
    board = folded(FOUND)
    where: dict[str, Any] = {
        "at": AT,
        "opportunity": "o1",
        "channel": "bluesky",
        "account": "oreo",
        "key": "3k",
    }
    board.tell(Fired(**where, who="noor", text="dunk"))

    assert board.awaited() == {"3k": "o1"}

    board.tell(Sent(**where, uri="at://did/app.bsky.feed.post/3k", url=None))
    board.tell(Heard(at=AT, opportunity="o1", uri="at://did/app.bsky.feed.post/3k"))

    assert board.awaited() == {}
    (post,) = board.card("o1").sendings
    assert (post.state, post.is_heard) == ("sent", True)


def test_a_card_goes_through_json_unchanged():
    card = folded(FOUND).card("o1")

    line = encoded(Delta(epoch="e", seq=1, upsert=(card,)))

    assert msgspec.json.decode(line, type=Delta).upsert == (card,)
    assert isinstance(msgspec.json.decode(line, type=Delta).upsert[0], Card)


TRIED: list[Record] = [
    OpportunityTried(at=AT, opportunity=msgspec.structs.replace(opportunity(), is_trial=True))
]
CLAIM = Claimed(at=AT, opportunity="o1", who="writer 1")


def test_a_story_that_is_tried_is_a_card_that_says_so():
    assert folded(TRIED).card("o1").is_trial
    assert not folded(FOUND).card("o1").is_trial


def test_a_trial_that_somebody_claimed_is_work_like_any_other():
    assert not folded([*TRIED, CLAIM]).card("o1").is_trial


def test_a_trial_that_is_found_later_keeps_its_work_and_is_no_trial():
    dismissal = Dismissed(at=AT, opportunity="o1", who="writer 1", reason="not us")

    card = folded([*TRIED, dismissal, *FOUND]).card("o1")

    assert (card.state, card.is_trial) == ("dismissed", False)
    assert folded([*TRIED, *FOUND]).card("o1").state == "found"


def test_what_went_out_and_left_the_board_does_not_come_back_as_new():
    post: dict[str, Any] = {"opportunity": "o1", "channel": "dry", "account": "dry", "key": "k"}
    out: list[Record] = [
        Fired(at=AT, who="noor", text="You can still dunk", **post),
        Sent(at=AT, uri="dry:k", url=None, **post),
    ]
    late = AT + KEPT + timedelta(minutes=1)
    again = OpportunityLocked(at=late, opportunity=opportunity(9), reason="3 of 9 speak of death")

    board, silent = folded([*FOUND, *out]), folded([*FOUND, Expired(at=AT, opportunity="o1")])
    for one in (board, silent):
        assert one.forget(late) == ["o1"]

    assert board.tell(again) is None
    assert "o1" not in board
    assert silent.tell(again) == "o1"  # nothing of it went out: it may be looked at anew
