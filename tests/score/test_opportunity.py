"""The judge: each story found or locked at most once, its score between 0 and 100."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.brand import Brand
from rtm.crowd import Crowd
from rtm.evaluate.planted import Written, crowd_of
from rtm.event import WatchedEvent
from rtm.score.closes import Forecast
from rtm.score.opportunity import LEAST, RELEVANT, Judge
from rtm.text.patterns import Mark
from rtm.trends.open_story import OpenStory
from rtm.types import (
    Event,
    Interval,
    OpportunityFound,
    OpportunityLocked,
    OpportunityTried,
    Story,
    Tally,
    moment,
)
from tests.text.reading import marks_of

START = datetime(2013, 2, 3, 22, tzinfo=UTC)
TICK = int(START.timestamp()) + 3600
OREO = Brand(
    name="Oreo", handles=("oreo", "@oreo.bsky.social"), themes=("cookie",), no_go=("funeral",)
)
GAME = WatchedEvent(
    title="Super Bowl XLVII", start=START, end=START + timedelta(hours=7), terms=("#sb47",)
)


class FakeStories:
    """One story, counted as a test says."""

    def __init__(self, surprise: float = 7.0, followers: int | None = None) -> None:
        self.surprise, self.followers = surprise, followers
        self.marks: dict[Mark, int] = {}
        self.posts = 10
        self.is_of_one_hand = self.is_bait = self.is_back = False
        self.closes = (600, 5_400)  # seconds from now

    def tally(self, story: OpenStory, tick: int) -> Tally:
        marks = tuple(self.marks.get(mark, 0) for mark in Mark)
        return Tally(self.posts, marks, self.followers, 600)

    def forecast(self, story: OpenStory, tick: int) -> Forecast:
        return Forecast("rising", 600.0, "Still rising after 10 min.")

    def crowd(self, story: OpenStory, tick: int) -> Crowd:
        count = max(self.posts, 20)
        texts = (
            [SPAM] * count if self.is_of_one_hand else [f"post {n} {n * n}" for n in range(count)]
        )
        written = [
            Written(moment(tick - 10 * count + 10 * n), text, n + 1) for n, text in enumerate(texts)
        ]
        heard = [9, 4, 5, 2] if self.is_back else [1, 0, 1, 1]
        return replace(
            crowd_of(written),
            heard=np.array([heard] * count),
            marks=np.full(count, self.is_bait * int(Mark.BAIT), np.uint32),
        )

    def told(self, story: OpenStory, tick: int) -> Story:
        low_s, high_s = self.closes
        return Story(
            id=story.id,
            title="lights out",
            terms=("lights",),
            posts=self.posts,
            authors=None,
            sources=4.0,
            surprise=self.surprise,
            opened_at=START,
            examples=(),
            closes_at=Interval(low=_later(tick, low_s), high=_later(tick, high_s)),
        )


def _later(tick: int, seconds: int) -> datetime:
    return moment(tick + 1 + seconds)


SPAM = "Best price for stadium tickets and jerseys, fast delivery today"


def _story(id: str = "s1") -> OpenStory:
    return OpenStory(id=id, slot=0, opened=TICK, first_at=TICK)


def _judged(judge: Judge, stories: FakeStories, story: OpenStory | None = None) -> list[Event]:
    return judge.judged(story or _story(), stories, TICK)


@given(
    st.integers(1, 50).flatmap(
        lambda posts: st.tuples(
            st.dictionaries(st.sampled_from(list(Mark)), st.integers(0, posts)), st.just(posts)
        )
    ),
    st.floats(0, 300),
    st.none() | st.integers(0, 10**9),
    st.tuples(st.integers(0, 86_340), st.integers(60, 86_400)),
)
@settings(deadline=None)
def test_an_opportunity_keeps_its_bounds(counts, surprise, followers, closes):
    stories = FakeStories(surprise, followers)
    stories.closes = (closes[0], sum(closes))
    stories.marks, stories.posts = counts

    events = _judged(Judge(OREO, [GAME]), stories)

    assert len(events) <= 1
    for one in (event.opportunity for event in events):  # type: ignore[union-attr]
        assert 0.0 <= one.score <= 100.0
        assert RELEVANT <= one.relevance <= 1.0
        assert 0.0 <= one.risk <= 1.0
        assert START + timedelta(hours=1) < one.closes_at.low < one.closes_at.high
        assert one.audience == followers


def test_a_story_that_fits_is_found_once():
    judge, stories = Judge(OREO, [GAME]), FakeStories()
    stories.marks = {Mark.EVENT: 10}

    (found,) = _judged(judge, stories)

    assert isinstance(found, OpportunityFound)
    assert found.opportunity.id == "o1"
    assert found.opportunity.score == pytest.approx(100 * 0.6 * (1 + 0.7) / 2)
    assert _judged(judge, stories) == []


def test_what_machines_alone_wrote_is_held_back_until_people_join_in():
    judge, stories = Judge(OREO, [GAME]), FakeStories()
    stories.marks, stories.is_of_one_hand = {Mark.EVENT: 10}, True

    held = _judged(judge, stories)
    (verdict,) = judge.verdicts(1)
    stories.is_of_one_hand, stories.posts = False, 15
    (found,) = _judged(judge, stories)

    assert held == []
    assert verdict.sentence.startswith("Held back: About")
    assert "copies of one text" in verdict.sentence
    assert isinstance(found, OpportunityFound)
    assert found.opportunity.automated is not None
    assert found.opportunity.automated.value < 0.05


def test_what_was_found_and_proves_to_be_machines_alone_leaves_the_wall():
    judge, stories = Judge(OREO, [GAME]), FakeStories()
    stories.marks = {Mark.EVENT: 10}
    _judged(judge, stories)

    stories.is_of_one_hand, stories.posts = True, 15
    (tried,) = _judged(judge, stories)

    assert isinstance(tried, OpportunityTried)
    assert tried.opportunity.is_trial
    assert tried.opportunity.score < 1
    assert _judged(judge, stories) == []


def _score_of(stories: FakeStories) -> float:
    (found,) = _judged(Judge(OREO, [GAME]), stories)
    assert isinstance(found, OpportunityFound)
    return found.opportunity.score


def test_whoever_replies_and_comes_back_outranks_passers_by_and_a_give_away_is_worth_nothing():
    passing, active, bought = FakeStories(), FakeStories(), FakeStories()
    passing.marks = active.marks = bought.marks = {Mark.EVENT: 10}
    active.is_back = bought.is_bait = True

    assert _score_of(active) > _score_of(passing) > 50
    assert _score_of(bought) == 0


def test_an_opportunity_closes_when_its_story_does_but_not_before_anybody_can_act():
    long, short = FakeStories(), FakeStories()
    long.marks = short.marks = {Mark.EVENT: 10}
    short.closes = (0, 60)

    (in_time,), (in_haste,) = (_judged(Judge(OREO, [GAME]), one) for one in (long, short))

    assert isinstance(in_time, OpportunityFound)
    assert in_time.opportunity.closes_at == in_time.opportunity.story.closes_at
    assert isinstance(in_haste, OpportunityFound)
    assert in_haste.opportunity.closes_at == Interval(
        low=_later(TICK, 0) + LEAST, high=_later(TICK, 0) + 2 * LEAST
    )


def test_the_forecast_in_words_is_among_the_reasons():
    stories = FakeStories()
    stories.marks = {Mark.EVENT: 10}

    (found,) = _judged(Judge(OREO, [GAME]), stories)

    assert isinstance(found, OpportunityFound)
    assert "Still rising after 10 min." in found.opportunity.reasons


def test_a_story_that_does_not_fit_is_left_alone_until_it_does():
    judge, stories = Judge(OREO, [GAME]), FakeStories()
    stories.marks = {Mark.THEME: 4}

    before = _judged(judge, stories)
    stories.marks = {Mark.THEME: 5}
    (found,) = _judged(judge, stories)

    assert before == []
    assert isinstance(found, OpportunityFound)


def test_a_grave_story_is_locked_with_its_reason_and_never_found():
    judge, stories = Judge(OREO, [GAME]), FakeStories()
    stories.marks = {Mark.EVENT: 10, Mark.GRAVE: 3, Mark.DEATH: 3}

    (locked,) = _judged(judge, stories)

    assert isinstance(locked, OpportunityLocked)
    assert locked.reason == "3 of 10 posts speak of death: locked."
    assert _judged(judge, stories) == []


def test_a_found_story_that_turns_grave_is_locked():
    judge, stories = Judge(OREO, [GAME]), FakeStories()
    stories.marks = {Mark.EVENT: 10}

    found = _judged(judge, stories)
    stories.marks = {Mark.EVENT: 10, Mark.GRAVE: 5}
    locked = _judged(judge, stories)

    assert [type(event) for event in found + locked] == [OpportunityFound, OpportunityLocked]


def test_a_found_story_that_turns_grave_is_locked_though_it_fits_no_more():
    judge, stories = Judge(OREO, [GAME]), FakeStories()
    stories.marks = {Mark.EVENT: 10}
    _judged(judge, stories)
    stories.marks = {Mark.GRAVE: 5, Mark.DEATH: 5}

    assert [type(event) for event in _judged(judge, stories)] == [OpportunityLocked]
    assert _judged(Judge(OREO, [GAME]), stories) == []


def _grave(share: int, *classes: Mark) -> dict[Mark, int]:
    return {Mark.EVENT: 100, Mark.GRAVE: share, **dict.fromkeys(classes, share)}


@pytest.mark.parametrize(
    ("later", "is_told"),
    [
        (_grave(30, Mark.DEATH), False),
        (_grave(44, Mark.DEATH), False),
        (_grave(45, Mark.DEATH), True),
        (_grave(30, Mark.DEATH, Mark.ATTACK), True),
        ({**_grave(30, Mark.DEATH), Mark.ATTACK: 9}, False),
        ({**_grave(30, Mark.DEATH), Mark.ATTACK: 10}, True),
        (_grave(24, Mark.ATTACK), False),
        ({Mark.EVENT: 100}, False),
    ],
)
def test_a_locked_story_is_told_again_only_when_it_got_worse(later, is_told):
    judge, stories = Judge(OREO, [GAME]), FakeStories()
    stories.posts, stories.marks = 100, _grave(30, Mark.DEATH)
    _judged(judge, stories)
    restarted = Judge(OREO, [GAME])
    restarted.restore(judge.snapshot())

    stories.marks = later
    told = [_judged(one, stories) for one in (judge, restarted)]

    assert [[type(event) for event in events] for events in told] == [
        [OpportunityLocked] * is_told
    ] * 2
    assert _judged(judge, stories) == []


def test_a_story_that_got_worse_and_calmed_down_is_not_told_at_its_second_worst():
    judge, stories = Judge(OREO, [GAME]), FakeStories()
    stories.posts = 100
    told = []
    for marks in (30, 60, 26, 50, 74, 75):
        stories.marks = _grave(marks, Mark.DEATH)
        told += [marks] * len(_judged(judge, stories))

    assert told == [30, 60, 75]


@pytest.mark.parametrize(("said", "is_locked"), [("the recall of 2009", True), ("2009", False)])
def test_what_the_profile_calls_sensitive_is_grave(said, is_locked):
    brand = Brand(name="Oreo", sensitive=("recall",), markets=("EE",))

    marks = marks_of(said, Judge(brand).patterns)

    assert (marks == Mark.GRAVE) == is_locked


def test_what_is_grave_in_the_brands_markets_is_grave():
    there, elsewhere = (Judge(Brand(name="Oreo", markets=one)) for one in (("EE",), ("PL",)))

    assert Mark.DISASTER in marks_of("parvlaev Estonia", there.patterns)
    assert marks_of("parvlaev Estonia", elsewhere.patterns) == Mark(0)


def test_politics_alone_are_found_with_their_reason():
    stories = FakeStories()
    stories.marks = {Mark.EVENT: 10, Mark.POLITICS: 10}

    (found,) = _judged(Judge(OREO, [GAME]), stories)

    assert isinstance(found, OpportunityFound)
    assert "10 of 10 posts touch politics." in found.opportunity.reasons


def test_no_go_in_every_post_is_left_alone():
    stories = FakeStories()
    stories.marks = {Mark.EVENT: 10, Mark.NO_GO: 10}

    assert _judged(Judge(OREO, [GAME]), stories) == []


def test_event_terms_fit_only_while_the_event_is_on():
    over = WatchedEvent(
        title="Pro Bowl", start=START - timedelta(days=7), end=START, terms=("#probowl",)
    )
    stories = FakeStories()
    stories.marks = {Mark.EVENT: 10}

    assert _judged(Judge(OREO, [over]), stories) == []
    assert len(_judged(Judge(OREO, [over, GAME]), stories)) == 1


def test_a_forgotten_story_may_be_found_again_and_another_is_its_own():
    judge, stories = Judge(OREO, [GAME]), FakeStories()
    stories.marks = {Mark.EVENT: 10}
    _judged(judge, stories)

    other = _judged(judge, stories, _story("s2"))
    judge.forget("s1")
    again = _judged(judge, stories)

    assert len(other) == len(again) == 1


def test_a_judge_takes_up_where_a_snapshot_was_made():
    judge, stories = Judge(OREO, [GAME]), FakeStories()
    stories.marks = {Mark.EVENT: 10}
    _judged(judge, stories)
    later = Judge(OREO, [GAME])

    later.restore(judge.snapshot())

    assert _judged(later, stories) == []
    assert len(_judged(Judge(OREO, [GAME]), stories)) == 1


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("an Oreo", Mark.MENTION),
        ("@oreo", Mark.MENTION),
        ("@oreo.bsky.social", Mark.MENTION),
        ("cookies", Mark.THEME),
        ("funerals", Mark.NO_GO | Mark.GRAVE | Mark.DEATH),
        ("#SB47", Mark.EVENT),
        ("lights", Mark(0)),
    ],
)
def test_a_profile_is_what_the_reader_looks_for(text, mark):
    assert marks_of(text, Judge(OREO, [GAME]).patterns) == mark
