"""What is read of a post's mood: words, signs, stems and what a negation turns."""

import time

import polars as pl
import pytest
from hypothesis import given

from rtm.mood.features import HASHED, MAX_FEATURES, MAX_READ, features_of
from rtm.mood.lexicon import lexicon
from rtm.mood.rows import ALWAYS, STEM, TOTAL
from tests.mood.reading import CS, EN, columns_of, read, rows, signs_of, totals_of
from tests.text.texts import POSTS, TEXTS


@given(TEXTS, TEXTS, POSTS)
def test_a_text_reads_the_same_alone_and_among_others(first, second, third):
    texts = [first, second, third]

    together = read(*texts)

    for i, text in enumerate(texts):
        alone = read(text)
        assert columns_of(together, i) == columns_of(alone)
        bounds = together.stem_starts
        assert together.stems[bounds[i] : bounds[i + 1]].tolist() == alone.stems.tolist()
        assert (together.totals[i] == alone.totals[0]).all()


@given(TEXTS)
def test_columns_of_a_text_are_distinct_and_known(text):
    columns = columns_of(read(text))

    assert len(columns) == len(set(columns))
    assert all(0 <= column < ALWAYS for column in columns)


def test_accents_case_and_stretching_are_no_matter():
    assert columns_of(read("špatně"))[:3] == columns_of(read("SPATNE"))[:3]
    assert totals_of("Spatne", "cs") == totals_of("špatně", "cs") == {"negative": 1}
    assert totals_of("awfuuuuul", "en") == {}
    assert totals_of("terriblllle", "en") == {"negative": 1}


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("no!", "!"),
        ("no!!", "!!"),
        ("why?", "?"),
        ("NEVER again", "CAPITALS"),
        ("fine :-)", ":)"),
        ("i <3 it", ":)"),
        ("oh :(", ":("),
        ("ok 👍", "emoji +"),
        ("ok 😡", "emoji -"),
        ("see https://a.example/b", "link"),
        ("@one_air @two_air hello", "names"),
        ("sooooo", "soooo"),
    ],
)
def test_a_sign_is_read(text, sign):
    assert sign in signs_of(text)


@pytest.mark.parametrize("text", ["no", "A b", "at 10:)", "https://a.example", "@one_air hi", "so"])
def test_what_is_no_sign_is_not_read_as_one(text):
    assert not signs_of(text) - {"link"}


def test_a_negation_turns_the_three_words_behind_it():
    assert totals_of("not a good day", "en") == {"negation": 1, "not positive": 1}
    assert totals_of("not bad", "en") == {"negation": 1, "not negative": 1}
    assert totals_of("not one two three good", "en") == {"negation": 1, "positive": 1}
    assert totals_of("no. good", "en") == {"negation": 1, "positive": 1}


def test_two_words_side_by_side_are_found_and_apart_are_not():
    assert totals_of("an hour on hold", "en")["complaint"] == 2
    assert "complaint" not in totals_of("on the holder", "en")
    assert totals_of("raha palun tagasi", "et") == {}
    assert totals_of("raha tagasi", "et") == {"complaint": 1}


def test_a_whole_word_does_not_match_a_longer_one():
    assert totals_of("bad", "en") == {"negative": 1}
    assert totals_of("badge", "en") == {}


def test_a_word_counts_only_in_its_language():
    names = lexicon().names

    def stems(language: int) -> list[str]:
        return [names[c - STEM] for c in rows("drahe", language=language).columns if c >= STEM]

    assert stems(CS) == ["drah"]
    assert stems(EN) == []


def test_a_row_has_small_values_for_words_and_counts_for_classes():
    one = rows("bad bad worst broken late rude")
    value = dict(zip(one.columns.tolist(), one.values.tolist(), strict=True))

    hashed = [v for c, v in value.items() if c < HASHED]

    assert sum(v * v for v in hashed) == pytest.approx(1.0)
    assert value[ALWAYS] == 1.0
    assert value[TOTAL] == 3.0  # the most that counts


def test_long_posts_are_read_so_far_and_no_further():
    words = " ".join(f"bad{i}x" for i in range(5000)) + " bad" * 400

    columns = columns_of(read(words))
    counted = read("bad " * 1000).totals.max()

    assert len(columns) <= MAX_FEATURES + 11
    assert counted == MAX_READ


def test_nulls_and_no_texts_read_as_empty():
    assert len(features_of(pl.Series([], dtype=pl.String()))) == 0
    assert features_of(pl.Series([None, "a"], dtype=pl.String())).starts.tolist() == [0, 0, 1]


@pytest.mark.bench
def test_three_hundred_thousand_posts_a_second_are_read():
    text = "my flight is late and nobody helps, worst airline ever! @some_air #fail"
    texts = pl.Series([text] * 100_000)
    features_of(texts)

    start = time.perf_counter()
    features_of(texts)

    assert 100_000 / (time.perf_counter() - start) > 300_000
