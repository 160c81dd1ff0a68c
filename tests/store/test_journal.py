import os
import random
from collections import deque
from pathlib import Path

import pytest

from rtm.errors import StoreError
from rtm.store.archive import Archive, seal
from rtm.store.journal import Damage, Entry, Journal, mend, scan
from rtm.store.segment import Step
from tests.store.archives import planted, same, written

TOLD = planted(40)


@pytest.fixture
def journal(tmp_path):
    written(tmp_path, TOLD)
    return tmp_path / "1970-01-01T02.journal"


def bounds(path: Path) -> list[int]:
    """Return where each entry ends; the first is 0."""
    ends, content = [0], path.read_bytes()
    marks = content.split(b"rtm\xb7")[1:]
    for part in marks:
        ends.append(ends[-1] + 4 + len(part))
    assert len(ends) == len(TOLD) + 1
    return ends


def test_a_whole_journal_is_not_cut(tmp_path, journal):
    size = journal.stat().st_size

    archive = Archive(tmp_path)

    assert archive.cut == 0
    assert journal.stat().st_size == size
    archive.close()


def test_an_entry_that_is_cut_off_anywhere_is_dropped_and_no_other(tmp_path, journal):
    content, ends = journal.read_bytes(), bounds(journal)
    inside = random.Random(1).sample(range(ends[-5], ends[-1]), 60)
    for size in [*ends[-5:-1], *(end + 1 for end in ends[-5:-1]), *inside]:
        journal.write_bytes(content[:size])
        whole = sum(end <= size for end in ends[1:])

        archive = Archive(tmp_path)

        assert archive.cut == size - ends[whole]
        assert archive.position == whole
        frame, closed = TOLD[whole]
        archive.append(frame, closed)
        archive.close()
        assert [number for number, _, _ in Archive.read(tmp_path).steps()] == [*range(1, whole + 2)]


def test_a_reader_beside_a_writer_passes_over_what_is_half_written(tmp_path, journal):
    content = journal.read_bytes()
    journal.write_bytes(content[:-5])

    assert same(Archive.read(tmp_path).steps(), TOLD[:-1])
    assert journal.stat().st_size == len(content) - 5


@pytest.mark.parametrize("tail", [b"\0" * 5_000, b"rtm\xb7" * 1_000, b"rtm\xb7" + b"\0" * 24])
def test_rubbish_behind_the_last_entry_is_cut(tmp_path, journal, tail):
    with journal.open("ab") as file:
        file.write(tail)

    archive = Archive(tmp_path)

    assert archive.cut == len(tail)
    assert same(archive.steps(), TOLD)
    archive.close()


def test_a_journal_of_nothing_but_a_torn_entry_is_begun_anew(tmp_path, journal):
    journal.write_bytes(journal.read_bytes()[:10])

    archive = Archive(tmp_path)

    assert (archive.cut, archive.position) == (10, 0)
    for frame, closed in TOLD:
        archive.append(frame, closed)
    archive.close()
    assert same(Archive.read(tmp_path).steps(), TOLD)


def test_a_garbled_place_in_the_middle_is_named_and_the_rest_is_read(tmp_path, journal):
    ends = bounds(journal)
    content = bytearray(journal.read_bytes())
    content[ends[10] + 20] ^= 0xFF
    journal.write_bytes(content)
    told: list[Step] = []

    with pytest.raises(StoreError, match=rf"T02.journal: .* from byte {ends[10]} on are damaged"):
        deque(map(told.append, Archive.read(tmp_path).steps()))
    assert same(told, TOLD[:10])

    met: list[str] = []
    rest = list(Archive.read(tmp_path).steps(damaged=met.append))
    assert [number for number, _, _ in rest] == [*range(1, 11), *range(12, 41)]
    assert len(met) == 2  # the place, and the number of the entry that is missing
    assert "entries 11 to 11" in met[1]
    assert same(Archive.read(tmp_path).steps(after=11), TOLD[11:], first=12)


def test_an_archive_with_a_garbled_middle_goes_on_and_keeps_the_evidence(tmp_path, journal):
    ends = bounds(journal)
    content = bytearray(journal.read_bytes())
    content[ends[10] + 20] ^= 0xFF
    journal.write_bytes(content)

    archive = Archive(tmp_path)
    frame, closed = planted(1, begin=10_800)[0]
    archive.append(frame, closed)
    archive.close()

    assert archive.cut == 0
    assert sorted(os.listdir(tmp_path)) == [
        "1970-01-01T02.journal.damaged",
        "1970-01-01T02.parquet",
        "1970-01-01T03.journal",
    ]
    numbers = [number for number, _, _ in archive.steps(damaged=str)]
    assert numbers == [*range(1, 11), *range(12, 42)]
    with pytest.raises(StoreError, match="entries 11 to 11 of the log are missing"):
        list(archive.steps())


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_garbled_only_whole_entries_are_read_and_in_order(tmp_path, journal, seed):
    rng = random.Random(seed)
    content = bytearray(journal.read_bytes())
    for _ in range(rng.randint(1, 6)):
        place, size = rng.randrange(len(content)), rng.choice([1, 4, 50, 3_000])
        change = rng.choice(["flip", "zero", "cut", "repeat"])
        if change == "cut":
            del content[place : place + size]
        elif change == "repeat":
            content[place:place] = content[place : place + size]
        else:
            garbage = bytes(size) if change == "zero" else rng.randbytes(size)
            content[place : place + size] = garbage
    journal.write_bytes(content)

    entries = [part for part in scan(journal) if isinstance(part, Entry)]
    damaged = [part for part in scan(journal) if isinstance(part, Damage)]

    for entry in entries:
        frame, closed = TOLD[entry.step - 1]
        assert entry.closed == closed
        assert entry.frame().equals(frame)
    assert len(entries) > 0
    assert damaged
    archive = Archive(tmp_path)
    numbers = [number for number, _, _ in archive.steps(damaged=str)]
    assert numbers == sorted(set(numbers))
    archive.close()


def test_a_garbled_segment_is_named_and_the_rest_is_read(tmp_path, journal, monkeypatch):
    monkeypatch.setattr("rtm.store.segment.GROUP_ROWS", 5)
    seal(journal)
    path = journal.with_suffix(".parquet")
    content = bytearray(path.read_bytes())
    content[200:260] = bytes(60)
    path.write_bytes(content)

    with pytest.raises(StoreError, match=r"T02.parquet: row group 0 is damaged"):
        list(Archive.read(tmp_path).steps())

    met: list[str] = []
    numbers = [number for number, _, _ in Archive.read(tmp_path).steps(damaged=met.append)]
    assert set(numbers) < set(range(1, 41))
    assert set(numbers) > set(range(10, 41))
    assert "row group 0" in met[0]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + b"\0" * 99 + b"PAR1"])
def test_a_segment_that_is_none_is_named(tmp_path, journal, content):
    journal.unlink()
    journal.with_suffix(".parquet").write_bytes(content)

    with pytest.raises(StoreError, match=r"T02.parquet: damaged .* move it aside"):
        list(Archive.read(tmp_path).steps())
    with pytest.raises(StoreError, match=r"T02.parquet"):
        Archive(tmp_path)


def test_a_damaged_segment_gives_way_to_its_journal(tmp_path, journal):
    journal.with_suffix(".parquet").write_bytes(b"PAR1 and no more")

    archive = Archive(tmp_path)

    assert same(archive.steps(), TOLD)
    assert (tmp_path / "1970-01-01T02.parquet.damaged").exists()
    archive.close()


def test_a_full_disk_leaves_no_half_entry(tmp_path, monkeypatch):
    journal = Journal(tmp_path / "a.journal")
    journal.append(1, 7_200, TOLD[0][0])
    write, calls = os.write, []

    def full(file, content):
        calls.append(len(content))
        if len(calls) > 1:
            raise OSError(28, "No space left on device")
        return write(file, content[:20])

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StoreError, match=r"a.journal: cannot be written .*No space.*free its disk"):
        journal.append(2, 7_201, TOLD[0][0])
    monkeypatch.undo()
    journal.append(2, 7_201, TOLD[0][0])
    journal.close()

    parts = list(scan(journal.path))
    assert [part.step for part in parts if isinstance(part, Entry)] == [1, 2]
    assert len(parts) == 2
    assert mend(journal.path) == 0
