"""A whole site on loopback with small fakes behind it, and a visitor who behaves like a browser."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientResponse, ClientWebSocketResponse
from aiohttp.test_utils import TestClient

from rtm.desk.roles import Person
from tests.clocks import HandClock
from tests.web.fakes import PASSWORD, WINNIE, FakeDesk, FakePace, FakePeople, FakeRoom


@dataclass
class Site:
    client: TestClient[Any, Any]
    room: FakeRoom
    desk: FakeDesk
    people: FakePeople
    clock: HandClock
    pace: FakePace
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> dict[str, str]:
        return {"Origin": str(self.client.make_url("")).rstrip("/")}

    async def login(self, person: Person = WINNIE, password: str = PASSWORD) -> ClientResponse:
        return await self.client.post(
            "/login",
            data={"name": person.name, "password": password, "next": "/desk"},
            headers=self.origin,
            allow_redirects=False,
        )

    async def post(self, path: str, body: Any = None, key: str = "k1") -> ClientResponse:
        return await self.client.post(
            path, json=body, headers={**self.origin, "Idempotency-Key": key}
        )

    async def screen(self, query: str = "") -> ClientWebSocketResponse:
        return await self.client.ws_connect("/ws" + query, headers=self.origin)

    async def raw(self, path: str) -> bytes:
        """Ask for a path that no well-behaved client would send; the whole response."""
        url, cookie = self.client.make_url("/"), next(iter(self.people.sessions), "")
        reader, writer = await asyncio.open_connection(url.host, url.port)
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: {url.host}:{url.port}\r\n"
            f"Cookie: rtm_session={cookie}\r\nConnection: close\r\n\r\n".encode()
        )
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer


async def heard(screen: ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    """Return the next message of a kind."""
    while True:
        message = await screen.receive_json(timeout=5)
        if message["kind"] == kind:
            return dict(message)
