"""Moments that people open by hand, told to engines among the posts."""

from collections.abc import Iterator, Sequence

import polars as pl

from rtm.engine import Engine
from rtm.taught import Closing, Opening, written
from rtm.types import Event, line_of
from tests.laws.telling import Log

COMET = "h00c0ffee00c0ffee"
Told = list[tuple[pl.DataFrame | bytes, int]]  # a log with lessons between its frames


def opening(
    title: str = "Comet over town", terms: Sequence[str] = ("comet",), story: str = COMET
) -> bytes:
    """Return the lesson that opens a moment."""
    return written(Opening(story=story, title=title, terms=tuple(terms), kind="moment", tick=0))


def closing(story: str = COMET) -> bytes:
    """Return the lesson that closes it."""
    return written(Closing(story=story))


def taught(log: Log, lesson: bytes, after: int) -> Told:
    """Return a log with a lesson after the last entry that closes no tick beyond ``after``."""
    before = [entry for entry in log if entry[1] <= after]
    assert 0 < len(before) < len(log), "no place for the lesson"
    return [*before, (lesson, before[-1][1]), *log[len(before) :]]


def events(log: Told, engine: Engine) -> Iterator[Event]:
    """Yield what an engine answers a log with."""
    for what, closed in log:
        told = engine.teach(what) if isinstance(what, bytes) else engine.step(what, closed)
        yield from told  # type: ignore[misc]


def lines(log: Told, engine: Engine) -> list[str]:
    """Return what an engine answers a log with, as lines."""
    return [line_of(event) for event in events(log, engine)]


def about(told: Sequence[str], story: str = COMET) -> list[str]:
    """Return the lines that tell of a story."""
    return [line for line in told if story in line]
