"""What rtm is asked to be able to do, one test for each, named after its row."""

from collections.abc import Iterator
from datetime import timedelta
from importlib import resources
from io import BytesIO

import polars as pl
import pytest

from rtm.board.fold import Board
from rtm.brand import Brand
from rtm.crowd import Crowd
from rtm.engine import Engine
from rtm.evaluate.planted import STYLES, Written, crowd_of, planted
from rtm.score.audience import Audience, audience
from rtm.score.authenticity import Authenticity, authenticity
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
from tests.streams import GAMES, SMALL, START, WORDS, posts_frame, stream, turning

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


DAY_S = 86_400
LIKES = 5_000
NIGHT = resources.files("rtm.demo").joinpath("superbowl-xlvii-2013.parquet")


def crowd_about(word: str, posts: list[dict[str, object]]) -> Crowd:
    """Return the crowd of the story that a word opens, amid the quiet talk of two days."""
    quiet = [
        {"second": n * 20.0, "text": f"{WORDS[n % 40]} {WORDS[n % 907]}", "author": f"q{n % 50}"}
        for n in range(2 * DAY_S // 20)
    ]
    told = sorted([*quiet, *posts], key=lambda post: float(str(post["second"])))
    frame = posts_frame(
        {"at": START + timedelta(seconds=float(str(post.pop("second")))), "likes": LIKES, **post}
        for post in (dict(one) for one in told)
    )
    engine = Engine(TURNED, GAMES, SMALL)
    for cut, over in logged(frame, cuts_every(frame, 1_000)):
        engine.step(cut, over)
    monitor, last = engine._monitor, int(frame["at"].dt.epoch("s").max())  # type: ignore[arg-type]
    crowds = [monitor.telling.crowd(one, last) for one in monitor.stories.open.values()]
    return next(one for one in crowds if any(word in (text or "") for text in one.texts))


def burst(texts: list[str], authors: list[str]) -> list[dict[str, object]]:
    """Return posts in the last two minutes of the two days."""
    step = 120 / len(texts)
    return [
        {"second": 2 * DAY_S - 120 + n * step, "text": text, "author": author}
        for n, (text, author) in enumerate(zip(texts, authors, strict=True))
    ]


def own_words(subject: str, posts: int) -> list[str]:
    return [
        " ".join([subject, *(WORDS[(31 * n + 113 * k) % 1000] for k in range(6))])
        for n in range(posts)
    ]


def giveaway(text: str) -> Audience:
    texts = [f"{text} {words}" for words in own_words("zumbaphone", 60)]
    return audience(crowd_about("zumbaphone", burst(texts, [f"g{n}" for n in range(60)])))


@pytest.mark.parametrize(
    "text",
    [
        "Like and share to win:",
        "Jaga ja võida:",
        "Polub i udostępnij:",
        "Lajkuj a sdílej:",
        "Všečkaj in deli:",
    ],
)
def test_0_16_the_audience_of_a_giveaway_weighs_nothing(text):
    assert giveaway(text).score == 0.0


def test_0_16_the_audience_of_the_same_story_without_a_giveaway_weighs():
    assert giveaway("Just look at this:").score > 1.0


def test_0_17_of_two_audiences_with_equal_likes_the_active_one_ranks_higher():
    loyal, passing = ([f"{kind}{n}" for n in range(40)] for kind in ("loyal", "passing"))
    before: list[dict[str, object]] = [
        {
            "second": day * DAY_S + 9_000.0 + 10 * n,
            "text": f"{WORDS[n]} {WORDS[500 + n]}",
            "author": author,
            "reply_to": "p1",
        }
        for day in range(2)
        for n, author in enumerate(loyal)
    ]

    active, seen_once = (
        audience(crowd_about("superdome", [*before, *burst(own_words("superdome", 40), authors)]))
        for authors in (loyal, passing)
    )

    assert active.score > 2 * seen_once.score
    assert min(active.authors, seen_once.authors) >= 36


def spike(texts: list[str]) -> Authenticity:
    authors = [f"s{n}" for n in range(len(texts))]
    return authenticity(crowd_about("superdome", burst(texts, authors)))


@pytest.mark.parametrize("style", STYLES)
def test_0_18_of_30_percent_planted_the_share_is_told_within_five_points(style):
    night = pl.read_parquet(BytesIO(NIGHT.read_bytes())).sort("created_at")
    real = [Written(*row) for row in night.select("created_at", "text").rows()]

    for seed in range(6):
        some = real[1_000 * seed : 1_000 * seed + 200]
        told = authenticity(
            crowd_of(planted(some, ("superbowl", "lights"), 0.3, STYLES[style], seed))
        )
        assert told.share == pytest.approx(0.3, abs=0.05)
        assert told.low <= 0.3 <= told.high
        assert authenticity(crowd_of(some)).share < 0.05


def test_0_18_a_planted_share_is_told_of_a_story_in_the_stream():
    message = "superdome fans already save big with the new Zumba pass tonight"
    people = own_words("superdome", 100)

    told = spike([message if n % 10 in (2, 5, 9) else people[n] for n in range(100)])

    assert told.share == pytest.approx(0.3, abs=0.05)
    assert told.low <= 0.3 <= told.high


def test_0_18_a_spike_of_machines_only_is_held_back():
    told = spike(["superdome fans already save big with the new Zumba pass tonight"] * 40)

    assert told.is_automated_only
    assert told.discount > 0.9


def test_0_18_a_spike_of_people_is_not_held_back():
    told = spike(own_words("superdome", 40))

    assert not told.is_automated_only
    assert told.discount < 0.05


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
