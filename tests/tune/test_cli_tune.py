"""The command: what it prints, what it refuses, and that it stands beside other commands."""

import json
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

import rtm as rtm_package
from rtm.cli import main
from rtm.tune.hashes import CODE
from rtm.tune.result import Result
from tests.streams import SMALL
from tests.tune.nights import LABELS, night

SMALLNESS = [f"--set={name}={value}" for name, value in SMALL._asdict().items() if "_bits" in name]


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def rtm(capfd):
    def run(*arguments) -> Outcome:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Outcome(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "night.parquet"
    night().write_parquet(path)
    return path


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "night.events.json"
    path.write_bytes(msgspec.json.encode(LABELS))
    return path


@pytest.fixture
def tune(rtm, data, labels):
    """Return a function that tunes on the night, in little memory."""

    def run(*more) -> Outcome:
        outcome: Outcome = rtm("tune", data, "--labels", labels, *SMALLNESS, *more)
        return outcome

    return run


def test_a_person_reads_measures_labels_and_reasons(tune):
    outcome = tune()

    assert outcome.code == 0
    for said in (
        "recall",
        "0.67",
        "negatives hit",
        "silent",
        "No post in the span holds a keyword",
    ):
        assert said in outcome.out
    assert "\x1b" not in outcome.out
    assert "posts told" in outcome.err


def test_a_program_reads_one_object_the_same_each_time(tune, data, labels):
    first, second = tune("--json"), tune("--json")

    assert first.out == second.out
    result = msgspec.json.decode(first.out, type=Result)
    assert result.measures.recall.of == 3
    assert result.hashes.data
    assert result.hashes.labels


def test_hashes_follow_the_bytes_of_the_files(tune, data, labels):
    before = json.loads(tune("--json").out)["hashes"]

    labels.write_bytes(labels.read_bytes() + b"\n")
    after = json.loads(tune("--json").out)["hashes"]

    assert after["labels"] != before["labels"]
    assert {**after, "labels": ""} == {**before, "labels": ""}


def test_options_may_come_before_the_data(rtm, data, labels):
    outcome = rtm("tune", "--labels", labels, *SMALLNESS, "--json", data)

    assert outcome.code == 0
    assert json.loads(outcome.out)["posts"] == night().height


def test_another_command_of_the_group_is_not_taken_for_data(
    rtm, data, labels, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nab").write_bytes((tmp_path / "night.parquet").read_bytes())

    command = rtm("tune", "nab", "--help")
    file = rtm("tune", "./nab", "--labels", labels, *SMALLNESS, "--json")

    assert "Score detectors" in command.out
    assert file.code == 0
    assert json.loads(file.out)["posts"] == night().height


def test_every_part_that_the_code_hash_names_is_there():
    home = Path(rtm_package.__file__).parent

    assert [part for part in CODE if not (home / part).exists()] == []


def test_help_tells_of_tuning(rtm):
    outcome = rtm("tune", "--help")

    assert outcome.code == 0
    assert "--labels" in outcome.out
    assert "recall" in outcome.out


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--set", "story_flor=5"], "did you mean story_floor?"),
        (["--set", "story_floor=high"], "expected a number"),
        (["--results", "r"], "add --sweep"),
        (["--from", "noon"], '--from "noon"'),
        (["--marks", "none.toml"], "none.toml"),
        (["--event", "none.toml"], "none.toml"),
        (["--brand", "none.toml"], "none.toml"),
        (["--sweep", "none.toml"], "none.toml"),
        (["--sweep", "s.toml", "--spike"], "leave --sweep"),
    ],
)
def test_what_cannot_be_is_one_line_and_exit_code_2(tune, more, said):
    outcome = tune(*more)

    assert outcome.code == 2
    assert said in outcome.err
    assert outcome.out == ""
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("place", ["none.parquet", "."])
def test_data_that_is_no_file_is_refused(rtm, labels, tmp_path, place):
    outcome = rtm("tune", tmp_path / place, "--labels", labels)

    assert outcome.code == 2
    assert "name a file of" in outcome.err


def test_a_label_that_no_post_could_hold_is_refused_before_anything_is_read(rtm, data, labels):
    labels.write_bytes(labels.read_bytes().replace(b'"dark"', b'"the"'))

    outcome = rtm("tune", data, "--labels", labels)

    assert outcome.code == 2
    assert 'keyword "the" holds no word that is counted' in outcome.err


def test_spike_and_null_are_told_beside_the_rest(tune):
    outcome = tune("--spike", "--permuted", "2", "--json")

    told = json.loads(outcome.out)
    assert len(told["spiked"]["labels"]) == 3
    assert len(told["null"]["by_seed"]) == 2
    assert "permuted streams told" in outcome.err


def test_marks_are_written_answered_and_used(tune, tmp_path):
    marks = tmp_path / "marks.toml"
    tune("--set", "story_floor=4", "--set", "hot_floor=2", "--write-marks", marks)
    asked = marks.read_text()
    marks.write_text(asked.replace("terms =", "real = true\nterms ="))

    refused = tune("--write-marks", marks)
    outcome = tune("--marks", marks, "--write-marks", marks, "--json")

    assert refused.code == 2
    assert "exists; add --marks" in refused.err
    assert outcome.code == 0
    assert marks.read_text().count("\nreal = true") == asked.count("terms =")


def test_a_figure_is_written_where_asked(tune, tmp_path):
    figure = tmp_path / "f.html"

    outcome = tune("--figure", figure)

    assert outcome.code == 0
    assert "Plotly.newPlot" in figure.read_text(encoding="utf-8")


def test_a_sweep_tells_all_its_settings_and_draws_them(tune, tmp_path):
    sweep = tmp_path / "s.toml"
    sweep.write_text("[grid]\nstory_floor = [5.0, 250.0]\n")
    figure = tmp_path / "f.html"

    outcome = tune("--sweep", sweep, "--jobs", "1", "--figure", figure, "--json")
    again = tune("--sweep", sweep)

    assert outcome.code == 0
    found = json.loads(outcome.out)["results"]
    assert [one["changed"]["story_floor"] for one in found if "story_floor" in one["changed"]] == [
        250.0
    ]
    assert len(found) == 2
    assert figure.exists()
    assert "2 of 2 settings were run before" in again.err
    assert "story_floor = 250.0" in again.out
    assert "All with author_bits = 16" in again.out
