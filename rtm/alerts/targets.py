"""The targets there are, by kind: each writes a message in its own way and sends it once.

A new kind is one class here, one line in ``SERVICES``, and its name in ``alerting.Service``.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import msgspec
from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError

from rtm.alerting import AlertsConfig, Service, Smtp
from rtm.alerting import Target as Targeted
from rtm.alerts import mail
from rtm.alerts.apprise import Apprise, service_of
from rtm.alerts.mail import Letter
from rtm.alerts.posting import post
from rtm.alerts.words import Message, discord, plain_text, slack
from rtm.clock import Beat
from rtm.errors import ConfigError
from rtm.publish.credentials import secret_of
from rtm.publish.discord import EXAMPLE as DISCORD
from rtm.publish.service import Place, place_of
from rtm.publish.slack import EXAMPLE as SLACK
from rtm.publish.webhook import EXAMPLE as WEBHOOK

JSON = {"Content-Type": "application/json"}

Writing = Callable[[Message], dict[str, Any]]
"""Writes a message as the JSON of a chat."""


class Target(Protocol):
    """Where people are told."""

    async def send(self, message: Message) -> None:
        """Send a message; PublishError when it is not taken, with when to try again."""
        ...


class Chat:
    """An incoming webhook of a chat: whoever knows its address may write."""

    def __init__(
        self, place: Place, write: Callable[[Message], dict[str, Any]], clock: Beat
    ) -> None:
        self._place, self._write, self._clock = place, write, clock

    async def send(self, message: Message) -> None:
        """Write to the channel that the address belongs to."""
        body = msgspec.json.encode(self._write(message))
        await post(self._place, body, JSON, now_s=self._clock.now().timestamp())


class SignedWebhook:
    """A program of the house: it gets what is told as JSON, signed as Standard Webhooks says.

    References
    ----------
    Standard Webhooks, specification 1.0.0: ``webhook-id`` is the same in every try, so that it is
    taken once; ``webhook-timestamp`` is that of the try.
    """

    def __init__(self, place: Place, signer: Webhook, clock: Beat) -> None:
        self._place, self._signer, self._clock = place, signer, clock

    async def send(self, message: Message) -> None:
        """Send and sign it."""
        now = self._clock.now()
        told = {"subject": message.subject, **message.told}
        body = msgspec.json.encode({"type": "rtm.alert", "timestamp": message.at, "data": told})
        headers = {
            **JSON,
            "webhook-id": message.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer.sign(message.id, now, body.decode()),
        }
        await post(self._place, body, headers, now_s=now.timestamp())


class Mail:
    """Mailboxes, by the house's own mail server."""

    def __init__(self, smtp: Smtp, password: str | None, to: tuple[str, ...]) -> None:
        self._smtp, self._password, self._to = smtp, password, to

    async def send(self, message: Message) -> None:
        """Send one mail to all of them."""
        letter = Letter(
            id=message.id,
            at=message.at,
            subject=message.subject,
            text=plain_text(message),
            is_urgent=message.is_critical,
        )
        await mail.send(letter, self._smtp, self._password, self._to)


Maker = Callable[[Targeted, AlertsConfig, Mapping[str, str], Beat], Target]


def targets_of(config: AlertsConfig, environ: Mapping[str, str], clock: Beat) -> dict[str, Target]:
    """Return the targets by name, with their secrets from the environment.

    Raises
    ------
    ConfigError
        Naming the variable that is missing or wrong, never what is in it.
    """
    return {one.name: target_of(one, config, environ, clock) for one in config.targets}


def target_of(
    one: Targeted, config: AlertsConfig, environ: Mapping[str, str], clock: Beat
) -> Target:
    """Return one target; ConfigError as ``targets_of``."""
    return SERVICES[one.kind](one, config, environ, clock)


def password_of(smtp: Smtp, environ: Mapping[str, str]) -> str | None:
    """Return the mail server's password, None where none is needed; ConfigError if not set."""
    if smtp.password_env is None:
        return None
    return secret_of(smtp.password_env, environ, "the password for the mail server")


def _chat(write: Writing) -> Maker:
    def made(
        one: Targeted, config: AlertsConfig, environ: Mapping[str, str], clock: Beat
    ) -> Target:
        return Chat(_place(one, environ), write, clock)

    return made


def _webhook(
    one: Targeted, config: AlertsConfig, environ: Mapping[str, str], clock: Beat
) -> Target:
    name = one.secret_env or ""
    secret = secret_of(name, environ, "the key that signs, whsec_ and its base64")
    try:
        signer = Webhook(secret)
    except (ValueError, EmptyWebhookSecretError) as error:
        raise ConfigError(f"{name}: no key; write whsec_ and the key in base64") from error
    return SignedWebhook(_place(one, environ), signer, clock)


def _mail(one: Targeted, config: AlertsConfig, environ: Mapping[str, str], clock: Beat) -> Target:
    assert config.smtp is not None  # its __post_init__ has seen to it
    return Mail(config.smtp, password_of(config.smtp, environ), one.to)


def _apprise(
    one: Targeted, config: AlertsConfig, environ: Mapping[str, str], clock: Beat
) -> Target:
    url = secret_of(one.url_env or "", environ, "the address, as Apprise writes it")
    return Apprise(service_of(one.name, one.url_env or "", url))


SERVICES: dict[Service, Maker] = {
    "slack": _chat(slack),
    "discord": _chat(discord),
    "webhook": _webhook,
    "email": _mail,
    "apprise": _apprise,
}


def _place(one: Targeted, environ: Mapping[str, str]) -> Place:
    name = one.url_env or ""
    url = secret_of(name, environ, f"the address that {one.kind} gave you")
    return place_of(url, name, _EXAMPLES[one.kind], is_whole=True)


_EXAMPLES: dict[Service, str] = {"slack": SLACK, "discord": DISCORD, "webhook": WEBHOOK}
