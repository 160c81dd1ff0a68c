"""Broken rows and broken files: counted, kept aside, never fatal."""

import json
import random
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

from rtm.errors import SourceError
from rtm.frame import POST_SCHEMA
from rtm.sources.files import Recording, read_file
from tests.sources.mutations import (
    CSV,
    HEADER,
    NDJSON,
    NOW,
    Mutation,
    damaged,
    mutated,
    sound_rows,
)

KINDS = pytest.mark.parametrize(
    ("ending", "mutations"), [("ndjson", NDJSON), ("csv", CSV)], ids=["ndjson", "csv"]
)


NEVER_NULL = ["id", "at", "text", "is_repost", "source"]


def _written(folder: Path, ending: str, lines: list[bytes]) -> Path:
    path = folder / f"night.{ending}"
    header = [",".join(HEADER).encode()] if ending == "csv" else []
    path.write_bytes(b"\n".join([*header, *lines]) + b"\n")
    return path


def _packed(whole: bytes, packing: str) -> bytes:
    out = pa.BufferOutputStream()
    with pa.CompressedOutputStream(out, packing) as stream:
        stream.write(whole)
    return bytes(out.getvalue().to_pybytes())


def _is_whole(recording: Recording) -> bool:
    return (
        recording.posts.schema == pl.Schema(POST_SCHEMA)
        and recording.rows == recording.posts.height + sum(recording.aside.values())
        and recording.posts.equals(recording.posts.sort("at", "id"))
        and not recording.posts.select(NEVER_NULL).null_count().sum_horizontal().item()
        and recording.posts["id"].is_unique().all()
    )


def _assert_each_planted_row_is_counted(
    folder: Path, ending: str, mutations: list[Mutation], seed: int, n: int
) -> None:
    lines, planted = mutated(seed, n, mutations, share=1)

    recording = read_file(_written(folder, ending, lines), now=NOW)

    assert recording.aside == dict(sorted(planted.items())), f"seed {seed}"
    assert recording.rows == n
    assert _is_whole(recording)


@KINDS
def test_each_of_10000_mutated_rows_is_counted_under_its_cause(tmp_path, ending, mutations):
    _assert_each_planted_row_is_counted(tmp_path, ending, mutations, seed=1, n=10_000)


@pytest.mark.long
@KINDS
@pytest.mark.parametrize("seed", range(2, 22))
def test_other_10000_mutated_rows_are_counted_too(tmp_path, ending, mutations, seed):
    _assert_each_planted_row_is_counted(tmp_path, ending, mutations, seed=seed, n=10_000)


@KINDS
def test_clean_rows_leave_nothing_aside(tmp_path, ending, mutations):
    lines, _ = mutated(2, 1_000, mutations, share=0)
    path = _written(tmp_path, ending, lines)

    recording = read_file(path, now=NOW)

    assert recording.aside == {}
    assert recording.aside_path is None
    assert recording.rows == recording.posts.height == 1_000
    assert recording.notes == ()
    assert sorted(tmp_path.iterdir()) == [path]


@KINDS
def test_each_mutation_alone_is_counted_between_sound_rows(tmp_path, ending, mutations):
    before, after = (mutated(seed, 1, mutations, share=0)[0] for seed in (3, 4))
    rng = random.Random(5)
    for cause, mutate in mutations:
        (row,) = sound_rows(6, 1)

        recording = read_file(
            _written(tmp_path, ending, [*before, mutate(row, rng), *after]), now=NOW
        )

        assert recording.aside == ({cause: 1} if cause else {})
        assert {"p3-0", "p4-0"} <= set(recording.posts["id"])


@KINDS
def test_rows_kept_aside_tell_line_cause_and_raw(tmp_path, ending, mutations):
    lines, planted = mutated(7, 500, mutations)

    recording = read_file(_written(tmp_path, ending, lines), now=NOW)

    assert recording.aside_path is not None
    kept = [json.loads(line) for line in recording.aside_path.read_text().splitlines()]
    assert len(kept) == planted.total()
    assert [row["row"] for row in kept] == sorted(row["row"] for row in kept)
    assert all(len(row["raw"].encode()) <= 4 * 4096 for row in kept)


@KINDS
def test_bytes_turned_over_anywhere_in_a_text_file_lose_no_row(tmp_path, ending, mutations):
    lines, _ = mutated(8, 60, mutations, share=0)
    path = _written(tmp_path, ending, lines)
    whole = path.read_bytes()
    for seed in range(100):
        path.write_bytes(damaged(seed, whole))

        told = _read_or_refused(path)

        assert _is_survived(told, path), f"seed {seed}"


def _read_or_refused(path: Path) -> Recording | str:
    try:
        return read_file(path, now=NOW)
    except SourceError as error:
        return str(error)


def _is_survived(told: Recording | str, path: Path) -> bool:
    if isinstance(told, str):
        return "\n" not in told and str(path) in told
    return _is_whole(told)


def _sound_file(folder: Path, ending: str) -> Path:
    path = folder / f"night.{ending}"
    posts = pl.DataFrame(list(sound_rows(9, 300)), infer_schema_length=None)
    if ending == "parquet":
        posts.write_parquet(path, row_group_size=100)
        return path
    form, packing = ending.split(".")
    lines, _ = mutated(9, 300, CSV if form == "csv" else NDJSON, share=0)
    plain = _written(folder, form, lines)
    path.write_bytes(_packed(plain.read_bytes(), {"gz": "gzip", "zst": "zstd"}[packing]))
    return path


ENDINGS = ["parquet", "ndjson.gz", "ndjson.zst", "csv.gz", "csv.zst"]


def _assert_damage_is_survived(folder: Path, ending: str, seeds: range) -> None:
    path = _sound_file(folder, ending)
    whole = path.read_bytes()
    for seed in seeds:
        path.write_bytes(damaged(seed, whole))

        told = _read_or_refused(path)

        assert _is_survived(told, path), f"seed {seed}"


@pytest.mark.parametrize("ending", ENDINGS)
def test_60_damaged_files_are_read_in_part_or_refused_in_one_line(tmp_path, ending):
    _assert_damage_is_survived(tmp_path, ending, range(60))


@pytest.mark.long
@pytest.mark.parametrize("ending", ENDINGS)
def test_1000_damaged_files_are_read_in_part_or_refused_in_one_line(tmp_path, ending):
    _assert_damage_is_survived(tmp_path, ending, range(1_000, 2_000))


@pytest.mark.parametrize("ending", ["ndjson.gz", "csv.gz"])
def test_a_truncated_stream_keeps_the_rows_before_the_break(tmp_path, ending):
    path = _sound_file(tmp_path, ending)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])

    recording = read_file(path, now=NOW)

    assert recording.aside == {"file ends early": 1}
    assert 50 < recording.posts.height < 300


def test_the_mutations_are_enough_and_repeatable():
    def planted(mutations: list[Mutation]) -> list[bytes]:
        return mutated(1, 200, mutations)[0]

    assert planted(NDJSON) == planted(NDJSON)
    assert len({cause for cause, _ in NDJSON + CSV if cause}) >= 11
