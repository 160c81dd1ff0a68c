import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime

import polars as pl
import pyarrow.parquet as pq
import pytest

from rtm import build
from rtm.clock import WallClock
from rtm.errors import StoreError
from rtm.frame import FRAME_SCHEMA, LATER, empty_frame, empty_posts
from rtm.sources.lane import LAG_US, SECOND_US, Lane
from rtm.store import journal, segment
from rtm.store.archive import Archive, seal
from tests.laws.telling import lines, small_engine
from tests.store.archives import frames, planted, same, written
from tests.streams import stream


def night(low: int, high: int) -> pl.DataFrame:
    """Return some posts of the demo night."""
    return build.demo(WallClock()).recording.posts[low:high]


def live_like(posts: pl.DataFrame, every_s: int = 15) -> Iterator[tuple[pl.DataFrame, int]]:
    """Yield what the engine is told live: one look after the other, many of them without a post."""
    lane, told = Lane(), -1
    us = posts["at"].to_physical()
    now, at = int(us[0]), 0
    while at < posts.height:
        upto = int(us.search_sorted(now, side="right"))
        frame = lane.stamp(posts[at:upto] if upto > at else empty_posts())
        lane.close((now - LAG_US) // SECOND_US - 1)
        if frame.height or lane.closed > told:
            yield frame, lane.closed
        told, at = lane.closed, max(at, upto)
        now += every_s * SECOND_US


def test_what_was_told_is_read_back_in_order(tmp_path):
    told = planted(30)

    written(tmp_path, told)

    assert same(Archive.read(tmp_path).steps(), told)
    assert same(Archive.read(tmp_path).steps(after=20), told[20:], first=21)


def test_a_new_look_at_nothing_needs_no_entry_and_a_new_tick_does(tmp_path):
    archive = Archive(tmp_path)

    archive.append(empty_frame(), 7_200)
    archive.append(empty_frame(), 7_200)
    assert archive.position == 1
    archive.append(empty_frame(), 7_201)
    assert archive.position == 2

    archive.close()


def test_rows_need_an_entry_though_no_tick_closed(tmp_path):
    archive = Archive(tmp_path)
    (frame, closed) = planted(1)[0]

    archive.append(frame, closed)
    archive.append(frame, closed)
    archive.close()

    assert same(Archive.read(tmp_path).steps(), [(frame, closed)] * 2)


def test_time_cannot_go_back(tmp_path):
    archive = Archive(tmp_path)
    archive.append(empty_frame(), 7_200)

    with pytest.raises(StoreError, match="time went back"):
        archive.append(empty_frame(), 7_199)

    archive.close()


def test_hours_that_are_over_become_segments_and_the_present_stays_a_journal(tmp_path):
    told = planted(60, every=120)  # two hours

    written(tmp_path, told)

    assert sorted(os.listdir(tmp_path)) == ["1970-01-01T02.parquet", "1970-01-01T03.journal"]
    assert same(Archive.read(tmp_path).steps(), told)
    for after in (1, 10, 11, 29, 30, 31):
        assert same(Archive.read(tmp_path).steps(after), told[after:], first=after + 1)


def test_a_segment_is_readable_as_posts_by_anybody(tmp_path):
    told = planted(60, every=120)
    written(tmp_path, told)

    posts = pl.read_parquet(tmp_path / "1970-01-01T02.parquet")

    rows = pl.concat(frame for frame, _ in told[:30])
    assert posts.select(FRAME_SCHEMA.keys()).equals(rows)
    assert posts.schema == {**FRAME_SCHEMA, "closed": pl.Int64, "step": pl.Int64}


def test_an_hour_without_a_single_post_keeps_its_closings(tmp_path):
    told = [(empty_frame(), closed) for closed in range(7_000, 11_000)]

    written(tmp_path, told)

    assert same(Archive.read(tmp_path).steps(), told)
    assert same(Archive.read(tmp_path).steps(after=1_000), told[1_000:], first=1_001)
    assert (tmp_path / "1970-01-01T02.parquet").stat().st_size < 20_000


def test_groups_of_a_segment_never_cut_an_entry(tmp_path, monkeypatch):
    monkeypatch.setattr("rtm.store.segment.GROUP_ROWS", 3)
    told = planted(60, every=120)

    written(tmp_path, told)

    with pq.ParquetFile(tmp_path / "1970-01-01T02.parquet") as file:
        assert file.num_row_groups > 2
    assert same(Archive.read(tmp_path).steps(), told)


def test_numbers_and_hours_go_on_after_reopening(tmp_path):
    told = planted(90, every=120)

    for start in range(0, 90, 10):
        archive = Archive(tmp_path)
        assert archive.position == start
        assert archive.closed == (told[start - 1][1] if start else -1)
        for frame, closed in told[start : start + 10]:
            archive.append(frame, closed)
        archive.close()

    assert same(Archive.read(tmp_path).steps(), told)


def test_the_newest_posts_are_found_across_hours(tmp_path):
    told = planted(3_000)  # the last hour is over after 3600, so two files
    written(tmp_path, [*told, *planted(600, begin=10_800)])
    archive = Archive(tmp_path)

    newest = archive.newest(700)

    seconds = newest["at"].dt.epoch("s")
    assert seconds.max() == 11_397
    assert seconds.min() == 10_800
    assert archive.newest(1_500)["at"].dt.epoch("s").min() == 9_900
    assert newest.schema == FRAME_SCHEMA
    archive.close()


def test_an_empty_archive_has_nothing_new(tmp_path):
    archive = Archive(tmp_path)

    assert (archive.position, archive.closed) == (0, -1)
    assert archive.newest(60).equals(empty_frame())
    assert list(archive.steps()) == []

    archive.close()


def test_whole_segments_are_forgotten_and_numbers_go_on(tmp_path):
    told = planted(90, every=120)
    written(tmp_path, told)
    archive = Archive(tmp_path)

    archive.forget(datetime(1970, 1, 1, 3, 59, tzinfo=UTC))

    assert same(archive.steps(), told[30:], first=31)
    archive.forget(datetime(2030, 1, 1, tzinfo=UTC))
    assert same(archive.steps(), told[60:], first=61)
    assert archive.position == 90
    archive.close()
    assert Archive.read(tmp_path).position == 90


def test_the_newest_hour_is_never_forgotten(tmp_path):
    written(tmp_path, planted(10))
    seal(tmp_path / "1970-01-01T02.journal")
    archive = Archive(tmp_path)

    archive.forget(datetime(2030, 1, 1, tzinfo=UTC))

    assert same(archive.steps(), planted(10))
    archive.close()


def test_asking_for_what_is_forgotten_is_told(tmp_path):
    written(tmp_path, planted(90, every=120))
    archive = Archive(tmp_path)
    archive.forget(datetime(1970, 1, 1, 3, 59, tzinfo=UTC))

    with pytest.raises(StoreError, match="entries 11 to 30"):
        list(archive.steps(after=10))

    archive.close()


def test_a_crash_before_the_segment_has_its_name_loses_nothing(tmp_path):
    told = planted(30, every=120)
    written(tmp_path, told)
    (tmp_path / "1970-01-01T02.parquet.part").write_bytes(b"half a segm")

    archive = Archive(tmp_path)

    assert same(archive.steps(), told)
    assert not list(tmp_path.glob("*.part"))
    archive.close()


def test_a_crash_before_the_journal_is_gone_doubles_nothing(tmp_path):
    told = planted(60, every=120)
    written(tmp_path, told[:30])
    shutil.copy(tmp_path / "1970-01-01T02.journal", tmp_path / "kept")
    archive = Archive(tmp_path)
    for frame, closed in told[30:]:
        archive.append(frame, closed)
    archive.close()
    (tmp_path / "kept").rename(tmp_path / "1970-01-01T02.journal")

    assert same(Archive.read(tmp_path).steps(), told)
    archive = Archive(tmp_path)
    assert same(archive.steps(), told)
    archive.close()
    assert not (tmp_path / "1970-01-01T02.journal").exists()


def test_a_sealed_hour_takes_no_more_and_the_next_one_does(tmp_path):
    told = planted(20)
    written(tmp_path, told[:10])
    seal(tmp_path / "1970-01-01T02.journal")

    written(tmp_path, told[10:])

    assert sorted(os.listdir(tmp_path)) == ["1970-01-01T02.parquet", "1970-01-01T03.journal"]
    assert same(Archive.read(tmp_path).steps(), told)


def test_an_hour_that_cannot_be_sealed_is_still_read(tmp_path, monkeypatch, caplog):
    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr("rtm.store.segment.write", full)
    told = planted(60, every=120)

    written(tmp_path, told)

    assert "no space left" in caplog.text
    assert same(Archive.read(tmp_path).steps(), told)


@pytest.mark.parametrize("seed", range(3))
def test_an_engine_told_again_says_the_same(tmp_path, seed):
    posts = stream(seed, posts=300, bursts=4)
    lane, log = Lane(), []
    for low in range(0, posts.height, 3):
        log.append((lane.stamp(posts[low : low + 3]), lane.closed))
        lane.close(lane.closed + low % 2)
        log.append((empty_frame(), lane.closed))

    written(tmp_path, log)

    assert any(frame["late"].any() for frame, _ in log)
    live = lines(log, small_engine())
    again = frames(Archive.read(tmp_path).steps())
    assert live
    assert lines(again, small_engine()) == live


def test_the_night_told_live_is_told_again_the_same(tmp_path):
    log = list(live_like(night(3_600, 4_200)))

    written(tmp_path, log)

    live = lines(log, small_engine())
    again = frames(Archive.read(tmp_path).steps())
    assert live
    assert lines(again, small_engine()) == live
    assert len(list(tmp_path.glob("*.parquet"))) >= 2


@pytest.fixture
def older(monkeypatch):
    """Write as was written before there were the later columns."""
    schema = {name: kind for name, kind in FRAME_SCHEMA.items() if name not in LATER}
    with monkeypatch.context() as then:
        then.setattr(journal, "FRAME_SCHEMA", schema)
        then.setattr(journal, "completed", lambda frame, _: frame)
        then.setattr(segment, "FRAME_SCHEMA", schema)
        then.setattr(segment, "SCHEMA", {**schema, "closed": pl.Int64(), "step": pl.Int64()})
        yield then


@pytest.mark.parametrize("is_sealed", [False, True])
def test_what_was_kept_before_the_later_columns_is_read_with_nulls(tmp_path, older, is_sealed):
    told = planted(30)
    written(tmp_path, told)
    if is_sealed:
        seal(tmp_path / "1970-01-01T02.journal")
    older.undo()

    assert same(Archive.read(tmp_path).steps(), told)
    newest = Archive.read(tmp_path).newest(3600.0)
    assert newest.schema == FRAME_SCHEMA
    assert newest.height


def test_a_journal_of_before_is_sealed_with_all_columns(tmp_path, older):
    told = planted(30)
    written(tmp_path, told)
    older.undo()

    seal(tmp_path / "1970-01-01T02.journal")

    assert same(Archive.read(tmp_path).steps(), told)


def test_a_segment_that_lacks_another_column_is_damaged(tmp_path):
    written(tmp_path, planted(30))
    seal(tmp_path / "1970-01-01T02.journal")
    (path,) = tmp_path.glob("*.parquet")
    kept = pq.ParquetFile(path)
    table = kept.read().drop_columns(["author"])
    pq.write_table(table.replace_schema_metadata(kept.metadata.metadata), path)
    met: list[str] = []

    (frame, _), *_ = frames(segment.steps(path, 0, met.append))
    assert frame.height == 0
    assert "other columns" in met[0]


def test_lessons_stand_between_the_ticks_they_were_taught_at(tmp_path):
    told = planted(3_700)
    lessons = [(50, b'{"about":1}'), (50, b'{"about":2}'), (3_650, b'{"about":3}')]
    archive = Archive(tmp_path)
    for number, (frame, closed) in enumerate(told):
        archive.append(frame, closed)
        for at, lesson in lessons:
            if at == number:
                archive.append_lesson(lesson)
    archive.close()

    for reader in (Archive.read(tmp_path), Archive(tmp_path)):  # a segment, and a journal
        steps = list(reader.steps())
        assert [step for step, _, _ in steps] == [*range(1, len(told) + 4)]
        assert [
            (step, what, closed) for step, what, closed in steps if isinstance(what, bytes)
        ] == [
            (52, lessons[0][1], told[50][1]),
            (53, lessons[1][1], told[50][1]),
            (3_654, lessons[2][1], told[3_650][1]),
        ]
        rows = [step for step in steps if not isinstance(step[1], bytes)]
        assert [closed for _, closed in frames(rows)] == [closed for _, closed in told]
    assert {path.suffix for path in tmp_path.iterdir()} == {".parquet", ".journal"}


def test_a_lesson_after_the_last_snapshot_is_told_again(tmp_path):
    archive = Archive(tmp_path)
    archive.append_lesson(b'{"before":"anything"}')
    for frame, closed in planted(5):
        archive.append(frame, closed)
    archive.append_lesson(b'{"last":true}')
    archive.close()

    again = Archive(tmp_path)

    assert again.position == 7
    assert [what for _, what, _ in again.steps(after=6)] == [b'{"last":true}']
    assert next(iter(again.steps()))[1] == b'{"before":"anything"}'
