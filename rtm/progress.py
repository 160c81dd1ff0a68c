"""How far a replay has come: a bar on a terminal, a line now and then where there is none."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from rich import progress
from rich.console import Console

from rtm.clock import Stopwatch
from rtm.event import span

LINE_EVERY_S = 10.0  # seconds between two lines where there is no terminal
BAR_WIDTH = 24  # characters


class Progress:
    """Follow a replay; ``told`` is its ``on_told``.

    Parameters
    ----------
    console
        Where the bar is drawn when it is a terminal.
    say
        Takes a line when it is not.
    posts, last
        How many there are to tell, and when the last was stamped.
    speed
        Times real time, when the replay keeps a pace.
    noun, unit_s
        What there are so many of, and the seconds over which their rate is told: 1 or 60.
    """

    def __init__(
        self,
        console: Console,
        say: Callable[[str], object],
        posts: int,
        last: datetime | None,
        speed: float | None,
        line_every_s: float = LINE_EVERY_S,
        noun: str = "posts told",
        unit_s: int = 1,
    ) -> None:
        self._is_drawn = console.is_terminal
        self._say = say
        self._posts = posts
        self._last_s = 0.0 if last is None else last.timestamp()
        self._speed = speed
        self._line_every_s = line_every_s
        self._noun = noun
        self._unit_s = unit_s
        self._watch = Stopwatch()
        self._rows, self._tick, self._said_s = 0, 0, 0.0
        self._bar = progress.Progress(
            progress.BarColumn(BAR_WIDTH),
            progress.TextColumn("{task.description}", markup=False),
            console=console,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            disable=not self._is_drawn,
        )
        self._task = self._bar.add_task("", total=posts)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Draw the bar for as long as this lasts."""
        self.show()
        try:
            yield
        finally:
            self.hide()

    def show(self) -> None:
        """Draw the bar (again)."""
        self._bar.start()

    def hide(self) -> None:
        """Wipe the bar away, so that something may be printed in its place."""
        self._bar.stop()

    def told(self, rows: int, tick: int = 0) -> None:
        """Take note of the rows told so far and the last tick closed."""
        self._rows, self._tick = rows, tick
        self._bar.update(self._task, completed=rows, description=self.line())
        now_s = self._watch.wall_s()
        if not self._is_drawn and now_s - self._said_s >= self._line_every_s:
            self._said_s = now_s
            self._say(self.line())

    def line(self) -> str:
        """Say how far it is, how fast it goes, and how long it will take or took."""
        elapsed_s = max(self._watch.wall_s(), 0.001)
        rate = self._rows / elapsed_s
        pace = f"{rate:,.0f} a second" if self._unit_s == 1 else f"{60 * rate:,.1f} a minute"
        said = f"{self._rows:,} of {self._posts:,} {self._noun}, {pace}"
        if self._rows == self._posts:
            return f"{said}, {elapsed_s:.1f} s"
        if self._speed is None:
            left_s = (self._posts - self._rows) / max(rate, 0.001)
        else:
            left_s = max(0.0, self._last_s - self._tick) / self._speed
        left = f"{left_s:.0f} s" if left_s < 90 else span(timedelta(seconds=left_s))
        return f"{said}, {left} left"
