"""What posts reached and what the room costs: views that a person read, and the running meter."""

from typing import Annotated, Protocol

import msgspec
from aiohttp import web

from rtm.board.tallies import CardResults, CostView
from rtm.desk.deciding import NotAllowed
from rtm.desk.roles import Person
from rtm.errors import IllegalMove
from rtm.web.api import key_of, read, refused, told
from rtm.web.guard import PERSON

MOST = 10**12  # more than any post was ever seen
GONE = "This card is not on the board any more."

Count = Annotated[int, msgspec.Meta(ge=0, le=MOST)]


class ImpressionsWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often a person read that a post was seen, and by how many the account is followed."""

    channel: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    views: Count
    followers: Count | None = None


class Reckoning(Protocol):
    """Where results are kept and cost is known; all of it runs on the web's own event loop."""

    async def enter_impressions(
        self,
        person: Person,
        card: str,
        *,
        channel: str,
        views: int,
        followers: int | None,
        key: str,
    ) -> CardResults | None:
        """Keep what a person read off a network's statistics; the results after it.

        The same ``key`` again does nothing.

        Raises
        ------
        NotAllowed
            When the person has not the role for it.
        IllegalMove
            When nothing of the card was sent on that channel.
        KeyError
            When there is no such card, nor any post of it.
        """
        ...

    def results_of(self, card: str) -> CardResults | None:
        """Return what became of a card's posts; KeyError as above, None while nothing was sent."""
        ...

    def costs(self) -> CostView:
        """Return the running meter as of now."""
        ...


class ResultsDoor:
    """Let people enter what networks do not tell, and read what it all costs."""

    def __init__(self, reckoning: Reckoning) -> None:
        self._reckoning = reckoning

    async def impressions(self, request: web.Request) -> web.StreamResponse:
        """Answer POST /api/cards/{card}/impressions."""
        key, wish = key_of(request), await read(request, ImpressionsWish)
        try:
            results = await self._reckoning.enter_impressions(
                request[PERSON],
                request.match_info["card"],
                channel=wish.channel,
                views=wish.views,
                followers=wish.followers,
                key=key,
            )
        except NotAllowed as error:
            return refused(403, str(error))
        except IllegalMove as error:
            return refused(409, str(error))
        except KeyError:
            return refused(404, GONE)
        return told({"results": results})

    async def results(self, request: web.Request) -> web.StreamResponse:
        """Answer GET /api/cards/{card}/results."""
        try:
            return told({"results": self._reckoning.results_of(request.match_info["card"])})
        except KeyError:
            return refused(404, GONE)

    async def costs(self, request: web.Request) -> web.StreamResponse:
        """Answer GET /api/costs."""
        return told(msgspec.to_builtins(self._reckoning.costs()))
