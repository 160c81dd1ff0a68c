"""Mastodon: what goes out as it was meant, and a post that is looked for is never another's."""

from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from rtm.clock import WallClock
from rtm.draft import Poll
from rtm.errors import ConfigError, OutcomeUnknown, PublishError
from rtm.publish.mastodon import LATEST, Mastodon
from rtm.publish.mastodon_posts import is_same, limits_of, may_be, status_of
from rtm.publish.publisher import Counts
from tests.contracts.publisher import outgoing, picture, refuses
from tests.servers.mastodon_server import TOKEN, Manners, MastodonServer

Made = Callable[[MastodonServer], Coroutine[Any, Any, Mastodon]]
WORDS = "Power out? You can still dunk in the *dark* & <eat> :-) https://oreo.com/d?a=1&b=2"


class Quick(WallClock):
    """A clock whose rests are over at once."""

    async def rest(self, seconds: float) -> None:
        await super().rest(0)


def channel_to(server: MastodonServer) -> Mastodon:
    return Mastodon(server.url, TOKEN, clock=Quick(), patience_s=0.5)


@pytest.fixture
async def network() -> AsyncIterator[MastodonServer]:
    server = MastodonServer(Manners(heeds_keys=False))
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def mastodon(network: MastodonServer) -> AsyncIterator[Mastodon]:
    channel = channel_to(network)
    yield channel
    await channel.close()


async def test_a_post_goes_out_with_all_that_belongs_to_it(
    mastodon: Mastodon, network: MastodonServer
):
    network.post("Power cut?")
    asked = network.statuses["1001"]["url"]
    post = outgoing(
        mastodon,
        WORDS,
        pictures=(picture(alt="A cookie"),),
        reply_to=asked,
        visibility="followers",
    )

    await mastodon.publish(post)

    told = network.told[-1]
    assert told["status"] == WORDS
    assert told["visibility"] == "private"
    assert told["in_reply_to_id"] == "1001"
    assert [network.media[id_] for id_ in told["media_ids"]] == ["A cookie"]


async def test_a_poll_goes_out_with_how_long_it_is_open(
    mastodon: Mastodon, network: MastodonServer
):
    poll = Poll(options=("dunk", "lick"), lasts_s=3600, takes_many=True)

    await mastodon.publish(outgoing(mastodon, poll=poll))

    said = {"options": ["dunk", "lick"], "expires_in": 3600, "multiple": True}
    assert network.told[-1]["poll"] == said


async def test_a_picture_is_waited_for_until_the_server_has_worked_on_it(
    mastodon: Mastodon, network: MastodonServer
):
    network.waits = 4

    await mastodon.publish(outgoing(mastodon, pictures=(picture(),)))

    assert network.calls.count("GET media") == 4
    assert network.calls[-1] == "POST statuses"


async def test_a_picture_that_is_never_ready_is_to_be_tried_later(
    mastodon: Mastodon, network: MastodonServer
):
    network.waits = 1000

    error = await refuses(mastodon, outgoing(mastodon, pictures=(picture(),)))

    assert error.retry_after_s is not None
    assert not network.statuses


async def test_what_was_prepared_is_not_uploaded_again(mastodon: Mastodon, network: MastodonServer):
    post = outgoing(mastodon, pictures=(picture(1), picture(2)))

    await mastodon.prepare(post)
    await mastodon.publish(post)

    assert network.calls.count("POST media") == 2


async def test_the_servers_own_limits_hold_once_it_is_open(network: MastodonServer):
    network.letters = 11_000
    channel = channel_to(network)

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


@pytest.mark.parametrize(
    "manners", [Manners(), Manners(tells_source=False), Manners(tells_text=True)]
)
@pytest.mark.parametrize(
    "text",
    [
        WORDS,
        "@ada@example.social, @bo: dunk\n\nnow #SB47",
        "👩‍👩‍👧 黑暗",
        "🍪🌒",
        "e\u0301t\u00e9 \u00a0 x",
    ],
)
async def test_a_post_is_found_whatever_the_server_made_of_it(manners, text):
    server = MastodonServer(manners)
    await server.start()
    channel = channel_to(server)
    post = outgoing(channel, text)
    receipt = await channel.publish(post)
    again = channel_to(server)

    found, other = await again.find(post), await again.find(replace(post, text=f"{text} 1"))

    await channel.close()
    await again.close()
    await server.stop()
    assert found == receipt
    assert other is None


async def test_words_that_differ_in_signs_only_are_told_apart_where_the_server_can(
    mastodon: Mastodon, network: MastodonServer
):
    network.post("Dunk it?")

    assert await mastodon.find(outgoing(mastodon, "Dunk it!")) is None
    assert await mastodon.find(outgoing(mastodon, "Dunk it?")) is not None


async def test_a_post_from_before_it_was_fired_is_not_ours(
    mastodon: Mastodon, network: MastodonServer
):
    now = datetime.now(UTC)
    network.post(WORDS, now - timedelta(minutes=1))
    network.post("something else", now - timedelta(seconds=30))

    assert await mastodon.find(outgoing(mastodon, WORDS)) is None


async def test_a_post_from_long_after_it_was_fired_is_not_ours(
    mastodon: Mastodon, network: MastodonServer
):
    network.post(WORDS)
    post = outgoing(mastodon, WORDS)

    earlier = replace(post, at=post.at - LATEST - timedelta(minutes=1))

    assert await mastodon.find(earlier) is None
    assert await mastodon.find(post) is not None


@pytest.mark.parametrize("minutes", [-7, 7])
async def test_a_servers_clock_may_be_wrong_if_it_tells_its_time(
    minutes, mastodon: Mastodon, network: MastodonServer
):
    network.ahead = timedelta(minutes=minutes)
    post = outgoing(mastodon, WORDS)
    await mastodon.publish(outgoing(mastodon, "before"))
    network.post(WORDS)

    assert await mastodon.find(post) is not None


async def test_a_post_that_is_known_to_be_anothers_is_not_claimed(
    mastodon: Mastodon, network: MastodonServer
):
    first, second = outgoing(mastodon, WORDS), outgoing(mastodon, WORDS)
    receipt = await mastodon.publish(first)
    later = channel_to(network)  # it remembers nothing

    claimed = await later.find(second)
    apart = await later.find(replace(second, taken=frozenset({receipt.uri})))
    await later.close()

    assert claimed == receipt  # nobody told it
    assert apart is None
    assert await mastodon.find(second) is None  # this one remembers whose it is


async def test_of_two_unknown_posts_of_the_same_words_none_is_claimed_while_one_is_there(
    mastodon: Mastodon, network: MastodonServer
):
    first = replace(outgoing(mastodon, WORDS), twins=1)
    second = replace(outgoing(mastodon, WORDS), twins=1)
    network.post(WORDS)

    for post in (first, second):
        with pytest.raises(OutcomeUnknown, match="1 of 2 posts of the same words"):
            await mastodon.find(post)

    network.post(WORDS)
    found = [await mastodon.find(post) for post in (first, replace(second, twins=0))]
    assert len({receipt.uri for receipt in found if receipt}) == 2


async def test_what_somebody_passed_on_is_not_ours(mastodon: Mastodon, network: MastodonServer):
    network.post(WORDS, reblog={"id": "1"})

    assert await mastodon.find(outgoing(mastodon, WORDS)) is None


async def test_a_post_is_found_behind_many_newer_ones(mastodon: Mastodon, network: MastodonServer):
    post = outgoing(mastodon, WORDS)
    receipt = await mastodon.publish(post)
    for number in range(100):
        network.post(f"newer {number}")

    assert await mastodon.find(post) == receipt


async def test_an_account_too_busy_to_be_read_whole_is_unknown(
    mastodon: Mastodon, network: MastodonServer
):
    for number in range(500):
        network.post(f"newer {number}")

    with pytest.raises(OutcomeUnknown, match="cannot say"):
        await mastodon.find(outgoing(mastodon, WORDS))


@pytest.mark.parametrize(("there", "page"), [(0, 40), (19, 40), (37, 40), (150, 256)])
async def test_a_server_that_knows_no_pages_is_believed_when_its_one_is_not_full(
    there, page, mastodon: Mastodon, network: MastodonServer
):
    network.manners.pages, network.manners.page = False, page
    for number in range(there):
        network.post(f"newer {number}")

    assert await mastodon.find(outgoing(mastodon, WORDS)) is None


@pytest.mark.parametrize(("there", "page"), [(20, 20), (60, 20), (60, 40), (300, 256)])
async def test_a_server_that_knows_no_pages_is_not_believed_when_its_one_is_full(
    there, page, mastodon: Mastodon, network: MastodonServer
):
    network.manners.pages, network.manners.page = False, page
    for number in range(there):
        network.post(f"newer {number}")

    with pytest.raises(OutcomeUnknown, match="cannot say"):
        await mastodon.find(outgoing(mastodon, WORDS))


@pytest.mark.parametrize(
    "odd",
    [
        web.json_response({"error": "This method is not possible"}, status=403),
        web.json_response({"not": "a list"}),
        web.json_response([{"id": "1", "created_at": "yesterday"}]),
        web.Response(text="<html>"),
    ],
)
async def test_a_timeline_that_cannot_be_read_says_nothing(
    odd, mastodon: Mastodon, network: MastodonServer
):
    await mastodon.open()
    network.faults["GET accounts/statuses"].append(odd)

    with pytest.raises(OutcomeUnknown):
        await mastodon.find(outgoing(mastodon))


async def test_a_thread_is_a_chain_of_answers(mastodon: Mastodon, network: MastodonServer):
    await mastodon.publish(outgoing(mastodon, "one", more=("two", "three")))

    statuses = list(network.statuses.values())
    assert [status["in_reply_to_id"] for status in statuses] == [None, "1001", "1002"]
    assert [told.get("media_ids") for told in network.told] == [None] * 3


async def test_a_thread_of_which_a_part_is_there_needs_a_person(
    mastodon: Mastodon, network: MastodonServer
):
    post = outgoing(mastodon, "one", more=("two", "three"))
    network.post("one")
    network.post("two", in_reply_to_id="1001")

    with pytest.raises(OutcomeUnknown, match="2 of 3 posts of the thread are out"):
        await mastodon.find(post)


async def test_a_thread_whose_second_post_is_refused_is_taken_back(
    mastodon: Mastodon, network: MastodonServer
):
    post = outgoing(mastodon, "one", more=("two", "three"))
    await mastodon.open()
    refused_third = channel_refusing(network, 3)

    error = await refuses(mastodon, post)

    assert refused_third.times == 3
    assert "were taken back" in str(error)
    assert error.retry_after_s is None
    assert not network.statuses


async def test_a_thread_that_cannot_be_taken_back_needs_a_person(
    mastodon: Mastodon, network: MastodonServer
):
    network.manners.deletes = False
    channel_refusing(network, 3)

    with pytest.raises(OutcomeUnknown, match="2 posts of the thread are out"):
        await mastodon.publish(outgoing(mastodon, "one", more=("two", "three")))


class channel_refusing:  # noqa: N801 - it reads as what it does
    """Let a server refuse its n-th post."""

    def __init__(self, network: MastodonServer, number: int) -> None:
        self.times = 0
        taken = network._posted

        def posted(told: dict[str, Any], key: str) -> web.Response:
            self.times += 1
            if self.times == number:
                return web.json_response({"error": "Validation failed"}, status=422)
            return taken(told, key)

        network._posted = posted  # type: ignore[method-assign]


async def test_counts_of_a_thread_are_of_all_its_posts_but_not_of_its_own_answers(
    mastodon: Mastodon, network: MastodonServer
):
    receipt = await mastodon.publish(outgoing(mastodon, "one", more=("two", "three")))
    network.post("@brand well said", in_reply_to_id="1002")

    assert await mastodon.counts(receipt.uri) == Counts(replies=1, reposts=6, likes=21)
    assert await mastodon.followers() == 42


async def test_a_server_that_cannot_delete_is_not_believed_that_a_post_is_gone(
    mastodon: Mastodon, network: MastodonServer
):
    receipt = await mastodon.publish(outgoing(mastodon))
    network.manners.deletes = False

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
    network: MastodonServer,
):
    channel = Mastodon(network.url, "wrong", clock=WallClock(), prefix="RTM_MASTODON_ET")

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
    headers, low, high, mastodon: Mastodon, network: MastodonServer
):
    hour = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    told = {name: hour if value == "in an hour" else value for name, value in headers.items()}
    network.faults["POST statuses"].append(web.Response(status=429, headers=told))

    error = await refuses(mastodon, outgoing(mastodon))

    assert low <= (error.retry_after_s or 0) <= high


@pytest.mark.parametrize("url", ["", "mastodon.social", "http://mastodon.social", "https://a.b/c"])
def test_an_address_that_would_not_do_is_named(url):
    with pytest.raises(ConfigError, match="RTM_MASTODON_URL"):
        Mastodon(url, TOKEN, clock=WallClock())


@given(st.text())
def test_a_text_is_the_same_as_itself(text):
    status = status_of({"id": "1", "created_at": "2013-02-04T01:48:18Z", "text": text})

    assert status is not None
    assert may_be(status, text)
    assert is_same(text, text)


@given(st.text(), st.text())
def test_what_is_the_same_may_be_the_same(one, other):
    status = status_of({"id": "1", "created_at": "2013-02-04T01:48:18Z", "text": one})

    assert status is not None
    assert may_be(status, other) or not is_same(one, other)


@pytest.mark.parametrize(
    "odd", [None, [], {}, {"id": 7}, {"id": "../1", "created_at": "2013-02-04T01:48:18Z"}]
)
def test_what_is_no_post_is_none(odd):
    assert status_of(odd) is None
