"""Bluesky when the network misbehaves: refused, to be tried later, or unknown; never a guess."""

import asyncio
import logging
from datetime import UTC, datetime

import pytest

from rtm.clock import WallClock
from rtm.errors import ConfigError, OutcomeUnknown, PublishError
from rtm.publish.bluesky import Bluesky
from rtm.publish.publisher import Outgoing
from tests.contracts.publisher import outgoing, refuses
from tests.servers.xrpc_server import DID, XrpcServer, refusal


def channel_to(url: str, password: str = "a-secret-of-ours") -> Bluesky:
    return Bluesky(url, "brand.test", password, clock=WallClock(), patience_s=0.5)


@pytest.mark.parametrize("fault", ["hang", "cut"])
async def test_a_call_that_breaks_off_before_it_is_taken_is_unknown_and_not_there(
    fault, bluesky: Bluesky, network: XrpcServer
):
    network.faults["putRecord"].append(fault)
    post = outgoing(bluesky)

    with pytest.raises(OutcomeUnknown):
        await bluesky.publish(post)

    assert await bluesky.find(post) is None


@pytest.mark.parametrize("fault", ["held", "lost", "garbage"])
async def test_a_call_whose_answer_is_lost_is_unknown_and_there(
    fault, bluesky: Bluesky, network: XrpcServer
):
    network.faults["putRecord"].append(fault)
    post = outgoing(bluesky)

    with pytest.raises(OutcomeUnknown):
        await bluesky.publish(post)

    assert await bluesky.find(post) is not None
    assert network.commits == 1


async def test_a_failing_server_is_unknown(bluesky: Bluesky, network: XrpcServer):
    network.faults["putRecord"].append(refusal(502, "UpstreamFailure"))

    with pytest.raises(OutcomeUnknown):
        await bluesky.publish(outgoing(bluesky))


@pytest.mark.parametrize("fault", ["hang", "cut", "garbage", refusal(503, "Away")])
async def test_a_reading_that_breaks_off_says_nothing(fault, bluesky: Bluesky, network: XrpcServer):
    network.faults["getRecord"].extend([fault] * 2)  # a reading that is cut is tried twice

    with pytest.raises(OutcomeUnknown):
        await bluesky.find(outgoing(bluesky))


async def test_a_repository_that_is_away_is_not_an_absent_post(
    bluesky: Bluesky, network: XrpcServer
):
    network.faults["getRecord"].append(refusal(400, "RepoDeactivated"))

    with pytest.raises(OutcomeUnknown):
        await bluesky.find(outgoing(bluesky))


async def test_a_server_that_is_not_there_is_to_be_tried_later(network: XrpcServer):
    await network.stop()
    channel = channel_to(network.url)

    error = await refuses(channel, outgoing(channel))
    await channel.close()

    assert error.retry_after_s is not None


async def test_a_server_that_goes_away_after_signing_in_is_to_be_tried_later(
    bluesky: Bluesky, network: XrpcServer
):
    await bluesky.open()
    await network.stop()

    error = await refuses(bluesky, outgoing(bluesky))

    assert error.retry_after_s is not None


@pytest.mark.parametrize(
    ("headers", "low", "high"),
    [
        ({"Retry_After": "7"}, 7, 7),
        ({"ratelimit_reset": str(int(datetime.now(UTC).timestamp()) + 3600)}, 3000, 3600),
        ({"Retry_After": "Mon, 04 Feb 2013 01:48:18 GMT"}, 1, 1),
        ({"Retry_After": "9" * 15}, 86_400, 86_400),
        ({"Retry_After": "-1"}, 30, 30),
        ({"Retry_After": "soon", "ratelimit_reset": "nan"}, 30, 30),
        ({}, 30, 30),
    ],
)
async def test_a_rate_limit_says_when_to_come_again(
    headers, low, high, bluesky: Bluesky, network: XrpcServer
):
    network.faults["putRecord"].append(refusal(429, "RateLimitExceeded", **headers))

    error = await refuses(bluesky, outgoing(bluesky))

    assert error.retry_after_s is not None
    assert low <= error.retry_after_s <= high


async def test_a_refusal_carries_the_networks_words_and_what_to_do(
    bluesky: Bluesky, network: XrpcServer
):
    words = "Record/text must not be\nlonger " + "x" * 5000
    network.faults["putRecord"].append(refusal(400, "InvalidRequest", words))

    error = await refuses(bluesky, outgoing(bluesky))

    assert error.retry_after_s is None
    assert "InvalidRequest: Record/text must not be longer" in str(error)
    assert "change the draft" in str(error)
    assert len(str(error)) < 400
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    "fault", [refusal(400, "ExpiredToken"), refusal(401, "InvalidToken"), refusal(401, "Other")]
)
async def test_an_expired_session_is_renewed_without_the_password(
    fault, bluesky: Bluesky, network: XrpcServer
):
    network.faults["putRecord"].append(fault)

    await bluesky.publish(outgoing(bluesky))

    assert network.calls == ["createSession", "putRecord", "refreshSession", "putRecord"]


async def test_where_renewing_fails_the_password_is_used_again(
    bluesky: Bluesky, network: XrpcServer
):
    network.faults["putRecord"].append(refusal(400, "ExpiredToken"))
    network.faults["refreshSession"].append(refusal(400, "ExpiredToken"))

    await bluesky.publish(outgoing(bluesky))

    assert network.calls.count("createSession") == 2
    assert network.commits == 1


async def test_an_account_that_stays_locked_is_refused_after_one_renewal(
    bluesky: Bluesky, network: XrpcServer
):
    network.faults["putRecord"].append(refusal(401, "AccountTakedown"))
    network.faults["putRecord"].append(refusal(401, "AccountTakedown"))

    error = await refuses(bluesky, outgoing(bluesky))

    assert "AccountTakedown" in str(error)
    assert network.calls.count("refreshSession") == 1


async def test_posts_at_once_sign_in_once(bluesky: Bluesky, network: XrpcServer):
    posts = [outgoing(bluesky) for _ in range(5)]

    await asyncio.gather(*map(bluesky.publish, posts))

    assert network.calls.count("createSession") == 1
    assert network.commits == 5


async def test_a_wrong_password_shows_at_opening_and_no_secret_is_told(
    network: XrpcServer, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    channel = channel_to(network.url, password="not-the-right-one")

    with pytest.raises(PublishError, match="RTM_BLUESKY_PASSWORD") as caught:
        await channel.open()
    await channel.close()

    assert caught.value.retry_after_s is None
    assert "not-the-right-one" not in str(caught.value) + caplog.text


async def test_a_mention_that_nobody_answers_for_holds_no_post_back(
    bluesky: Bluesky, network: XrpcServer
):
    network.faults["resolveHandle"].extend(["cut", "cut"])
    post = outgoing(bluesky, "@ada.test #dark")

    await bluesky.publish(post)

    (facet,) = network.records[post.key]["facets"]
    assert facet["features"][0]["tag"] == "dark"


async def test_another_try_sends_the_same_record_whatever_mentions_resolve_to(
    bluesky: Bluesky, network: XrpcServer
):
    network.faults["resolveHandle"].extend(["cut", "cut"])
    post = outgoing(bluesky, "@ada.test")

    await bluesky.publish(post)
    await bluesky.publish(post)

    assert network.commits == 1


async def test_a_record_says_when_it_was_fired_in_utc(bluesky: Bluesky, network: XrpcServer):
    at = datetime.fromisoformat("2013-02-04T03:48:18.25+02:00")
    post = Outgoing(bluesky.key(at), at, "dark")

    await bluesky.publish(post)

    assert network.records[post.key]["createdAt"] == "2013-02-04T01:48:18.250Z"


async def test_only_a_public_network_gives_an_address_to_look_at(
    bluesky: Bluesky, network: XrpcServer
):
    receipt = await bluesky.publish(outgoing(bluesky))

    assert receipt.uri.startswith(f"at://{DID}/")
    assert receipt.url is None


@pytest.mark.parametrize(
    "service", ["bsky.social", "http://bsky.social", "ftp://localhost", "https://a:b@c.org", ""]
)
def test_an_address_that_would_not_do_is_named(service):
    with pytest.raises(ConfigError, match="RTM_BLUESKY_SERVICE"):
        channel_to(service)
