"""Frames without sense: counted, kept short, and never in the way."""

from pathlib import Path

from rtm.sources import frames_aside
from rtm.sources.frames_aside import KEPT, MAX_RAW, FramesAside

T = 1_764_000_000_000_000


def test_the_last_frames_without_sense_are_kept_short(tmp_path: Path):
    causes: dict[str, int] = {}
    aside = FramesAside(causes, tmp_path / "aside.ndjson")

    for n in range(KEPT + 5):
        aside.add(T, "not JSON", b"%d\xff" % n + b"x" * 9_999)
    aside.add(T, "lone surrogate", "\ud83d")

    assert causes == {"not JSON": KEPT + 5, "lone surrogate": 1}
    assert len(aside.kept) == KEPT
    assert aside.kept[0][2] == b"6\xff" + b"x" * (MAX_RAW - 2)
    lines = (tmp_path / "aside.ndjson").read_text().splitlines()
    assert len(lines) == KEPT + 6
    assert '"cause": "not JSON", "raw": "0\\\\xffxxx' in lines[0]


def test_the_file_of_frames_aside_is_bounded(tmp_path: Path):
    path = tmp_path / "aside.ndjson"
    path.write_bytes(b"x" * (frames_aside.MAX_FILE - 100))
    aside = FramesAside({}, path)

    aside.add(T, "not JSON", b"short")
    aside.add(T, "not JSON", b"y" * 500)

    assert frames_aside.MAX_FILE - 100 < path.stat().st_size <= frames_aside.MAX_FILE


def test_a_file_that_cannot_be_written_stops_nothing(tmp_path: Path):
    causes: dict[str, int] = {}
    aside = FramesAside(causes, tmp_path)

    aside.add(T, "not JSON", b"a")
    aside.add(T, "not JSON", b"b")

    assert causes == {"not JSON": 2}
