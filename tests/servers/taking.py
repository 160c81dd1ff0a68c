"""Servers on loopback that alerts are sent to: one for webhooks, one for mail."""

import asyncio
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from aiohttp import web
from aiosmtpd.handlers import Message as MessageHandler
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

LONGEST_S = 10.0


@dataclass
class Posted:
    path: str
    headers: dict[str, str]
    body: bytes
    json: Any


@dataclass
class Hooks:
    """Take posts and answer as told: ``answers`` are used up in order, then all is 200."""

    url: str = ""
    posts: list[Posted] = field(default_factory=list)
    answers: list[web.Response | None] = field(default_factory=list)
    came: asyncio.Queue[Posted] = field(default_factory=asyncio.Queue)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        posted = Posted(request.path, dict(request.headers), body, await request.json())
        self.posts.append(posted)
        self.came.put_nowait(posted)
        said = self.answers.pop(0) if self.answers else web.Response(text="ok")
        if said is None:  # hang up without a word
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        return said

    async def next(self) -> Posted:
        return await asyncio.wait_for(self.came.get(), LONGEST_S)


@asynccontextmanager
async def hooks() -> AsyncIterator[Hooks]:
    made = Hooks()
    app = web.Application()
    app.router.add_post("/{rest:.*}", made.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield made
    finally:
        await runner.cleanup()


class Mailbox(MessageHandler):
    """Take mail; ``refusals`` are used up first, each as the answer to a mail."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: asyncio.Queue[EmailMessage] = asyncio.Queue()
        self.refusals: list[str] = []
        self.unknown: set[str] = set()
        self.port = 0

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802
        if address in self.unknown:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.refusals:
            return self.refusals.pop(0)
        parser = BytesParser(policy=email.policy.default)
        self.mails.put_nowait(parser.parsebytes(envelope.content))
        return "250 OK"

    def handle_message(self, message: Any) -> None:
        raise NotImplementedError

    async def next(self) -> EmailMessage:
        return await asyncio.wait_for(self.mails.get(), LONGEST_S)


def _known(server, session, envelope, mechanism, auth_data):
    is_known = isinstance(auth_data, LoginPassword) and auth_data == LoginPassword(b"rtm", b"pw")
    return AuthResult(success=is_known, handled=False)


@asynccontextmanager
async def mail_server(*, asks_password: bool = False) -> AsyncIterator[Mailbox]:
    box = Mailbox()
    loop = asyncio.get_running_loop()

    def made() -> SMTP:
        return SMTP(
            box,
            hostname="mail.test",
            loop=loop,
            auth_require_tls=False,
            auth_required=asks_password,
            authenticator=_known if asks_password else None,
        )

    server = await loop.create_server(made, "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        server.close()
        await server.wait_closed()
