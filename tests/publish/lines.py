"""Every channel to a network, with a server of its own that can fail, by what tells them apart."""

from collections.abc import Awaitable, Callable
from functools import partial

from rtm.clock import WallClock
from rtm.publish.bluesky import Bluesky
from rtm.publish.discord import Discord
from rtm.publish.mastodon import Mastodon
from rtm.publish.slack import Slack
from rtm.publish.webhook import Webhook
from tests.contracts.faults import Line
from tests.servers.hooks import (
    DISCORD_PATH,
    SIGNING_SECRET,
    SLACK_PATH,
    DiscordServer,
    SignedServer,
    SlackServer,
)
from tests.servers.mastodon_server import TOKEN, Manners, MastodonServer
from tests.servers.xrpc_server import XrpcServer

PATIENCE_S = 1.0
POOR = Manners(  # as snac2, which says of itself what it does not do
    heeds_keys=False,
    has_v2=False,
    tells_source=False,
    tells_text=True,
    tells_time=False,
    pages=False,
    deletes=False,
)
SILENT = Manners(heeds_keys=False, tells_source=False)  # only HTML tells what was written


class Quick(WallClock):
    """A clock whose rests are over at once."""

    async def rest(self, seconds: float) -> None:
        await super().rest(0)


def mastodon_to(server: MastodonServer) -> Mastodon:
    return Mastodon(server.url, TOKEN, clock=Quick(), patience_s=PATIENCE_S)


async def bluesky() -> Line:
    server = XrpcServer()
    await server.start()
    channel = Bluesky(
        server.url,
        server.handle,
        server.password,
        clock=WallClock(),
        patience_s=PATIENCE_S,
        appview=server.url,
    )
    return Line(channel, server, "putRecord", (server.password, "access-1"))


async def mastodon(manners: Manners) -> Line:
    server = MastodonServer(manners)
    await server.start()
    return Line(mastodon_to(server), server, "POST statuses", (TOKEN,))


async def slack() -> Line:
    server = SlackServer()
    await server.start()
    url = f"{server.url}{SLACK_PATH}"
    channel = Slack(url, clock=WallClock(), patience_s=PATIENCE_S)
    return Line(channel, server, "POST", (url, SLACK_PATH.rpartition("/")[2]))


async def discord() -> Line:
    server = DiscordServer()
    await server.start()
    url = f"{server.url}{DISCORD_PATH}"
    channel = Discord(url, clock=WallClock(), patience_s=PATIENCE_S)
    return Line(channel, server, "POST", (url, DISCORD_PATH.rpartition("/")[2]))


async def signed(drops_repeats: bool) -> Line:
    server = SignedServer()
    await server.start()
    url = f"{server.url}/posts/a-secret-in-a-path"
    channel = Webhook(
        url,
        SIGNING_SECRET,
        clock=WallClock(),
        drops_repeats=drops_repeats,
        patience_s=PATIENCE_S,
    )
    secrets = (SIGNING_SECRET, SIGNING_SECRET.removeprefix("whsec_"), "a-secret-in-a-path")
    return Line(channel, server, "POST", secrets, heeds=False)


LINES: dict[str, Callable[[], Awaitable[Line]]] = {
    "bluesky": bluesky,
    "mastodon": partial(mastodon, Manners()),
    "mastodon on a poor server": partial(mastodon, POOR),
    "mastodon on a silent server": partial(mastodon, SILENT),
    "slack": slack,
    "discord": discord,
    "signed webhook": partial(signed, drops_repeats=False),
    "signed webhook that drops repeats": partial(signed, drops_repeats=True),
}
