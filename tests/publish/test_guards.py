"""Channels that break a promise, one each: the list of promises catches them."""

from typing import Any

import pytest

from rtm.errors import OutcomeUnknown, PublishError
from rtm.publish.dry import Dry, Kept
from rtm.publish.http import Answer
from rtm.publish.publisher import Limits, Outgoing, Receipt
from rtm.publish.service import Service
from rtm.publish.slack import Slack
from tests.contracts import faults
from tests.contracts import publisher as promises
from tests.contracts.faults import FaultCheck
from tests.contracts.publisher import Check
from tests.publish import lines

CAUGHT = (AssertionError, PublishError, pytest.fail.Exception)


class Broken(Dry):
    """A dry channel in memory, for those below."""

    def __init__(self) -> None:
        super().__init__(None)


class Forgetful(Broken):
    async def find(self, post: Outgoing) -> Receipt | None:
        return None


class Boastful(Broken):
    async def find(self, post: Outgoing) -> Receipt | None:
        return Receipt(f"dry:{post.key}", None)


class Repeating(Broken):
    times = 0

    async def publish(self, post: Outgoing) -> Receipt:
        self.times += 1
        await super().publish(post)
        return Receipt(f"dry:{post.key}{self.times}", None)


class Stuck(Broken):
    def key(self, at: object) -> str:
        return "3aovl6s6b622b"


class Boundless(Broken):
    async def prepare(self, post: Outgoing) -> None:
        return None


class Hasty(Broken):
    async def prepare(self, post: Outgoing) -> None:
        await super().prepare(post)
        self._kept[post.key] = Kept(post.key, post.at, post.text)


class Narrow(Broken):
    limits = Limits(300, None, pictures=4, poll_options=4, thread=25, takes_replies=True)

    async def publish(self, post: Outgoing) -> Receipt:
        if len(post.text) >= 300:
            raise PublishError("too long")
        return await super().publish(post)


class Keeping(Broken):
    async def delete(self, uri: str) -> None:
        return None


class Fragile(Broken):
    async def close(self) -> None:
        self._kept.clear()


class Mute(Broken):
    async def counts(self, uri: str) -> Any:
        raise OutcomeUnknown("hm")


@pytest.mark.parametrize(
    ("broken", "check"),
    [
        (Forgetful, promises.a_post_is_found_after_it_was_published),
        (Boastful, promises.a_post_that_was_not_published_is_not_found),
        (Boastful, promises.two_posts_of_the_same_words_are_told_apart),
        (Repeating, promises.the_same_post_again_is_the_same_receipt),
        (Stuck, promises.keys_sort_as_they_were_made),
        (Stuck, promises.two_posts_are_two_receipts),
        (Boundless, promises.what_does_not_fit_is_refused_in_words),
        (Hasty, promises.preparing_shows_nothing_and_may_be_done_again),
        (Narrow, promises.a_post_within_the_limits_is_taken),
        (Keeping, promises.a_deleted_post_is_gone_or_the_channel_says_who_can_delete),
        (Fragile, promises.a_closed_channel_may_be_used_again),
        (Mute, promises.counts_are_told_or_refused_in_words),
    ],
    ids=lambda one: one.__name__,
)
async def test_a_channel_that_breaks_a_promise_is_caught(broken: type[Broken], check: Check):
    await check(Dry(None))

    with pytest.raises(CAUGHT):
        await check(broken())


class Guessing(Service):
    """It takes a lost answer for a refusal."""

    async def send(self, *told: Any, **more: Any) -> Answer:
        try:
            return await super().send(*told, **more)
        except OutcomeUnknown as error:
            raise PublishError(str(error)) from error


class Impatient(Service):
    """It takes a refusal for now for one for good."""

    async def send(self, *told: Any, **more: Any) -> Answer:
        try:
            return await super().send(*told, **more)
        except PublishError as error:
            raise type(error)(str(error)) from error


class Chatty(Service):
    """It says whatever it is told."""

    def refuse(self, answer: Answer, remedy: str) -> Any:
        raise PublishError(answer.words)


class Trusting(Service):
    """It takes every answer for a yes."""

    async def send(self, *told: Any, **more: Any) -> Answer:
        answer = await super().send(*told, **more)
        return Answer(200, answer.headers, None, "ok")


@pytest.mark.parametrize(
    ("broken", "check"),
    [
        (Guessing, faults.a_call_that_breaks_off_before_it_is_taken_is_unknown),
        (Guessing, faults.a_call_whose_answer_is_lost_is_unknown_and_there),
        (Guessing, faults.a_call_without_an_answer_is_unknown),
        (Guessing, faults.a_failing_server_is_unknown),
        (Impatient, faults.a_rate_limit_is_to_be_tried_later),
        (Impatient, faults.a_server_that_is_not_there_is_to_be_tried_later),
        (Chatty, faults.no_secret_is_ever_told),
        (Trusting, faults.a_refusal_is_told_in_words_and_final),
        (Trusting, faults.an_answer_that_is_no_receipt_is_unknown),
        (Trusting, faults.another_address_is_never_gone_to),
    ],
    ids=lambda one: one.__name__,
)
async def test_a_line_that_breaks_a_promise_is_caught(broken: type[Service], check: FaultCheck):
    line = await lines.slack()
    assert isinstance(line.channel, Slack)
    line.channel._service.__class__ = broken
    try:
        with pytest.raises(CAUGHT):
            await check(line)
    finally:
        await line.channel.close()
        await line.server.stop()
