"""Tell the compiled kernel of plain rows."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from rtm.trends.kernel import run
from rtm.trends.settings import Settings
from rtm.trends.state import DUE, FIRED, LAST_TICK, LEVEL, Rows, State, empty_state, judging
from tests.trends.plain import Row

ROOMY = Settings(  # floors of its own, so that tests fire whatever the default is
    background=0.0,
    min_z=3.8,
    hot_floor=3.5,
    story_floor=5.0,
    linked_floor=4.2,
    row_bits=10,
    probation_bits=10,
    sketch_bits=8,
    cluster_bits=6,
    recent_bits=13,
    quoted_posts=1 << 10,
    regular_bits=8,
    author_bits=22,
)


def state_of(settings: Settings = ROOMY) -> State:
    """Return a state that has seen nothing and waits for no story."""
    state = empty_state(settings)
    state.numbers[DUE] = 1 << 60
    return state


def rows_of(rows: Sequence[Row]) -> Rows:
    """Return rows in columns."""
    lengths = [len(row.terms) for row in rows]
    return Rows(
        np.array([row.tick for row in rows], np.int64),
        np.array([row.is_late for row in rows], np.uint8),
        np.array([term for row in rows for term in row.terms], np.uint64),
        np.cumsum([0, *lengths], dtype=np.int64),
        np.zeros(len(rows), np.uint32),
        np.array([row.author for row in rows], np.uint64),
        np.full(len(rows), -1, np.int64),
        np.array([row.weight for row in rows], np.int32),
        np.array([row.source for row in rows], np.uint64),
        np.array([row.language for row in rows], np.uint8),
        np.array([row.source for row in rows], np.uint64),
        np.zeros(len(rows), np.uint8),
    )


def fired(
    rows: Sequence[Row], state: State, settings: Settings = ROOMY
) -> list[tuple[int, int, float]]:
    """Return (tick, term, surprise) of all that fires, by tick and term."""
    told = rows_of(rows)
    found, post = [], 0
    while post < len(rows):
        before, post = post, int(run(state, settings, told, judging(), post))
        assert post > before, "no row was taken"
        tick = int(state.numbers[LAST_TICK])
        for place in range(int(state.numbers[FIRED])):
            key = int(state.keys[state.fired[place]])
            found.append((tick, key, float(state.levels[place, LEVEL])))
    return sorted(found)


def fired_in_frames(
    rows: Sequence[Row], cuts: Sequence[int], settings: Settings = ROOMY
) -> list[tuple[int, int, float]]:
    """Tell rows in frames that end before the ticks at these places."""
    state = state_of(settings)
    places = sorted({0, len(rows), *(_tick_start(rows, cut) for cut in cuts)})
    return sorted(
        one for low, high in pairwise(places) for one in fired(rows[low:high], state, settings)
    )


def _tick_start(rows: Sequence[Row], cut: int) -> int:
    cut = min(cut, len(rows) - 1)
    return next(n for n, row in enumerate(rows) if row.tick == rows[cut].tick)
