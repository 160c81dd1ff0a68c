"""Progress says how far, how fast and how long, and is silent where nobody waits."""

from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from rtm.progress import Progress

LAST = datetime(2013, 2, 4, 2, tzinfo=UTC)


def follow(speed: float | None = None, **more: Any) -> tuple[Progress, list[str]]:
    said: list[str] = []
    console = Console(file=StringIO(), force_terminal=False)
    return Progress(console, said.append, 1_000, LAST, speed, **more), said


def test_an_unfinished_replay_says_rate_and_time_left():
    follower, _ = follow()

    follower.told(250, 0)

    line = follower.line()
    assert line.startswith("250 of 1,000 posts told, ")
    assert line.endswith(" left")


def test_a_paced_replay_knows_its_time_left():
    follower, _ = follow(speed=60.0)

    follower.told(250, int(LAST.timestamp()) - 3600)

    assert follower.line().endswith("60 s left")


def test_long_times_are_told_in_minutes():
    follower, _ = follow(speed=1.0)

    follower.told(250, int(LAST.timestamp()) - 3600)

    assert follower.line().endswith("1 h left")


def test_a_finished_replay_says_how_long_it_took():
    follower, _ = follow()

    follower.told(1_000, 0)

    assert follower.line().endswith(" s")


def test_where_there_is_no_terminal_short_work_is_silent():
    follower, said = follow()

    with follower.shown():
        follower.told(500, 0)

    assert said == []


def test_where_there_is_no_terminal_long_work_says_a_line():
    follower, said = follow(line_every_s=0.0)

    follower.told(500, 0)

    assert len(said) == 1


@pytest.mark.parametrize("times", [1, 3])
def test_on_a_terminal_the_bar_leaves_nothing_behind(times):
    console = Console(file=StringIO(), force_terminal=True, width=80)
    follower = Progress(console, lambda line: None, 1_000, LAST, None)

    with follower.shown():
        for rows in range(times):
            follower.told(rows, 0)
            follower.hide()
            follower.show()

    assert isinstance(console.file, StringIO)
    assert console.file.getvalue().endswith("\x1b[2K")


def test_other_work_is_told_by_its_own_noun_and_by_the_minute():
    follower, _ = follow(noun="settings run", unit_s=60)

    follower.told(250)

    assert follower.line().startswith("250 of 1,000 settings run, ")
    assert " a minute, " in follower.line()
