"""An account on a server of the AT Protocol: signed in when it must be, renewed when asked for."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from rtm.errors import PublishError
from rtm.publish.http import Answer
from rtm.publish.service import Service

EXPIRED = ("ExpiredToken", "InvalidToken")


@dataclass(frozen=True, slots=True, repr=False)  # a traceback must not show it
class Session:
    """Who is signed in."""

    did: str
    access: str
    refresh: str

    @property
    def headers(self) -> dict[str, str]:
        """What a call says of who makes it."""
        return {"Authorization": f"Bearer {self.access}"}


class Account:
    """One account; its session lives in memory. ``prefix`` begins the names of its variables."""

    def __init__(self, service: Service, identifier: str, password: str, prefix: str) -> None:
        self._service = service
        self._who = {"identifier": identifier, "password": password}
        self._prefix = prefix
        self._session: Session | None = None
        self._signing_in = asyncio.Lock()

    async def signed_in(self) -> Session:
        """Sign in, if that has not been done."""
        async with self._signing_in:
            if self._session is None:
                self._session = await self._create()
            return self._session

    async def call(self, made: Callable[[Session], Awaitable[Answer]]) -> Answer:
        """Make a call as this account; once more with a new session when the old one is over."""
        session = await self.signed_in()
        answer = await made(session)
        if answer.status == 401 or answer.error in EXPIRED:
            answer = await made(await self._renewed(session))
        return answer

    async def _renewed(self, old: Session) -> Session:
        async with self._signing_in:
            if self._session is None or self._session == old:
                self._session = None  # if both fail, the next call begins anew
                self._session = await self._refresh(old) or await self._create()
            return self._session

    async def _create(self) -> Session:
        answer = await self._service.ask(
            "POST", "/xrpc/com.atproto.server.createSession", json=self._who
        )
        if answer.status != 200:
            names = f"{self._prefix}_HANDLE and {self._prefix}_PASSWORD"
            self._service.refuse(answer, f"check {names} (an app password is best)")
        if (session := self._session_of(answer)) is None:
            words = f"{self._service.host} is no server of the AT Protocol; check its address"
            raise PublishError(words)
        return session

    async def _refresh(self, old: Session) -> Session | None:
        answer = await self._service.ask(
            "POST",
            "/xrpc/com.atproto.server.refreshSession",
            headers={"Authorization": f"Bearer {old.refresh}"},
        )
        return self._session_of(answer) if answer.status == 200 else None

    def _session_of(self, answer: Answer) -> Session | None:
        did, access = answer.text("did"), answer.text("accessJwt")
        if did is None or access is None:
            return None
        session = Session(did, access, answer.text("refreshJwt") or "")
        self._service.secrets = {self._who["password"], session.access, session.refresh}
        return session
