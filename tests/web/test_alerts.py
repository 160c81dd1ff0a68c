"""What is alert, over HTTP; and that only those may silence who answer for it."""

from datetime import timedelta

import pytest
from aiohttp import ClientResponse

from rtm.alerts.alert import Silence
from rtm.alerts.view import AlertsView, AlertView, DeliveryView, SilenceView, TargetView
from rtm.errors import IllegalMove
from tests.alerts.said import START, after
from tests.web.fakes import ABE, WINNIE
from tests.web.site import Site

SHOWN = AlertsView(
    alerts=(
        AlertView(
            id="a1",
            kind="opportunity",
            title="the lights went out",
            text="Open until 12:05 UTC.",
            since_ms=1_000,
            card="o1",
            asked=None,
            is_critical=False,
            is_silenced=False,
            told=("team",),
            by=None,
        ),
    ),
    deliveries=(
        DeliveryView(target="team", subject="x", at_ms=1, state="given up", tries=2, why="404"),
    ),
    targets=(TargetView(name="team", waiting=0, sent=0, failures=2, given_up=1, failed="404"),),
    silences=(
        SilenceView(id="s1", kind="rota", card=None, at_ms=0, until_ms=9, who="abe", why="so"),
    ),
    dropped=0,
)
WISH = {"minutes": 30, "why": "a drill", "kind": "crisis"}


class FakeAlerts:
    def __init__(self) -> None:
        self.said: list[tuple[object, ...]] = []

    def view(self):
        return SHOWN

    def acknowledge(self, id, who):
        if id != "a1":
            raise KeyError(id)
        self.said.append(("acknowledge", id, who))

    def silence(self, who, why, lasts, *, kind, card, key):
        if kind is None and card is None:
            raise IllegalMove("silence: name a kind, a card, or both")
        self.said.append(("silence", who, why, lasts, kind, card, key))
        return Silence(id="s2", at=START, until=after(60), who=who, why=why, kind=kind, card=card)

    def end_silence(self, id, who):
        if id != "s1":
            raise KeyError(id)
        self.said.append(("end", id, who))


@pytest.fixture
def alerts():
    return FakeAlerts()


@pytest.fixture
async def site(site_of, alerts):
    site = await site_of(alerts=alerts)
    assert (await site.login(ABE)).status == 303
    return site


@pytest.fixture
async def writers_site(site_of, alerts):
    site = await site_of(alerts=alerts)
    assert (await site.login(WINNIE)).status == 303
    return site


async def delete(site: Site, path: str, **headers: str) -> ClientResponse:
    return await site.client.delete(path, headers={**site.origin, **headers})


async def test_all_of_it_is_shown(site):
    answer = await (await site.client.get("/api/alerts")).json()

    assert answer["alerts"][0]["title"] == "the lights went out"
    assert answer["deliveries"][0]["state"] == "given up"
    assert answer["targets"][0]["failed"] == "404"
    assert answer["silences"][0]["until_ms"] == 9


async def test_a_person_takes_an_alert_on(writers_site, alerts):
    assert (await writers_site.post("/api/alerts/a1/acknowledge")).status == 200
    assert alerts.said == [("acknowledge", "a1", "winnie")]


async def test_what_is_over_cannot_be_taken_on(site):
    assert (await site.post("/api/alerts/a2/acknowledge")).status == 404


async def test_an_approver_silences(site, alerts):
    answer = await site.post("/api/silences", WISH)

    assert answer.status == 200
    assert (await answer.json())["silence"]["until_ms"] == round(after(60).timestamp() * 1e3)
    assert alerts.said == [
        ("silence", "abe", "a drill", timedelta(minutes=30), "crisis", None, "k1")
    ]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"minutes": 0}, 400),
        ({"minutes": 7 * 24 * 60 + 1}, 400),
        ({"kind": "weather"}, 400),
        ({"kind": None}, 409),
        ({"why": "x" * 501}, 400),
        ({"card": ""}, 400),
        ({"more": 1}, 400),
    ],
)
async def test_a_silence_that_makes_no_sense_is_refused(site, alerts, changes, status):
    assert (await site.post("/api/silences", {**WISH, **changes})).status == status
    assert alerts.said == []


async def test_a_silence_is_ended(site, alerts):
    assert (await delete(site, "/api/silences/s1")).status == 200
    assert (await delete(site, "/api/silences/s9")).status == 404
    assert alerts.said == [("end", "s1", "abe")]


async def test_a_writer_may_not_silence(writers_site, alerts):
    assert (await writers_site.post("/api/silences", WISH)).status == 403
    assert (await delete(writers_site, "/api/silences/s1")).status == 403
    assert alerts.said == []


async def test_another_page_may_not_end_a_silence(site, alerts):
    assert (await delete(site, "/api/silences/s1", Origin="https://evil.example")).status == 403
    assert alerts.said == []


async def test_a_stranger_learns_and_changes_nothing(site_of, alerts):
    stranger = await site_of(alerts=alerts)

    assert (await stranger.client.get("/api/alerts")).status == 401
    assert (await stranger.post("/api/alerts/a1/acknowledge")).status == 401
    assert (await delete(stranger, "/api/silences/s1")).status == 401
    assert alerts.said == []


async def test_where_nobody_is_told_there_is_nothing_to_ask(site_of):
    site = await site_of()
    await site.login()

    assert (await site.client.get("/api/alerts")).status == 404
