"""Sweeps: which settings a file names, and results that survive being stopped."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from rtm.errors import ConfigError, SourceError
from rtm.trends.settings import Settings
from rtm.tune.hashes import file_hash
from rtm.tune.labels import load_labels
from rtm.tune.result import Result
from rtm.tune.session import Asked, Session
from rtm.tune.sweep import Results, load_sweep, settings_of
from rtm.tune.workers import Job, results
from tests.tune.nights import LABELS, SETTINGS, label, night

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0
GRID = {"grid": {"story_floor": [4.0, 5.0], "judge_s": [1, 2, 3]}}


def test_a_grid_is_every_combination_and_singles_are_added():
    table = {"base": {"min_sources": 2.0}, **GRID, "setting": [{"story_floor": 9.0}]}

    settings = settings_of(table, Settings(), "s.toml")

    assert len(settings) == 7
    assert {one.min_sources for one in settings} == {2.0}
    assert settings[-1] == Settings(min_sources=2.0, story_floor=9.0)


def test_a_setting_named_twice_is_run_once():
    table = {**GRID, "setting": [{"story_floor": 4.0, "judge_s": 1}, {"story_floor": 4}]}

    assert len(settings_of(table, Settings(), "s.toml")) == 6


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({}, "nothing to run"),
        ({"grids": {}}, "grids = {…}; no such key"),
        ({"grid": {"story_flor": [1.0]}}, "[grid] story_flor = 1.0; no such setting; did you mean"),
        ({"grid": {"story_floor": 5.0}}, "write a list, such as story_floor = [5.0]"),
        ({"grid": {"story_floor": []}}, "write a list"),
        ({"grid": {"story_floor": ["high"]}}, 'story_floor = "high"'),
        ({"setting": {"story_floor": 5.0}}, "write [[setting]]"),
        ({"setting": [{}, {"x": 1}]}, "[[setting]] #2 x = 1"),
        ({"base": 3}, "write [base]"),
        (
            {
                "grid": {
                    name: [1.0, 2.0] * 10 for name in ("hot_floor", "min_z", "refire", "dispersion")
                }
            },
            "more than",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_its_place_and_a_remedy(table, said):
    with pytest.raises(ConfigError) as refused:
        settings_of(table, Settings(), "s.toml")

    assert str(refused.value).startswith("s.toml: ")
    assert said in str(refused.value)


def test_a_file_is_read(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text("[grid]\nstory_floor = [4, 5.5]\n")

    assert [one.story_floor for one in load_sweep(path, SETTINGS)] == [4.0, 5.5]


@pytest.fixture(scope="module")
def result() -> Result:
    return Session(night(), LABELS).run(SETTINGS)


def test_results_are_read_back_as_they_were_kept(tmp_path, result):
    path = tmp_path / "r.ndjson"
    Results(path).keep("a", result)

    again = Results(path)

    assert again.missing(["a", "b"]) == ["b"]
    assert again.of(["a", "b"]) == [result]


@pytest.mark.parametrize("cut", [1, 50, 500])
def test_a_torn_last_line_is_cut_off_and_the_rest_kept(tmp_path, result, cut):
    path = tmp_path / "r.ndjson"
    Results(path).keep("a", result)
    Results(path).keep("b", result)
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])

    torn = Results(path)
    torn.keep("b", result)

    assert torn.missing(["a", "b"]) == []
    assert path.read_bytes() == whole


def test_a_file_of_something_else_is_left_alone(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("my notes\nmore\n")

    with pytest.raises(ConfigError, match="line 1 is no result"):
        Results(path)

    assert path.read_text() == "my notes\nmore\n"


@pytest.fixture
def job(tmp_path: Path) -> Job:
    data, labels = written(tmp_path)
    told = load_labels(labels)
    asked = Asked(data_hash=file_hash(data), labels_hash=told.hash)
    return Job(data, told.labels, asked, datetime(2026, 1, 1, tzinfo=UTC))


def written(folder: Path) -> tuple[Path, Path]:
    data, labels = folder / "night.parquet", folder / "night.events.json"
    night().write_parquet(data)
    labels.write_bytes(msgspec.json.encode(LABELS))
    return data, labels


def test_workers_find_what_a_session_here_finds(job):
    floors = [SETTINGS._replace(story_floor=floor) for floor in (5.0, 250.0)]
    by_key = {job.key(each): each for each in floors}

    found = dict(results(job, by_key, jobs=2))

    here = job.session()
    assert {key: here.run(each) for key, each in by_key.items()} == {
        key: msgspec.structs.replace(each, unmatched=here.run(by_key[key]).unmatched)
        for key, each in found.items()
    }


def test_a_workers_trouble_is_told_here(job, tmp_path):
    gone = Job(tmp_path / "none.parquet", job.labels, job.asked, job.now)

    with pytest.raises(SourceError, match=r"none\.parquet"):
        list(results(gone, {"a": SETTINGS}, jobs=1))


def test_a_key_changes_with_all_that_a_result_depends_on(job):
    other = Job(job.data, (label(1, "x1", "y1"),), Asked(labels_hash="other"), job.now)

    assert job.key(SETTINGS) == job.key(SETTINGS)
    assert len({job.key(SETTINGS), job.key(Settings()), other.key(SETTINGS)}) == 3


def test_a_sweep_killed_in_the_middle_goes_on_where_it_stopped(tmp_path):
    data, labels = written(tmp_path)
    small = "".join(f"{name} = {getattr(SETTINGS, name)}\n" for name in SETTINGS._fields)
    sweep = tmp_path / "s.toml"
    floors = [round(4 + n / 10, 1) for n in range(40)]
    base = "\n".join(line for line in small.splitlines() if not line.startswith("story_floor"))
    sweep.write_text(f"[base]\n{base}\n[grid]\nstory_floor = {floors}\n")
    kept = tmp_path / "s.toml.results.ndjson"
    command = [sys.executable, "-m", "rtm", "tune", str(data), "--labels", str(labels)]
    command += ["--sweep", str(sweep), "--jobs", "1"]

    first = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    wait_for_lines(kept, 2, first)
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    before = kept.read_bytes().rpartition(b"\n")[0].split(b"\n")
    again = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S)

    assert again.returncode == 0, again.stderr
    lines = kept.read_bytes().rstrip(b"\n").split(b"\n")
    assert lines[: len(before)] == before
    assert len(lines) == len({msgspec.json.decode(line)["key"] for line in lines}) == 40
    assert f"{len(before)} of 40 settings were run before" in again.stderr
    assert (tmp_path / "s.toml.results.html").exists()


def wait_for_lines(path: Path, lines: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not path.exists() or path.read_bytes().count(b"\n") < lines:
        assert process.poll() is None, "ended before it could be killed"
        assert time.monotonic() < until, "too slow"
        time.sleep(0.01)
