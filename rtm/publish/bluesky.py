"""Bluesky, or any other server of the AT Protocol: plain XRPC.

Be a post: your pictures go up first, and whoever you mention is asked for by handle. Your key is
your place in the account's repository, and you are put there only while nothing is: a second try,
even after a restart and with other words about who was mentioned, changes nothing. A thread is one
commit: all of it is there, or nothing.
"""

import asyncio
import logging
from datetime import datetime
from typing import Any

from rtm.clock import Beat
from rtm.draft import MOST_POSTS
from rtm.errors import OutcomeUnknown, PublishError
from rtm.publish.bluesky_account import Account, Session
from rtm.publish.bluesky_record import (
    COLLECTION,
    Record,
    Ref,
    embedded,
    mentioned,
    place_in,
    record_of,
    reply_to,
    threaded,
    uri_of,
)
from rtm.publish.http import Answer
from rtm.publish.length import complaint
from rtm.publish.publisher import Counts, Limits, Outgoing, Receipt
from rtm.publish.service import PATIENCE_S, Service, place_of
from rtm.publish.tid import Tids, thread_keys

SERVICE = "https://bsky.social"
APPVIEW = "https://public.api.bsky.app"  # a repository's own server counts no likes
MENTION_PATIENCE_S = 3.0  # a slow directory must not hold a post back
MOST_MENTIONS = 10
KEPT_POSTS = 64  # prepared, so that another try need not do it again

log = logging.getLogger(__name__)


class Bluesky:
    """One account: ``identifier`` is its handle; ``password`` had better be an app password.

    ``langs`` are the languages of its posts, BCP 47. ``prefix`` begins its variables' names.
    """

    limits = Limits(
        graphemes=300,
        utf8_bytes=3000,
        pictures=4,
        picture_bytes=1_000_000,
        alt_letters=2_000,
        thread=MOST_POSTS,
        takes_replies=True,
    )
    is_dry = False
    repeats_safely = True
    can_look = True

    def __init__(
        self,
        service: str,
        identifier: str,
        password: str,
        *,
        clock: Beat,
        langs: tuple[str, ...] = (),
        patience_s: float = PATIENCE_S,
        name: str = "bluesky",
        prefix: str = "RTM_BLUESKY",
        appview: str = APPVIEW,
    ) -> None:
        place = place_of(service, f"{prefix}_SERVICE", SERVICE)
        view = place_of(appview, f"{prefix}_APPVIEW", APPVIEW)
        self.name = name
        self.account = identifier
        self._service = Service(place, clock=clock, secrets={password}, patience_s=patience_s)
        self._appview = Service(view, clock=clock, secrets=set(), patience_s=patience_s)
        self._signed = Account(self._service, identifier, password, prefix)
        self._langs = langs
        self._tids = Tids()
        self._prepared: dict[str, tuple[list[Record], dict[str, Ref] | None]] = {}

    def key(self, at: datetime) -> str:
        """Return a record key: a TID, after all before."""
        return self._tids.next(at)

    async def open(self) -> None:
        """Sign in, if that has not been done."""
        await self._signed.signed_in()

    async def prepare(self, post: Outgoing) -> None:
        """Upload pictures, and look up whom it mentions and what it answers."""
        if reason := complaint(post, self.limits):
            raise PublishError(f"{reason} Change the draft, then fire again.")
        await self._signed.signed_in()
        if post.key in self._prepared:
            return
        reply = await self._reply(post.reply_to) if post.reply_to else None
        blobs = [await self._uploaded(picture.content, picture.kind) for picture in post.pictures]
        texts = (post.text, *post.more)
        asked = mentioned(texts)[:MOST_MENTIONS]
        dids = await asyncio.gather(*map(self._did_of, asked))
        known = {handle: did for handle, did in zip(asked, dids, strict=True) if did}
        shown = embedded(post.pictures, blobs)
        records = [
            record_of(text, post.at, self._langs, known, None if number else shown)
            for number, text in enumerate(texts)
        ]
        if len(self._prepared) >= KEPT_POSTS:
            del self._prepared[next(iter(self._prepared))]
        self._prepared[post.key] = records, reply

    async def publish(self, post: Outgoing) -> Receipt:
        """Put the post at its key, if nothing is there. The same post again changes nothing."""
        await self.prepare(post)
        session = await self._signed.signed_in()
        answer = await self._written(post, session)
        if answer.error == "BlobNotFound":  # it was prepared so long ago that they were let go
            del self._prepared[post.key]
            await self.prepare(post)
            answer = await self._written(post, session)
        if answer.error == "InvalidSwap":
            log.info("an earlier try had arrived channel=%s key=%s", self.name, post.key)
        elif answer.status != 200:
            self._service.refuse(answer, "change the draft, then fire again")
        elif not (answer.text("uri") or "results" in answer.fields):
            words = f"{self._service.host} answered something else than a receipt"
            raise OutcomeUnknown(words)
        log.info("post is on the network channel=%s key=%s", self.name, post.key)
        return self._receipt(session.did, post.key)

    async def find(self, post: Outgoing) -> Receipt | None:
        """Look for the record at the post's key, of a thread for all of them."""
        try:
            session = await self._signed.signed_in()
            cids = await self._present(session.did, post)
        except PublishError as error:
            raise OutcomeUnknown(str(error), error.retry_after_s) from error
        return self._receipt(session.did, post.key) if all(cids) else None

    async def delete(self, uri: str) -> None:
        """Delete a post, with all of its thread; what others answered stays."""
        session = await self._signed.signed_in()
        keys = thread_keys(self._key_of(uri, session), MOST_POSTS)
        there = keys[:1]
        for key in keys[1:]:
            if await self._cid_at(session.did, key) is None:
                break
            there.append(key)
        for key in reversed(there):
            place = {"repo": session.did, "collection": COLLECTION, "rkey": key}
            answer = await self._asked("deleteRecord", place)
            if answer.status != 200:
                self._service.refuse(answer, "delete it in Bluesky's own app")

    async def counts(self, uri: str) -> Counts:
        """Return what became of a post, of a thread all its posts together."""
        session = await self._signed.signed_in()
        keys = thread_keys(self._key_of(uri, session), MOST_POSTS)
        asked = [("uris", uri_of(session.did, key)) for key in keys]
        answer = await self._appview.ask("GET", "/xrpc/app.bsky.feed.getPosts", params=asked)
        posts = answer.fields.get("posts")
        if not answer.is_fine or not isinstance(posts, list):
            self._appview.refuse(answer, "it tells no counts, see them in Bluesky's own app")
        told = [post for post in posts if isinstance(post, dict)]
        if not told:
            raise PublishError(f"{self._appview.host} does not know the post (yet)", 60.0)
        replies = _sum(told, "replyCount")
        return Counts(
            replies=None if replies is None else max(0, replies - len(told) + 1),
            reposts=_sum(told, "repostCount"),
            likes=_sum(told, "likeCount"),
        )

    async def followers(self) -> int | None:
        """Return how many follow the account."""
        asked = {"actor": self.account}
        answer = await self._appview.ask("GET", "/xrpc/app.bsky.actor.getProfile", params=asked)
        if not answer.is_fine:
            self._appview.refuse(answer, "it tells no followers, see them in Bluesky's own app")
        return _number(answer.fields.get("followersCount"))

    async def close(self) -> None:
        """Let go of connections."""
        await self._service.close()
        await self._appview.close()

    async def _written(self, post: Outgoing, session: Session) -> Answer:
        records, reply = self._prepared[post.key]
        keys = thread_keys(post.key, len(records))
        uris = [uri_of(session.did, key) for key in keys]
        place = {"repo": session.did, "collection": COLLECTION}
        if len(records) == 1:
            (record,) = threaded(records, uris, [None], reply)
            return await self._sent(
                "putRecord", {**place, "rkey": post.key, "record": record, "swapRecord": None}
            )
        cids = await self._present(session.did, post)
        linked = threaded(records, uris, cids, reply)
        missing = [
            {"$type": "com.atproto.repo.applyWrites#create", **placed, "value": record}
            for key, cid, record in zip(keys, cids, linked, strict=True)
            if cid is None
            for placed in [{"collection": COLLECTION, "rkey": key}]
        ]
        if not missing:
            return Answer(200, {}, {"uri": uris[0]})
        return await self._sent("applyWrites", {"repo": session.did, "writes": missing})

    async def _present(self, did: str, post: Outgoing) -> list[str | None]:
        keys = thread_keys(post.key, 1 + len(post.more))
        return await asyncio.gather(*(self._cid_at(did, key) for key in keys))

    async def _cid_at(self, did: str, key: str) -> str | None:
        answer = await self._service.ask(
            "GET",
            "/xrpc/com.atproto.repo.getRecord",
            params={"repo": did, "collection": COLLECTION, "rkey": key},
        )
        if answer.status == 200 and answer.text("uri"):
            if (cid := answer.text("cid")) is not None:
                return cid
        elif answer.status in (400, 404) and answer.error == "RecordNotFound":
            return None
        raise OutcomeUnknown(f"{self._service.host} cannot say whether it has the post")

    async def _sent(self, method: str, told: dict[str, Any]) -> Answer:
        path = f"/xrpc/com.atproto.repo.{method}"
        return await self._signed.call(
            lambda session: self._service.send(path, json=told, headers=session.headers)
        )

    async def _asked(self, method: str, told: dict[str, Any]) -> Answer:
        path = f"/xrpc/com.atproto.repo.{method}"
        return await self._signed.call(
            lambda session: self._service.ask("POST", path, json=told, headers=session.headers)
        )

    async def _uploaded(self, content: bytes, kind: str) -> Record:
        answer = await self._signed.call(
            lambda session: self._service.ask(
                "POST",
                "/xrpc/com.atproto.repo.uploadBlob",
                body=content,
                headers={**session.headers, "Content-Type": kind},
            )
        )
        blob = answer.fields.get("blob")
        if not answer.is_fine or not isinstance(blob, dict):
            self._service.refuse(answer, "take another picture")
        return blob

    async def _reply(self, address: str) -> dict[str, Ref]:
        if (place := place_in(address)) is None:
            words = "The post to answer is no post on Bluesky; give its https://bsky.app address."
            raise PublishError(words)
        whose, key = place
        asked = {"repo": whose, "collection": COLLECTION, "rkey": key}
        path = "/xrpc/com.atproto.repo.getRecord"
        if (reply := reply_to(await self._service.ask("GET", path, params=asked))) is not None:
            return reply
        did = whose if whose.startswith("did:") else await self._did_of(whose)
        if did is not None:
            path = "/xrpc/app.bsky.feed.getPosts"
            answer = await self._appview.ask("GET", path, params={"uris": uri_of(did, key)})
            posts = answer.fields.get("posts")
            if isinstance(posts, list) and posts and isinstance(posts[0], dict):
                reply = reply_to(posts[0])
        if reply is None:
            raise PublishError("The post to answer is not there any more; drop the answer.")
        return reply

    async def _did_of(self, handle: str) -> str | None:
        path = "/xrpc/com.atproto.identity.resolveHandle"
        try:
            async with asyncio.timeout(MENTION_PATIENCE_S):
                answer = await self._service.ask("GET", path, params={"handle": handle})
        except (PublishError, TimeoutError):
            answer = None
        did = answer.text("did") if answer is not None and answer.status == 200 else None
        if did is None:
            log.warning("handle is not known handle=%s", handle)
        return did

    def _key_of(self, uri: str, session: Session) -> str:
        place = place_in(uri)
        if place is None or place[0] != session.did:
            raise PublishError(f"{self.account} has no such post")
        return place[1]

    def _receipt(self, did: str, key: str) -> Receipt:
        if self._service.is_here:  # a test server's posts can be looked at nowhere
            return Receipt(uri_of(did, key), None)
        return Receipt(uri_of(did, key), f"https://bsky.app/profile/{did}/post/{key}")


def _sum(posts: list[dict[str, Any]], name: str) -> int | None:
    told = [count for post in posts if (count := _number(post.get(name))) is not None]
    return sum(told) if told else None


def _number(told: object) -> int | None:
    return told if type(told) is int and told >= 0 else None
