"""Look a draft over: before it is submitted, and again before it leaves.

Be a draft: your words are held against what the team keeps secret, your addresses looked up, each
channel says by its own counting what of you does not fit; then the desk's checks read you with all
that at hand.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Protocol

from rtm.brand import Brand
from rtm.desk.checks import Checker, Complaint, Looked, Scene, addresses_in
from rtm.desk.leaks import Leak
from rtm.draft import Draft
from rtm.event import WatchedEvent
from rtm.publish.length import complaint
from rtm.publish.publisher import Publisher


class Guard(Protocol):
    """Where secrets are kept."""

    def leak_in(self, text: str) -> Leak | None:
        """Return which secret a text gives away; blocks, and may take a second."""
        ...


class Look(Protocol):
    """Who looks addresses up on the network."""

    async def look(self, addresses: Iterable[str]) -> dict[str, Looked | None]:
        """Return what is wrong with each address, None for nothing."""
        ...


class Review:
    """Look drafts over for one brand and its channels.

    ``links`` looks addresses up; without it they are only read.
    """

    def __init__(
        self,
        brand: Brand,
        events: Sequence[WatchedEvent],
        guard: Guard,
        publishers: Mapping[str, Publisher],
        links: Look | None = None,
    ) -> None:
        self._brand = brand
        self._events = events
        self._guard = guard
        self._publishers = publishers
        self._links = links

    @cached_property
    def checker(self) -> Checker:
        """The desk's checks for the brand; made once, which takes seconds, in a thread."""
        return Checker(self._brand, self._events)

    async def complaints(
        self,
        draft: Draft,
        channels: tuple[str, ...],
        now: datetime,
        *,
        send_at: datetime | None = None,
        crisis: str | None = None,
        open_complaints: Mapping[str, int] | None = None,
        is_released: bool = False,
        is_answer: bool = False,
    ) -> list[Complaint]:
        """Return all that is wrong with a draft on its way to channels, what stops it first.

        ``is_released``: a moderator released the lock of its story; ``is_answer``: its moment was
        opened to answer a complaint.
        """
        looked = {} if self._links is None else await self._links.look(addresses_in(draft))
        scene = Scene(
            now=now,
            channels=channels,
            send_at=send_at,
            crisis=crisis,
            complaints=open_complaints or {},
            limits={
                name: complaint(draft.message(name), self._publishers[name].limits)
                for name in channels
            },
            links=looked,
            is_released=is_released,
            is_answer=is_answer,
        )
        return await asyncio.to_thread(self._read, draft, scene)

    def _read(self, draft: Draft, scene: Scene) -> list[Complaint]:
        told = []
        for text in dict.fromkeys(draft.texts):
            leak = self._guard.leak_in(text) if text.strip() else None
            if leak is not None:
                told.append(leak.complaint(text))
        return self.checker.complaints_of(draft, replace(scene, leaks=tuple(told)))
