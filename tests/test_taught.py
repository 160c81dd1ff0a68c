"""Lessons as they stand in the log."""

from datetime import UTC, datetime

import pytest

from rtm.errors import StoreError
from rtm.score.lessons import Lesson
from rtm.taught import Closing, Opening, Taught, Unlearned, read, written
from rtm.types import Example


@pytest.mark.parametrize(
    "taught",
    [
        Lesson(opportunity="o1", kind="claim", is_wanted=True, weight=0.5),
        Unlearned(what="relevance"),
        Opening(
            story="h1",
            title="Stale",
            terms=("stale",),
            kind="complaint",
            tick=1,
            reply_to="at://x",
            answers=Example(
                id="at://x", at=datetime(2013, 2, 4, tzinfo=UTC), text="!", author=None
            ),
        ),
        Closing(story="h1"),
    ],
)
def test_a_lesson_is_read_back_as_it_was_written(taught: Taught):
    line = written(taught)

    assert read(line) == taught
    assert line.startswith(b"{")  # how the log tells lessons from rows
    assert b"\n" not in line


@pytest.mark.parametrize(
    "line", [b"{}", b'{"lesson":"none"}', b'{"lesson":"unlearn","what":"all"}']
)
def test_what_is_no_lesson_says_so(line):
    with pytest.raises(StoreError, match="lesson: not understood"):
        read(line)
