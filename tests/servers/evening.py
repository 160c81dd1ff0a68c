"""What the whole-program tests share: a team, a feed with a past, and a planted moment."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from rtm.decisions import DutyBegan
from rtm.sources.files import read_file
from rtm.store.chain import Entry, append
from rtm.store.database import beside
from rtm.types import line_of
from tests.servers.board import DEMO, Program, add_person
from tests.servers.pds import Account, Pds
from tests.servers.relay import PLANTED, Feed, Relay, past_of

PAST = 3_000  # posts of the recorded night that come before the present


def team(folder: Path) -> None:
    """Let a writer and an approver log in, who is the moderator too, and have both on duty."""
    add_person(folder, "mia", "writer")
    add_person(folder, "noor", "approver", "moderator")
    on_duty(folder, "mia", "noor")


def on_duty(folder: Path, *names: str) -> None:
    """Have people on duty from now on."""
    at = datetime.now(UTC)
    began = [DutyBegan(at=at, who=name) for name in names]
    with beside(folder, None) as database, database.writing() as connection:
        append(
            connection,
            [
                Entry(at=at, kind="duty_began", about="", line=line_of(one))  # type: ignore[arg-type]
                for one in began
            ],
        )


@asynccontextmanager
async def relaying(pds: Pds, past: int = PAST) -> AsyncIterator[Feed]:
    """Serve what a PDS says, behind a past."""
    posts = read_file(DEMO / "superbowl-xlvii-2013.parquet", now=datetime.now(UTC)).posts
    relay = Relay(pds.url, past_of(posts.head(past), datetime.now(UTC)))
    await relay.start()
    try:
        yield relay.feed
    finally:
        await relay.stop()


@asynccontextmanager
async def running(program: Program) -> AsyncIterator[Program]:
    """Run a program until the end of the block."""
    await program.start()
    try:
        yield program
    finally:
        await program.stop()


async def plant(pds: Pds, fans: Sequence[Account], texts: Sequence[str] = PLANTED) -> None:
    """Have people post of one happening, each once."""
    for fan, text in zip(fans, texts, strict=False):
        await asyncio.to_thread(pds.post, fan, text)
