"""Webhooks: words arrive as they were written and call nobody; what was sent is signed."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from rtm.clock import WallClock
from rtm.draft import Poll
from rtm.errors import PublishError
from rtm.publish.discord import Discord
from rtm.publish.publisher import Counts
from rtm.publish.slack import Slack, escaped
from rtm.publish.webhook import Webhook
from tests.contracts.publisher import outgoing, picture, refuses
from tests.publish import lines
from tests.servers.hooks import DiscordServer, SignedServer, SlackServer

CALL = "<!channel> <@U1> @everyone & *dark* <https://evil.example|oreo.com>"


@pytest.fixture
async def slack() -> AsyncIterator[tuple[Slack, SlackServer]]:
    line = await lines.slack()
    assert isinstance(line.channel, Slack)
    assert isinstance(line.server, SlackServer)
    yield line.channel, line.server
    await line.channel.close()
    await line.server.stop()


@pytest.fixture
async def discord() -> AsyncIterator[tuple[Discord, DiscordServer]]:
    line = await lines.discord()
    assert isinstance(line.channel, Discord)
    assert isinstance(line.server, DiscordServer)
    yield line.channel, line.server
    await line.channel.close()
    await line.server.stop()


@pytest.fixture
async def signed() -> AsyncIterator[tuple[Webhook, SignedServer]]:
    line = await lines.signed(drops_repeats=False)
    assert isinstance(line.channel, Webhook)
    assert isinstance(line.server, SignedServer)
    yield line.channel, line.server
    await line.channel.close()
    await line.server.stop()


async def test_slack_shows_the_words_and_calls_nobody(slack: tuple[Slack, SlackServer]):
    channel, server = slack

    await channel.publish(outgoing(channel, CALL))

    (told,) = server.told
    assert "<" not in told["text"]
    assert told["text"] == escaped(CALL)
    assert told["mrkdwn"] is False
    assert "link_names" not in told


@given(st.text())
def test_what_is_escaped_for_slack_reads_as_it_was_written(text):
    said = escaped(text)

    assert not {"<", ">"} & set(said)
    assert said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text


async def test_opening_slack_shows_nothing_and_finds_a_webhook_that_is_gone(
    slack: tuple[Slack, SlackServer],
):
    channel, server = slack
    await channel.open()
    gone = Slack(f"{server.url}/services/T0001/B0001/revoked", clock=WallClock())

    with pytest.raises(PublishError, match="no_service; make a new webhook") as caught:
        await gone.open()
    await gone.close()

    assert caught.value.retry_after_s is None
    assert server.texts == []


async def test_an_answer_of_slack_other_than_ok_is_no_receipt(slack: tuple[Slack, SlackServer]):
    channel, server = slack
    server.faults["POST"].append(web.Response(text="<html>a gateway</html>"))

    with pytest.raises(PublishError, match="something else than a receipt"):
        await channel.publish(outgoing(channel))


async def test_discord_shows_the_words_and_calls_nobody(discord: tuple[Discord, DiscordServer]):
    channel, server = discord

    await channel.publish(outgoing(channel, CALL))
    await channel.publish(outgoing(channel, CALL, pictures=(picture(),)))

    for message in server.messages.values():
        assert message["content"] == CALL
        assert message["allowed_mentions"] == {"parse": []}


async def test_discord_takes_pictures_with_their_words(discord: tuple[Discord, DiscordServer]):
    channel, server = discord
    pictures = (picture(1, "first"), picture(2, "second"))

    await channel.publish(outgoing(channel, pictures=pictures))

    assert server.files == {shown.alt: shown.content for shown in pictures}


async def test_discord_counts_characters_not_letters(discord: tuple[Discord, DiscordServer]):
    channel, _ = discord
    family = "👩‍👩‍👧"  # one letter of five characters

    error = await refuses(channel, outgoing(channel, family * 401))

    assert "2,005 characters of at most 2,000" in str(error)
    assert await channel.publish(outgoing(channel, family * 400))


async def test_discord_counts_reactions(discord: tuple[Discord, DiscordServer]):
    channel, _ = discord
    receipt = await channel.publish(outgoing(channel))

    assert await channel.counts(receipt.uri) == Counts(likes=5)


async def test_a_webhook_that_is_gone_is_not_a_message_that_is_gone(
    discord: tuple[Discord, DiscordServer],
):
    channel, server = discord
    receipt = await channel.publish(outgoing(channel))
    unknown = {"message": "Unknown Webhook", "code": 10015}
    server.faults["DELETE"].append(web.json_response(unknown, status=404))

    with pytest.raises(PublishError, match="Unknown Webhook; delete the message in Discord"):
        await channel.delete(receipt.uri)

    await channel.delete(receipt.uri)
    assert not server.messages


@pytest.mark.parametrize("uri", ["", "discord:", "discord:../..", "slack:1"])
async def test_a_message_of_another_place_is_never_called(uri, discord):
    channel, server = discord

    with pytest.raises(PublishError, match="no such message"):
        await channel.delete(uri)

    assert server.calls == []


async def test_a_signed_message_says_all_of_a_post_under_its_key(
    signed: tuple[Webhook, SignedServer],
):
    channel, server = signed
    post = outgoing(
        channel,
        CALL,
        more=("two",),
        poll=Poll(options=("dunk", "lick")),
        reply_to="https://example.com/1",
        visibility="followers",
    )

    await channel.publish(post)

    ((id_, told),) = server.received
    assert id_ == told["data"]["key"] == post.key
    assert told["type"] == "post.fired"
    assert told["data"]["text"] == CALL
    assert told["data"]["more"] == ["two"]
    assert told["data"]["poll"]["options"] == ["dunk", "lick"]


async def test_a_message_is_the_same_on_every_try(signed: tuple[Webhook, SignedServer]):
    channel, server = signed
    post = outgoing(channel)

    await channel.publish(post)
    await channel.publish(post)

    assert len(server.bodies) == 2
    assert len(set(server.bodies)) == 1


async def test_a_receiver_with_another_secret_takes_nothing(signed: tuple[Webhook, SignedServer]):
    _, server = signed
    other = Webhook(f"{server.url}/posts", "whsec_" + "b" * 40, clock=WallClock())

    error = await refuses(other, outgoing(other))
    await other.close()

    assert "RTM_WEBHOOK_SECRET" in str(error)
    assert server.received == []
