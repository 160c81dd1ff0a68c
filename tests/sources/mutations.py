"""Rows and files as the world breaks them, each row with the cause it must be counted under."""

import csv
import io
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

NOW = datetime(2013, 2, 5, tzinfo=UTC)
START = datetime(2013, 2, 3, 22, tzinfo=UTC)
HEADER = ["id", "created_at", "text", "author", "author_followers", "lang", "is_repost"]
WORDS = ["lights", "out", "at", "tänään,", '"blackout"', "🏈", "RT", "@oreo:", "#sb47"]

Row = dict[str, object]


def sound_rows(seed: int, n: int) -> Iterator[Row]:
    """Yield rows without fault, some without author, followers or language."""
    rng = random.Random(seed)
    for k in range(n):
        yield {
            "id": f"p{seed}-{k}",
            "created_at": (START + timedelta(milliseconds=rng.randrange(10**8))).isoformat(),
            "text": " ".join(rng.choices(WORDS, k=rng.randrange(1, 20))) + rng.choice(["", "\nx"]),
            "author": rng.choice([None, f"u{rng.randrange(50)}"]),
            "author_followers": rng.choice([None, rng.randrange(10**6)]),
            "lang": rng.choice([None, "en", "et"]),
            "is_repost": rng.choice([None, True, False]),
        }


def _changed(**change: object) -> Callable[[Row, random.Random], bytes]:
    return lambda row, rng: _line({**row, **change})


def _line(row: Row) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode()


def _in_text(row: Row, raw: bytes) -> bytes:
    return _line({**row, "text": "a@@b"}).replace(b"@@", raw)


# cause (None: still a post) and how a sound row becomes that line
Mutation = tuple[str | None, Callable[[Row, random.Random], bytes]]
NDJSON: list[Mutation] = [
    ("not JSON", lambda row, rng: _line(row)[: rng.randrange(1, 60)]),
    ("not JSON", lambda row, rng: _line(row).replace(b'"', b"'")),
    ("not JSON", lambda row, rng: _line(row) + b"}"),
    ("not JSON", lambda row, rng: _in_text(row, b"\x00")),
    ("not JSON", lambda row, rng: b"\xef\xbb\xbf" + _line(row)),
    ("not an object", lambda row, rng: rng.choice([b"[1, 2]", b"null", b'"post"', b"12", b"[]"])),
    ("not UTF-8", lambda row, rng: _in_text(row, rng.choice([b"\xff", b"\xc3", b"\xed\xa0\x80"]))),
    ("row too long", lambda row, rng: _in_text(row, b"y" * (1024 * 1024 + rng.randrange(2**18)))),
    ("nested too deep", lambda row, rng: b'{"text":' + b"[" * 50_000 + b"]" * 50_000 + b"}"),
    ("wrong type", _changed(text=17)),
    ("wrong type", _changed(text={"en": "power"})),
    ("wrong type", _changed(text=["power"])),
    ("wrong type", _changed(text=True)),
    ("no text", _changed(text=None)),
    ("no text", _changed(text=" \u0000\n")),
    ("no time", _changed(created_at=None)),
    ("no time", _changed(created_at="")),
    ("time not understood", _changed(created_at="last night")),
    ("time not understood", _changed(created_at={"$date": 1})),
    ("time not understood", _changed(created_at=True)),
    ("time not understood", _changed(created_at="2013-02-30T00:00:00Z")),
    ("time out of range", _changed(created_at=0)),
    ("time out of range", _changed(created_at="1970-01-01T00:00:00Z")),
    ("time out of range", _changed(created_at="2113-02-04T00:00:00Z")),
    ("time out of range", _changed(created_at=10**18 * 5)),
    (None, _changed(author_followers="many")),
    (None, _changed(author_followers=-1)),
    (None, _changed(author_followers=1e300)),
    (None, _changed(author_followers=10**40)),
    (None, _changed(author={"name": "x"}, lang=3, is_repost="maybe")),
    (None, _changed(text="\u0000nul\u0007")),
    (None, _changed(text="z" * 30_000)),
    (None, lambda row, rng: _line(row)[:-1] + b', "text": "said twice"}'),
    (None, lambda row, rng: _line(row) + b"\r"),
    (None, lambda row, rng: _in_text(row, b"\\ud83d")),
    (None, lambda row, rng: _line({**row, "deep": json.loads("[" * 90 + "]" * 90)})),
]


def _fields(row: Row) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([row[name] for name in HEADER])
    return out.getvalue()[:-1].encode()


def _with(**change: object) -> Callable[[Row, random.Random], bytes]:
    return lambda row, rng: _fields({**row, **change})


def _in_field(row: Row, raw: bytes) -> bytes:
    return _fields({**row, "text": "a@@b"}).replace(b"@@", raw)


CSV: list[Mutation] = [
    ("wrong number of fields", lambda row, rng: _fields({**row, "text": "a"}) + b",more"),
    ("wrong number of fields", lambda row, rng: _fields({**row, "text": "a"}).split(b",")[0]),
    ("quotes do not match", lambda row, rng: _fields({**row, "text": "@"}).replace(b"@", b'"a"b')),
    ("not UTF-8", lambda row, rng: _in_field(row, rng.choice([b"\xff", b"\xc3", b"\xed\xa0\x80"]))),
    ("row too long", lambda row, rng: _in_field(row, b"y" * (1024 * 1024 + rng.randrange(2**18)))),
    ("row too long", lambda row, rng: _in_field(row, b"y" * 200_000)),
    ("no text", _with(text="")),
    ("no text", _with(text=" \x01 ")),
    ("no time", _with(created_at="")),
    ("time not understood", _with(created_at="last night")),
    ("time not understood", _with(created_at="12:00")),
    ("time out of range", _with(created_at="0")),
    ("time out of range", _with(created_at="2113-02-04T00:00:00Z")),
    (None, _with(author_followers="many", is_repost="maybe")),
    (None, _with(author_followers="-3")),
    (None, _with(author_followers="12.0", author="x" * 5_000)),
    (None, _with(text="nul\x00 bell\x07")),
    (None, _with(text="z" * 30_000)),
    (None, _with(text='he said "out"\nand, left')),
    (None, lambda row, rng: _fields(row) + b"\r"),
]


def mutated(
    seed: int, n: int, mutations: list[Mutation], *, share: float = 0.2, huge: float = 0.01
) -> tuple[list[bytes], Counter[str]]:
    """Return ``n`` lines of which about ``share`` are mutated, and how often each cause stands.

    ``huge`` is the share of too long rows that are kept: they are dear.
    """
    rng = random.Random(seed)
    plain = _line if mutations is NDJSON else _fields
    lines, causes = [], Counter[str]()
    for row in sound_rows(seed, n):
        cause, mutate = rng.choice(mutations)
        if rng.random() > share or (cause == "row too long" and rng.random() > huge):
            lines.append(plain(row))
            continue
        lines.append(mutate(row, rng))
        causes.update([cause] if cause else [])
    return lines, causes


def damaged(seed: int, whole: bytes) -> bytes:
    """Return the bytes cut short, or with some bits turned over."""
    rng = random.Random(seed)
    broken = bytearray(whole)
    if rng.random() < 0.3:
        return bytes(broken[: rng.randrange(len(broken))])
    for _ in range(rng.choice([1, 1, 3, 20])):
        near_end = len(broken) - 1 - rng.randrange(min(len(broken), 4_000))
        place = rng.choice([rng.randrange(len(broken)), near_end])
        broken[place] ^= 1 << rng.randrange(8)
    return bytes(broken)
