"""How much of a crowd is automated: planted shares are told, what people repeat is not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.crowd import Crowd
from rtm.evaluate.planted import STYLES, Written, crowd_of, planted
from rtm.score import authenticity as module
from rtm.score.alike import alike, words_of
from rtm.score.authenticity import authenticity, variation
from tests.streams import WORDS

START = datetime(2013, 2, 4, 1, 38, tzinfo=UTC)
SPAM = "Best price for stadium tickets and jerseys, fast delivery today"
CHANTS = ("GOAL!!!", "TOUCHDOWN!", "what a game", "the lights are out", "Beyonce!!")
GAPS_S = np.random.default_rng(3).exponential(2.0, 400).cumsum().tolist()


def at(place: int) -> datetime:
    return START + timedelta(seconds=GAPS_S[place])


def people(posts: int) -> list[Written]:
    """Return posts of people: half in words of their own, half of what everybody cries out."""
    own = [" ".join(WORDS[(7 * n + 97 * k) % 1000] for k in range(8)) for n in range(posts)]
    texts = [own[n] if n % 2 else CHANTS[n % len(CHANTS)] for n in range(posts)]
    return [Written(at(n), text) for n, text in enumerate(texts)]


def said(*texts: str) -> Crowd:
    return crowd_of([Written(at(n), text) for n, text in enumerate(texts)])


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.8])
def test_a_planted_share_is_told_within_five_points_and_its_interval(style, share):
    for seed in range(5):
        crowd = crowd_of(planted(people(200), ("superbowl", "lights"), share, STYLES[style], seed))

        told = authenticity(crowd)

        assert told.share == pytest.approx(share, abs=0.05)
        assert told.low <= share <= told.high
        assert told.discount == told.share


@pytest.mark.parametrize("style", STYLES)
def test_a_burst_of_nothing_else_is_automated_only(style):
    crowd = crowd_of(planted(people(60), ("superbowl", "lights"), 1.0, STYLES[style], 1))

    assert authenticity(crowd).is_automated_only


def test_people_are_not_taken_for_machines():
    told = authenticity(crowd_of(people(200)))

    assert told.share < 0.02
    assert told.high < 0.1
    assert not told.is_automated_only
    assert told.sentence.startswith("Next to none of 200 posts looks automated")


@pytest.mark.parametrize("chant", CHANTS)
def test_what_everybody_cries_out_is_genuine(chant):
    assert authenticity(said(*[chant] * 100)).share < 0.05


@pytest.mark.parametrize("form", ["RT @espn: {}", '"{}" - my mother just now', "{} via @espn"])
def test_what_is_passed_on_is_genuine(form):
    assert authenticity(said(*[form.format(SPAM)] * 50)).share < 0.1


def test_the_same_words_not_passed_on_are_automated():
    assert authenticity(said(*[SPAM] * 50)).share > 0.9


def test_reposts_as_the_network_tells_them_are_genuine():
    crowd = said(*[SPAM] * 50)

    assert authenticity(replace(crowd, is_repost=np.ones(50, bool))).share < 0.1


def test_the_interval_narrows_with_posts():
    few, many = (
        authenticity(crowd_of(planted(people(n), ("a", "b"), 0.3, STYLES["copy"], 1)))
        for n in (20, 200)
    )

    assert many.high - many.low < few.high - few.low


def test_where_texts_are_gone_the_interval_is_wider():
    crowd = crowd_of(planted(people(100), ("a", "b"), 0.3, STYLES["copy"], 1))
    gone = replace(crowd, texts=(None,) * 100)

    told, untold = authenticity(crowd), authenticity(gone)

    assert untold.high - untold.low > told.high - told.low


def test_where_texts_are_gone_the_memory_of_copies_speaks():
    crowd = replace(said(*[SPAM] * 40), texts=(None,) * 40)
    clusters = np.full(40, 7, np.uint64)

    alone, together = authenticity(crowd), authenticity(replace(crowd, clusters=clusters))

    assert together.share > alone.share + 0.3


def doubtful(**columns: object) -> float:
    """Return the share told of a few posts that could be of people or not."""
    crowd = said(*[f"{SPAM[:31]} {WORDS[n]}" for n in range(5)], *[w.text for w in people(20)])
    return authenticity(replace(crowd, **columns)).share  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("column", "suspect", "trusted"),
    [("ages_d", 2.0, 2000.0), ("followers", 3, 5000), ("is_reply", False, True)],
)
def test_accounts_speak_where_they_are_told(column, suspect, trusted):
    by_suspects = doubtful(**{column: np.array([suspect] * 5 + [trusted] * 20)})
    by_trusted = doubtful(**{column: np.array([trusted] * 25)})

    assert by_suspects > by_trusted


def test_long_known_authors_are_trusted():
    assert doubtful(known_s=np.full(25, 1e6)) < doubtful()


def test_posts_at_the_beat_of_a_timer_are_suspect():
    even = START.timestamp() * 1e6 + np.arange(25) * 60e6
    assert doubtful(at_us=even.astype(np.int64)) > doubtful()


def test_an_author_with_a_timer_is_automated_and_one_without_is_not():
    rng = np.random.default_rng(1)
    words = [" ".join(rng.choice(WORDS, 7)) for _ in range(20)]
    by_timer = [Written(START + timedelta(seconds=60 * n), w, 5) for n, w in enumerate(words)]
    by_hand = [Written(at(n), w, 5) for n, w in enumerate(words)]

    assert authenticity(crowd_of(by_timer)).share > 0.5
    assert authenticity(crowd_of(by_hand)).share < 0.1


def test_it_says_why_in_words():
    texts = [SPAM] * 14 + [post.text for post in people(26)]
    crowd = crowd_of(
        [Written(START + timedelta(seconds=60 * n), text) for n, text in enumerate(texts)]
    )

    told = authenticity(crowd)

    assert told.sentence.startswith("About 3")
    assert f"({100 * told.low:.0f} to {100 * told.high:.0f} %)" in told.sentence
    assert "14 of 40 are copies of one text, one every 60 s" in told.sentence


def test_young_accounts_are_named():
    crowd = replace(said(*[SPAM] * 20), ages_d=np.full(20, 3.0))

    assert "20 of them by accounts younger than a month" in authenticity(crowd).sentence


def test_of_nobody_nothing_is_known():
    told = authenticity(said())

    assert (told.share, told.low, told.high, told.discount) == (0.0, 0.0, 1.0, 0.0)


@given(st.integers(1, 40), st.floats(0, 1), st.integers(0, 99))
@settings(deadline=None, max_examples=40)
def test_a_share_is_within_its_interval_whatever_the_crowd(posts, share, seed):
    crowd = crowd_of(planted(people(posts), ("a", "b"), share, STYLES["template"], seed))

    told = authenticity(crowd)

    assert 0.0 <= told.low <= told.share <= told.high <= 1.0


@given(st.integers(1, 30), st.integers(0, 99))
@settings(deadline=None, max_examples=30)
def test_each_post_is_in_one_unit_exactly(posts, seed):
    crowd = crowd_of(planted(people(posts), ("a", "b"), 0.5, STYLES["paraphrase"], seed))

    places = [place for unit in module._units(crowd) for place in unit.places]

    assert sorted(places) == list(range(posts))


def test_word_order_does_not_count():
    one, other = "alpha beta gamma delta epsilon", "epsilon, delta: beta gamma alpha"

    (group,) = alike([words_of(one), words_of(other)], np.zeros(2, np.uint64))

    assert (group.places, group.words, group.likeness) == ((0, 1), 5.0, 1.0)


def test_a_chain_of_likenesses_is_not_one_group():
    letters = [f"word{chr(97 + n)}" for n in range(20)]
    chain = [frozenset(letters[n : n + 8]) for n in range(0, 13, 2)]

    groups = alike(chain, np.zeros(len(chain), np.uint64))

    assert max(len(group.places) for group in groups) <= 3


def test_intervals_that_vary_as_much_as_they_last_are_no_timer():
    gaps = np.array([round(second * 1e6) for second in GAPS_S[:100]])

    assert variation(gaps) == pytest.approx(1.0, abs=0.3)
    assert variation(np.array([1, 2])) is None
