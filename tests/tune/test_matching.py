"""Which story is about which label: in time, with enough in common, and without looking ahead."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.score.opportunity import Judge
from rtm.text.reader import read
from rtm.tune.keywords import Holding, keywords_of
from rtm.tune.labels import Label
from rtm.tune.matching import AFTERWARDS, Sought, about, sought
from rtm.tune.session import NEUTRAL
from tests.planted import Said, posts_of
from tests.streams import START
from tests.tune.nights import label, story

COMMON = [Said(n * 10, "lamps and dark and singer and field goal") for n in range(100)]


def searched(one: Label, said: list[Said]) -> Sought:
    posts = posts_of(said)
    held = Holding(keywords_of(one), [read(posts, Judge(NEUTRAL, ()).patterns)])
    at_us = posts["at"].dt.epoch("us").to_numpy().astype(np.int64)
    return sought(one, keywords_of(one), held, at_us)


@pytest.fixture
def common() -> Sought:
    """Return a label whose keywords all stand in every post: none is rare."""
    return searched(label(600, "lamps", "dark", "field goal"), COMMON)


def test_two_shared_keywords_match(common):
    assert common.is_matched_by(story(700, "lamps", "dark"))


def test_one_shared_keyword_that_everybody_uses_does_not(common):
    assert not common.is_matched_by(story(700, "lamps", "else"))


def test_one_shared_keyword_does_if_it_is_rare():
    quiet = [Said(5, "quiet")] * 20_000
    one = searched(label(600, "lamps", "dark"), [*COMMON, *quiet])

    assert one.is_matched_by(story(700, "lamps", "else"))


def test_a_keyword_of_two_words_counts_for_two_as_a_pair_only(common):
    assert common.is_matched_by(story(700, "field goal"))
    assert not common.is_matched_by(story(700, "field", "goal"))


def test_case_hash_and_at_are_folded(common):
    assert common.is_matched_by(story(700, "#lamps", "@dark"))


def test_two_words_of_one_pair_term_count_each(common):
    assert common.is_matched_by(story(700, "lamps dark"))


@pytest.mark.parametrize(
    ("second", "is_matched"), [(599, False), (600, True), (840, True), (841, False)]
)
def test_a_story_must_open_inside_the_span(common, second, is_matched):
    assert common.is_matched_by(story(second, "lamps", "dark")) is is_matched


def test_what_a_story_came_to_speak_of_after_the_span_does_not_count(common):
    late = story(700, "else", later=(841, ("lamps", "dark")))
    in_time = story(700, "else", later=(839, ("lamps", "dark")))

    assert not common.is_matched_by(late)
    assert common.is_matched_by(in_time)


def test_what_it_no_longer_speaks_of_still_counts(common):
    assert common.is_matched_by(story(700, "lamps", "dark", later=(800, ("else",))))


def test_keywords_of_two_tellings_are_not_added_up(common):
    assert not common.is_matched_by(story(700, "lamps", later=(800, ("dark",))))


def test_a_negative_is_sought_from_its_first_copy_until_ten_minutes_after():
    said = [
        Said(1, "followers cheap"),  # more than an hour before: another burst
        Said(4000, "cheap"),
        Said(4100, "cheap followers"),
        Said(7000, "cheap followers"),
    ]
    one = searched(label(7200, "followers", "cheap", kind="negative", lasts_s=60), said)

    assert one.since == START + timedelta(seconds=4100)
    assert one.until == one.label.end + AFTERWARDS


def test_a_negative_of_one_keyword_begins_with_its_first_post():
    one = searched(label(600, "cheap", kind="negative"), [Said(500, "cheap"), Said(601, "cheap")])

    assert one.since == START + timedelta(seconds=500)


def test_a_negative_that_no_post_speaks_of_begins_with_its_span():
    one = searched(label(600, "followers", "cheap", kind="negative"), [Said(500, "cheap")])

    assert one.since == one.label.start


@given(
    st.lists(st.tuples(st.integers(0, 1500), st.sets(st.sampled_from("abcdef"))), max_size=12),
    st.integers(0, 1000),
)
def test_about_finds_what_asking_each_story_finds(told, second):
    # the broken twin would be a bisection with the wrong side: ties at both ends are likely here
    terms = dict(zip("abcdef", ("lamps", "dark", "field goal", "goal", "else", "#x"), strict=True))
    stories = [
        story(at, *sorted(terms[one] for one in chosen), id=f"s{n}")
        for n, (at, chosen) in enumerate(sorted(told, key=lambda pair: pair[0]))
    ]
    one = searched(label(second, "lamps", "dark", "field goal"), COMMON)

    found = about(stories, one)

    assert found == [each for each in stories if one.is_matched_by(each)]
