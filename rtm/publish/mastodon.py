"""Mastodon, or any other server that speaks its API.

Be a post: your pictures go up first and are waited for, and what you answer is looked up. You go
out under your key, which most servers heed and some ignore: so you are sent once, and when nobody
knows what became of you, you are looked for on the account's own timeline.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn

from rtm.clock import Beat
from rtm.errors import OutcomeUnknown, PublishError
from rtm.publish.http import Answer, Part
from rtm.publish.length import complaint
from rtm.publish.mastodon_posts import Status, is_same, limits_of, may_be, status_of
from rtm.publish.publisher import Attached, Counts, Limits, Outgoing, Receipt
from rtm.publish.service import PATIENCE_S, Service, place_of
from rtm.publish.tid import Tids

EXAMPLE = "https://mastodon.social"
STATUSES = "/api/v1/statuses"
VISIBILITIES = {"public": "public", "unlisted": "unlisted", "followers": "private"}
PAGE = 40  # posts, as many as a server gives at once
FULL = (20, 40)  # posts, of a page behind which there may be more
LONGEST_PAGE = 200  # where a server gives all it has at once
MOST_PAGES = 10
LATEST = timedelta(minutes=15)  # since it was fired; rtm sends nothing that is older
SLACK = timedelta(seconds=5)  # of the server's clock, where it tells its time
SKEW = timedelta(minutes=2)  # where it does not
MEDIA_TRIES = 30
MEDIA_REST_S = 1.0
KEPT_POSTS = 64  # prepared, so that another try need not do it again

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Self:
    id: str
    is_full: bool  # version 2 of the API is there


@dataclass(frozen=True, slots=True)
class _Prepared:
    media: tuple[str, ...]
    reply_to: str | None


class Mastodon:
    """One account, by its access token with the scopes read and write.

    ``prefix`` begins the names of its variables. ``limits`` are the server's own once it is open.
    """

    is_dry = False
    repeats_safely = False
    can_look = True

    def __init__(
        self,
        url: str,
        token: str,
        *,
        clock: Beat,
        patience_s: float = PATIENCE_S,
        name: str = "mastodon",
        prefix: str = "RTM_MASTODON",
    ) -> None:
        place = place_of(url, f"{prefix}_URL", EXAMPLE)
        self.name = name
        self.account = place.host
        self.limits: Limits = limits_of({}, is_full=False)
        self._url = place.url
        self._service = Service(place, clock=clock, secrets={token}, patience_s=patience_s)
        self._who = {"Authorization": f"Bearer {token}"}
        self._prefix = prefix
        self._clock = clock
        self._tids = Tids()
        self._self: _Self | None = None
        self._opening = asyncio.Lock()
        self._ahead: timedelta | None = None  # how far the server's clock is before ours
        self._prepared: dict[str, _Prepared] = {}
        self._claimed: dict[str, str] = {}  # the key of each post that is known to be ours

    def key(self, at: datetime) -> str:
        """Return a key that sorts by time."""
        return self._tids.next(at)

    async def open(self) -> None:
        """Ask who we are, and what fits into the server's posts."""
        await self._opened()

    async def prepare(self, post: Outgoing) -> None:
        """Upload pictures, and look up what it answers."""
        await self._opened()
        if reason := complaint(post, self.limits):
            raise PublishError(f"{reason} Change the draft, then fire again.")
        if post.key in self._prepared:
            return
        reply_to = await self._id_of(post.reply_to) if post.reply_to else None
        media = [await self._uploaded(picture) for picture in post.pictures]
        if len(self._prepared) >= KEPT_POSTS:
            del self._prepared[next(iter(self._prepared))]
        self._prepared[post.key] = _Prepared(tuple(media), reply_to)

    async def publish(self, post: Outgoing) -> Receipt:
        """Send a post, of a thread one after the other."""
        await self.prepare(post)
        prepared = self._prepared[post.key]
        told: dict[str, Any] = {"media_ids": list(prepared.media)} if prepared.media else {}
        if post.poll is not None:
            told["poll"] = {
                "options": list(post.poll.options),
                "expires_in": post.poll.lasts_s,
                "multiple": post.poll.takes_many,
            }
        sent: list[Status] = []
        for number, text in enumerate((post.text, *post.more)):
            above = sent[-1].id if sent else prepared.reply_to
            told |= {"status": text, "visibility": VISIBILITIES[post.visibility]}
            told |= {"in_reply_to_id": above} if above else {}
            try:
                sent.append(await self._sent(told, f"{post.key}-{number}" if number else post.key))
            except OutcomeUnknown:
                raise
            except PublishError as error:
                if not sent:
                    raise
                await self._taken_back(sent, error)
            told = {}
        return self._receipt(post, sent)

    async def find(self, post: Outgoing) -> Receipt | None:
        """Look for a post of these words on our own timeline, since it was fired."""
        try:
            whole = [
                thread
                for thread in await self._threads(post)
                if self._uri(thread) not in post.taken
                and self._claimed.get(self._uri(thread), post.key) == post.key
            ]
        except PublishError as error:
            raise OutcomeUnknown(str(error), error.retry_after_s) from error
        if not whole:
            return None
        if len(whole) <= post.twins:
            words = f"{len(whole)} of {post.twins + 1} posts of the same words are there"
            raise OutcomeUnknown(f"{self._service.host}: {words}; a person must tell which")
        return self._receipt(post, whole[0])

    async def delete(self, uri: str) -> None:
        """Delete a post, with all of its thread; what others answered stays."""
        for id_ in reversed(self._ids_in(uri)):
            await self._deleted(id_)

    async def counts(self, uri: str) -> Counts:
        """Return what became of a post, of a thread all its posts together."""
        ids = self._ids_in(uri)
        statuses = [await self._status(id_) for id_ in ids]
        replies = _sum(status.replies_count for status in statuses)
        return Counts(
            replies=None if replies is None else max(0, replies - len(ids) + 1),
            reposts=_sum(status.reblogs_count for status in statuses),
            likes=_sum(status.favourites_count for status in statuses),
        )

    async def followers(self) -> int | None:
        """Return how many follow the account."""
        told = (await self._me()).fields.get("followers_count")
        return told if type(told) is int and told >= 0 else None

    async def close(self) -> None:
        """Let go of connections."""
        await self._service.close()

    async def _opened(self) -> _Self:
        async with self._opening:
            if self._self is None:
                own = (await self._me()).text("id")
                told = await self._service.ask("GET", "/api/v2/instance")
                is_full = told.is_fine and "configuration" in told.fields
                if not is_full:
                    told = await self._service.ask("GET", "/api/v1/instance")
                self.limits = limits_of(told.fields if told.is_fine else {}, is_full=is_full)
                self._self = _Self(own or "", is_full)
            return self._self

    async def _me(self) -> Answer:
        answer = await self._ask("/api/v1/accounts/verify_credentials")
        if not answer.is_fine or answer.text("id") is None:
            names = f"{self._prefix}_URL and {self._prefix}_TOKEN"
            self._service.refuse(answer, f"check {names} (its scopes are read and write)")
        return answer

    async def _ask(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        answer = await self._service.ask("GET", path, params=params, headers=self._who)
        if told := answer.headers.get("Date"):
            try:
                self._ahead = parsedate_to_datetime(told) - self._clock.now()
            except (ValueError, TypeError):  # no date, or one without its zone
                self._ahead = None
        return answer

    async def _sent(self, told: dict[str, Any], key: str) -> Status:
        headers = {**self._who, "Idempotency-Key": key}
        answer = await self._service.send(STATUSES, json=told, headers=headers)
        if answer.is_fine:
            if (status := status_of(answer.body)) is None:
                words = f"{self._service.host} answered something else than a receipt"
                raise OutcomeUnknown(words)
            log.info("post is on the network channel=%s key=%s id=%s", self.name, key, status.id)
            return status
        if answer.status in (401, 403):
            remedy = f"set {self._prefix}_TOKEN to a token with the scopes read and write"
            self._service.refuse(answer, remedy)
        if answer.status == 422:
            self._service.refuse(answer, "change the draft, then fire again")
        self._service.refuse(answer, f"check {self._prefix}_URL")

    async def _taken_back(self, sent: list[Status], error: PublishError) -> NoReturn:
        try:
            for status in reversed(sent):
                await self._deleted(status.id)
        except PublishError:
            out = f"{len(sent)} posts of the thread are out, the next was not taken ({error})"
            raise OutcomeUnknown(f"{out}; finish it or delete them by hand") from error
        # not to be tried again: its keys would bring back what was deleted
        words = f"{error}; the thread's first posts were taken back"
        raise PublishError(words) from error

    async def _uploaded(self, picture: Attached) -> str:
        path = "/api/v2/media"
        filename = f"{picture.id[:12]}.{picture.kind.rpartition('/')[2]}"
        parts = [
            Part("file", picture.content, filename, picture.kind),
            Part("description", picture.alt),
        ]
        answer = await self._service.ask("POST", path, parts=parts, headers=self._who)
        if not answer.is_fine or (id_ := answer.text("id")) is None:
            self._service.refuse(answer, "take another picture")
        for _ in range(MEDIA_TRIES):
            if answer.status not in (202, 206):
                break
            await self._clock.rest(MEDIA_REST_S)
            answer = await self._ask(f"/api/v1/media/{id_}")
            if not answer.is_fine:
                self._service.refuse(answer, "take another picture")
        else:
            words = f"{self._service.host} is still at work on a picture; fire again"
            raise PublishError(words, MEDIA_REST_S)
        return id_

    async def _id_of(self, address: str) -> str:
        if address.startswith(f"{self._url}{STATUSES}/"):
            return self._ids_in(address)[0]
        asked = {"q": address, "resolve": "true", "type": "statuses", "limit": "1"}
        answer = await self._ask("/api/v2/search", asked)
        found = answer.fields.get("statuses")
        status = status_of(found[0]) if isinstance(found, list) and found else None
        if status is None:
            words = f"{self._service.host} does not find the post to answer"
            raise PublishError(f"{words}; check its address, or drop the answer")
        return status.id

    async def _threads(self, post: Outgoing) -> list[list[Status]]:
        statuses = await self._own(post.at)
        found = []
        for first in statuses:
            if not await self._says(first, post.text):
                continue
            thread = [first]
            for text in post.more:
                for status in statuses:
                    if status.in_reply_to_id == thread[-1].id and await self._says(status, text):
                        thread.append(status)
                        break
            if len(thread) <= len(post.more):
                out = f"{len(thread)} of {1 + len(post.more)} posts of the thread are out"
                raise OutcomeUnknown(f"{out}; finish it or delete them by hand")
            found.append(thread)
        return found

    async def _own(self, at: datetime) -> list[Status]:
        """Return what the account posted since a moment, oldest first."""
        here = await self._opened()
        start = at - SKEW if self._ahead is None else at + self._ahead - SLACK
        end = at + LATEST + (self._ahead or SKEW)
        asked = {"limit": str(PAGE), "exclude_reblogs": "true"}
        seen: dict[str, Status] = {}
        for _ in range(MOST_PAGES):
            answer = await self._ask(f"/api/v1/accounts/{here.id}/statuses", asked)
            page = [status for row in answer.rows if (status := status_of(row)) is not None]
            if (
                not answer.is_fine
                or not isinstance(answer.body, list)
                or len(page) < len(answer.body)
            ):
                break
            is_more = any(status.id not in seen for status in page)
            seen |= {status.id: status for status in page}
            # a server that knows no pages gives the same one again: all there is, if it is not full
            is_all = not is_more and len(page) not in FULL and len(page) < LONGEST_PAGE
            if is_all or (page and page[-1].created_at < start):
                since = [one for one in seen.values() if start <= one.created_at <= end]
                return sorted(
                    (status for status in since if status.reblog is None),
                    key=lambda status: (status.created_at, status.id),
                )
            if not is_more:
                break
            asked["max_id"] = page[-1].id
        raise OutcomeUnknown(f"{self._service.host} cannot say whether it has the post")

    async def _says(self, status: Status, text: str) -> bool:
        if not may_be(status, text):
            return False
        if status.text is not None:
            return is_same(status.text, text)
        answer = await self._ask(f"{STATUSES}/{status.id}/source")
        written = answer.fields.get("text") if answer.is_fine else None
        return is_same(written, text) if isinstance(written, str) else True

    async def _status(self, id_: str) -> Status:
        answer = await self._ask(f"{STATUSES}/{id_}")
        if not answer.is_fine or (status := status_of(answer.body)) is None:
            self._service.refuse(answer, "look at the post in a browser")
        return status

    async def _deleted(self, id_: str) -> None:
        answer = await self._service.ask("DELETE", f"{STATUSES}/{id_}", headers=self._who)
        if answer.is_fine:
            return
        if answer.status in (404, 410):  # gone, or a server that cannot delete
            there = await self._ask(f"{STATUSES}/{id_}")
            if there.status in (404, 410):
                return
        self._service.refuse(answer, "delete the post in a browser")

    def _ids_in(self, uri: str) -> list[str]:
        start = f"{self._url}{STATUSES}/"
        ids = uri.removeprefix(start).split("+")
        if not uri.startswith(start) or not all(id_.isascii() and id_.isalnum() for id_ in ids):
            raise PublishError(f"{self.account} has no such post")
        return ids

    def _uri(self, thread: list[Status]) -> str:
        return f"{self._url}{STATUSES}/{'+'.join(status.id for status in thread)}"

    def _receipt(self, post: Outgoing, thread: list[Status]) -> Receipt:
        uri = self._uri(thread)
        self._claimed[uri] = post.key
        return Receipt(uri, thread[0].url)


def _sum(counts: Iterable[int | None]) -> int | None:
    told = [count for count in counts if count is not None]
    return sum(told) if told else None
