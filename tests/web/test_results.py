"""Impressions that people enter, and the running meter, over HTTP."""

import pytest

from rtm.board.tallies import CardResults, CostView, RoomCost
from rtm.desk.deciding import NotAllowed
from rtm.desk.roles import Person
from rtm.errors import IllegalMove
from tests.web.fakes import ABE, WINNIE

READ = {"channel": "bluesky", "views": 3_002_355, "followers": 69_000}
PATH = "/api/cards/o1/impressions"
METER = CostView(
    at_ms=1_000, eur_per_hour=2_250.0, people=15, since_ms=0, eur=38_250.0, views=3_002_355,
    eur_per_thousand=12.74, paid=8.0, break_even=4_781_250, compared="dearer",
)  # fmt: skip

RESULTS = CardResults(
    posts=(), views=3_002_355, amplification=43.5, found_to_sent=None,
    whole_event=RoomCost(eur=38_250.0, eur_per_thousand=12.74), event="Super Bowl XLVII",
)  # fmt: skip


class FakeReckoning:
    def __init__(self) -> None:
        self.entered: list[tuple[str, str, str, int, int | None]] = []
        self.keys: list[str] = []

    async def enter_impressions(
        self,
        person: Person,
        card_id: str,
        *,
        channel: str,
        views: int,
        followers: int | None,
        key: str,
    ) -> CardResults | None:
        if card_id != "o1":
            raise KeyError(card_id)
        if "writer" not in person.roles:
            raise NotAllowed("impressions: not you")
        if channel != "bluesky":
            raise IllegalMove("impressions: nothing was sent there")
        if key not in self.keys:
            self.keys.append(key)
            self.entered.append((person.name, card_id, channel, views, followers))
        return RESULTS

    def results_of(self, card_id: str) -> CardResults | None:
        if card_id != "o1":
            raise KeyError(card_id)
        return RESULTS if self.entered else None

    def costs(self) -> CostView:
        return METER


@pytest.fixture
def reckoning():
    return FakeReckoning()


@pytest.fixture
async def site(site_of, reckoning):
    site = await site_of(reckoning=reckoning)
    assert (await site.login()).status == 303
    return site


async def test_impressions_are_kept_with_who_entered_them(site, reckoning):
    answer = await site.post(PATH, READ)

    assert answer.status == 200
    assert (await answer.json())["results"]["views"] == 3_002_355
    assert reckoning.entered == [(WINNIE.name, "o1", "bluesky", 3_002_355, 69_000)]


async def test_followers_need_not_be_told(site, reckoning):
    assert (await site.post(PATH, {"channel": "bluesky", "views": 0})).status == 200
    assert reckoning.entered == [(WINNIE.name, "o1", "bluesky", 0, None)]


async def test_the_same_key_enters_them_once(site, reckoning):
    for _ in range(2):
        assert (await site.post(PATH, READ, key="same")).status == 200

    assert len(reckoning.entered) == 1


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({**READ, "views": -1}, 400),
        ({**READ, "views": 1.5}, 400),
        ({**READ, "views": 10**13}, 400),
        ({**READ, "views": None}, 400),
        ({**READ, "followers": -1}, 400),
        ({**READ, "channel": ""}, 400),
        ({**READ, "more": 1}, 400),
        ({"channel": "bluesky"}, 400),
        ({**READ, "channel": "mastodon"}, 409),
    ],
)
async def test_impressions_that_make_no_sense_are_refused(site, reckoning, wish, status):
    answer = await site.post(PATH, wish)

    assert answer.status == status
    assert (await answer.json())["error"]
    assert reckoning.entered == []


async def test_a_card_that_is_gone_has_no_impressions(site):
    assert (await site.post("/api/cards/o9/impressions", READ)).status == 404


async def test_what_became_of_a_card_is_told(site):
    before = await (await site.client.get("/api/cards/o1/results")).json()
    await site.post(PATH, READ)
    after = await (await site.client.get("/api/cards/o1/results")).json()

    assert before == {"results": None}
    assert after["results"]["whole_event"] == {"eur": 38_250.0, "eur_per_thousand": 12.74}
    assert (await site.client.get("/api/cards/o9/results")).status == 404


async def test_whoever_may_not_enter_them_is_told_so(site_of, reckoning):
    site = await site_of(reckoning=reckoning)
    await site.login(ABE)

    assert (await site.post(PATH, READ)).status == 403
    assert reckoning.entered == []


async def test_the_meter_is_told(site):
    answer = await (await site.client.get("/api/costs")).json()

    assert answer == {
        "at_ms": 1_000, "eur_per_hour": 2_250.0, "people": 15, "since_ms": 0, "eur": 38_250.0,
        "views": 3_002_355, "eur_per_thousand": 12.74, "paid": 8.0, "break_even": 4_781_250,
        "compared": "dearer",
    }  # fmt: skip


async def test_a_stranger_learns_nothing_of_it(site_of, reckoning):
    stranger = await site_of(reckoning=reckoning)

    assert (await stranger.client.get("/api/costs")).status == 401
    assert (await stranger.client.get("/api/cards/o1/results")).status == 401
    assert (await stranger.post(PATH, READ)).status == 401
    assert reckoning.entered == []


async def test_a_step_is_still_a_step(site):
    answer = await site.post("/api/cards/o1/claim", {"work_rev": 1})

    assert (await answer.json())["card"]["state"] == "claimed"
