"""What rtm is asked to be able to do, one test for each, named after its row."""

from collections.abc import Iterator

import pytest

from rtm.board.fold import Board
from rtm.brand import Brand
from rtm.engine import Engine
from rtm.score.closes import KEPT, Closes
from rtm.types import (
    Event,
    Interval,
    OpportunityFound,
    OpportunityLocked,
    OpportunityTried,
    Story,
    StoryClosed,
    StoryGrew,
    StoryMerged,
    StoryOpened,
    StorySplit,
    line_of,
    moment,
)
from tests.laws.telling import Log, cuts_every, logged
from tests.streams import GAMES, SMALL, stream, turning

SILENCE_S = 8_000
OPPORTUNITIES = (OpportunityFound, OpportunityTried, OpportunityLocked)
FORETELLING = (StoryOpened, StorySplit, StoryGrew, StoryMerged, *OPPORTUNITIES)
STREAMS = {"bursts": stream(4), "more bursts": stream(7, bursts=14), "turning": turning(1)}
TURNED = Brand(name="Oreo", themes=("cookie", "dim"), no_go=("funeral",))  # all turn dim


class Unlearned(Closes):
    """Wrong on purpose: learns nothing."""

    def learn(self, story: str, over: int) -> None:
        self.forget(story)


class Foreseeing(Closes):
    """Wrong on purpose: knows from the start how much will come, and reckons with it."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        for errors in self._errors.values():
            errors.extend([len(log) / 100] * KEPT)


def log_of(name: str) -> Log:
    """Return the log of a stream and of so much silence that every story closes."""
    posts = STREAMS[name]
    log = logged(posts, cuts_every(posts, 25))
    return [*log, (log[0][0].clear(), log[-1][1] + SILENCE_S)]


def events_of(log: Log, closes: Closes | None = None) -> list[Event]:
    engine = Engine(TURNED, GAMES, SMALL)
    engine._closes = engine._prospect._closes = closes or Closes()
    return [event for frame, closed in log for event in engine.step(frame, closed)]


def story_of(event: Event) -> Story:
    return event.opportunity.story if isinstance(event, OPPORTUNITIES) else event.story


def intervals(events: list[Event]) -> list[Interval | None]:
    return [story_of(event).closes_at for event in events if isinstance(event, FORETELLING)]


def closed(events: list[Event]) -> dict[str, StoryClosed]:
    return {event.story.id: event for event in events if isinstance(event, StoryClosed)}


def shown(events: list[Event]) -> Iterator[tuple[Event, int, int]]:
    """Yield the bounds (ms) on every open card after each event."""
    board = Board()
    for event in events:
        board.tell(event)
        yield from ((event, one.closes_low_ms, one.closes_high_ms) for one in board.cards())


def covered(events: list[Event]) -> list[bool]:
    """Tell of each interval told whether the story was over within it, where that is known."""
    over = {id: one.over_at for id, one in closed(events).items() if one.over_at is not None}
    told = [
        (story_of(event).closes_at, over[story_of(event).id])
        for event in events
        if isinstance(event, FORETELLING) and story_of(event).id in over
    ]
    return [said is not None and said.low <= truly <= said.high for said, truly in told]


@pytest.mark.parametrize("name", STREAMS)
def test_0_19_at_each_instant_a_card_shows_an_interval_for_the_time_left(name):
    events = events_of(log_of(name))

    bounds = list(shown(events))

    assert bounds
    assert all(low <= high for _, low, high in bounds)
    assert all(said is not None and said.low < said.high for said in intervals(events)), (
        "every telling of a story says when it closes"
    )
    assert all(
        event.opportunity.closes_at.low > event.at
        for event in events
        if isinstance(event, OPPORTUNITIES)
    )


@pytest.mark.parametrize("name", STREAMS)
def test_0_19_the_interval_on_a_card_is_the_one_that_was_told_last(name):
    board, events = Board(), events_of(log_of(name))

    for event in events:
        board.tell(event)
    latest = {
        "o" + story_of(event).id[1:]: story_of(event)
        for event in events
        if isinstance(event, FORETELLING)
    }
    shown_last = {card.id: (card.closes_low_ms, card.closes_high_ms) for card in board.cards()}

    assert shown_last
    for card, (low_ms, high_ms) in shown_last.items():
        said = latest[card].closes_at
        assert said is not None
        assert low_ms >= said.low.timestamp() * 1000
        assert high_ms >= said.high.timestamp() * 1000


@pytest.mark.parametrize("name", STREAMS)
def test_0_19_the_true_closing_is_recorded_afterwards(name):
    events = events_of(log_of(name))
    told = {story_of(event).id for event in events if isinstance(event, FORETELLING)}
    taken_in = {event.merged for event in events if isinstance(event, StoryMerged)}

    ended = closed(events)

    assert set(ended) == told
    assert {id for id, one in ended.items() if one.over_at is None} == taken_in
    for one in ended.values():
        assert one.over_at is None or one.over_at <= one.at
        assert one.peak_at is None or one.peak_at <= one.at


@pytest.mark.parametrize("name", STREAMS)
def test_0_19_the_interval_is_learned_from_the_past_only(name):
    log = log_of(name)
    whole = [line_of(event) for event in events_of(log)]

    for cut in range(4, len(log), 5):
        before = [line_of(event) for event in events_of(log[:cut])]
        assert before == whole[: len(before)]


def test_0_19_an_interval_that_knows_the_end_breaks_the_rule():
    log = log_of("bursts")
    whole = intervals(events_of(log, Foreseeing(log)))

    cut = intervals(events_of(log[:12], Foreseeing(log[:12])))

    assert cut
    assert cut != whole[: len(cut)]


def test_0_19_what_closed_before_teaches_what_is_told_after():
    log = log_of("more bursts")
    events = events_of(log)
    first = min(event.at for event in closed(events).values())

    untaught = events_of(log, Unlearned())

    before, after = (
        [
            (story_of(one).closes_at, story_of(other).closes_at)
            for one, other in zip(events, untaught, strict=True)
            if isinstance(one, FORETELLING) and (one.at > first) == is_after
        ]
        for is_after in (False, True)
    )
    assert before
    assert all(taught == plain for taught, plain in before)
    assert any(taught != plain for taught, plain in after)


@pytest.mark.parametrize("name", STREAMS)
def test_0_19_how_many_were_over_within_the_interval_can_be_reported(name):
    events = events_of(log_of(name))

    held = covered(events)

    assert len(held) >= len(closed(events)) - len(
        [event for event in events if isinstance(event, StoryMerged)]
    )
    assert 0 < sum(held) <= len(held)


def test_0_19_the_interval_of_a_card_that_waits_ends_the_wait():
    events = [one for one in events_of(log_of("bursts")) if not isinstance(one, StoryClosed)]
    board = Board()
    for event in events:
        board.tell(event)

    high = max(card.closes_high_ms for card in board.cards())

    assert {one.opportunity for one in board.due(moment(high / 1000))} == {
        card.id for card in board.cards() if card.state == "found"
    }
    assert len(board.due(moment(high / 1000 - 1))) < len(board.due(moment(high / 1000)))
