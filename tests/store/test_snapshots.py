import os

import pytest

from rtm.errors import StoreError
from rtm.store.snapshots import Snapshot, Snapshots


@pytest.fixture
def snapshots(tmp_path):
    return Snapshots(tmp_path)


def test_there_is_none_at_first(snapshots):
    assert snapshots.latest() is None


def test_the_latest_is_the_last_written_whatever_its_position(snapshots):
    snapshots.write(b"one", 900, 7)
    snapshots.write(b"two", 5, 2)

    assert snapshots.latest() == Snapshot(b"two", 5, 2)


def test_two_are_kept(snapshots, tmp_path):
    for number in range(12):
        snapshots.write(b"state" * number, number, 0)

    assert sorted(os.listdir(tmp_path)) == ["00000011.snapshot", "00000012.snapshot"]


def test_a_damaged_one_gives_way_to_the_one_before(snapshots, tmp_path):
    snapshots.write(b"one" * 100, 1, 1)
    snapshots.write(b"two" * 100, 2, 2)
    path = tmp_path / "00000002.snapshot"
    whole = path.read_bytes()

    for place in range(0, len(whole), 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert snapshots.latest() == Snapshot(b"one" * 100, 1, 1)
        path.write_bytes(whole[:place])
        assert snapshots.latest() == Snapshot(b"one" * 100, 1, 1)

    path.write_bytes(whole)
    assert snapshots.latest() == Snapshot(b"two" * 100, 2, 2)


def test_a_half_written_one_is_not_seen_and_goes_away(snapshots, tmp_path):
    snapshots.write(b"one", 1, 1)
    (tmp_path / "00000002.snapshot.part").write_bytes(b"half")

    assert snapshots.latest() == Snapshot(b"one", 1, 1)
    assert Snapshots(tmp_path).latest() == Snapshot(b"one", 1, 1)
    assert os.listdir(tmp_path) == ["00000001.snapshot"]


def test_the_archive_is_made_safe_before_each(tmp_path):
    calls = []
    snapshots = Snapshots(tmp_path, before=lambda: calls.append(os.listdir(tmp_path)))

    snapshots.write(b"one", 1, 1)

    assert calls == [[]]


def test_a_folder_that_is_gone_is_said_so(snapshots, tmp_path):
    tmp_path.rmdir()

    with pytest.raises(StoreError, match="cannot be written"):
        snapshots.write(b"one", 1, 1)
