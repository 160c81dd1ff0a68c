"""What decisions teach: claims, posts that were fired, dismissals for a reason of fit."""

from datetime import UTC, datetime

import pytest

from rtm.decisions import Claimed, Dismissed, Drafted, Fired, Released
from rtm.score import memory as module
from rtm.score.learner import Learner
from rtm.score.lessons import Lesson, lesson_of
from rtm.score.memory import Memory

AT = datetime(2013, 2, 4, 1, 46, tzinfo=UTC)
CLAIMED = Claimed(at=AT, opportunity="o1", who="w")
FIRED = Fired(
    at=AT, opportunity="o1", who="w", channel="dry", account="-", key="k", text="Dunk in the dark"
)


def dismissed(reason: str) -> Dismissed:
    return Dismissed(at=AT, opportunity="o1", who="w", reason=reason)


def lesson(decision) -> Lesson:
    found = lesson_of(decision)
    assert found is not None
    return found


def test_a_claim_teaches_less_than_a_post_that_was_fired():
    claim, fire = lesson(CLAIMED), lesson(FIRED)

    assert claim.is_wanted
    assert fire.is_wanted
    assert claim.weight < fire.weight


@pytest.mark.parametrize(
    "reason", ["we never joke about football", "Not us.", "bad taste", "lately dull"]
)
def test_a_dismissal_for_the_storys_sake_teaches(reason):
    assert not lesson(dismissed(reason)).is_wanted


@pytest.mark.parametrize(
    "reason",
    ["Too late", "too late, over", "I am off duty", "nobody is here", "duplicate", "just a test",
     "already posted about it", "busy with the other one", "no time"],
)  # fmt: skip
def test_a_dismissal_for_want_of_time_or_people_teaches_nothing(reason):
    assert lesson_of(dismissed(reason)) is None


@pytest.mark.parametrize(
    "decision",
    [
        Released(at=AT, opportunity="o1", who="w"),
        Drafted(at=AT, opportunity="o1", who="w", text=""),
    ],
)
def test_other_steps_teach_nothing(decision):
    assert lesson_of(decision) is None


def test_each_kind_of_lesson_counts_once_an_opportunity():
    memory, learner = Memory(), Learner("Oreo")
    memory.keep("o1", {"size": 1.0}, 0.5)

    for decision in (CLAIMED, CLAIMED, FIRED, FIRED):
        memory.teach(lesson(decision), learner)

    assert learner.lessons == 2


def test_a_story_that_was_claimed_and_fired_is_told_as_one_story():
    memory, learner = Memory(), Learner("Oreo")
    memory.keep("o1", {"size": 1.0}, 0.5)
    memory.keep("o2", {"size": 1.0}, 0.5)

    for decision in (CLAIMED, FIRED, dismissed("not us after all")):
        memory.teach(lesson(decision), learner)
    memory.teach(Lesson(opportunity="o2", kind="claim", is_wanted=True, weight=1.0), learner)

    assert learner.lessons == 4
    assert learner.counts("size") == (2, 1)


def test_an_unknown_opportunity_teaches_nothing_and_a_known_one_does():
    memory, learner = Memory(), Learner("Oreo")
    memory.keep("o2", {"size": 1.0}, 0.5)

    memory.teach(lesson(CLAIMED), learner)
    before = learner.lessons
    memory.teach(Lesson(opportunity="o2", kind="claim", is_wanted=True, weight=1.0), learner)

    assert (before, learner.lessons) == (0, 1)


def test_the_oldest_of_too_many_is_let_go(monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)
    memory, learner = Memory(), Learner("Oreo")
    for id in ("o1", "o2", "o3"):
        memory.keep(id, {"size": 1.0}, 0.5)

    memory.teach(lesson(CLAIMED), learner)

    assert learner.lessons == 0
