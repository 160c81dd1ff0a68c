"""What screens are told of the house every second: who is on duty, and whether posts may leave."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from rtm.board.fold import Board
from rtm.board.tallies import CostView
from rtm.board.view import (
    ChannelState,
    Declared,
    HouseView,
    LeakView,
    OnDuty,
    Setting,
    ms,
)
from rtm.desk.deciding import Conditions
from rtm.orders import CrisisDeclared, Stopped
from rtm.staff import Staff


class Rooms(Protocol):
    """What of a room is looked at."""

    board: Board
    staff: Staff
    setting: Setting
    costs: Callable[[], CostView | None]

    def conditions(self) -> Conditions:
        """Return what holds in the house for all work."""
        ...


def house_view(room: Rooms, now: datetime, rota: Sequence[str]) -> HouseView:
    """Return how the house is; ``rota`` says in words where nobody is planned, and who is late."""
    newsroom, conditions = room.board.newsroom, room.conditions()
    why = "everything is stopped" if conditions.stopped else None
    if why is None and not conditions.moderators:
        why = "no moderator is on duty"
    rules = newsroom.rules
    return HouseView(
        on_duty=tuple(
            OnDuty(name=person.name, roles=tuple(sorted(person.roles)), since_ms=ms(since))
            for person, since in room.staff.on_duty(now)
        ),
        channels=tuple(ChannelState(name=one.name, why=why) for one in room.setting.channels),
        stopped=_declared(newsroom.stopped),
        crisis=_declared(newsroom.crisis),
        rota=tuple(rota),
        leaks=tuple(
            LeakView(post=one.post, label=one.label, text=one.text, at_ms=ms(one.at))
            for one in reversed(room.board.leaks)
        ),
        cost=room.costs(),
        rules=None if rules is None else rules.version,
    )


def _declared(said: Stopped | CrisisDeclared | None) -> Declared | None:
    if said is None:
        return None
    why = said.reason if isinstance(said, Stopped) else said.what
    return Declared(who=said.who, at_ms=ms(said.at), why=why)
