import pytest

from rtm.web.app import create_app
from tests.clocks import HandClock
from tests.web.fakes import (
    ABE,
    ADA,
    WINNIE,
    FakeDesk,
    FakePace,
    FakePeople,
    FakePictures,
    FakeRoom,
    card,
)
from tests.web.site import Site


@pytest.fixture
def site_of(aiohttp_client):
    """Return a maker of sites; what it is given goes to ``create_app``."""

    async def made(**parts):
        room, people, clock = FakeRoom(card("o1")), FakePeople(WINNIE, ABE, ADA), HandClock()
        parts = {"pace": FakePace(), "now_s": lambda: clock.now_s, **parts}
        desk = FakeDesk(room)
        app = create_app(room, desk, people, FakePictures(), clock=clock, **parts)
        return Site(await aiohttp_client(app), room, desk, people, clock, parts["pace"])

    return made


@pytest.fixture
async def stranger(site_of):
    return await site_of()


@pytest.fixture
async def site(site_of):
    site = await site_of()
    assert (await site.login()).status == 303
    return site
