"""Results: what became of each post that was sent, asked of its own network at stated times.

Be a post: a minute after you were sent your network is asked for your replies, reposts, likes and
views, and how many follow the account; later for the counts alone. What it says is kept, so that
after a restart only the look that was missed last is made up for. A network that does not answer
is asked again, ever less often, until the next look is due and takes this one's place.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from rtm.clock import Beat
from rtm.decisions import Measured, Record
from rtm.desk.looks import Look, Looks, Post, post_of
from rtm.errors import PublishError
from rtm.publish.publisher import Publisher
from rtm.sources.backoff import Backoff

POLL_S = 1.0
SOONEST_S, LATEST_S = 5.0, 600.0  # until a network that did not answer is asked again
PATIENCE_S = 60.0  # for an answer

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Failed:
    look: Look
    waits: Backoff
    again_at: datetime


class Lookout:
    """Look after posts that were sent; ``measured`` keeps what was found."""

    def __init__(
        self,
        publishers: Mapping[tuple[str, str], Publisher],
        measured: Callable[[Measured], Awaitable[object]],
        clock: Beat,
        rng: Random,
    ) -> None:
        self._publishers = publishers  # by name and account
        self._measured = measured
        self._clock = clock
        self._rng = rng
        self._looks = Looks()
        self._busy: set[Post] = set()
        self._failed: dict[Post, _Failed] = {}
        self._turns: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._foreign: set[tuple[str, str]] = set()

    def tell(self, record: Record) -> None:
        """Be told of the record, in order; all that was kept first, then what is kept meanwhile."""
        self._looks.tell(record)

    async def run(self) -> None:
        """Look until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                for look in self._due():
                    self._busy.add(post_of(look.sent))
                    tasks.create_task(self._tended(look))
                await self._clock.rest(POLL_S)

    def _due(self) -> list[Look]:
        now = self._clock.now()
        due = {post_of(look.sent): look for look in self._looks.due(now)}
        self._failed = {post: one for post, one in self._failed.items() if post in due}
        return [look for post, look in due.items() if self._is_ready(post, look, now)]

    def _is_ready(self, post: Post, look: Look, now: datetime) -> bool:
        channel, account, _ = post
        if (channel, account) not in self._publishers:
            if (channel, account) not in self._foreign:
                self._foreign.add((channel, account))
                log.warning("results wait for their channel channel=%s account=%s", *post[:2])
            return False
        failed = self._failed.get(post)
        if failed is not None and failed.look.after_s != look.after_s:
            del self._failed[post]  # given up: the next look is due, and is made at once
            failed = None
        return post not in self._busy and (failed is None or failed.again_at <= now)

    async def _tended(self, look: Look) -> None:
        channel, account, _ = post = post_of(look.sent)
        try:
            async with self._turns[channel, account]:  # one call at a time is kind to a network
                await self._looked(look, self._publishers[channel, account])
        except (PublishError, TimeoutError) as error:
            wait_s = self._put_off(look, getattr(error, "retry_after_s", None) or 0.0)
            log.warning(
                "no counts channel=%s key=%s next_try_s=%.0f why=%s",
                channel,
                look.sent.key,
                wait_s,
                str(error) or "no answer in time",
            )
        except Exception:  # an error of our own must not end the other looks
            log.exception("counts lost key=%s next_try_s=%.0f", look.sent.key, self._put_off(look))
        finally:
            self._busy.discard(post)

    async def _looked(self, look: Look, publisher: Publisher) -> None:
        sent = look.sent
        async with asyncio.timeout(PATIENCE_S):
            counts = await publisher.counts(sent.uri)
            followers = await _followers(publisher) if look.asks_followers else None
        if not self._looks.follows(post_of(sent)):  # it was taken back meanwhile
            return
        now = self._clock.now()
        record = Measured(
            at=now,
            opportunity=sent.opportunity,
            channel=sent.channel,
            account=sent.account,
            key=sent.key,
            after_s=(now - sent.at) // timedelta(seconds=1),
            replies=counts.replies,
            reposts=counts.reposts,
            likes=counts.likes,
            views=counts.views,
            followers=followers,
        )
        await self._measured(record)
        self._looks.tell(record)

    def _put_off(self, look: Look, least_s: float = 0.0) -> float:
        post = post_of(look.sent)
        failed = self._failed.get(post)
        waits = failed.waits if failed else Backoff(self._rng, SOONEST_S, LATEST_S)
        wait_s = max(waits.next_s(), least_s)
        again_at = self._clock.now() + timedelta(seconds=wait_s)
        self._failed[post] = _Failed(look, waits, again_at)
        return wait_s


async def _followers(publisher: Publisher) -> int | None:
    # counts that are there are worth keeping without it; it is asked again with the next look
    try:
        return await publisher.followers()
    except PublishError as error:
        log.warning("no followers channel=%s why=%s", publisher.name, error)
        return None
