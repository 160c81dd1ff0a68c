"""Marks: what a person said of stories that no label explains, kept in a file and read back.

A mark is about a story of any setting that opened within half an hour of it and shares two of its
terms (all, if it has fewer).
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import msgspec
import tomlkit
from msgspec import Meta, Struct

from rtm.config import read, struct_of
from rtm.errors import ConfigError
from rtm.remedies import one_line
from rtm.sources.beside import put
from rtm.tune.told import ToldStory

NEAR = timedelta(minutes=30)
SHARED_TERMS = 2


class Mark(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One unmatched story; ``real`` is for a person to say, null or left out until then."""

    opened_at: Annotated[datetime, Meta(tz=True, examples=[datetime(2013, 2, 4, 1, tzinfo=UTC)])]
    title: Annotated[str, Meta(examples=["Who turned off the lights?"])] = ""
    terms: Annotated[tuple[str, ...], Meta(min_length=1, examples=[["lights", "superdome"]])]
    real: Annotated[bool, Meta(examples=[True])] | None = None

    def is_about(self, story: ToldStory) -> bool:
        """Tell whether a story is the one that was marked."""
        shared = set(self.terms) & {term for one in story.tellings for term in one.terms}
        needed = min(SHARED_TERMS, len(set(self.terms)))
        return abs(story.opened_at - self.opened_at) <= NEAR and len(shared) >= needed


class Marks(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The marks of a file."""

    mark: Annotated[tuple[Mark, ...], Meta(examples=[[]])] = ()


def load_marks(path: Path) -> tuple[Mark, ...]:
    """Read marks from a TOML file, or from a JSON one if its name ends so.

    Raises
    ------
    ConfigError
        One line with file, key, value given and remedy.
    """
    if path.suffix != ".json":
        return struct_of(read(path), Marks, str(path)).mark
    try:
        table = msgspec.json.decode(path.read_bytes())
    except OSError as error:
        problem = f"cannot be read ({error.strerror}); check the path"
        raise ConfigError(one_line(f"{path}: {problem}")) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise ConfigError(one_line(f"{path}: not JSON: {error}")) from error
    if not isinstance(table, dict):
        raise ConfigError(one_line(f'{path}: no table of marks; write {{"mark": [{{...}}]}}'))
    return struct_of(table, Marks, str(path)).mark


def real_ids(stories: Iterable[ToldStory], marks: Sequence[Mark]) -> dict[str, bool]:
    """Return what the marks say of stories, by id; stories nobody judged are left out.

    Where marks disagree about a story, the one nearest in time holds.
    """
    judged = sorted((mark for mark in marks if mark.real is not None), key=lambda m: m.opened_at)
    said: dict[str, bool] = {}
    for story in stories:
        about = [mark for mark in judged if mark.is_about(story)]
        if about:
            nearest = min(about, key=lambda mark: abs(mark.opened_at - story.opened_at))
            said[story.id] = bool(nearest.real)
    return said


def write_marks(path: Path, stories: Sequence[ToldStory], marks: Sequence[Mark]) -> int:
    """Write the marks known so far, and one to be answered for each story they do not cover.

    Returns how many are still to be answered.

    Raises
    ------
    ConfigError
        When the file cannot be written.
    """
    new = [
        Mark(opened_at=story.opened_at, title=story.title, terms=story.terms)
        for story in stories
        if not any(mark.is_about(story) for mark in marks)
    ]
    every = sorted([*marks, *new], key=lambda mark: (mark.opened_at, mark.terms))
    text = _json(every) if path.suffix == ".json" else _toml(every)
    try:
        put(path, text)
    except OSError as error:
        problem = f"cannot be written ({error.strerror}); name another file"
        raise ConfigError(one_line(f"{path}: {problem}")) from error
    return sum(mark.real is None for mark in every)


def _json(marks: list[Mark]) -> str:
    raw = msgspec.json.encode(Marks(mark=tuple(marks)))
    return msgspec.json.format(raw, indent=2).decode() + "\n"


def _toml(marks: list[Mark]) -> str:
    tables = []
    for mark in marks:
        table = {"opened_at": mark.opened_at, "title": mark.title, "terms": list(mark.terms)}
        tables.append(table if mark.real is None else {**table, "real": mark.real})
    asked = "# Add real = true or real = false to each story that you can judge.\n\n"
    return asked + tomlkit.dumps({"mark": tables})
