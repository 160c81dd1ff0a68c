"""The channels there are, by name; each takes its secrets from the environment."""

from collections.abc import Callable, Mapping
from pathlib import Path

from rtm.clock import Beat
from rtm.errors import ConfigError
from rtm.publish.bluesky import Bluesky
from rtm.publish.dry import Dry
from rtm.publish.publisher import Publisher

SERVICE = "https://bsky.social"
LONGEST_SECRET = 1024

Maker = Callable[[Path, Mapping[str, str], Beat], Publisher]


def publisher(name: str, *, folder: Path, environ: Mapping[str, str], clock: Beat) -> Publisher:
    """Return the channel of a name; ``folder`` is where the dry one keeps its posts.

    Raises ConfigError naming the variable that is missing or wrong.
    """
    if name not in CHANNELS:
        raise ConfigError(f"--publish {name!r}: no such channel; allowed: {', '.join(CHANNELS)}")
    return CHANNELS[name](folder, environ, clock)


def _dry(folder: Path, _environ: Mapping[str, str], _clock: Beat) -> Publisher:
    return Dry(folder)


def _bluesky(_folder: Path, environ: Mapping[str, str], clock: Beat) -> Publisher:
    handle = environ.get("RTM_BLUESKY_HANDLE", "").strip().removeprefix("@").lower()
    if not handle:
        raise ConfigError("RTM_BLUESKY_HANDLE: not set; give the account, as brand.bsky.social")
    service = environ.get("RTM_BLUESKY_SERVICE") or SERVICE
    return Bluesky(service, handle, _secret("RTM_BLUESKY_PASSWORD", environ), clock=clock)


CHANNELS: dict[str, Maker] = {"dry": _dry, "bluesky": _bluesky}


def _secret(name: str, environ: Mapping[str, str]) -> str:
    said, file = environ.get(name, ""), environ.get(f"{name}_FILE", "")
    if said and file:
        raise ConfigError(f"{name} and {name}_FILE: both are set; keep one")
    if file:
        try:
            with Path(file).open(encoding="utf-8") as opened:
                said = opened.read(LONGEST_SECRET + 1).strip()
        except (OSError, ValueError) as error:
            problem = "cannot be read; name a file with the password and nothing else"
            raise ConfigError(f"{name}_FILE={file}: {problem}") from error
    if not 0 < len(said) <= LONGEST_SECRET:
        raise ConfigError(f"{name}: not set; give an app password, or its file as {name}_FILE")
    return said
