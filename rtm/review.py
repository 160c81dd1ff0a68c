"""Look a draft over: before it is submitted, and again before it leaves.

Be a draft: your words are held against what the team keeps secret, your addresses looked up, each
channel says by its own counting what of you does not fit; then the desk's checks read you with all
that at hand.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from rtm.brand import Brand
from rtm.desk.checks import Complaint, Scene, complaints_of
from rtm.desk.leaks import Leak
from rtm.draft import Draft
from rtm.publish.length import too_long
from rtm.publish.publisher import Publisher


class Guard(Protocol):
    """Where secrets are kept."""

    def leak_in(self, text: str) -> Leak | None:
        """Return which secret a text gives away; blocks, and may take a second."""
        ...


class Review:
    """Look drafts over for one brand and its channels."""

    def __init__(self, brand: Brand, guard: Guard, publishers: Mapping[str, Publisher]) -> None:
        self._brand = brand
        self._guard = guard
        self._publishers = publishers

    async def complaints(
        self,
        draft: Draft,
        channels: tuple[str, ...],
        now: datetime,
        *,
        send_at: datetime | None = None,
        crisis: str | None = None,
        open_complaints: Mapping[str, int] | None = None,
    ) -> list[Complaint]:
        """Return all that is wrong with a draft on its way to channels, what stops it first."""
        leaks = await asyncio.to_thread(self._leaks, draft)
        scene = Scene(
            brand=self._brand,
            now=now,
            channels=channels,
            crisis=crisis,
            complaints=open_complaints or {},
            leaks=leaks,
        )
        found = complaints_of(draft, scene)
        for name in channels:
            limits = self._publishers[name].limits
            if (words := too_long(draft.message(name).text, limits)) is not None:
                found.append(Complaint("length", f"{name}: {words}", name))
        return sorted(found, key=lambda one: not one.stops)

    def _leaks(self, draft: Draft) -> tuple[str, ...]:
        told = []
        for text in dict.fromkeys(draft.texts):
            leak = self._guard.leak_in(text) if text.strip() else None
            if leak is not None:
                told.append(leak.complaint(text))
        return tuple(told)
