"""The view of the whole network (AppView), which counts what a repository's own server does not."""

from collections.abc import Sequence
from typing import Any

from rtm.errors import PublishError
from rtm.publish.bluesky_record import Ref, reply_to
from rtm.publish.publisher import Counts
from rtm.publish.service import Service

LATER_S = 60.0  # until a new post is known there


class View:
    """Ask without signing in."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def counts(self, uris: Sequence[str]) -> Counts:
        """Return what became of a thread's posts together; its own answers are none."""
        remedy = "it tells no counts, see them in Bluesky's own app"
        told = await self._posts(uris, remedy)
        if not told:
            raise PublishError(f"{self._service.host} does not know the post (yet)", LATER_S)
        replies = _sum(told, "replyCount")
        return Counts(
            replies=None if replies is None else max(0, replies - len(told) + 1),
            reposts=_sum(told, "repostCount"),
            likes=_sum(told, "likeCount"),
        )

    async def followers(self, actor: str) -> int | None:
        """Return how many follow an account."""
        path = "/xrpc/app.bsky.actor.getProfile"
        answer = await self._service.ask("GET", path, params={"actor": actor})
        if not answer.is_fine:
            self._service.refuse(answer, "it tells no followers, see them in Bluesky's own app")
        return _number(answer.fields.get("followersCount"))

    async def reply(self, uri: str) -> dict[str, Ref] | None:
        """Return how to answer a post; None when it is not there."""
        told = await self._posts([uri], "it cannot tell what is answered; drop the answer")
        return reply_to(told[0]) if told else None

    async def close(self) -> None:
        """Let go of connections."""
        await self._service.close()

    async def _posts(self, uris: Sequence[str], remedy: str) -> list[dict[str, Any]]:
        path = "/xrpc/app.bsky.feed.getPosts"
        answer = await self._service.ask("GET", path, params=[("uris", uri) for uri in uris])
        posts = answer.fields.get("posts")
        if not answer.is_fine or not isinstance(posts, list):
            self._service.refuse(answer, remedy)
        return [post for post in posts if isinstance(post, dict)]


def _sum(posts: Sequence[dict[str, Any]], name: str) -> int | None:
    told = [count for post in posts if (count := _number(post.get(name))) is not None]
    return sum(told) if told else None


def _number(told: object) -> int | None:
    return told if type(told) is int and told >= 0 else None
