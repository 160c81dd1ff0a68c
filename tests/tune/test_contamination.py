"""A louder burst before each label, and times that mean nothing."""

from datetime import timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from rtm.tune.contamination import BEFORE, null_of, permuted, planted_posts, spiked
from rtm.tune.session import Session
from tests.streams import stream
from tests.tune.nights import LABELS, SETTINGS, night


def session() -> Session:
    # an hour of talk before it, so that there is something to plant into
    posts = night()
    early = posts.with_columns(
        pl.col("at") - timedelta(hours=1), (pl.lit("e") + pl.col("id")).alias("id")
    )
    quiet = early.filter(~pl.col("text").str.contains("lamps|singer|cheap"))
    return Session(pl.concat([quiet, posts]), LABELS)


def test_a_burst_is_twice_as_loud_as_the_label_and_ten_posts_at_least():
    lamps, silence = (
        next(one for one in session().sought if one.label.title == title)
        for title in ("Lamps", "Silence")
    )

    assert planted_posts(session(), lamps).height == 16
    assert planted_posts(session(), silence).height == 10


def test_a_burst_comes_before_its_label_from_sources_of_its_own_in_other_words():
    here = session()
    lamps = here.sought[0]

    burst = planted_posts(here, lamps)

    assert burst["at"].is_between(lamps.label.start - BEFORE, lamps.label.start).all()
    assert burst["author"].n_unique() == burst.height
    words = set(" ".join(burst["text"]).split())
    assert not words & set(" ".join(here.posts["text"]).lower().split())


def test_a_burst_is_the_same_each_time_and_another_for_each_label():
    here = session()

    first, again = (planted_posts(here, here.sought[0]) for _ in range(2))

    assert first.equals(again)
    assert set(first["text"]).isdisjoint(planted_posts(here, here.sought[1])["text"])


def test_a_stream_without_authors_gets_none():
    bare = session().posts.with_columns(pl.lit(None, pl.String()).alias("author"))
    here = Session(bare, LABELS)

    assert planted_posts(here, here.sought[0])["author"].null_count() == 16


def test_labels_are_told_with_and_without_it():
    here = session()

    found = spiked(here, SETTINGS, here.told(SETTINGS).matches)

    assert found.without.value == 0.666667
    assert [line.title for line in found.labels] == ["Lamps", "Singer", "Silence"]
    assert [line.is_found_without for line in found.labels] == [True, True, False]
    assert found.labels[0].is_found_with


def test_the_burst_itself_is_loud_enough_to_be_told():
    # the broken twin: were it silent, it would contaminate nothing
    here = session()
    burst = planted_posts(here, here.sought[0])

    told = here.with_posts(pl.concat([here.posts, burst]).sort("at", "id")).told(SETTINGS)

    words = set(burst["text"][0].split()[:2])
    assert any(words & set(story.terms) for story in told.stories)


@given(st.integers(0, 20), st.integers(0, 5))
def test_permuted_posts_are_the_same_posts_at_the_same_times(seed, which):
    posts = stream(which, posts=60, bursts=1).sort("at", "id")

    other = permuted(posts, seed)

    assert other["at"].equals(posts["at"])
    assert sorted(other["text"]) == sorted(posts["text"])
    assert permuted(posts, seed).equals(other)


def test_times_that_mean_nothing_tell_less_than_the_night():
    here = session()
    real = here.run(SETTINGS).measures.stories_a_day.value

    null = null_of(here, SETTINGS, 3, real)

    assert null.real == real
    assert len(null.by_seed) == 3
    assert null.most == max(null.by_seed)
    assert null.most is not None
    assert real is not None
    assert null.most < real
