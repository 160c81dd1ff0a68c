"""Receivers of webhooks on loopback, as Slack, Discord and a house of its own answer them."""

import json
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

from tests.servers.faulty import Faulty

SLACK_PATH = "/services/T0001/B0001/a-secret-of-slack"
DISCORD_PATH = "/api/webhooks/1001/a-secret-of-discord"
SIGNING_SECRET = "whsec_" + "c2VjcmV0IG9mIHRoZSBob3VzZSBpdHNlbGY="


class SlackServer(Faulty):
    """A workspace; ``texts`` are what its channel shows. All calls are named ``POST``."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[dict[str, Any]] = []

    @property
    def texts(self) -> list[str]:
        return [told["text"] for told in self.told]

    def _name(self, request: web.Request) -> str:
        return request.method

    async def _taken(self, name: str, request: web.Request) -> web.Response:
        if request.path != SLACK_PATH:
            return _said(404, "no_service")
        told = await request.json()
        if not told.get("text"):
            return _said(400, "no_text")
        self.told.append(told)
        return _said(200, "ok")


class DiscordServer(Faulty):
    """A server with one channel; ``messages`` are by id. Calls are named by their method."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}

    def _name(self, request: web.Request) -> str:
        return request.method

    async def _taken(self, name: str, request: web.Request) -> web.Response:
        if not request.path.startswith(DISCORD_PATH):
            return web.json_response({"message": "Unknown Webhook", "code": 10015}, status=404)
        if (id_ := request.path.removeprefix(DISCORD_PATH).removeprefix("/messages/")) == "":
            if name == "GET":
                return web.json_response({"id": "1001", "guild_id": "77", "channel_id": "88"})
            return await self._posted(request)
        if id_ not in self.messages:
            return web.json_response({"message": "Unknown Message", "code": 10008}, status=404)
        if name == "DELETE":
            del self.messages[id_]
            return web.Response(status=204)
        return web.json_response(self.messages[id_])

    async def _posted(self, request: web.Request) -> web.Response:
        if request.query.get("wait") != "true":
            return web.Response(status=204)
        if request.content_type == "multipart/form-data":
            form = await request.post()
            payload = form["payload_json"]
            assert isinstance(payload, bytearray)  # a part of another kind than text
            told = json.loads(payload)
            for attachment in told["attachments"]:
                file = form[f"files[{attachment['id']}]"]
                assert isinstance(file, web.FileField)
                self.files[attachment["description"]] = file.file.read()
        else:
            told = await request.json()
        id_ = str(5000 + len(self.messages))
        reactions = [{"emoji": {"name": "🌒"}, "count": 3}, {"emoji": {"name": "🥛"}, "count": 2}]
        self.messages[id_] = {**told, "id": id_, "channel_id": "88", "reactions": reactions}
        return web.json_response(self.messages[id_])


class SignedServer(Faulty):
    """A receiver that believes what is signed; ``received`` is what it got, with the ids."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[tuple[str, dict[str, Any]]] = []
        self.bodies: list[bytes] = []

    def _name(self, request: web.Request) -> str:
        return request.method

    async def _taken(self, name: str, request: web.Request) -> web.Response:
        body = await request.read()
        try:
            told = Webhook(SIGNING_SECRET).verify(body, dict(request.headers))
        except WebhookVerificationError as error:
            return web.json_response({"message": str(error)}, status=401)
        self.bodies.append(body)
        self.received.append((request.headers["webhook-id"], told))
        return web.Response(status=202)


def _said(status: int, word: str) -> web.Response:
    return web.Response(text=word, status=status, content_type="text/html")
