"""The ten series are read whole; a folder that is none is refused in words."""

import shutil

import polars as pl
import pytest

from rtm.errors import ConfigError
from rtm.tune import nab_data
from rtm.tune.nab_data import SHIPPED, anchors, folder_of, read


def test_the_ten_series_are_whole():
    series = read(SHIPPED)

    names = " ".join(one.name for one in series)
    assert names == "AAPL AMZN CRM CVS FB GOOG IBM KO PFE UPS"
    assert sum(one.values.size for one in series) == 158_631
    assert sum(len(one.windows) for one in series) == 33
    assert sum(len(one.labels) for one in series) == 35
    assert max(one.values.max() for one in series) == 13_479
    assert {one.probation for one in series} == {750}


def test_the_series_are_on_an_even_grid_and_small():
    table = pl.read_parquet(SHIPPED / "realTweets.parquet")

    steps = table.group_by("series").agg(pl.col("timestamp").diff().drop_nulls().unique())

    assert {step for row in steps["timestamp"] for step in row} == {
        table["timestamp"][1] - table["timestamp"][0]
    }
    assert (SHIPPED / "realTweets.parquet").stat().st_size < 300_000


def test_each_label_is_in_a_window():
    for one in read(SHIPPED):
        for label in one.labels:
            assert any(first <= label <= last for first, last in one.windows)


def test_anchors_are_told_by_detector_and_profile():
    assert anchors(SHIPPED)["ARTime"]["standard"] == pytest.approx(83.17, abs=0.01)


def test_a_folder_without_series_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"holds no realTweets.parquet; name tests/data/nab"):
        folder_of(tmp_path)


def test_an_installed_rtm_asks_for_the_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(nab_data, "SHIPPED", tmp_path)

    with pytest.raises(ConfigError, match=r"--data: not given"):
        folder_of(None)


@pytest.mark.parametrize("name", ["realTweets.parquet", "windows.json", "labels.json"])
def test_a_damaged_file_is_refused(tmp_path, name):
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    (tmp_path / name).write_text("[]")

    with pytest.raises(ConfigError, match="damaged"):
        read(tmp_path)
