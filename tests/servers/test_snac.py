"""What rtm has to know of a server that is not Mastodon, shown on a real one."""

from datetime import UTC, datetime

import pytest

from tests.servers.snac import Account, Snac

KICK_OFF = datetime(2013, 2, 3, 23, 30, tzinfo=UTC)


@pytest.fixture
def brand(snac: Snac) -> Account:
    return snac.account(f"s{datetime.now(UTC):%H%M%S%f}")


def test_what_somebody_posts_is_there_letter_by_letter(snac, brand):
    uri = snac.post(brand, "Dunk <b>it</b> & 'that'")

    (post,) = snac.posts(brand)
    assert (post.uri, post.text) == (uri, "Dunk <b>it</b> & 'that'")


def test_a_post_of_the_past_is_older_than_one_of_now(snac, brand):
    snac.post(brand, "now")
    snac.post(brand, "then", KICK_OFF)

    assert [post.text for post in snac.posts(brand)] == ["then", "now"]
    told = snac.call(f"/api/v1/accounts/{brand.id}/statuses")
    assert {one["text"]: one["created_at"][:4] for one in told}["then"] == "2013"


def test_the_same_key_twice_is_two_posts(snac, brand):
    for _ in range(2):
        snac.call("/api/v1/statuses", {"status": "dunk"}, brand.token, idempotency_key="one")

    assert [post.text for post in snac.posts(brand)] == ["dunk", "dunk"]


def test_an_accounts_posts_come_whole_whatever_is_asked(snac, brand):
    for number in range(5):
        snac.post(brand, f"dunk {number}")

    told = snac.call(f"/api/v1/accounts/{brand.id}/statuses?limit=2&max_id=1")

    assert len(told) == 5
