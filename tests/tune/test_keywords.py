"""Keywords are read as posts are read, so that what a label says is found where posts say it."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.errors import ConfigError
from rtm.score.opportunity import Judge
from rtm.text.patterns import Patterns
from rtm.text.reader import read
from rtm.tune.keywords import Holding, keyword_of, keywords_of, names_in
from rtm.tune.session import NEUTRAL
from tests.streams import START, posts_frame
from tests.tune.nights import label

WORDS = ("lamps", "Dark", "oreo", "399", "terremoto", "Beyoncé", "łódź")


def patterns() -> Patterns:
    return Judge(NEUTRAL, ()).patterns


def holding(texts: list[str], *keywords: str) -> Holding:
    posts: pl.DataFrame = posts_frame({"at": START, "text": text} for text in texts)
    return Holding([keyword_of(one) for one in keywords], [read(posts, patterns())])


@pytest.mark.parametrize(
    ("text", "names", "words"),
    [
        ("ios 7", ("ios",), 1),
        ("$399", ("399",), 1),
        ("Field Goal", ("field goal",), 2),
        ("#WeAccept", ("weaccept", "accept"), 1),
        ("#SuperBowl", ("super bowl", "superbowl"), 2),
        ("@oreo", ("oreo",), 1),
        ("21-13", ("21 13",), 2),
        ("T-Mobile", ("mobile",), 1),
        ("game of thrones", ("game thrones",), 2),
    ],
)
def test_a_keyword_reads_as_the_reader_reads_it(text, names, words):
    keyword = keyword_of(text)

    assert keyword.names == names
    assert keyword.words == words


@pytest.mark.parametrize("text", ["the", "7", "!?", " "])
def test_a_keyword_without_a_counted_word_is_refused_with_its_label(text):
    with pytest.raises(ConfigError, match=r'label "Lamps": keyword .* holds no word'):
        keywords_of(label(0, "lamps", text))


def test_keywords_that_the_reader_cannot_tell_apart_count_once():
    assert len(keywords_of(label(0, "pick six", "pick-six", "alford"))) == 2
    assert len(keywords_of(label(0, "pick six", "picksix", "alford"))) == 3


@given(st.sampled_from(WORDS), st.sampled_from(["{}", "#{}", "@{}", "so {} now", "{}!"]))
def test_a_word_is_held_as_word_tag_or_name_in_any_case(word, shape):
    word = word if word.isascii() or "@" not in shape else "oreo"
    texts = ["nobody speaks", shape.format(word.upper()), shape.format(word.lower())]

    found = holding(texts, word).of(keyword_of(word))

    assert found.tolist() == [1, 2]


def test_a_part_of_a_word_does_not_hold_it():
    assert holding(["lampshade", "overlamps", "lamps"], "lamps").of(
        keyword_of("lamps")
    ).tolist() == [2]


def test_a_pair_is_held_only_side_by_side():
    texts = ["a field goal!", "goal on the field", "the field. A goal"]

    assert holding(texts, "field goal").of(keyword_of("field goal")).tolist() == [0]


def test_posts_are_numbered_on_over_several_readings():
    readings = [
        read(posts_frame({"at": START, "text": text} for text in texts), patterns())
        for texts in (["x", "lamps"], [], ["lamps", "y"])
    ]

    found = Holding([keyword_of("lamps")], readings)

    assert found.posts == 4
    assert found.of(keyword_of("lamps")).tolist() == [1, 2]


def test_a_keyword_is_rare_below_one_post_in_two_hundred():
    often = holding(["lamps"] + ["quiet"] * 199, "lamps")
    seldom = holding(["lamps"] + ["quiet"] * 200, "lamps")

    assert not often.is_rare(keyword_of("lamps"))
    assert seldom.is_rare(keyword_of("lamps"))


def test_the_sieve_lets_every_key_through_that_is_wanted():
    keys = keyword_of("lamps").terms
    found = holding(["Lamps #lamps @lamps"], "lamps")

    assert np.isin(np.array(keys, np.uint64), found._held).all()


def test_a_storys_names_are_its_words_and_pairs_without_their_marks():
    assert names_in(["#superbowl", "field goal", "@oreo"]) == {
        "superbowl",
        "field",
        "goal",
        "field goal",
        "oreo",
    }
