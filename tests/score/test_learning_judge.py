"""The judge that learns: verdicts in words, trials, and clicks on what was shown."""

from typing import Any

import msgspec
import pytest

from rtm.score.budget import Budget
from rtm.score.lessons import Lesson
from rtm.score.opportunity import RELEVANT, Judge
from rtm.score.trials import Trials
from rtm.text.patterns import Mark
from rtm.types import OpportunityFound, OpportunityLocked, OpportunityTried, Story, line_of
from tests.score.test_opportunity import GAME, OREO, FakeStories, _judged, _story

ALL = 1.0


class Told(FakeStories):
    """A story with a title of its own."""

    def __init__(self, title: str = "lights out", **marks: int) -> None:
        super().__init__()
        self.title = title
        self.marks = {Mark[name.upper()]: count for name, count in marks.items()}

    def told(self, story: Any, tick: int) -> Story:
        return msgspec.structs.replace(super().told(story, tick), title=self.title)


def eager() -> Judge:
    """A judge that tries whatever is unsure."""
    return Judge(OREO, [GAME], trials=Trials(share=ALL))


def dismissal(opportunity: str = "o1") -> Lesson:
    return Lesson(opportunity=opportunity, kind="dismiss", is_wanted=False, weight=1.0)


def claim(opportunity: str = "o1") -> Lesson:
    return Lesson(opportunity=opportunity, kind="claim", is_wanted=True, weight=1.0)


def relevance_of(event: Any) -> float:
    return float(event.opportunity.relevance)


def test_what_was_dismissed_makes_others_like_it_fit_less_and_says_so():
    judge = Judge(OREO, [GAME])
    (first,) = _judged(judge, Told("football again", event=10), _story("s1"))

    judge.learn(dismissal())
    (second,) = _judged(judge, Told("football once more", event=10), _story("s2"))

    assert relevance_of(second) < relevance_of(first)
    assert any(
        reason.startswith("Your team dismissed 1 of 1 stories")
        for reason in second.opportunity.reasons  # type: ignore[union-attr]
    )


def test_what_was_dismissed_often_is_not_offered_any_more_and_why():
    judge = Judge(OREO, [GAME])
    for n in range(12):
        _judged(judge, Told("football again", event=10), _story(f"s{n}"))
        judge.learn(dismissal(f"o{n}"))

    events = _judged(judge, Told("football again", event=10), _story("last"))

    assert [type(event) for event in events] != [OpportunityFound]
    verdict = next(one for one in judge.verdicts(50) if one.story == "last")
    assert "Your team dismissed" in verdict.sentence


def test_a_lesson_on_an_unknown_opportunity_is_ignored():
    judge, other = Judge(OREO, [GAME]), Judge(OREO, [GAME])

    judge.learn(dismissal("o-nobody-knows"))

    assert _judged(judge, Told(event=10)) == _judged(other, Told(event=10))
    assert judge.knowledge().lessons == 0


def test_a_click_teaches_after_its_story_closed():
    judge = Judge(OREO, [GAME])
    _judged(judge, Told(event=10))
    judge.forget("s1")

    judge.learn(claim())

    assert judge.knowledge().lessons == 1


def test_what_was_learned_can_be_forgotten():
    judge = Judge(OREO, [GAME])
    (before,) = _judged(judge, Told(event=10), _story("s1"))
    judge.learn(dismissal())

    judge.unlearn()
    (after,) = _judged(judge, Told(event=10), _story("s2"))

    assert relevance_of(after) == relevance_of(before)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (Told(), "relevance 0 of 100, 30 are needed; none of its posts touches your themes"),
        (Told(theme=4), "relevance 28 of 100, 30 are needed; only 4 of 10 posts touch"),
        (Told(event=10, no_go=10), "relevance 0 of 100, 30 are needed; 10 of 10 posts touch what"),
        (Told(event=10, grave=3, death=3), "Not offered, as it is grave: 3 of 10 posts speak of"),
        (Told(event=10), "Offered: relevance 60 of 100."),
    ],
)
def test_a_verdict_says_why_with_the_figure(told, said):
    judge = Judge(OREO, [GAME], trials=Trials(share=0.0))

    _judged(judge, told)

    (verdict,) = judge.verdicts(5)
    assert said in verdict.sentence
    assert verdict.is_offered == said.startswith("Offered")


def test_a_verdict_says_that_the_alarms_went_to_others():
    judge = Judge(OREO, [GAME], Budget(1, 1))
    _judged(judge, Told(event=10), _story("s1"))

    _judged(judge, Told(event=9), _story("s2"))

    verdict = judge.verdicts(5)[0]
    assert verdict.story == "s2"
    assert "the 1 alarm an hour went to stories that score higher" in verdict.sentence


def test_verdicts_are_bounded_and_closed_stories_have_none():
    judge = Judge(OREO, [GAME], trials=Trials(share=0.0))
    for n in range(9):
        _judged(judge, Told(theme=n % 5), _story(f"s{n}"))

    judge.forget("s4")

    assert len(judge.verdicts(3)) == 3
    assert len(judge.verdicts(50)) == 8
    assert judge.verdicts(1)[0].relevance == max(one.relevance for one in judge.verdicts(50))


def test_an_unsure_story_is_tried_once_and_found_when_it_fits():
    judge, told = eager(), Told(theme=3)

    (tried,) = _judged(judge, told)
    again = _judged(judge, told)
    told.marks = {Mark.THEME: 9}
    (found,) = _judged(judge, told)

    assert isinstance(tried, OpportunityTried)
    assert tried.opportunity.is_trial
    assert again == []
    assert isinstance(found, OpportunityFound)
    assert not found.opportunity.is_trial
    assert found.opportunity.id == tried.opportunity.id
    assert tried.opportunity.relevance < RELEVANT <= found.opportunity.relevance


def test_trials_leave_the_alarms_alone():
    judge = Judge(OREO, [GAME], Budget(1, 1), Trials(share=ALL))

    (tried,) = _judged(judge, Told(theme=3), _story("s1"))
    (found,) = _judged(judge, Told(event=10), _story("s2"))

    assert isinstance(tried, OpportunityTried)
    assert isinstance(found, OpportunityFound)


@pytest.mark.parametrize("marks", [{"theme": 3, "grave": 3}, {"theme": 4, "no_go": 1}, {}])
def test_what_is_grave_or_taboo_or_nothing_to_us_is_never_tried(marks):
    assert _judged(eager(), Told(**marks)) == []


@pytest.mark.parametrize("event", [0, 10])
def test_what_was_shown_and_turns_grave_is_locked_whatever_its_relevance(event):
    judge, told = eager(), Told(theme=3, event=event)
    _judged(judge, told)

    told.marks = {Mark.THEME: 1, Mark.GRAVE: 5}
    events = _judged(judge, told)

    assert [type(one) for one in events] == [OpportunityLocked]


def test_a_trial_teaches_too():
    judge = eager()
    _judged(judge, Told(theme=3))

    judge.learn(claim())

    assert judge.knowledge().lessons == 1


def test_a_judge_goes_on_with_what_it_learned_tried_and_said():
    judge, later = eager(), eager()
    _judged(judge, Told(theme=3), _story("s1"))
    _judged(judge, Told(event=10), _story("s2"))
    judge.learn(claim("o2"))

    later.restore(judge.snapshot())
    judge.learn(dismissal("o1"))
    later.learn(dismissal("o1"))

    one, other = (_judged(each, Told(event=9), _story("s3")) for each in (judge, later))
    assert list(map(line_of, one)) == list(map(line_of, other)) != []
    assert judge.verdicts(9) == later.verdicts(9)
    assert judge.snapshot() == later.snapshot()
    assert _judged(later, Told(theme=3), _story("s1")) == []
