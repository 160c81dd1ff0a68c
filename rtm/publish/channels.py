"""The channels there are, by network; each takes its account and secrets from the environment."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rtm.brand import Brand
from rtm.clock import Beat
from rtm.errors import ConfigError
from rtm.policy import Outlet
from rtm.publish.bluesky import APPVIEW, SERVICE, Bluesky
from rtm.publish.credentials import secret_of
from rtm.publish.discord import EXAMPLE as DISCORD
from rtm.publish.discord import Discord
from rtm.publish.dry import Dry
from rtm.publish.mastodon import EXAMPLE as MASTODON
from rtm.publish.mastodon import Mastodon
from rtm.publish.publisher import Publisher
from rtm.publish.slack import EXAMPLE as SLACK
from rtm.publish.slack import Slack
from rtm.publish.webhook import EXAMPLE as WEBHOOK
from rtm.publish.webhook import Webhook

DRY = Outlet(name="dry", owner="nobody")  # it sends nothing, so nobody need answer for it

Maker = Callable[[Outlet, Path, Mapping[str, str], Beat], Publisher]


def outlets(brand: Brand, names: Sequence[str]) -> tuple[Outlet, ...]:
    """Return the channels of these names, each with the team that answers for it.

    Raises
    ------
    ConfigError
        When a channel has no owner in the profile, or two would be the same account.
    """
    known = {outlet.name: outlet for outlet in (DRY, *brand.channels)}
    for name in names:
        if name not in known and name not in NETWORKS:
            allowed = ", ".join(dict.fromkeys((*NETWORKS, *known)))
            raise ConfigError(f"--publish {name!r}: no such channel; allowed: {allowed}")
        if name not in known:
            remedy = f'add [[channel]] name = "{name}", owner = "..." to the profile'
            raise ConfigError(f"{name}: has no owner; {remedy}")
    chosen = tuple(known[name] for name in dict.fromkeys(names))
    accounts: dict[tuple[str, str], str] = {}
    for outlet in chosen:
        other = accounts.setdefault((outlet.on, outlet.prefix), outlet.name)
        if other != outlet.name and outlet.on != "dry":
            ours = f"{outlet.prefix}_{outlet.name.upper().replace('-', '_')}"
            problem = f"{outlet.name} and {other}: the same account, each post would go out twice"
            raise ConfigError(f'{problem}; give one of them env = "{ours}"')
    return chosen


def publisher(
    outlet: Outlet, *, folder: Path, environ: Mapping[str, str], clock: Beat
) -> Publisher:
    """Return a channel; ``folder`` is where a dry one keeps its posts.

    Raises ConfigError naming the variable that is missing or wrong.
    """
    if outlet.on not in NETWORKS:
        problem = f"[[channel]] {outlet.name}: no such network {outlet.on!r}"
        raise ConfigError(f"{problem}; allowed: {', '.join(NETWORKS)}")
    return NETWORKS[outlet.on](outlet, folder, environ, clock)


def _dry(outlet: Outlet, folder: Path, _environ: Mapping[str, str], _clock: Beat) -> Publisher:
    return Dry(folder, outlet.name)


def _bluesky(outlet: Outlet, _folder: Path, environ: Mapping[str, str], clock: Beat) -> Publisher:
    prefix = outlet.prefix
    handle = environ.get(f"{prefix}_HANDLE", "").strip().removeprefix("@").lower()
    if not handle:
        raise ConfigError(f"{prefix}_HANDLE: not set; give the account, as brand.bsky.social")
    return Bluesky(
        environ.get(f"{prefix}_SERVICE") or SERVICE,
        handle,
        secret_of(f"{prefix}_PASSWORD", environ, "an app password"),
        clock=clock,
        name=outlet.name,
        prefix=prefix,
        appview=environ.get(f"{prefix}_APPVIEW") or APPVIEW,
    )


def _mastodon(outlet: Outlet, _folder: Path, environ: Mapping[str, str], clock: Beat) -> Publisher:
    prefix = outlet.prefix
    return Mastodon(
        _address(f"{prefix}_URL", environ, MASTODON),
        secret_of(f"{prefix}_TOKEN", environ, "an access token with the scopes read and write"),
        clock=clock,
        name=outlet.name,
        prefix=prefix,
    )


def _slack(outlet: Outlet, _folder: Path, environ: Mapping[str, str], clock: Beat) -> Publisher:
    url = secret_of(f"{outlet.prefix}_WEBHOOK", environ, f"its address, as {SLACK}")
    return Slack(url, clock=clock, name=outlet.name, prefix=outlet.prefix)


def _discord(outlet: Outlet, _folder: Path, environ: Mapping[str, str], clock: Beat) -> Publisher:
    url = secret_of(f"{outlet.prefix}_WEBHOOK", environ, f"its address, as {DISCORD}")
    return Discord(url, clock=clock, name=outlet.name, prefix=outlet.prefix)


def _webhook(outlet: Outlet, _folder: Path, environ: Mapping[str, str], clock: Beat) -> Publisher:
    prefix = outlet.prefix
    drops = environ.get(f"{prefix}_DROPS_REPEATS", "").strip().lower()
    if drops not in ("", "no", "yes"):
        raise ConfigError(f"{prefix}_DROPS_REPEATS={drops}: write yes or no")
    return Webhook(
        secret_of(f"{prefix}_URL", environ, f"its address, as {WEBHOOK}"),
        secret_of(f"{prefix}_SECRET", environ, "whsec_ and the base64 of 24 random bytes"),
        clock=clock,
        drops_repeats=drops == "yes",
        name=outlet.name,
        prefix=prefix,
    )


NETWORKS: dict[str, Maker] = {
    "dry": _dry,
    "bluesky": _bluesky,
    "mastodon": _mastodon,
    "slack": _slack,
    "discord": _discord,
    "webhook": _webhook,
}


def _address(name: str, environ: Mapping[str, str], example: str) -> str:
    if not (said := environ.get(name, "").strip()):
        raise ConfigError(f"{name}: not set; write {example}")
    return said
