"""A small server of Mastodon's API on loopback, as strict or as poor as a test wants it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any

from aiohttp import web

from tests.servers.faulty import Faulty

TOKEN = "a-token-of-ours-and-nobody-elses"
ME = "109"
_LINK = re.compile(r"https?://(\S+)")
_FAR = re.compile(r"@(\w+)@([\w.-]+)")


@dataclass
class Manners:
    """What a server does and what it does not."""

    heeds_keys: bool = True
    has_v2: bool = True  # and polls, and visibilities
    tells_source: bool = True
    tells_text: bool = False  # of each status, as snac2 does
    tells_time: bool = True  # in the Date of its answers
    pages: bool = True
    deletes: bool = True
    page: int = 40


class MastodonServer(Faulty):
    """One account's server; calls are named by method and path without ids: ``POST statuses``."""

    def __init__(self, manners: Manners | None = None) -> None:
        super().__init__()
        self.manners = manners or Manners()
        self.statuses: dict[str, dict[str, Any]] = {}
        self.told: list[dict[str, Any]] = []  # what each status was made of
        self.media: dict[str, str] = {}
        self.waits = 0  # how often a picture is not ready yet
        self.ahead = timedelta()  # of its clock before ours
        self.letters = 500
        self._keys: dict[str, str] = {}
        self._number = 1000

    def post(self, text: str, at: datetime | None = None, **more: Any) -> dict[str, Any]:
        """Let the account post something by another app."""
        self._number += 1
        id_ = str(self._number)
        moment = at or datetime.now(UTC) + self.ahead
        status = {
            "id": id_,
            "created_at": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "content": _html(text),
            "url": f"{self.url}/@brand/{id_}",
            "in_reply_to_id": None,
            "reblog": None,
            "replies_count": 0,
            "reblogs_count": 2,
            "favourites_count": 7,
            **({"text": text} if self.manners.tells_text else {}),
            **more,
        }
        self.statuses[id_] = status
        self.told.append({"status": text})
        if above := self.statuses.get(status["in_reply_to_id"] or ""):
            above["replies_count"] += 1
        return status

    def _name(self, request: web.Request) -> str:
        parts = request.path.removeprefix("/api/").split("/")
        words = [part for part in parts[1:] if not part.isdigit()]
        return f"{request.method} {'/'.join(words)}"

    async def _taken(self, name: str, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}" and "instance" not in name:
            return _refusal(401, f"The access token {TOKEN} is invalid")
        answer = await self._answered(name, request)
        if self.manners.tells_time:
            answer.headers["Date"] = format_datetime(datetime.now(UTC) + self.ahead, usegmt=True)
        else:
            answer.headers["Date"] = ""
        return answer

    async def _answered(self, name: str, request: web.Request) -> web.Response:
        id_ = next((part for part in request.path.split("/") if part.isdigit()), "")
        status = self.statuses.get(id_)
        match name:
            case "GET accounts/verify_credentials":
                return web.json_response({"id": ME, "username": "brand", "followers_count": 42})
            case "GET instance":
                return self._instance("/v2/" in request.path)
            case "POST statuses":
                return self._posted(await request.json(), request.headers["Idempotency-Key"])
            case "GET accounts/statuses":
                return self._page(request)
            case "GET statuses/source" if status and self.manners.tells_source:
                text = self.told[list(self.statuses).index(id_)]["status"]
                return web.json_response({"id": id_, "text": text, "spoiler_text": ""})
            case "GET statuses" if status:
                return web.json_response(status)
            case "DELETE statuses" if status and self.manners.deletes:
                del self.told[list(self.statuses).index(id_)]
                return web.json_response(self.statuses.pop(id_))
            case "POST media":
                return self._uploaded(dict(await request.post()))
            case "GET media" if id_ in self.media:
                return self._medium(id_, 206)
            case "GET search":
                asked = request.query["q"]
                found = [one for one in self.statuses.values() if one["url"] == asked]
                return web.json_response({"statuses": found})
        return _refusal(404, "Record not found")

    def _instance(self, is_v2: bool) -> web.Response:
        if is_v2 and not self.manners.has_v2:
            return web.Response(text="<h1>404 Not Found</h1>", status=404)
        told = {
            "statuses": {
                "max_characters": self.letters,
                "max_media_attachments": 4,
                "characters_reserved_per_url": 23,
            },
            "media_attachments": {"image_size_limit": 16777216, "image_matrix_limit": 33177600},
            "polls": {
                "max_options": 4,
                "max_characters_per_option": 50,
                "min_expiration": 300,
                "max_expiration": 2629746,
            },
        }
        return web.json_response({"configuration": told})

    def _posted(self, told: dict[str, Any], key: str) -> web.Response:
        if self.manners.heeds_keys and key in self._keys:
            return web.json_response(self.statuses[self._keys[key]])
        if any(id_ not in self.media for id_ in told.get("media_ids", ())):
            return _refusal(422, "Validation failed: media")
        more = {"visibility": told["visibility"], "in_reply_to_id": told.get("in_reply_to_id")}
        status = self.post(told["status"], **more)
        self.told[-1] = told
        self._keys[key] = status["id"]
        return web.json_response(status)

    def _page(self, request: web.Request) -> web.Response:
        newest = list(self.statuses.values())[::-1]
        if self.manners.pages and (last := request.query.get("max_id")):
            newest = [one for one in newest if int(one["id"]) < int(last)]
        return web.json_response(newest[: self.manners.page])

    def _uploaded(self, form: dict[str, Any]) -> web.Response:
        self._number += 1
        self.media[str(self._number)] = form["description"]
        return self._medium(str(self._number), 202)

    def _medium(self, id_: str, status: int) -> web.Response:
        if self.waits > 0:
            self.waits -= 1
            return web.json_response({"id": id_, "url": None}, status=status)
        return web.json_response({"id": id_, "url": f"{self.url}/media/{id_}"})


def _refusal(status: int, words: str) -> web.Response:
    return web.json_response({"error": words}, status=status)


def _html(text: str) -> str:
    """Return a text as Mastodon shows it: links in three pieces, mentions without their domain."""
    said = escape(text, quote=False)
    said = _LINK.sub(r'<a href="\g<0>"><span class="invisible">https://</span>\1</a>', said)
    said = _FAR.sub(
        r'<span class="h-card"><a href="https://\2/@\1">@<span>\1</span></a></span>', said
    )
    lines = said.replace("\n", "<br />")
    return f"<p>{lines}</p>"
