"""An outbox killed at any instant, between a store and a real server, posts all once."""

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.laws.exactly_once import Post
from tests.laws.killing import Network, Step, killed, life_of
from tests.servers.pds import Pds
from tests.servers.proxy import Call, Fault
from tests.servers.snac import Snac

log = logging.getLogger(__name__)

SEED = int(os.environ.get("RTM_SEED", "1"))

PAST = "an account has a past: whoever reads back must see where its own time begins"

ROUGH: Mapping[Fault, float] = {
    "none": 10,
    "slow": 3,
    "twice": 2,
    "swallow": 1,
    "close": 1,
    "away": 1,
    "late": 2,
    "mute": 1,
    "cut": 2,
    "truncate": 2,
    "gateway": 1,
}
MILD: Mapping[Fault, float] = {fault: 1.0 if fault != "none" else 300.0 for fault in ROUGH}


def step_of_xrpc(call: Call) -> tuple[Step, str | None]:
    parts = urlsplit(call.path)
    match parts.path.rpartition(".")[2]:
        case "putRecord":
            return "post", json.loads(call.body)["rkey"]
        case "getRecord":
            return "look", parse_qs(parts.query)["rkey"][0]
        case "createSession" | "refreshSession":
            return "sign in", None
    return "other", None


@pytest.fixture
def bluesky(pds: Pds) -> Network:
    brand = pds.account(f"k{datetime.now(UTC):%H%M%S%f}.test")

    def posts() -> list[Post]:
        return [
            Post(one["uri"].rpartition("/")[2], one["value"]["text"])
            for one in pds.records(brand.did)
        ]

    return Network(
        channel="bluesky",
        service=pds.url,
        account=brand.handle,
        secret=brand.password,
        step_of=step_of_xrpc,
        posts=posts,
        faults={"sign in": MILD, "post": ROUGH, "look": ROUGH, "other": MILD},
        may_refuse=False,
        most_fired=3,
        twins=3,
    )


def step_of_mastodon(call: Call) -> tuple[Step, str | None]:
    parts = urlsplit(call.path).path
    match call.verb, parts.rpartition("/")[2]:
        case "POST", "statuses":
            return "post", call.headers["Idempotency-Key"]
        case "GET", "statuses":
            return "look", None
        case "GET", "verify_credentials":
            return "sign in", None
    return "other", None


@pytest.fixture
def mastodon(snac: Snac) -> Network:
    brand = snac.account(f"k{datetime.now(UTC):%H%M%S%f}")

    snac.post(brand, PAST, datetime(2013, 2, 4, 1, 48, 18, tzinfo=UTC))

    def posts() -> list[Post]:
        return [Post(one.id, one.text) for one in snac.posts(brand) if one.text != PAST]

    return Network(
        channel="mastodon",
        service=snac.url,
        account="127.0.0.1",
        secret=brand.token,
        step_of=step_of_mastodon,
        posts=posts,
        # what something on the way sends twice is two posts there, whatever an outbox does
        faults={"sign in": MILD, "post": {**ROUGH, "twice": 0}, "look": ROUGH, "other": MILD},
        may_refuse=True,
        most_fired=2,
    )


@pytest.mark.parametrize("kills", [20, pytest.param(500, marks=pytest.mark.long)])
async def test_killed_at_any_instant_all_is_posted_once(kills, tmp_path, bluesky):
    course = await killed(bluesky, life_of(bluesky, tmp_path, sure_s=60), kills, SEED)

    log.info("%s", course)
    assert course.breaches == [], course
    assert course.is_whole, course


@pytest.mark.parametrize(
    ("manner", "aim", "breach"),
    [
        ("new keys", ("post", "taken"), "times, with drafts"),
        ("takes silence for no", "all settled", "is lost: refused"),
    ],
)
async def test_an_outbox_that_is_broken_is_caught_by_the_same_law(
    manner, aim, breach, tmp_path, bluesky
):
    life = life_of(bluesky, tmp_path, sure_s=60, manner=manner)

    course = await killed(bluesky, life, 4, SEED, [aim])

    assert any(breach in words for words in course.breaches), course


@pytest.mark.parametrize("kills", [20, pytest.param(100, marks=pytest.mark.long)])
async def test_where_repeats_are_two_posts_none_is_posted_twice(kills, tmp_path, mastodon):
    course = await killed(mastodon, life_of(mastodon, tmp_path, sure_s=2.5), kills, SEED)

    log.info("%s", course)
    assert course.breaches == [], course
    if len(course.overdue) > sum(course.states.values()) / 4:
        pytest.skip("the machine is too busy: the server takes posts after any patience is over")
    assert course.is_whole, course


@pytest.mark.long
async def test_of_the_same_words_each_is_told_from_the_others(tmp_path, mastodon):
    alike = replace(mastodon, twins=2)

    course = await killed(alike, life_of(alike, tmp_path, sure_s=2.5), 20, SEED)

    log.info("%s", course)
    assert course.breaches == [], course
    assert course.states["sent"]


async def test_an_outbox_that_marks_late_is_caught_by_the_same_law(tmp_path, mastodon):
    life = life_of(mastodon, tmp_path, sure_s=2.5, manner="marks late")

    course = await killed(mastodon, life, 4, SEED, [("post", "taken")])

    assert any("there 2 times" in words for words in course.breaches), course
