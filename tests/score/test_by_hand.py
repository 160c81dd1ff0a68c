"""The judge of what people open: offered whatever is thought of it, and locked as any other."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.score.budget import Budget
from rtm.score.by_hand import Own
from rtm.score.opportunity import Judge
from rtm.score.safety import LOCKED_FROM, Safety
from rtm.text.patterns import Mark
from rtm.types import OpportunityFound, OpportunityLocked, OpportunityTried
from tests.score.test_opportunity import OREO, TICK, FakeStories, _story

ASKED = _story("h00c0ffee00c0ffee")
CALM = Safety(0.0, False, (), 0.0, ())


def test_it_is_offered_beside_an_empty_budget_and_told_once():
    judge, stories = Judge(OREO, budget=Budget(0, 0)), FakeStories()

    (found,) = judge.opened(ASKED, stories, TICK, Own(0))

    assert isinstance(found, OpportunityFound)
    assert judge.judged(ASKED, stories, TICK + 60) == []
    (verdict,) = judge.verdicts(5)
    assert (verdict.is_offered, verdict.sentence) == (
        True,
        "Opened by hand: relevance 0 of 100.",
    )


def test_machines_alone_do_not_take_it_back_as_they_do_with_what_was_found():
    judge, stories = Judge(OREO), FakeStories()
    stories.marks = {Mark.THEME: 10}
    found = _story("s1")
    judge.opened(ASKED, stories, TICK, Own(0))
    assert isinstance(judge.judged(found, stories, TICK)[0], OpportunityFound)

    stories.posts, stories.is_of_one_hand = 40, True
    stories.marks = {Mark.THEME: 40}

    assert judge.judged(ASKED, stories, TICK + 60) == []
    assert isinstance(judge.judged(found, stories, TICK + 60)[0], OpportunityTried)


@given(st.integers(0, 2**17 - 1), st.integers(0, 10), st.integers(0, 10))
@settings(deadline=None)
def test_it_is_locked_where_its_words_or_its_posts_are_grave_and_only_there(own, posts, grave):
    stories = FakeStories()
    stories.posts = posts
    stories.marks = {Mark.GRAVE: min(grave, posts), Mark.DEATH: min(grave, posts)}

    (told,) = Judge(OREO).opened(ASKED, stories, TICK, Own(own))

    by_words = bool(own & (Mark.GRAVE | Mark.NO_GO))
    by_posts = (
        posts > 0
        and min(grave, posts) / posts >= 0.25
        and (min(grave, posts) > 1 or min(grave, posts) / posts >= 0.5)
    )
    assert isinstance(told, OpportunityLocked) == (by_words or by_posts)
    assert (told.opportunity.risk >= LOCKED_FROM) == (by_words or by_posts)  # type: ignore[union-attr]
    assert 0 <= told.opportunity.score <= 100  # type: ignore[union-attr]


def test_what_a_moderator_released_locks_again_only_when_its_posts_are_grave():
    judge, stories = Judge(OREO), FakeStories()
    judge.opened(ASKED, stories, TICK, Own(Mark.GRAVE | Mark.DEATH))

    assert judge.judged(ASKED, stories, TICK + 60) == []
    stories.marks = {Mark.GRAVE: 2, Mark.DEATH: 2}
    assert judge.judged(ASKED, stories, TICK + 120) == []
    stories.marks = {Mark.GRAVE: 3, Mark.DEATH: 3}
    (locked,) = judge.judged(ASKED, stories, TICK + 180)

    assert isinstance(locked, OpportunityLocked)
    assert locked.reason == "3 of 10 posts speak of death: locked."


@pytest.mark.parametrize("marks", [0, Mark.THEME, Mark.POLITICS, Mark.RIVAL])
def test_words_that_are_not_grave_lock_nothing(marks):
    assert Own(marks).lock("Oreo") is None
    assert Own(marks).weighed(CALM, "Oreo") is CALM
