"""The kill switch and a crisis, over HTTP."""

import pytest

from rtm.desk.roles import Person
from rtm.orders import CrisisDeclared, CrisisOver
from tests.web.fakes import ABE, WINNIE, FakePeople

MODERATOR = Person(name="mo", roles=frozenset({"moderator"}))
ANALYST = Person(name="ana", roles=frozenset({"analyst"}))


@pytest.fixture
async def site_as(site_of):
    async def made(person: Person):
        site = await site_of()
        more = FakePeople(WINNIE, ABE, MODERATOR, ANALYST)
        site.people.known, site.people.passwords = more.known, more.passwords
        await site.login(person)
        return site

    return made


async def test_stopping_tells_what_was_kept_back_what_is_in_the_air_and_what_had_left(site_as):
    site = await site_as(WINNIE)

    answer = await site.post("/api/stop", {"reason": "a crash"})

    assert answer.status == 200
    assert site.desk.stopped == ["a crash"]
    assert await answer.json() == {
        "kept_back": [{"card": "o1", "channel": "dry"}],
        "in_the_air": ["o2"],
        "left": ["o3"],
    }


async def test_who_has_no_role_at_the_desk_stops_nothing(site_as):
    site = await site_as(ANALYST)

    assert (await site.post("/api/stop", {})).status == 403
    assert site.desk.stopped == []


async def test_only_a_moderator_lets_posts_leave_again(site_as):
    writer, moderator = await site_as(WINNIE), await site_as(MODERATOR)

    assert (await writer.post("/api/resume", {})).status == 403
    assert (await moderator.post("/api/resume", {})).status == 200
    assert (writer.desk.resumed, moderator.desk.resumed) == ([], ["mo"])


async def test_a_crisis_is_declared_in_words_and_ended(site_as):
    site = await site_as(MODERATOR)

    silent = await site.post("/api/crisis", {"is_open": True, "what": " "}, key="k1")
    opened = await site.post("/api/crisis", {"is_open": True, "what": "a  recall"}, key="k2")
    ended = await site.post("/api/crisis", {"is_open": False}, key="k3")

    assert (silent.status, opened.status, ended.status) == (400, 200, 200)
    declared, over = site.room.kept
    assert isinstance(declared, CrisisDeclared)
    assert (declared.who, declared.what) == ("mo", "a recall")
    assert isinstance(over, CrisisOver)


async def test_a_writer_declares_no_crisis(site_as):
    site = await site_as(WINNIE)

    assert (await site.post("/api/crisis", {"is_open": True, "what": "x"})).status == 403
    assert site.room.kept == []


@pytest.mark.parametrize("path", ["/api/stop", "/api/resume", "/api/crisis"])
async def test_a_stranger_changes_nothing_in_the_house(stranger, path):
    assert (await stranger.post(path, {"is_open": False})).status == 401
    assert stranger.room.kept == []
