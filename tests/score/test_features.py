"""Features: few, named, from 0 to 1; and what a text is about, in five languages."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.score.category import categories_of
from rtm.score.features import features_of, stories_with
from rtm.text.patterns import Mark
from rtm.types import Example, Story, Tally

AT = datetime(2013, 2, 4, 1, 46, tzinfo=UTC)
TEXTS = st.lists(st.text(max_size=40), max_size=12)


def story(terms=("lights",), examples=("The lights went out at the football",), pace=2.0) -> Story:
    return Story(
        id="s1", title="Lights out", terms=tuple(terms), posts=4, authors=None, sources=4.0,
        surprise=7.0, opened_at=AT, per_min=pace,
        examples=tuple(Example(id="p", at=AT, text=text, author=None) for text in examples),
    )  # fmt: skip


@given(
    TEXTS,
    TEXTS,
    st.integers(1, 10**7),
    st.none() | st.integers(0, 10**11),
    st.floats(0, 1e6),
    st.none() | st.just("de"),
)
@settings(deadline=None)
def test_features_are_few_and_lie_between_0_and_1(terms, texts, posts, followers, pace, language):
    tally = Tally(posts, (posts,) * len(Mark), followers, 60, language)

    found = features_of(story(terms, texts, pace), tally, AT, is_event_on=True)

    assert len(found) <= 25
    assert all(0 <= value <= 1 for value in found.values())
    assert all(stories_with(name) for name in found)


def test_a_feature_says_what_it_is_of():
    marks = tuple(2 if mark is Mark.THEME else 0 for mark in Mark)

    found = features_of(story(), Tally(4, marks, 1000, 60, "en"), AT, is_event_on=False)

    assert {"mark theme", "category sport", "term lights", "language en", "hours 00-06"} <= set(
        found
    )
    assert "mark mention" not in found


def test_event_terms_are_a_feature_only_while_the_event_is_on():
    marks = tuple(4 if mark is Mark.EVENT else 0 for mark in Mark)
    tally = Tally(4, marks, None, 60)

    assert "mark event" in features_of(story(), tally, AT, is_event_on=True)
    assert "mark event" not in features_of(story(), tally, AT, is_event_on=False)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("the quarterback was injured", "sport"), ("jalgpalli finaal", "sport"),
        ("mecz piłkarski", "sport"), ("fotbalový zápas", "sport"), ("nogometna tekma", "sport"),
        ("a recipe for cookies", "food"), ("uus retsept", "food"), ("przepis na ciasto", "food"),
        ("recept na koláč", "food"), ("recept za kruh", "food"),
        ("zima in sneg", "weather"), ("päikesepaisteline ilm", "weather"),
    ],
)  # fmt: skip
def test_a_subject_is_known_in_five_languages(text, category):
    assert category in categories_of([text])


@pytest.mark.parametrize("text", ["carpet cleaning", "scattered thoughts", "", "12345 !!"])
def test_a_word_within_another_is_no_subject(text):
    assert not set(categories_of([text])) & {"motoring", "animals", "sport"}
