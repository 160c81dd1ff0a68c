"""Watch keywords through the counting core: what the detector saw of each, tick by tick.

The core itself counts, with all posts in its stream but no other terms than the keywords', and
judges with floors of nothing; so these are its own numbers, not a copy of its formulas. Where too
few sources stand behind every window, what it would have said of them is told, with their number.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rtm.trends.admission import move_on
from rtm.trends.judge import expected, judge, weigh_stream
from rtm.trends.kernel import run
from rtm.trends.monitor import Monitor
from rtm.trends.settings import Settings
from rtm.trends.state import COUNT, DUE, FIRED, LEVEL, MEAN, WINDOW, Rows
from rtm.trends.table import ABSENT, FIRST_TERM, UNIT, WINDOW_S, place_of
from rtm.trends.tally import voices
from rtm.tune.reading import Part

NEVER = np.int64(1) << 62  # no story is ever due
USUAL = 2  # the window shown where none is surprised: five minutes


@dataclass(frozen=True, slots=True)
class Seen:
    """A term at the end of a tick in which a post held it, at its most surprising window."""

    tick: int
    term: int
    surprise: float
    window_s: int
    count: float
    expected: float
    sources: float


def seen(
    settings: Settings,
    parts: Sequence[Part],
    terms: Iterable[int],
    spans: Sequence[tuple[int, int]],
) -> Iterator[Seen]:
    """Yield what was seen of terms at each tick of the spans in which a post held one.

    ``spans`` are first and last ticks; a span may overlap others.
    """
    wanted = np.array(sorted(set(terms)), np.uint64)
    scratch = settings._replace(
        hot_floor=0.0,
        min_z=0.0,
        row_bits=14,
        probation_bits=14,
        sketch_bits=10,
        quoted_posts=1,
    )
    monitor = Monitor(scratch)
    monitor.state.numbers[DUE] = NEVER
    for part in parts:
        rows = _only(monitor._rows(part.frame, part.reading), wanted)
        ticks, first = _ticks(rows, spans), 0
        for tick in ticks.tolist():
            behind = int(np.searchsorted(rows.ticks, tick, side="right"))
            _tell(monitor, scratch, rows, first, behind)
            start = int(np.searchsorted(rows.ticks, tick))
            held = np.unique(rows.terms[rows.starts[start] : rows.starts[behind]])
            yield from _judged(monitor, scratch, tick, held)
            first = behind
        _tell(monitor, scratch, rows, first, rows.ticks.size)


def _only(rows: Rows, wanted: NDArray[np.uint64]) -> Rows:
    is_wanted = np.isin(rows.terms, wanted)
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(is_wanted)])
    return rows._replace(terms=rows.terms[is_wanted], starts=before[rows.starts])


def _ticks(rows: Rows, spans: Sequence[tuple[int, int]]) -> NDArray[np.int64]:
    holds = np.diff(rows.starts) > 0
    inside = np.zeros(rows.ticks.size, np.bool_)
    for first, last in spans:
        inside |= (rows.ticks >= first) & (rows.ticks <= last)
    return np.unique(rows.ticks[holds & inside])


def _tell(monitor: Monitor, settings: Settings, rows: Rows, first: int, behind: int) -> None:
    if first == behind:
        return
    part = Rows(
        rows.ticks[first:behind],
        rows.late[first:behind],
        rows.terms,
        rows.starts[first : behind + 1],
        rows.marks[first:behind],
        rows.authors[first:behind],
        rows.followers[first:behind],
        rows.weights[first:behind],
        rows.sources[first:behind],
        rows.languages[first:behind],
        rows.clusters[first:behind],
        rows.replies[first:behind],
    )
    post = 0
    while post < behind - first:
        post = int(run(monitor.state, settings, part, monitor.given, post))


def _judged(
    monitor: Monitor, settings: Settings, tick: int, terms: NDArray[np.uint64]
) -> Iterator[Seen]:
    state = monitor.state
    warm = weigh_stream(state, tick)
    state.numbers[FIRED] = 0
    for term in terms:
        row = int(place_of(state.keys, term, settings.row_bits, FIRST_TERM))
        if row == ABSENT:  # seen once or twice: nothing to judge yet
            yield Seen(tick, int(term), 0.0, WINDOW_S[USUAL], 0.0, 0.0, 0.0)
            continue
        move_on(state, row, tick)
        judge(state, settings, row, tick, warm)
        found = state.levels[0]
        if found[LEVEL] <= 0.0:
            judge(state, settings._replace(min_sources=0.0), row, tick, warm)
        window = int(found[WINDOW]) if found[LEVEL] > 0.0 else USUAL
        count, mean = float(found[COUNT]), float(found[MEAN])
        if found[LEVEL] <= 0.0:
            count = float(state.term[0, window]) / UNIT
            mean = expected(settings, state.stream, state.term, window)[0]
        sources = float(voices(state, row, tick - WINDOW_S[window] + 1)[0])
        level = float(found[LEVEL])
        yield Seen(tick, int(term), level, WINDOW_S[window], count, mean, sources)
