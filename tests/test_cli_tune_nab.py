"""The command tune nab: a table, JSON, progress on stderr, and words for what is wrong."""

import json

import pytest
import typer
from typer.testing import CliRunner

from rtm import cli_tune_nab
from rtm.cli_tune_nab import nab
from rtm.errors import ConfigError
from rtm.tune import nab_data
from rtm.tune.nab import PROFILES

app = typer.Typer()
app.command()(nab)


def run(*arguments: str):
    return CliRunner().invoke(app, arguments)


def test_the_table_tells_detectors_published_scores_and_yardsticks():
    done = run("--detector", "Rise")

    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert any(line.split()[:2] == ["Rise", "81.0"] for line in lines)
    assert any(line.split()[:2] == ["ARTime", "83.2"] for line in lines)
    assert any(line.startswith("blind, every 33 h") and "35.2" in line for line in lines)
    assert max(map(len, lines)) <= 100


def test_json_tells_every_profile_and_threshold():
    done = run("--detector", "Rise", "--json")

    rows = json.loads(done.stdout)
    assert rows[0]["name"] == "Rise"
    assert set(rows[0]["profiles"]) == set(PROFILES)
    assert rows[0]["profiles"]["standard"]["threshold"] > 2
    assert rows[-1]["profiles"]["reward_low_FP_rate"]["threshold"] is None


def test_detectors_may_be_named_more_than_once():
    done = run("--detector", "StandardAbsoluteDeviation", "--detector", "Rise", "--json")

    names = [row["name"] for row in json.loads(done.stdout) if row["kind"] == "detector"]
    assert names == ["StandardAbsoluteDeviation", "Rise"]


def test_an_unknown_detector_is_refused_by_name():
    done = run("--detector", "Rize")

    assert isinstance(done.exception, ConfigError)
    assert str(done.exception).startswith('--detector "Rize": write one of Rise, GaussianScorer')


def test_a_folder_without_series_is_refused(tmp_path):
    done = run("--data", str(tmp_path))

    assert isinstance(done.exception, ConfigError)
    assert "holds no realTweets.parquet" in str(done.exception)


def test_an_installed_rtm_says_where_the_series_are(tmp_path, monkeypatch):
    monkeypatch.setattr(nab_data, "SHIPPED", tmp_path)

    done = run()

    assert isinstance(done.exception, ConfigError)
    assert "tests/data/nab of a clone" in str(done.exception)


@pytest.mark.parametrize("every_s", [0.0, 1e9])
def test_long_work_says_how_far_it_is_on_stderr(monkeypatch, every_s):
    monkeypatch.setattr(cli_tune_nab, "LINE_EVERY_S", every_s)

    done = run("--detector", "Rise", "--json")

    assert ("rtm: Rise (1 of 1): 1,000 of 158,631 bins, " in done.stderr) == (every_s == 0.0)
    assert len(json.loads(done.stdout)) == 17
