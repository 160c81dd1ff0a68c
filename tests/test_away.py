"""The whole of it on loopback: from what is kept to a chat and to a mailbox."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from rtm.alerting import AlertsConfig
from rtm.alerts.daily import MEMORY
from rtm.alerts.house import HouseState
from rtm.away import Away
from rtm.brand import Brand
from rtm.clock import WallClock
from rtm.config import struct_of, table_of
from rtm.decisions import Expired
from rtm.errors import ConfigError
from rtm.store.store import Store
from rtm.types import Interval, OpportunityFound
from tests.alerts.night import found
from tests.servers.taking import Hooks, Mailbox, hooks, mail_server
from tests.test_cli_alerts import ALERTS

BRAND = Brand(name="Oreo", rude=("stale crumbs",))


@pytest.fixture
async def chat():
    async with hooks() as made:
        yield made


@pytest.fixture
async def box():
    async with mail_server() as made:
        yield made


def found_now(**changes: str) -> OpportunityFound:
    now = datetime.now(UTC)
    closes_at = Interval(low=now, high=now + timedelta(minutes=9))
    return found(now, closes_at=closes_at, **changes)


def config(box: Mailbox) -> AlertsConfig:
    text = ALERTS.format(port=box.port).replace('["crisis"]', '["opportunity", "moderator"]')
    return struct_of(
        table_of(f"group_wait_s = 0\n{text}".encode(), "a.toml"), AlertsConfig, "a.toml"
    )


def away(chat: Hooks, box: Mailbox, folder) -> Away:
    made = Away(
        config(box),
        BRAND,
        (),
        folder,
        environ={"RTM_ALERTS_SLACK": f"{chat.url}/x"},
        clock=WallClock(),
        rng=Random(1),
    )
    made.reach("https://rtm.example.org")
    return made


@asynccontextmanager
async def running(one: Away, state_of=HouseState) -> AsyncIterator[None]:
    task = asyncio.create_task(one.run(state_of, lambda: ()))
    try:
        yield
        assert not task.done()
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 5)


async def test_what_is_found_reaches_chat_and_mail_with_a_link(chat, box, tmp_path):
    one = away(chat, box, tmp_path)
    async with running(one):
        one.tell(found_now(title="stale crumbs again"))
        posted, mail = await chat.next(), await box.next()

    assert "https://rtm.example.org/desk#o1" in posted.body.decode()
    assert "https://rtm.example.org/desk#o1" in mail.get_content()
    assert "stale crumbs" not in posted.body.decode() + mail.get_content()
    assert mail["Subject"].startswith("Oreo: New opportunity")


async def test_what_was_kept_before_is_told_when_it_runs_and_what_ended_is_not(chat, box, tmp_path):
    one = away(chat, box, tmp_path)
    one.tell(found_now(id="o1"))
    one.tell(Expired(at=datetime.now(UTC), opportunity="o1"))
    one.tell(found_now(id="o2"))
    assert one.alerts.view().alerts == ()
    async with running(one):
        posted = await chat.next()

    assert "desk#o2" in posted.body.decode()
    assert "desk#o1" not in posted.body.decode()


async def test_the_morning_is_mailed_from_the_record(chat, box, tmp_path):
    store = Store.open(tmp_path)
    store.keep([found(datetime.now(UTC) - timedelta(hours=30))], first=0)
    (tmp_path / MEMORY).write_text("2020-01-01\n")
    one = away(chat, box, tmp_path)
    async with running(one):
        mail = await box.next()
    store.close()

    assert mail["To"] == "lead@example.org"
    text = mail.get_body(("plain",))
    assert text is not None
    assert "No hole is known of." in text.get_content()


async def test_a_state_that_cannot_be_told_ends_nothing(chat, box, tmp_path):
    def nobody_knows() -> HouseState:
        raise ZeroDivisionError

    one = away(chat, box, tmp_path)
    async with running(one, state_of=nobody_knows):
        one.tell(found_now())
        await chat.next()


async def test_a_missing_secret_is_named_before_anything_runs(box, tmp_path):
    with pytest.raises(ConfigError, match="RTM_ALERTS_SLACK: not set"):
        Away(config(box), BRAND, (), tmp_path, environ={}, clock=WallClock(), rng=Random(1))
