"""Figures of the interlock: from small sets made up here, and from none."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from rtm.evaluate.risk import figures, judged

AT = datetime(2013, 7, 2, tzinfo=UTC)
GRAVE, PLAIN = "Two killed in an explosion", "A lovely afternoon"


def _posts(*texts: str, **more: Sequence[object]) -> pl.DataFrame:
    count = len(texts)
    columns = {
        "id": [f"p{number:03}" for number in range(count)],
        "created_at": [AT + timedelta(seconds=number) for number in range(count)],
        "text": list(texts),
        "author": [None] * count,
        "lang": [None] * count,
    }
    schema = {"author": pl.String, "lang": pl.String}
    return pl.DataFrame({**columns, **more}, schema_overrides=schema)


def _sets(folder: Path) -> Path:
    (folder / "corpora").mkdir()
    texts = [GRAVE] * 10 + [PLAIN] * 10 + [GRAVE] * 10
    crisis = _posts(
        *texts,
        event=["quake"] * 30,
        on_topic=[True] * 20 + [False] * 10,
    )
    crisis.write_parquet(folder / "corpora" / "crisislex_2012_2013.parquet")
    talk = _posts(*texts, subreddit=["nfl"] * 30)
    talk.write_parquet(folder / "corpora" / "reddit_top_2013.parquet")
    return folder


def test_what_is_grave_among_ten_in_a_row_locks_them_and_the_rest_is_left_out():
    groups = judged(_posts(*[GRAVE] * 10, *[PLAIN] * 10, *[GRAVE] * 9), 10)

    assert [group.is_locked for group in groups] == [True, False]


def test_the_order_is_that_of_time():
    posts = _posts(*[GRAVE, PLAIN] * 5, *[PLAIN] * 10)

    assert judged(posts, 10) == judged(posts.reverse(), 10)


def test_crises_are_told_by_themselves_and_together_of_their_topic_alone(tmp_path):
    told = {figure.name: figure for figure in figures(_sets(tmp_path))}

    for name in ("locked, quake", "locked, all crises"):
        assert (told[name].estimate.value, told[name].estimate.of) == (0.5, 2)
        assert told[name].is_met is False
    assert told["locked, off-topic of all crises"].estimate.value == 1.0
    assert told["speaks of disaster, all crises"].estimate.value == 0.5
    assert told["speaks of abuse, all crises"].estimate.value == 0.0


def test_what_is_harmless_is_told_on_either_side_of_the_tuning(tmp_path):
    told = {figure.name: figure for figure in figures(_sets(tmp_path))}

    held_out = told["falsely locked, sport on Reddit from July 2013"]
    assert (held_out.estimate.of, held_out.is_met) == (3, False)
    assert "Held out" in held_out.note
    tuned = told["falsely locked, sport on Reddit before July 2013"]
    assert tuned.estimate.of == 0
    assert "tuned" in tuned.note


def test_a_set_that_is_not_there_is_said_to_be_so_once(tmp_path):
    told = list(figures(tmp_path))

    assert len(told) == 4
    assert all(figure.estimate.value is None and "is not there" in figure.note for figure in told)
