"""A Mastodon that looks for its posts carelessly, one way each: the tests of looking catch it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from rtm.publish.http import Answer
from rtm.publish.mastodon import Mastodon
from rtm.publish.mastodon_posts import Status, may_be, status_of
from rtm.publish.mastodon_timeline import Timeline
from rtm.publish.publisher import Outgoing, Receipt
from tests.publish import test_mastodon as going_out
from tests.publish import test_mastodon_timeline as looking
from tests.publish.test_guards import CAUGHT
from tests.servers.mastodon_server import MastodonServer

Test = Callable[[Mastodon, MastodonServer], Awaitable[None]]


class Timeless(Timeline):
    def _span(self, at: datetime, answer: Answer) -> tuple[datetime, datetime]:
        return datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Unsynchronised(Timeline):
    def _span(self, at: datetime, answer: Answer) -> tuple[datetime, datetime]:
        return super()._span(at, Answer(200, {}, None))


class Wordless(Timeline):
    async def _says(self, status: Status, text: str) -> bool:
        return may_be(status, text)


class Shallow(Timeline):
    async def _since(self, account: str, at: datetime) -> list[Status]:
        answer = await self._ask(f"/api/v1/accounts/{account}/statuses", None)
        return [status for row in answer.rows if (status := status_of(row)) is not None]


class Greedy(Mastodon):
    async def find(self, post: Outgoing) -> Receipt | None:
        threads = await self._timeline.threads(await self._opened(), post)
        return self._receipt(post, threads[0]) if threads else None


class Careless(Mastodon):
    async def _deleted(self, id_: str) -> None:
        await self._service.ask("DELETE", f"/api/v1/statuses/{id_}", headers=self._who)


@pytest.mark.parametrize(
    ("broken", "test"),
    [
        (Timeless, looking.test_a_post_from_before_it_was_fired_is_not_ours),
        (Timeless, looking.test_a_post_from_long_after_it_was_fired_is_not_ours),
        (
            Wordless,
            looking.test_words_that_differ_in_signs_only_are_told_apart_where_the_server_can,
        ),
        (Shallow, looking.test_a_post_is_found_behind_many_newer_ones),
        (Shallow, looking.test_an_account_too_busy_to_be_read_whole_is_unknown),
        (Shallow, looking.test_what_somebody_passed_on_is_not_ours),
    ],
    ids=lambda one: one.__name__,
)
async def test_a_careless_look_is_caught(
    broken: type[Timeline], test: Test, mastodon: Mastodon, instance: MastodonServer
):
    mastodon._timeline.__class__ = broken

    with pytest.raises(CAUGHT):
        await test(mastodon, instance)


@pytest.mark.parametrize("minutes", [-7, 27])
async def test_a_look_that_does_not_heed_the_servers_clock_is_caught(
    minutes, mastodon: Mastodon, instance: MastodonServer
):
    mastodon._timeline.__class__ = Unsynchronised

    with pytest.raises(CAUGHT):
        await looking.test_a_servers_clock_may_be_wrong_if_it_tells_its_time(
            minutes, mastodon, instance
        )


@pytest.mark.parametrize(
    ("broken", "test"),
    [
        (Greedy, looking.test_a_post_that_is_known_to_be_anothers_is_not_claimed),
        (
            Greedy,
            looking.test_of_two_unknown_posts_of_the_same_words_none_is_claimed_while_one_is_there,
        ),
        (
            Careless,
            going_out.test_a_server_that_cannot_delete_is_not_believed_that_a_post_is_gone,
        ),
        (Careless, going_out.test_a_thread_that_cannot_be_taken_back_needs_a_person),
    ],
    ids=lambda one: one.__name__,
)
async def test_a_careless_channel_is_caught(
    broken: type[Mastodon], test: Test, mastodon: Mastodon, instance: MastodonServer
):
    mastodon.__class__ = broken

    with pytest.raises(CAUGHT):
        await test(mastodon, instance)
