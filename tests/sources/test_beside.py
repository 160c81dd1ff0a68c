"""Refusals, and what stands beside a recording."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rtm.errors import ConfigError, SourceError
from rtm.sources.columns import Columns
from rtm.sources.files import Recording, read_file

NOW = datetime(2013, 2, 5, tzinfo=UTC)


def _ndjson(folder: Path, *rows: object, name: str = "night.ndjson") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def _read(path: Path, **options: object) -> Recording:
    return read_file(path, now=NOW, **options)  # type: ignore[arg-type]


def _refusal(path: Path, error: type[Exception] = SourceError, **options: object) -> str:
    with pytest.raises(error) as caught:
        _read(path, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_each_refusal_is_one_line_with_its_remedy(tmp_path):
    empty = tmp_path / "empty.csv"
    empty.touch()
    unknown = tmp_path / "night.doc"
    unknown.write_text("Dear reader")
    listed = tmp_path / "night.json"
    listed.write_text('[{"at": 1}]')
    plain = tmp_path / "night.csv.gz"
    plain.write_text("at,text\n")
    fake = tmp_path / "night.parquet"
    fake.write_text("at,text\n")
    wide = tmp_path / "wide.csv"
    wide.write_bytes("at,text\n".encode("utf-16"))

    assert "UTF-16" in _refusal(wide)
    assert "no such file" in _refusal(tmp_path / "absent\n.csv")
    assert "is a folder" in _refusal(tmp_path)
    assert "is empty" in _refusal(empty)
    assert "Parquet, NDJSON" in _refusal(unknown)
    assert "one object a line" in _refusal(listed)
    assert "not packed as its name says" in _refusal(plain)
    assert "does not begin like Parquet" in _refusal(fake)


def test_a_pipe_is_refused(tmp_path):
    pipe = tmp_path / "night.csv"
    os.mkfifo(pipe)

    assert "not a plain file" in _refusal(pipe)


def test_options_are_remembered_beside_the_file(tmp_path):
    path = _ndjson(tmp_path, {"when": 1359942175, "what": "x", "text": "not this"})
    given = Columns(at="when", text="what")

    first = _read(path, columns=given)
    second = _read(path)

    assert first.posts.equals(second.posts)
    assert first.posts["text"].to_list() == ["x"]
    memory = tmp_path / "night.ndjson.columns.toml"
    assert first.notes == (f"columns remembered in {memory}",)
    assert second.notes == (f"columns as remembered in {memory}",)


def test_options_that_failed_are_not_remembered(tmp_path):
    path = _ndjson(tmp_path, {"when": 1359942175, "text": "x"})

    said = _refusal(path, columns=Columns(at="whn"))

    assert 'no column "whn" for at; did you mean "when"?; there are: when, text' in said
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("memory", ["at = ", 'ta = "x"', "at = 3", "\x00"])
def test_a_damaged_memory_is_named(tmp_path, memory):
    path = _ndjson(tmp_path, {"at": 1359942175, "text": "x"})
    beside = tmp_path / "night.ndjson.columns.toml"
    beside.write_text(memory)

    assert str(beside) in _refusal(path, ConfigError)


def test_what_cannot_be_written_beside_the_file_is_a_note(tmp_path):
    path = _ndjson(tmp_path, {"at": 1359942175, "text": "x"}, "no object")
    (tmp_path / "night.ndjson.aside.ndjson").mkdir()
    (tmp_path / "night.ndjson.columns.toml").mkdir()

    recording = _read(path, columns=Columns(at="at"))

    assert recording.aside == {"not an object": 1}
    assert recording.aside_path is None
    assert [note.split(":")[0] for note in recording.notes] == [
        "columns not remembered",
        "rows kept aside could not be written",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into read-only folders")
def test_a_read_only_folder_is_a_note(tmp_path):
    path = _ndjson(tmp_path, {"at": 1359942175, "text": "x"}, "no object")
    tmp_path.chmod(0o500)

    recording = _read(path)

    tmp_path.chmod(0o700)
    assert recording.aside_path is None
    assert "could not be written" in recording.notes[0]


def test_the_aside_file_is_bounded_and_goes_when_nothing_is_aside(tmp_path):
    path = _ndjson(tmp_path, *["no object"] * 10_007)
    beside = tmp_path / "night.ndjson.aside.ndjson"

    broken = _read(path)
    lines = beside.read_text().splitlines()
    again = beside.read_text() if _read(path) else ""
    _ndjson(tmp_path, {"at": 1359942175, "text": "x"})
    mended = _read(path)

    assert broken.aside_path == beside
    assert len(lines) == 10_001
    assert again.splitlines() == lines
    assert json.loads(lines[0]) == {"row": 1, "cause": "not an object", "raw": '"no object"'}
    assert json.loads(lines[-1]) == {"rest": 7}
    assert mended.aside_path is None
    assert not beside.exists()
