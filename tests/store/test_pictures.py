"""Pictures of drafts are kept once, whole, and read back by their id only."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest

from rtm.errors import StoreError
from rtm.store.pictures import HEAVIEST, Pictures

COOKIE = b"a cookie in the dark" * 1000


def test_what_was_kept_is_read_back_by_the_sum_of_its_bytes(tmp_path):
    id_ = Pictures(tmp_path / "pictures").keep(COOKIE)

    assert id_ == sha256(COOKIE).hexdigest()
    assert Pictures(tmp_path / "pictures").read(id_) == COOKIE


def test_the_same_bytes_are_kept_once_even_at_once(tmp_path):
    pictures = Pictures(tmp_path)

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(pictures.keep, [COOKIE] * 40))

    assert [path.name for path in tmp_path.iterdir()] == list(ids)


def test_a_file_that_a_crash_cut_short_is_written_anew(tmp_path):
    pictures = Pictures(tmp_path)
    id_ = pictures.keep(COOKIE)
    (tmp_path / id_).write_bytes(COOKIE[:100])
    with pytest.raises(StoreError, match="damaged"):
        pictures.read(id_)

    pictures.keep(COOKIE)

    assert pictures.read(id_) == COOKIE


def test_what_was_half_written_is_removed_at_the_next_start(tmp_path):
    (tmp_path / "left.part").write_bytes(b"half")

    Pictures(tmp_path)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "hostile", ["", "../lock", "/etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "a" * 63 + "/"]
)
def test_a_hostile_id_is_refused(hostile, tmp_path):
    with pytest.raises(StoreError, match="no picture has such an id"):
        Pictures(tmp_path).read(hostile)


def test_a_picture_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(StoreError, match="add it to the draft again"):
        Pictures(tmp_path).read("a" * 64)


def test_no_more_are_kept_than_a_disk_can_spare(tmp_path, monkeypatch):
    pictures = Pictures(tmp_path)
    monkeypatch.setattr("rtm.store.pictures.MOST", 2 * len(COOKIE))
    kept = [pictures.keep(COOKIE), pictures.keep(COOKIE[::-1])]

    with pytest.raises(StoreError, match="as many as may be"):
        pictures.keep(COOKIE[1:])

    assert pictures.keep(COOKIE) == kept[0]


@pytest.mark.parametrize("content", [b"", bytes(HEAVIEST + 1)])
def test_a_picture_too_heavy_or_empty_is_refused(content, tmp_path):
    with pytest.raises(StoreError, match="of at most 20"):
        Pictures(tmp_path).keep(content)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match="cannot be written"):
        Pictures(tmp_path / "file").keep(COOKIE)
