"""Mastodon: what goes out is as it was meant, and comes back whole."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from rtm.clock import WallClock
from rtm.draft import Poll
from rtm.errors import ConfigError, OutcomeUnknown, PublishError
from rtm.publish.mastodon import Mastodon
from rtm.publish.mastodon_posts import limits_of
from rtm.publish.publisher import Counts
from tests.contracts.publisher import outgoing, picture, refuses
from tests.publish.lines import mastodon_to
from tests.servers.mastodon_server import TOKEN, MastodonServer

WORDS = "Power out? You can still dunk in the *dark* & <eat> :-) https://oreo.com/d?a=1&b=2"


async def test_a_post_goes_out_with_all_that_belongs_to_it(
    mastodon: Mastodon, instance: MastodonServer
):
    instance.post("Power cut?")
    asked = instance.statuses["1001"]["url"]
    post = outgoing(
        mastodon,
        WORDS,
        pictures=(picture(alt="A cookie"),),
        reply_to=asked,
        visibility="followers",
    )

    await mastodon.publish(post)

    told = instance.told[-1]
    assert told["status"] == WORDS
    assert told["visibility"] == "private"
    assert told["in_reply_to_id"] == "1001"
    assert [instance.media[id_] for id_ in told["media_ids"]] == ["A cookie"]


async def test_a_poll_goes_out_with_how_long_it_is_open(
    mastodon: Mastodon, instance: MastodonServer
):
    poll = Poll(options=("dunk", "lick"), lasts_s=3600, takes_many=True)

    await mastodon.publish(outgoing(mastodon, poll=poll))

    said = {"options": ["dunk", "lick"], "expires_in": 3600, "multiple": True}
    assert instance.told[-1]["poll"] == said


async def test_a_picture_is_waited_for_until_the_server_has_worked_on_it(
    mastodon: Mastodon, instance: MastodonServer
):
    instance.waits = 4

    await mastodon.publish(outgoing(mastodon, pictures=(picture(),)))

    assert instance.calls.count("GET media") == 4
    assert instance.calls[-1] == "POST statuses"


async def test_a_picture_that_is_never_ready_is_to_be_tried_later(
    mastodon: Mastodon, instance: MastodonServer
):
    instance.waits = 1000

    error = await refuses(mastodon, outgoing(mastodon, pictures=(picture(),)))

    assert error.retry_after_s is not None
    assert not instance.statuses


async def test_what_was_prepared_is_not_uploaded_again(
    mastodon: Mastodon, instance: MastodonServer
):
    post = outgoing(mastodon, pictures=(picture(1), picture(2)))

    await mastodon.prepare(post)
    await mastodon.publish(post)

    assert instance.calls.count("POST media") == 2


async def test_the_servers_own_limits_hold_once_it_is_open(instance: MastodonServer):
    instance.letters = 11_000
    channel = mastodon_to(instance)

    await channel.open()
    await channel.close()

    assert channel.limits.graphemes == 11_000
    assert channel.limits.poll_options == 4


def test_where_a_server_tells_no_limits_the_usual_ones_hold():
    limits = limits_of({}, is_full=False)

    assert (limits.graphemes, limits.link_letters, limits.poll_options) == (500, 23, 0)


@pytest.mark.parametrize("odd", [{"configuration": 7}, {"configuration": {"statuses": "x"}}])
def test_limits_that_are_no_numbers_are_the_usual_ones(odd):
    assert limits_of(odd, is_full=True).graphemes == 500


async def test_a_link_counts_as_the_server_counts_it(mastodon: Mastodon):
    long = "https://oreo.com/" + "x" * 400
    fits = f"{'é' * (500 - 24)} {long}"

    await mastodon.publish(outgoing(mastodon, fits))
    error = await refuses(mastodon, outgoing(mastodon, f"é{fits}"))

    assert "1 letter too long: 501 of at most 500" in str(error)


async def test_a_thread_is_a_chain_of_answers(mastodon: Mastodon, instance: MastodonServer):
    await mastodon.publish(outgoing(mastodon, "one", more=("two", "three")))

    statuses = list(instance.statuses.values())
    assert [status["in_reply_to_id"] for status in statuses] == [None, "1001", "1002"]
    assert [told.get("media_ids") for told in instance.told] == [None] * 3


async def test_a_thread_whose_second_post_is_refused_is_taken_back(
    mastodon: Mastodon, instance: MastodonServer
):
    post = outgoing(mastodon, "one", more=("two", "three"))
    await mastodon.open()
    refused_third = channel_refusing(instance, 3)

    error = await refuses(mastodon, post)

    assert refused_third.times == 3
    assert "were taken back" in str(error)
    assert error.retry_after_s is None
    assert not instance.statuses


async def test_a_thread_that_cannot_be_taken_back_needs_a_person(
    mastodon: Mastodon, instance: MastodonServer
):
    instance.manners.deletes = False
    channel_refusing(instance, 3)

    with pytest.raises(OutcomeUnknown, match="2 posts of the thread are out"):
        await mastodon.publish(outgoing(mastodon, "one", more=("two", "three")))


class channel_refusing:  # noqa: N801 - it reads as what it does
    """Let a server refuse its n-th post."""

    def __init__(self, instance: MastodonServer, number: int) -> None:
        self.times = 0
        taken = instance._posted

        def posted(told: dict[str, Any], key: str) -> web.Response:
            self.times += 1
            if self.times == number:
                return web.json_response({"error": "Validation failed"}, status=422)
            return taken(told, key)

        instance._posted = posted  # type: ignore[method-assign]


async def test_counts_of_a_thread_are_of_all_its_posts_but_not_of_its_own_answers(
    mastodon: Mastodon, instance: MastodonServer
):
    receipt = await mastodon.publish(outgoing(mastodon, "one", more=("two", "three")))
    instance.post("@brand well said", in_reply_to_id="1002")

    assert await mastodon.counts(receipt.uri) == Counts(replies=1, reposts=6, likes=21)
    assert await mastodon.followers() == 42


async def test_a_server_that_cannot_delete_is_not_believed_that_a_post_is_gone(
    mastodon: Mastodon, instance: MastodonServer
):
    receipt = await mastodon.publish(outgoing(mastodon))
    instance.manners.deletes = False

    with pytest.raises(PublishError, match="delete the post in a browser"):
        await mastodon.delete(receipt.uri)


@pytest.mark.parametrize("uri", ["https://other.social/api/v1/statuses/1", "1", "../x", ""])
async def test_what_is_not_ours_cannot_be_deleted(uri, mastodon: Mastodon):
    with pytest.raises(PublishError, match="has no such post"):
        await mastodon.delete(uri)


async def test_a_post_to_answer_that_is_not_found_is_said_so(mastodon: Mastodon):
    post = outgoing(mastodon, reply_to="https://other.social/@ada/1")

    assert "does not find the post to answer" in str(await refuses(mastodon, post))


async def test_a_wrong_token_shows_at_opening_with_the_names_of_its_variables(
    instance: MastodonServer,
):
    channel = Mastodon(instance.url, "wrong", clock=WallClock(), prefix="RTM_MASTODON_ET")

    with pytest.raises(PublishError, match="RTM_MASTODON_ET_URL and RTM_MASTODON_ET_TOKEN"):
        await channel.open()
    await channel.close()


@pytest.mark.parametrize(
    ("headers", "low", "high"),
    [
        ({"X-RateLimit-Reset": "in an hour"}, 3500, 3600),
        ({"X-RateLimit-Reset": "soon"}, 30, 30),
        ({"Retry-After": "9.5"}, 9.5, 9.5),
    ],
)
async def test_a_rate_limit_says_when_to_come_again(
    headers, low, high, mastodon: Mastodon, instance: MastodonServer
):
    hour = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    told = {name: hour if value == "in an hour" else value for name, value in headers.items()}
    instance.faults["POST statuses"].append(web.Response(status=429, headers=told))

    error = await refuses(mastodon, outgoing(mastodon))

    assert low <= (error.retry_after_s or 0) <= high


@pytest.mark.parametrize("url", ["", "mastodon.social", "http://mastodon.social", "https://a.b/c"])
def test_an_address_that_would_not_do_is_named(url):
    with pytest.raises(ConfigError, match="RTM_MASTODON_URL"):
        Mastodon(url, TOKEN, clock=WallClock())
