"""Each kind of target against a real server, and what is said where one is set up wrongly."""

import asyncio
import sys
import threading
from types import ModuleType
from typing import Any

import pytest
from aiohttp import web
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from rtm.alerting import AlertsConfig, Smtp, Target
from rtm.alerts.apprise import Apprise
from rtm.alerts.mail import Letter, send, written
from rtm.alerts.targets import Target as Sender
from rtm.alerts.targets import targets_of
from rtm.alerts.words import Voice, message_of
from rtm.clock import WallClock
from rtm.errors import ConfigError, PublishError
from tests.alerts.said import START, alert
from tests.alerts.test_words import delivery
from tests.servers.taking import mail_server

KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = message_of(delivery(news=(alert(),)), Voice("Oreo", "https://rtm.example.org"))
CLOCK = WallClock()
WITHOUT_TLS = "ignore:Requiring AUTH while not requiring TLS:UserWarning"  # aiosmtpd's, on loopback


def target(kind, url, **more: Any):
    made = Target(name="team", kind=kind, url_env="RTM_URL", **more)
    environ = {"RTM_URL": url, "RTM_KEY": KEY}
    return targets_of(AlertsConfig(targets=(made,)), environ, CLOCK)["team"]


def smtp(port, **more: Any) -> Smtp:
    return Smtp(host="127.0.0.1", port=port, sender="rtm@example.org", starttls=False, **more)


def mail_target(port: int) -> Sender:
    made = Target(name="team", kind="email", to=("mia@example.org", "noor@example.org"))
    return targets_of(AlertsConfig(targets=(made,), smtp=smtp(port)), {}, CLOCK)["team"]


async def test_slack_gets_blocks(hooks):
    await target("slack", f"{hooks.url}/services/T0/B0/x").send(MESSAGE)

    (posted,) = hooks.posts
    assert posted.path == "/services/T0/B0/x"
    assert posted.headers["Content-Type"] == "application/json"
    assert posted.json["blocks"][0]["text"]["text"].startswith("New opportunity: the lights")


async def test_discord_gets_content(hooks):
    await target("discord", f"{hooks.url}/api/webhooks/1/x").send(MESSAGE)

    assert hooks.posts[0].json["content"].startswith("**New opportunity\\: the lights")


async def test_a_webhook_can_be_verified(hooks):
    await target("webhook", f"{hooks.url}/in", secret_env="RTM_KEY").send(MESSAGE)

    (posted,) = hooks.posts
    told = Webhook(KEY).verify(posted.body, posted.headers)
    assert posted.headers["webhook-id"] == MESSAGE.id
    assert told["type"] == "rtm.alert"
    assert told["data"]["news"][0]["url"] == "https://rtm.example.org/desk#o1"
    assert told["data"]["news"][0]["since"] == "2026-01-05T12:00:00Z"


async def test_a_webhook_of_another_key_cannot_be_verified(hooks):
    await target("webhook", f"{hooks.url}/in", secret_env="RTM_KEY").send(MESSAGE)

    (posted,) = hooks.posts
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + "A" * 32).verify(posted.body, posted.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(KEY).verify(posted.body.replace(b"lights", b"nights"), posted.headers)


@pytest.mark.parametrize(
    ("answer", "retry_after_s", "words"),
    [
        (web.Response(status=429, headers={"Retry-After": "7"}), 7.0, "answered 429"),
        (web.Response(status=429, headers={"Retry-After": "1.5"}), 1.5, "answered 429"),
        (web.Response(status=503), 0.0, "answered 503"),
        (web.Response(status=404, text="no a-long-secret"), None, "answered 404 (no …)"),
        (web.Response(status=410), None, "answered 410"),
        (web.Response(status=302, headers={"Location": "https://x.example"}), None, "answered 302"),
        (None, 0.0, "broke off the connection"),
    ],
)
async def test_an_answer_says_whether_to_try_again(hooks, answer, retry_after_s, words):
    hooks.answers = [answer]

    with pytest.raises(PublishError) as caught:
        await target("slack", f"{hooks.url}/a-long-secret").send(MESSAGE)

    assert caught.value.retry_after_s == retry_after_s
    assert words in str(caught.value)
    assert "secret" not in str(caught.value)
    assert len(hooks.posts) == 1


async def test_a_server_that_is_away_is_tried_again():
    with pytest.raises(PublishError, match="cannot be reached") as caught:
        await target("slack", "http://127.0.0.1:1/secret").send(MESSAGE)

    assert caught.value.retry_after_s == 0.0
    assert "secret" not in str(caught.value)


async def test_an_answer_of_any_length_is_cut(hooks):
    hooks.answers = [web.Response(status=400, body=b"\x00\xff<b>" * 100_000)]

    with pytest.raises(PublishError) as caught:
        await target("slack", f"{hooks.url}/x").send(MESSAGE)

    assert len(str(caught.value)) < 200
    assert str(caught.value).isprintable()


async def test_mail_reaches_everybody_at_once(mailbox):
    await mail_target(mailbox.port).send(MESSAGE)

    mail = await mailbox.next()
    assert mail["Subject"] == "Oreo: New opportunity: the lights went out"
    assert mail["To"] == "mia@example.org, noor@example.org"
    assert mail["Message-ID"] == "<msg_1@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "https://rtm.example.org/desk#o1" in mail.get_content()
    assert mailbox.mails.empty()


@pytest.mark.parametrize(
    ("refusal", "retry_after_s"), [("451 busy, try later", 0.0), ("554 we think it is spam", None)]
)
async def test_a_mail_server_says_whether_to_try_again(mailbox, refusal, retry_after_s):
    mailbox.refusals = [refusal]

    with pytest.raises(PublishError) as caught:
        await mail_target(mailbox.port).send(MESSAGE)

    assert caught.value.retry_after_s == retry_after_s
    assert refusal[:3] in str(caught.value)


async def test_mail_that_reaches_some_says_so(mailbox):
    mailbox.unknown = {"noor@example.org"}

    with pytest.raises(PublishError, match="1 of 2 recipients") as caught:
        await mail_target(mailbox.port).send(MESSAGE)

    assert caught.value.retry_after_s is None
    assert (await mailbox.next())["Subject"]


async def test_a_mail_server_that_is_away_is_tried_again():
    with pytest.raises(PublishError, match="cannot be reached") as caught:
        await mail_target(1).send(MESSAGE)

    assert caught.value.retry_after_s == 0.0


async def test_a_server_without_starttls_gets_nothing(mailbox):
    server = Smtp(host="127.0.0.1", port=mailbox.port, sender="rtm@example.org")

    with pytest.raises(PublishError, match="STARTTLS"):
        await send(letter(), server, None, ["mia@example.org"])

    assert mailbox.mails.empty()


@pytest.fixture
async def asking():
    async with mail_server(asks_password=True) as made:
        yield made


@pytest.mark.filterwarnings(WITHOUT_TLS)
async def test_a_mail_server_may_ask_for_a_password(asking):
    server = smtp(asking.port, user="rtm", password_env="RTM_PW")
    await send(letter(), server, "pw", ["mia@example.org"])

    assert (await asking.next())["Subject"] == "hello"


@pytest.mark.filterwarnings(WITHOUT_TLS)
async def test_a_wrong_password_is_not_tried_again(asking):
    server = smtp(asking.port, user="rtm", password_env="RTM_PW")

    with pytest.raises(PublishError, match="user or password is refused") as caught:
        await send(letter(), server, "wrong", ["mia@example.org"])

    assert caught.value.retry_after_s is None


def letter(subject="hello", text="words") -> Letter:
    return Letter(id="msg_1", at=START, subject=subject, text=text)


@pytest.mark.parametrize(
    "subject",
    ["hello\r\nBcc: eve@evil.example", "hello\nBcc: eve@evil.example", "hello\x85\u2028Bcc: eve"],
)
def test_a_subject_adds_no_header(subject):
    mail = written(letter(subject, "\r\n.\r\nQUIT"), "rtm@example.org", ["mia@example.org"])

    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("hello Bcc: eve")


class Announced:
    """Stands in for the package: it takes what is announced."""

    said: list[dict[str, str]] = []  # noqa: RUF012
    takes = True

    def add(self, url: str) -> bool:
        return url.startswith("json://")

    def notify(self, **said: str) -> bool:
        Announced.said.append(said)
        return self.takes


@pytest.fixture
def apprise(monkeypatch):
    module = ModuleType("apprise")
    module.Apprise = Announced  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "apprise", module)
    monkeypatch.setattr(Announced, "said", [])


async def test_apprise_is_told_in_plain_text(apprise):
    await target("apprise", "json://127.0.0.1").send(MESSAGE)

    (said,) = Announced.said
    assert said["title"] == MESSAGE.subject
    assert said["body_format"] == "text"


async def test_what_apprise_cannot_deliver_is_tried_again(apprise, monkeypatch):
    monkeypatch.setattr(Announced, "takes", False)

    with pytest.raises(PublishError) as caught:
        await target("apprise", "json://127.0.0.1").send(MESSAGE)

    assert caught.value.retry_after_s == 0.0


class Endless:
    """A service that never answers, until it is let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.calls = 0

    def notify(self, **said: str) -> bool:
        self.calls += 1
        return self.let_go.wait(10)


async def test_an_apprise_that_never_answers_takes_one_thread_and_not_of_the_pool():
    service = Endless()
    one = Apprise(service, patience_s=0.01)
    with pytest.raises(PublishError, match="did not answer"):
        await one.send(MESSAGE)
    for _ in range(50):
        with pytest.raises(PublishError, match="has not finished") as caught:
            await one.send(MESSAGE)

    assert caught.value.retry_after_s == 0.0
    assert service.calls == 1
    assert await asyncio.wait_for(asyncio.to_thread(lambda: "the pool is free"), 5)
    service.let_go.set()


async def test_an_apprise_that_breaks_is_no_silence():
    class Broken:
        def notify(self, **said: str) -> bool:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await Apprise(Broken()).send(MESSAGE)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # apprise's own
async def test_the_real_apprise_delivers(hooks):
    pytest.importorskip("apprise", reason="apprise is not installed")

    await target("apprise", hooks.url.replace("http", "json")).send(MESSAGE)

    assert hooks.posts[0].json["title"] == MESSAGE.subject


def test_without_apprise_its_remedy_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "apprise", None)

    with pytest.raises(ConfigError, match=r'pip install "rtm\[apprise\]"'):
        target("apprise", "json://127.0.0.1")


def test_apprise_is_not_imported_where_it_is_not_configured(monkeypatch):
    monkeypatch.setitem(sys.modules, "apprise", None)  # importing it would raise

    assert target("slack", "https://hooks.example.org/x")


@pytest.mark.parametrize(
    ("kind", "url", "words"),
    [
        ("slack", "", "RTM_URL: not set; give the address that slack gave you"),
        ("slack", "hooks.slack.org/x", "RTM_URL: not an address; write https://hooks.slack.com"),
        ("slack", "http://hooks.slack.org/x", "RTM_URL: http would show what is secret"),
        ("discord", "https://discord.org", "RTM_URL: lacks its path"),
        ("slack", "https://[x", "RTM_URL: not an address"),
        ("apprise", "what://", "RTM_URL: no address that Apprise knows"),
    ],
)
def test_a_wrong_address_is_named_by_its_variable(apprise, kind, url, words):
    with pytest.raises(ConfigError) as caught:
        target(kind, url)

    assert words in str(caught.value)
    assert "/x" not in str(caught.value)


def test_a_wrong_key_is_named_by_its_variable():
    made = Target(name="team", kind="webhook", url_env="RTM_URL", secret_env="RTM_KEY")
    environ = {"RTM_URL": "https://x.example", "RTM_KEY": "whsec_ä"}

    with pytest.raises(ConfigError, match="RTM_KEY: no key"):
        targets_of(AlertsConfig(targets=(made,)), environ, CLOCK)


def test_a_secret_may_stand_in_a_file(tmp_path):
    file = tmp_path / "slack"
    file.write_text("https://hooks.example.org/x\n")
    made = AlertsConfig(targets=(Target(name="team", kind="slack", url_env="RTM_URL"),))

    assert targets_of(made, {"RTM_URL_FILE": str(file)}, CLOCK)
    with pytest.raises(ConfigError, match="both are set"):
        targets_of(made, {"RTM_URL_FILE": str(file), "RTM_URL": "https://x.example"}, CLOCK)
    with pytest.raises(ConfigError, match="cannot be read"):
        targets_of(made, {"RTM_URL_FILE": str(tmp_path)}, CLOCK)


async def test_whoever_is_stopped_while_a_mail_is_answered_stops(mailbox):
    async def sending() -> None:
        await mail_target(mailbox.port).send(MESSAGE)
        await asyncio.Event().wait()  # as a lane goes on after it

    for _ in range(10):
        task = asyncio.create_task(sending())
        await mailbox.next()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 5)
