"""The account's own timeline: which of its posts may be one that was fired.

Be a post of whom nobody knows: you say the words that were fired, and came up since; who said the
same before, or long after, is somebody else. That you are absent is said only when all that came
up since was seen.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from rtm.clock import Beat
from rtm.errors import OutcomeUnknown
from rtm.publish.http import Answer
from rtm.publish.mastodon_posts import STATUSES, Status, is_same, may_be, status_of
from rtm.publish.publisher import Outgoing

PAGE = 40  # posts, as many as a server gives at once
FULL = (20, 40)  # posts, of a page behind which there may be more
LONGEST_PAGE = 200  # where a server gives all it has at once
MOST_PAGES = 10
LATEST = timedelta(minutes=15)  # since it was fired; rtm sends nothing that is older
SLACK = timedelta(seconds=5)  # of the server's clock, where it tells its time
SKEW = timedelta(minutes=2)  # where it does not

Ask = Callable[[str, Mapping[str, str] | None], Awaitable[Answer]]


class Timeline:
    """Read by calls of ``ask``: a path of the API and its arguments, as the account."""

    def __init__(self, ask: Ask, clock: Beat) -> None:
        self._ask = ask
        self._clock = clock

    async def threads(self, account: str, post: Outgoing) -> list[list[Status]]:
        """Return all that may be a post, each with the posts of its thread, oldest first.

        Raises OutcomeUnknown when that cannot be seen, or a part of a thread is there.
        """
        statuses = await self._since(account, post.at)
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

    async def _since(self, account: str, at: datetime) -> list[Status]:
        asked = {"limit": str(PAGE), "exclude_reblogs": "true"}
        seen: dict[str, Status] = {}
        for _ in range(MOST_PAGES):
            answer = await self._ask(f"/api/v1/accounts/{account}/statuses", asked)
            page = [status for row in answer.rows if (status := status_of(row)) is not None]
            is_read = isinstance(answer.body, list) and len(page) == len(answer.body)
            if not (answer.is_fine and is_read):
                break
            start, end = self._span(at, answer)
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
        raise OutcomeUnknown("the timeline cannot say whether it has the post")

    def _span(self, at: datetime, answer: Answer) -> tuple[datetime, datetime]:
        try:
            ahead = parsedate_to_datetime(answer.headers.get("Date", "")) - self._clock.now()
        except (ValueError, TypeError):  # no date, or one without its zone
            return at - SKEW, at + LATEST + SKEW
        return at + ahead - SLACK, at + ahead + LATEST

    async def _says(self, status: Status, text: str) -> bool:
        if not may_be(status, text):
            return False
        if status.text is not None:
            return is_same(status.text, text)
        answer = await self._ask(f"{STATUSES}/{status.id}/source", None)
        written = answer.fields.get("text") if answer.is_fine else None
        return is_same(written, text) if isinstance(written, str) else True
