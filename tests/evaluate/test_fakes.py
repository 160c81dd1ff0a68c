"""Figures about fakes: what is planted is what was asked for, and a missing set says so."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.evaluate.backgrounds import BACKGROUNDS, BURST, NETWORK, NFL, SUPER_BOWL, bursts
from rtm.evaluate.fakes import figures
from rtm.evaluate.places import corpus
from rtm.evaluate.planted import STYLES, Written, crowd_of, planted
from rtm.score.authenticity import authenticity

START = datetime(2015, 1, 12, 0, 30, tzinfo=UTC)
CORPORA = Path(__file__).parents[3] / "shared" / "data"


def real(posts: int, author: int = 0) -> list[Written]:
    return [
        Written(START + timedelta(seconds=n), f"Colts {n}", author and author + n)
        for n in range(posts)
    ]


@given(st.integers(1, 80), st.floats(0, 1), st.sampled_from(sorted(STYLES)), st.integers(0, 99))
def test_so_many_posts_give_way_to_planted_ones(posts, share, style, seed):
    given_posts = real(posts)

    made = planted(given_posts, ("Colts", "Broncos"), share, STYLES[style], seed)

    assert len(made) == posts
    assert len(set(given_posts) & set(made)) == posts - round(share * posts)
    assert [one.at for one in made] == sorted(one.at for one in made)
    assert given_posts[0].at <= made[0].at <= made[-1].at <= given_posts[-1].at


@pytest.mark.parametrize("style", STYLES)
def test_planting_is_the_same_each_time(style):
    once, again = (planted(real(40), ("a", "b"), 0.5, STYLES[style], 7) for _ in range(2))

    assert once == again
    assert once != planted(real(40), ("a", "b"), 0.5, STYLES[style], 8)


@pytest.mark.parametrize("author", [0, 5])
def test_planted_posts_tell_no_more_than_real_ones(author):
    made = planted(real(20, author), ("a", "b"), 0.5, STYLES["copy"], 1)

    assert len({bool(one.author) for one in made}) == 1


def test_copies_are_few_texts_and_templates_many():
    copies, filled = (
        {one.text for one in planted(real(60), ("a", "b"), 1.0, STYLES[style], 3)}
        for style in ("copy", "template")
    )

    assert len(copies) <= 3
    assert len(filled) > 20


def write(folder: Path, name: str) -> None:
    rows = [
        (f"{n:06}", START + timedelta(seconds=n * 2), f"Colts and Falcons again {n}", None, None)
        for n in range(2 * BURST)
    ]
    rows += [
        (f"x{n}", START + timedelta(minutes=96, seconds=n), "Colts sorprende", None, None)
        for n in range(20)
    ]
    columns = ["id", "created_at", "text", "author", "reply_to"]
    frame = pl.DataFrame(rows, columns, orient="row").with_columns(
        pl.lit(False).alias("is_repost"), pl.col("author", "reply_to").cast(pl.String)
    )
    (folder / "corpora").mkdir(exist_ok=True)
    frame.write_parquet(folder / "corpora" / f"{name}.parquet")


def test_labelled_false_bursts_are_no_background(tmp_path):
    write(tmp_path, NFL)
    game = next(one for one in BACKGROUNDS if one.name.startswith("Colts"))

    found = bursts(tmp_path, game)

    assert 0 < len(found) < game.bursts
    assert not any("sorprende" in post.text for burst in found for post in burst)
    assert [len(burst) for burst in bursts(tmp_path, NETWORK)] == [20]


def test_a_missing_set_yields_figures_without_a_value(tmp_path):
    told = list(figures(tmp_path))

    missing = [figure for figure in told if figure.estimate.value is None]
    assert len(missing) == len(BACKGROUNDS) + 1
    assert all(figure.note.endswith("is not there") for figure in missing)
    assert len(told) == len(missing) + 2


def test_figures_are_told_of_a_set_that_is_there(tmp_path):
    write(tmp_path, SUPER_BOWL)

    told = {figure.name: figure for figure in figures(tmp_path)}

    assert told["planted only, held, copy, Super Bowl LI, 2017"].is_met
    assert told["times that an active audience outweighs a passing one"].is_met
    assert told["weight of a give-away's audience"].is_met


@pytest.mark.skipif(corpus(CORPORA, NFL) is None, reason=f"{NFL} is not on this machine")
def test_a_real_network_of_accounts_is_told_and_real_bursts_are_not_held():
    (network,) = bursts(CORPORA, NETWORK)
    people = [burst for one in BACKGROUNDS for burst in bursts(CORPORA, one)]

    assert authenticity(crowd_of(network)).is_automated_only
    assert len(people) > 15
    assert max(authenticity(crowd_of(burst)).share for burst in people) < 0.05
