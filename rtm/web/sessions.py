"""Whose session a request carries: the people's answer, remembered for a few seconds."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable

from aiohttp import web

from rtm.desk.roles import Person
from rtm.web.parts import People

COOKIE = "rtm_session"
LASTS_S = 30 * 24 * 3600
TRUSTED_S = 4.0  # so that nobody who was switched off goes on for more than five seconds
MOST = 1_024
LONGEST_TOKEN = 256


class Sessions:
    """Ask whose token it is; ``now_s`` is a steady clock in seconds."""

    def __init__(self, people: People, now_s: Callable[[], float]) -> None:
        self._people = people
        self._now_s = now_s
        self._known: OrderedDict[str, tuple[float, Person]] = OrderedDict()

    async def person(self, token: str | None) -> Person | None:
        """Return whose session it is, or None."""
        if not token or len(token) > LONGEST_TOKEN:
            return None
        known = self._known.get(token)
        if known is not None and self._now_s() - known[0] < TRUSTED_S:
            return known[1]
        asked_s = self._now_s()
        person = await asyncio.to_thread(self._people.person, token)
        self._known.pop(token, None)
        if person is not None:  # guesses take no room
            self._known[token] = (asked_s, person)
            if len(self._known) > MOST:
                self._known.popitem(last=False)
        return person

    async def begin(self, person: Person) -> str:
        """Begin a session; its token."""
        return await asyncio.to_thread(self._people.begin, person)

    async def end(self, token: str) -> None:
        """End a session, here and now."""
        await asyncio.to_thread(self._people.end, token)
        self._known.pop(token, None)


SESSIONS = web.AppKey("sessions", Sessions)
