"""Lessons as they stand in the log."""

import pytest

from rtm.errors import StoreError
from rtm.score.lessons import Lesson
from rtm.taught import Taught, Unlearned, read, written


@pytest.mark.parametrize(
    "taught",
    [
        Lesson(opportunity="o1", kind="claim", is_wanted=True, weight=0.5),
        Unlearned(what="relevance"),
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
