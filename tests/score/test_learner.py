"""The learner: nothing learned is the prior itself; what is taught is kept, told and bounded."""

import math
from collections.abc import Iterable
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.score import learner as module
from rtm.score.learner import Knowledge, Learner
from rtm.score.relevance import Contribution, fitted, relevance

NAMES = st.sampled_from([f"term t{n}" for n in range(8)] + ["category sport", "size"])
FEATURES = st.dictionaries(NAMES, st.floats(0.01, 1.0), min_size=1, max_size=6)
LESSON = st.tuples(FEATURES, st.floats(0, 1), st.booleans(), st.sampled_from([0.5, 1.0]))
LESSONS = st.lists(LESSON, max_size=12)
STATED = st.lists(
    st.floats(-1, 1).map(lambda value: Contribution(value, f"Stated ({value:+.2f}).")), max_size=5
)


def taught(lessons: Iterable[tuple[Any, ...]], brand: str = "Oreo") -> Learner:
    learner = Learner(brand)
    for lesson in lessons:
        learner.learn_one(*lesson)
    return learner


@given(st.floats(0, 1), FEATURES)
@settings(deadline=None)
def test_without_a_lesson_relevance_is_the_prior_exactly(prior, features):
    learner = Learner("Oreo")

    terms = [logit for _, logit in learner.terms(features)]

    assert learner.relevance(prior, terms) == prior


@given(LESSONS, STATED, FEATURES)
@settings(deadline=None)
def test_the_reasons_as_written_add_up_to_the_relevance_as_written(lessons, stated, features):
    fit = fitted(stated, taught(lessons), features)

    written = [float(one.sentence.rpartition("(")[2].rstrip(").")) for one in fit.reasons]

    assert 0.0 <= fit.relevance <= 1.0
    assert sum(written) == pytest.approx(round(fit.relevance, 2), abs=1e-9)
    assert fit.prior == relevance(stated)


@given(LESSONS, STATED, FEATURES)
@settings(deadline=None)
def test_a_reason_tells_of_lessons_that_were_given(lessons, stated, features):
    reasons = fitted(stated, taught(lessons), features).reasons

    learned = [one for one in reasons if one.sentence.startswith("Your team ")]

    assert len(learned) <= 3
    assert not any(" 0 of " in one.sentence for one in learned)
    assert all(("took on" in one.sentence) == (one.value > 0) for one in learned)


def test_what_was_dismissed_falls_and_what_was_claimed_rises_and_others_stay():
    learner = taught([({"category sport": 1.0}, 0.5, False), ({"category food": 1.0}, 0.5, True)])

    sport, food, other = (
        fitted([Contribution(0.5, "Stated (+0.50).")], learner, {f"category {name}": 1.0})
        for name in ("sport", "food", "music")
    )

    assert sport.relevance < other.relevance == 0.5 < food.relevance
    assert sport.reasons[1].sentence.startswith("Your team dismissed 1 of 1 stories about sport (-")
    assert food.reasons[1].sentence.startswith("Your team took on 1 of 1 stories about food and d")


def test_a_strong_lesson_moves_more_than_a_weak_one():
    weak = taught([({"category food": 1.0}, 0.5, True, 0.5)])
    strong = taught([({"category food": 1.0}, 0.5, True, 1.0)])

    (_, little), (_, much) = (one.terms({"category food": 1.0})[0] for one in (weak, strong))

    assert 0 < little < much


def test_clicks_lift_nothing_that_is_no_go_in_every_post():
    learner = taught([({"category food": 1.0}, 0.5, True)] * 30)
    fits, forbidden = Contribution(0.7, "Fits (+0.70)."), Contribution(-1.0, "No (-1.00).")

    assert fitted([fits, forbidden], learner, {"category food": 1.0}).relevance == 0.0
    assert fitted([fits], learner, {"category food": 1.0}).relevance > 0.8


@given(LESSONS, LESSONS, FEATURES)
@settings(deadline=None)
def test_a_learner_goes_on_from_its_knowledge_bit_by_bit(first, then, features):
    whole, part = taught([*first, *then]), taught(first)
    later = Learner("Oreo")

    later.restore(msgspec.json.decode(msgspec.json.encode(part.knowledge()), type=Knowledge))
    for lesson in then:
        later.learn_one(*lesson)

    assert later.terms(features) == whole.terms(features)
    assert later.knowledge() == whole.knowledge()


def test_knowledge_is_read_by_a_person():
    knowledge = taught([({"category sport": 1.0, "term goal": 0.5}, 0.5, False)]).knowledge()

    told = msgspec.json.decode(msgspec.json.encode(knowledge))

    assert (told["brand"], told["version"], told["lessons"]) == ("Oreo", 1, 1)
    assert told["features"]["term goal"]["unwanted"] == 1
    assert told["features"]["term goal"]["weight"] < 0


@pytest.mark.parametrize("changes", [{"brand": "Other"}, {"version": 99}])
def test_knowledge_of_another_brand_or_version_is_not_taken(changes):
    knowledge = taught([({"size": 1.0}, 0.5, True)]).knowledge()
    same, other = Learner("Oreo"), Learner("Oreo")

    same.restore(knowledge)
    other.restore(msgspec.structs.replace(knowledge, **changes))

    assert same.lessons == 1
    assert other.knowledge() == Knowledge(brand="Oreo")


def test_after_a_reset_nothing_was_learned():
    learner = taught([({"size": 1.0}, 0.5, True)])

    learner.reset()

    assert learner.terms({"size": 1.0}) == []
    assert learner.knowledge() == Knowledge(brand="Oreo")


def test_of_too_many_features_those_taught_longest_ago_go(monkeypatch):
    monkeypatch.setattr(module, "MOST", 3)
    learner = Learner("Oreo")
    for name in ("a", "b", "c", "a", "d"):
        learner.learn_one({f"term {name}": 1.0}, 0.5, True)

    kept = learner.knowledge().features

    assert sorted(kept) == ["term a", "term c", "term d"]
    assert learner.terms({"term b": 1.0}) == []
    assert math.isfinite(learner.relevance(1.0, [800.0]))
    assert math.isfinite(learner.relevance(0.0, [-800.0]))
