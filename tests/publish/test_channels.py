"""Channels by name: what the environment must say, and what it is told when it does not."""

from pathlib import Path

import pytest

from rtm.clock import WallClock
from rtm.errors import ConfigError
from rtm.policy import Outlet
from rtm.publish.bluesky import Bluesky
from rtm.publish.channels import publisher
from rtm.publish.dry import Dry
from rtm.publish.publisher import Publisher

HANDLE = {"RTM_BLUESKY_HANDLE": "@Brand.bsky.social"}


def made(network: str, folder: Path, environ: dict[str, str]) -> Publisher:
    outlet = Outlet(name=network, owner="Marketing department")
    return publisher(outlet, folder=folder, environ=environ, clock=WallClock())


def test_dry_needs_nothing(tmp_path):
    assert isinstance(made("dry", tmp_path, {}), Dry)


def test_bluesky_takes_its_account_from_the_environment(tmp_path):
    channel = made("bluesky", tmp_path, {**HANDLE, "RTM_BLUESKY_PASSWORD": "abcd"})

    assert isinstance(channel, Bluesky)
    assert channel.account == "brand.bsky.social"


def test_a_password_may_stand_in_a_file(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("abcd\n", encoding="utf-8")

    channel = made("bluesky", tmp_path, {**HANDLE, "RTM_BLUESKY_PASSWORD_FILE": str(secret)})

    assert isinstance(channel, Bluesky)


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"RTM_BLUESKY_PASSWORD": "abcd"}, "RTM_BLUESKY_HANDLE: not set"),
        (HANDLE, "RTM_BLUESKY_PASSWORD: not set"),
        ({**HANDLE, "RTM_BLUESKY_PASSWORD_FILE": "/no/such"}, "PASSWORD_FILE=/no/such: cannot"),
        ({**HANDLE, "RTM_BLUESKY_PASSWORD_FILE": "/dev/zero"}, "RTM_BLUESKY_PASSWORD: not set"),
        (
            {**HANDLE, "RTM_BLUESKY_PASSWORD": "a", "RTM_BLUESKY_PASSWORD_FILE": "b"},
            "both are set",
        ),
    ],
)
def test_what_is_missing_is_named(environ, named, tmp_path):
    with pytest.raises(ConfigError, match=named):
        made("bluesky", tmp_path, environ)


def test_an_unknown_channel_names_those_there_are(tmp_path):
    with pytest.raises(ConfigError, match="allowed: dry, bluesky"):
        made("telegraph", tmp_path, {})
