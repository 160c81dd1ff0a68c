"""The inbox: what goes in comes out, as posts, in order, and never too much of it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from rtm.frame import POST_SCHEMA
from rtm.sources.stream import Inbox, Row

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(1_640_995_200_000_000, 4_000_000_000_000_000)
COUNTS = st.none() | st.integers(0, 2**63 - 1)
# a text cannot hold half a surrogate pair; msgspec has refused those before
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)

ROWS = st.builds(
    Row,
    id=TEXTS,
    at=MOMENTS,
    text=TEXTS,
    lang=st.none() | TEXTS,
    author=st.none() | TEXTS,
    followers=COUNTS,
    reply_to=st.none() | TEXTS,
    is_repost=st.booleans(),
    likes=COUNTS,
    reposts=COUNTS,
    source=TEXTS,
    joined=st.none() | MOMENTS,
    labels=st.none() | TEXTS,
)


def _us(at: Any) -> Any:
    return None if at is None else (at - EPOCH) // timedelta(microseconds=1)


def row(id: str) -> Row:
    at = 1_700_000_000_000_000
    return Row(id, at, "lights", None, None, None, None, False, None, None, "bluesky")


@given(st.lists(ROWS, max_size=20))
def test_rows_come_out_as_they_went_in(rows):
    inbox = Inbox()

    asyncio.run(inbox.put(rows))
    posts = inbox.take()

    assert posts.schema == pl.Schema(POST_SCHEMA)
    told = [
        one._replace(at=_us(one.at), joined=_us(one.joined)) for one in map(Row._make, posts.rows())
    ]
    assert told == rows


async def test_columns_of_nulls_keep_their_types():
    inbox = Inbox()
    await inbox.put([row("a"), row("b")])

    posts = inbox.take()

    assert posts.schema == pl.Schema(POST_SCHEMA)
    assert posts["lang"].null_count() == posts["followers"].null_count() == 2


def test_an_empty_inbox_gives_posts_without_rows():
    assert Inbox().take().schema == pl.Schema(POST_SCHEMA)


async def test_what_was_taken_is_not_taken_again():
    inbox = Inbox()
    await inbox.put([row("a")])

    assert inbox.take()["id"].to_list() == ["a"]
    assert inbox.take().is_empty()


async def test_a_full_inbox_makes_its_source_wait_until_rows_are_taken():
    inbox = Inbox(full=2)
    await inbox.put([row("a"), row("b")])

    putting = asyncio.create_task(inbox.put([row("c")]))
    await asyncio.sleep(0.01)
    assert not putting.done()

    assert inbox.take()["id"].to_list() == ["a", "b"]
    await putting
    assert inbox.take()["id"].to_list() == ["c"]


async def test_an_inbox_with_room_makes_nobody_wait():
    inbox = Inbox(full=2)
    await inbox.put([row("a")])

    putting = asyncio.create_task(inbox.put([row("b")]))
    await asyncio.sleep(0.01)

    assert putting.done()
