"""The figures of mood: what is measured, on what, and that nothing set aside is measured."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from rtm.evaluate.mood import (
    AIRLINES,
    MULTILINGUAL,
    calibration_error,
    course_of,
    figures,
    is_set_aside,
    labelled,
)
from rtm.evaluate.places import corpus, sources
from rtm.mood.mood import Mood

SHARED = Path(__file__).parents[3] / "shared"
BAD = ("late again, gate {}", "lost my bag {}, no refund", "rude crew on {}", "still on hold {}")
GOOD = ("thank you crew of {}", "great flight {}", "love seat {}", "best day {} ever")
START = datetime(2015, 2, 17, tzinfo=UTC)


def made_up(posts: int) -> pl.DataFrame:
    """Return posts of two airlines, a minute apart, every second one negative."""
    texts = [(BAD if i % 2 else GOOD)[i // 2 % 4].format(f"w{i}") for i in range(posts)]
    return pl.DataFrame(
        {
            "id": [str(i) for i in range(posts)],
            "created_at": [START + timedelta(minutes=i) for i in range(posts)],
            "lang": ["en"] * posts,
            "text": texts,
            "brand": ["Up", "Away"] * (posts // 2),
            "sentiment": ["positive", "negative"] * (posts // 2),
        }
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a folder with made-up airlines and no other set."""
    (tmp_path / "corpora").mkdir()
    made_up(400).write_parquet(tmp_path / "corpora" / f"{AIRLINES}.parquet")
    return tmp_path


def test_all_figures_of_a_set_are_told_and_a_set_that_is_missing_says_so(data):
    told = {figure.name: figure for figure in figures(data)}

    assert told[f"AUC at the end, {AIRLINES}"].is_met
    assert told[f"AUC at 0 labels, {AIRLINES}"].estimate.value == 1.0
    assert f"AUC at 10 labels, no prior, {AIRLINES}" in told
    missing = told[f"AUC, {MULTILINGUAL}"]
    assert missing.estimate.value is None
    assert "not there" in missing.note


def test_nothing_set_aside_is_measured_and_all_else_is():
    frame = made_up(600)

    ids = set(labelled(frame, "made up", "en").frame["id"])

    assert ids == {id_ for id_ in frame["id"] if not is_set_aside(id_)}
    assert 30 < len(frame) - len(ids) < 90


def test_a_post_is_predicted_before_it_is_learned():
    posts = labelled(made_up(60), "made up", "en")
    mood = Mood()

    first = course_of(mood, posts, [0, 1])

    expected = Mood().score_rows(posts.rows, posts.languages)[0]
    assert first.probabilities[0] == expected
    assert mood.labels() == 2


def test_a_calibrated_guess_has_no_error_and_a_sure_wrong_one_has_all():
    labels = np.array([True, False] * 50)

    assert calibration_error(np.full(100, 0.5), labels) == 0.0
    assert calibration_error(1.0 - labels, labels) == 1.0


def test_data_is_found_in_either_layout(tmp_path):
    for folder in ("corpora", "data/corpora"):
        path = tmp_path / folder
        path.mkdir(parents=True)
        (path / f"{folder[0]}.parquet").touch()
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "b.txt").touch()
    (tmp_path / "sources" / "a.txt").touch()

    assert corpus(tmp_path, "c") == tmp_path / "corpora" / "c.parquet"
    assert corpus(tmp_path, "d") == tmp_path / "data" / "corpora" / "d.parquet"
    assert corpus(tmp_path, "e") is None
    assert [path.name for path in sources(tmp_path)] == ["a.txt", "b.txt"]
    assert sources(tmp_path / "data") == sources(tmp_path)
    assert sources(tmp_path / "data" / "corpora") == []


def test_real_complaints_are_told_apart_by_the_word_lists_alone():
    path = corpus(SHARED, AIRLINES)
    if path is None:
        pytest.skip(f"{AIRLINES} is not there")
    posts = labelled(pl.read_parquet(path), AIRLINES, "en")

    scores = Mood().score_rows(posts.rows, posts.languages)

    assert scores[posts.labels].mean() > 0.6 > 0.4 > scores[~posts.labels].mean()
