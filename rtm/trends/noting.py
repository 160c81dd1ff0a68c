"""Surprises noted in one run and taken in others, so that judging is paid for once.

Judging a term depends on the posts and on what is made expect; how a hot term fires, what stories
it makes and how many of them are told does not change it. So ``rtm tune`` notes once and tries
such settings on what was noted: the events are the same as if each run had judged.
"""

import numpy as np
from numpy.typing import NDArray

from rtm.trends.settings import Settings
from rtm.trends.state import LEVELS, NOTE, NOTED, NOTED_MOST, TAKE, Given, State, judging

# settings that leave every surprise as it is
UNJUDGED = {
    "story_floor",
    "linked_floor",
    "hold_windows",
    "least_hold_s",
    "most_hold_s",
    "judge_s",
    "refire",
    "link_share",
    "fresh_s",
    "surge_floor",
    "surge_dispersion",
    "alarms_per_day",
    "alarms_per_hour",
    "story_quiet_s",
}


class Noting:
    """Hand this to an engine instead of ``Given``: it judges as always, and all is noted.

    Terms are judged in every tick then, as another run may ask for any of them.

    >>> noting = Noting()  # then Engine(brand, events, settings, noting), told of all posts
    >>> noting.given().ticks.size
    0
    """

    def __init__(self, most: int = NOTED_MOST) -> None:
        self.most = most  # surprises that may wait to be fetched
        self.judging = judging(NOTE)
        self._ticks = [np.empty(0, np.int64)]
        self._keys = [np.empty(0, np.uint64)]
        self._levels: list[NDArray[np.float64]] = [np.empty((0, LEVELS))]

    def fetch(self, state: State) -> None:
        """Take what was noted since the last time, and make room for more; after every run."""
        noted = int(state.numbers[NOTED])
        assert noted <= self.most, f"{noted} surprises in a tick or two, room for {self.most}"
        if noted:
            self._ticks.append(state.noted_ticks[:noted].copy())
            self._keys.append(state.noted_keys[:noted].copy())
            self._levels.append(state.noted_levels[:noted].copy())
            state.numbers[NOTED] = 0

    def given(self) -> Given:
        """Return all that was noted, to be taken by one engine that is told the same posts."""
        ticks, keys = np.concatenate(self._ticks), np.concatenate(self._keys)
        levels = np.concatenate(self._levels)
        self._ticks, self._keys, self._levels = [ticks], [keys], [levels]
        return Given(np.array([TAKE, 0]), ticks, keys, levels)


def is_reusable(noted: Settings, wanted: Settings) -> bool:
    """Tell whether surprises noted with some settings are those that others would judge.

    >>> is_reusable(Settings(), Settings(hot_floor=4.0, refire=2.0, alarms_per_day=5))
    True
    >>> is_reusable(Settings(), Settings(hot_floor=3.0)), is_reusable(Settings(), Settings(min_z=3))
    (False, False)
    """
    kept = {name: getattr(noted, name) for name in UNJUDGED} | {"hot_floor": noted.hot_floor}
    return wanted.hot_floor >= noted.hot_floor and wanted._replace(**kept) == noted
