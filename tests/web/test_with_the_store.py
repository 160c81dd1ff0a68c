"""The people of the store behind the web, in place of the fake."""

import asyncio

import pytest
from aiohttp import ClientResponse
from argon2 import PasswordHasher

from rtm.clock import WallClock
from rtm.store.database import Database
from rtm.store.people import People
from rtm.web.app import create_app
from tests.clocks import HandClock
from tests.web.fakes import PASSWORD, FakeDesk, FakePace, FakePictures, FakeRoom, card
from tests.web.site import Site

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def people(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'rtm.sqlite'}")
    database.upgrade()
    yield People(database, WallClock().now, CHEAP)
    database.close()


@pytest.fixture
async def site(people, aiohttp_client):
    room, clock = FakeRoom(card("o1")), HandClock()
    desk = FakeDesk(room)
    app = create_app(room, desk, people, FakePictures(), clock=clock, now_s=lambda: clock.now_s)
    return Site(await aiohttp_client(app), room, desk, people, clock, FakePace())


async def test_from_invitation_to_switched_off(site, people):
    token = people.invite(["writer"])
    form = {"name": "Neli", "password": PASSWORD, "again": PASSWORD}

    short = {**form, "password": "short", "again": "short"}
    refused = await _accept(site, token, short)
    accepted = await asyncio.gather(*(_accept(site, token, form) for _ in range(4)))
    claimed = await site.post("/api/cards/o1/claim", {"work_rev": 1})
    people.switch_off("Neli")
    site.clock.now_s += 5

    assert "10" in await refused.text()
    assert sum(answer.status == 303 for answer in accepted) == 1
    assert (await claimed.json())["card"]["owner"] == "Neli"
    assert (await site.client.get("/api/me")).status == 401


async def test_a_login_by_any_case_of_the_name_and_no_other_password(site, people):
    people.add("Neli", PASSWORD, ["approver"])

    wrong = await _login(site, "neli", PASSWORD + "x")
    strange = await _login(site, "\0' OR 1=1", PASSWORD)
    right = await _login(site, "NELI", PASSWORD)

    assert (wrong.status, strange.status, right.status) == (403, 403, 303)
    assert (await (await site.client.get("/api/me")).json())["name"] == "Neli"


async def _accept(site: Site, token: str, form: dict[str, str]) -> ClientResponse:
    return await site.client.post(
        f"/invite/{token}", data=form, headers=site.origin, allow_redirects=False
    )


async def _login(site: Site, name: str, password: str) -> ClientResponse:
    return await site.client.post(
        "/login",
        data={"name": name, "password": password},
        headers=site.origin,
        allow_redirects=False,
    )
