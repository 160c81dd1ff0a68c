"""The law of the outbox sees each way of breaking it, and nothing where all is well."""

from datetime import UTC, datetime
from typing import Any

import pytest

from rtm.decisions import Refused, Sent, Unknown
from tests.laws.exactly_once import Post, breaches
from tests.outbox_child import Draft, Fate

AT = datetime(2013, 2, 4, 1, 48, 18, tzinfo=UTC)
ABOUT: dict[str, Any] = {"at": AT, "opportunity": "o1", "channel": "bluesky", "account": "brand"}


def sent(key: str = "k", uri: str = "at://k") -> tuple[str, Fate]:
    return key, Sent(**ABOUT, key=key, uri=uri, url=None)


def refused(key: str = "k") -> tuple[str, Fate]:
    return key, Refused(**ABOUT, key=key, reason="it has not got the post")


def unknown(key: str = "k") -> tuple[str, Fate]:
    return key, Unknown(**ABOUT, key=key, reason="timed out")


def draft(state: str = "sent", key: str = "k", text: str = "dunk", uri: str | None = None) -> Draft:
    return Draft(key, text, state, 1, f"at://{key}" if state == "sent" and not uri else uri)


THERE = Post("k", "dunk")


@pytest.mark.parametrize(
    ("drafts", "outcomes", "posts"),
    [
        ([draft()], [sent()], [THERE]),
        ([draft()], [unknown(), sent()], [THERE]),
        ([draft("refused")], [unknown(), refused()], []),
        (
            [draft(), draft(key="l"), draft("refused", key="m")],
            [refused("m"), sent("l", "at://l"), sent()],
            [THERE, Post("l", "dunk")],
        ),
        ([draft(), draft("unknown", key="l")], [unknown("l"), sent()], [THERE]),
        (
            [draft(), draft("unknown", key="l")],
            [unknown("l"), sent()],
            [THERE, Post("l", "dunk")],
        ),
    ],
)
def test_what_is_there_once_and_told_once_keeps_the_law(drafts, outcomes, posts):
    assert breaches(drafts, outcomes, posts, may_refuse=True) == []


@pytest.mark.parametrize(
    ("drafts", "outcomes", "posts", "breach"),
    [
        ([draft()], [sent()], [THERE, Post("2", "dunk")], "there 2 times"),
        ([draft()], [sent()], [], "told as sent, and not at"),
        ([draft()], [sent()], [Post("k", "dank")], "told as sent, and not at"),
        ([draft("refused")], [refused()], [THERE], "there 1 times, with drafts {'refused': 1}"),
        ([draft("unknown")], [unknown()], [THERE], "still unknown"),
        ([draft("queued")], [], [], "still queued"),
        ([draft()], [], [THERE], "not told of once"),
        ([draft()], [sent(), sent()], [THERE], "not told of once"),
        ([draft()], [refused(), sent()], [THERE], "not told of once"),
        ([draft()], [unknown()], [THERE], "the record says Unknown"),
        ([draft()], [refused()], [THERE], "the record says Refused"),
        ([draft()], [sent(uri="at://2")], [THERE], "the record says Sent"),
        ([draft()], [sent()], [THERE, Post("2", "hi")], "'hi' was fired by nobody"),
        (
            [draft(), draft("unknown", key="l", text="dunk it")],
            [unknown("l"), sent()],
            [THERE],
            "still unknown",
        ),
        (
            [draft(), draft("unknown", key="l")],
            [unknown("l"), sent()],
            [THERE, Post("l", "dunk"), Post("m", "dunk")],
            "there 3 times",
        ),
        (
            [draft(), draft(key="l", uri="at://k")],
            [sent(), sent("l")],
            [THERE],
            "with one post between them",
        ),
    ],
)
def test_whatever_breaks_the_law_is_named(drafts, outcomes, posts, breach):
    assert breach in " ".join(breaches(drafts, outcomes, posts, may_refuse=True))


def test_where_repeats_are_safe_nothing_may_be_handed_back():
    found = breaches([draft("refused")], [refused()], [], may_refuse=False)

    assert len(found) == 1
    assert "could have been sent again" in found[0]


def test_where_repeats_are_safe_nothing_may_stay_unknown():
    found = breaches(
        [draft(), draft("unknown", key="l")], [sent(), unknown("l")], [THERE], may_refuse=False
    )

    assert len(found) == 1
    assert "still unknown" in found[0]
