"""Channels by name: what the environment must say, and what it is told when it does not."""

from pathlib import Path

import pytest

from rtm.brand import Brand
from rtm.clock import WallClock
from rtm.errors import ConfigError
from rtm.policy import Outlet
from rtm.publish.bluesky import Bluesky
from rtm.publish.channels import DRY, NETWORKS, outlets, publisher
from rtm.publish.dry import Dry
from rtm.publish.publisher import Publisher
from tests.servers.hooks import DISCORD_PATH, SIGNING_SECRET, SLACK_PATH

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


ACCOUNTS = {
    "bluesky": {"RTM_BLUESKY_HANDLE": "brand.bsky.social", "RTM_BLUESKY_PASSWORD": "abcd"},
    "mastodon": {"RTM_MASTODON_URL": "https://mastodon.social", "RTM_MASTODON_TOKEN": "abcd"},
    "slack": {"RTM_SLACK_WEBHOOK": f"https://hooks.slack.com{SLACK_PATH}"},
    "discord": {"RTM_DISCORD_WEBHOOK": f"https://discord.com{DISCORD_PATH}"},
    "webhook": {
        "RTM_WEBHOOK_URL": "https://oreo.com/posts",
        "RTM_WEBHOOK_SECRET": SIGNING_SECRET,
    },
}


def test_every_network_has_an_account_here():
    assert {*ACCOUNTS, "dry"} == set(NETWORKS)


@pytest.mark.parametrize("network", ACCOUNTS)
def test_every_network_is_known_by_its_name(network, tmp_path):
    channel = made(network, tmp_path, ACCOUNTS[network])

    assert channel.name == network
    assert channel.account
    assert not channel.is_dry


@pytest.mark.parametrize(
    ("network", "variable"), [(name, one) for name, told in ACCOUNTS.items() for one in told]
)
def test_every_variable_that_is_missing_is_named_with_what_to_write(network, variable, tmp_path):
    environ = {name: value for name, value in ACCOUNTS[network].items() if name != variable}

    with pytest.raises(ConfigError, match=rf"{variable}: not set; (give|write) \S+") as caught:
        made(network, tmp_path, environ)

    assert not [value for value in environ.values() if value in str(caught.value)]


@pytest.mark.parametrize(
    ("network", "variable", "value"),
    [
        ("mastodon", "RTM_MASTODON_URL", "https://mastodon.social/@brand"),
        ("slack", "RTM_SLACK_WEBHOOK", "https://hooks.slack.com"),
        ("slack", "RTM_SLACK_WEBHOOK", f"http://hooks.slack.com{SLACK_PATH}"),
        ("discord", "RTM_DISCORD_WEBHOOK", f"https://discord.com{DISCORD_PATH}?thread_id=1"),
        ("webhook", "RTM_WEBHOOK_URL", "https://a b/c"),
        ("webhook", "RTM_WEBHOOK_URL", "https://[/c"),
        ("webhook", "RTM_WEBHOOK_SECRET", "whsec_c2hvcnQ="),
        ("webhook", "RTM_WEBHOOK_SECRET", "no base64 at all, and no signing secret"),
        ("webhook", "RTM_WEBHOOK_DROPS_REPEATS", "maybe"),
    ],
)
def test_a_variable_that_would_not_do_is_named_and_no_secret_is_told(
    network, variable, value, tmp_path
):
    with pytest.raises(ConfigError, match=rf"^{variable}\b.* write ") as caught:
        made(network, tmp_path, {**ACCOUNTS[network], variable: value})

    assert "a-secret-of" not in str(caught.value)


def test_only_a_receiver_known_to_drop_repeats_is_sent_a_post_twice(tmp_path):
    told = {**ACCOUNTS["webhook"], "RTM_WEBHOOK_DROPS_REPEATS": "yes"}

    assert made("webhook", tmp_path, told).repeats_safely
    assert not made("webhook", tmp_path, ACCOUNTS["webhook"]).repeats_safely


def test_another_account_on_a_network_has_variables_and_a_name_of_its_own(tmp_path):
    outlet = Outlet(name="bluesky-et", owner="Tallinn", network="bluesky", env="RTM_BLUESKY_ET")
    environ = {"RTM_BLUESKY_ET_HANDLE": "brand.ee", "RTM_BLUESKY_ET_PASSWORD": "abcd"}

    channel = publisher(outlet, folder=tmp_path, environ=environ, clock=WallClock())

    assert (channel.name, channel.account) == ("bluesky-et", "brand.ee")
    with pytest.raises(ConfigError, match="RTM_BLUESKY_ET_HANDLE: not set"):
        publisher(outlet, folder=tmp_path, environ={}, clock=WallClock())


def test_two_webhooks_are_two_accounts(tmp_path):
    other = {"RTM_SLACK_WEBHOOK": "https://hooks.slack.com/services/T0001/B0002/another"}

    accounts = {made("slack", tmp_path, told).account for told in (ACCOUNTS["slack"], other)}

    assert len(accounts) == 2
    assert all(account.startswith("hooks.slack.com#") for account in accounts)


def test_an_unknown_network_names_those_there_are(tmp_path):
    with pytest.raises(ConfigError, match="allowed: dry, bluesky"):
        made("telegraph", tmp_path, {})


def brand(*channels: Outlet) -> Brand:
    return Brand(name="Oreo", channels=channels)


def test_a_channel_of_the_profile_comes_with_its_owner():
    bluesky = Outlet(name="bluesky", owner="Marketing department")

    assert outlets(brand(bluesky), ["bluesky", "dry"]) == (bluesky, DRY)


def test_a_channel_without_an_owner_is_refused_with_what_to_write():
    with pytest.raises(ConfigError) as caught:
        outlets(brand(), ["dry", "bluesky"])

    said = 'bluesky: has no owner; add [[channel]] name = "bluesky", owner = "..." to the profile'
    assert str(caught.value) == said


def test_dry_needs_no_owner_but_may_have_one():
    owned = Outlet(name="dry", owner="Marketing department")

    assert outlets(brand(), ["dry"]) == (DRY,)
    assert outlets(brand(owned), ["dry"]) == (owned,)


def test_an_unknown_channel_names_those_there_are():
    with pytest.raises(ConfigError, match="allowed: dry, bluesky"):
        outlets(brand(), ["telegraph"])


def test_two_channels_of_one_account_are_refused_and_two_accounts_are_not():
    first = Outlet(name="bluesky", owner="Marketing department")
    second = Outlet(name="bluesky-et", owner="Tallinn", network="bluesky")
    apart = Outlet(name="bluesky-et", owner="Tallinn", network="bluesky", env="RTM_ET")

    with pytest.raises(ConfigError, match='env = "RTM_BLUESKY_BLUESKY_ET"'):
        outlets(brand(first, second), ["bluesky", "bluesky-et"])
    assert len(outlets(brand(first, apart), ["bluesky", "bluesky-et", "bluesky"])) == 2
