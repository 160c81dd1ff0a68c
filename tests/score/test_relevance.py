"""Relevance: shares times stated weights, in words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.score.relevance import WEIGHTS, contributions, relevance
from rtm.text.patterns import Mark

COUNTS = st.integers(1, 300).flatmap(
    lambda posts: st.tuples(
        st.dictionaries(st.sampled_from(list(Mark)), st.integers(0, posts)), st.just(posts)
    )
)
EVENTS = st.sampled_from([None, "Super Bowl XLVII"])


@given(COUNTS, EVENTS)
@settings(deadline=None)
def test_relevance_lies_between_0_and_1(counts, event):
    assert 0.0 <= relevance(contributions(counts[0], counts[1], "Oreo", event)) <= 1.0


@given(COUNTS, EVENTS)
@settings(deadline=None)
def test_the_largest_reason_comes_first_and_none_is_empty(counts, event):
    sizes = [abs(one.value) for one in contributions(counts[0], counts[1], "Oreo", event)]

    assert sizes == sorted(sizes, reverse=True)
    assert all(size > 0 for size in sizes)


@given(COUNTS, EVENTS)
@settings(deadline=None)
def test_no_go_never_adds_and_in_every_post_leaves_at_most_what_exceeds_it(counts, event):
    marks, posts = counts
    without = relevance(contributions({**marks, Mark.NO_GO: 0}, posts, "Oreo", event))

    within = relevance(contributions({**marks, Mark.NO_GO: posts}, posts, "Oreo", event))

    assert within <= without


@pytest.mark.parametrize("mark", [Mark.EVENT, Mark.THEME, Mark.MENTION, Mark.RIVAL])
def test_no_go_in_every_post_pushes_any_one_fit_to_0(mark):
    marks = {mark: 10, Mark.NO_GO: 10}

    assert relevance(contributions(marks, 10, "Oreo", "Super Bowl")) == 0.0


def test_event_terms_count_only_while_the_event_is_on():
    marks = {Mark.EVENT: 10}

    assert relevance(contributions(marks, 10, "Oreo", "Super Bowl")) == 0.6
    assert contributions(marks, 10, "Oreo", None) == []


def test_nothing_found_is_no_reason_and_no_relevance():
    assert contributions({}, 5, "Oreo", "Super Bowl") == []
    assert relevance([]) == 0.0


def test_grave_and_political_words_are_not_relevance():
    assert contributions({Mark.GRAVE: 5, Mark.POLITICS: 5}, 5, "Oreo", None) == []


@pytest.mark.parametrize("mark", list(WEIGHTS))
def test_a_reason_says_how_many_posts_and_its_value(mark):
    (reason,) = contributions({mark: 2}, 8, "Oreo", "Super Bowl XLVII")

    assert reason.value == WEIGHTS[mark] / 4
    assert reason.sentence.startswith("2 of 8 posts ")
    assert reason.sentence.endswith(f"({reason.value:+.2f}).")
    assert "{" not in reason.sentence
