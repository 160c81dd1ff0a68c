"""The look at links, on a server of this machine that answers in every way a site does."""

import asyncio
import shutil
import socket
import ssl
import subprocess
from collections import Counter

import pytest
from aiohttp import web

from rtm.desk.checks import Looked
from rtm.lookups import Links

__all__ = ["links", "self_made", "site"]  # fixtures

HERE = "127.0.0.1"
INSIDE = {"inside.test": "10.0.0.8", "metadata.test": "169.254.169.254", "six.test": "fd00::1"}
PRIVATE = "stands in a private network, where nobody outside can open it: take it out."


class Site:
    """A server for all names; ``passes`` says where a path of a host leads."""

    def __init__(self) -> None:
        self.port = 0
        self.passes: dict[str, str] = {}
        self.statuses: dict[str, int] = {}
        self.calls: Counter[str] = Counter()
        self.cookies: list[str] = []
        self.written = 0
        self._over = asyncio.Event()
        self._runner = web.AppRunner(self._app(), shutdown_timeout=0.1)

    def _app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        return app

    async def start(self, secured: ssl.SSLContext | None = None) -> None:
        await self._runner.setup()
        site = web.TCPSite(self._runner, HERE, 0, ssl_context=secured)
        await site.start()
        (listening,) = self._runner.addresses
        self.port = listening[1]

    async def stop(self) -> None:
        self._over.set()
        await self._runner.cleanup()

    def at(self, place: str) -> str:
        host, _, path = place.partition("/")
        return f"http://{host}:{self.port}/{path}"

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        place = f"{request.url.host}{request.path}"
        self.calls[place] += 1
        self.cookies += list(request.cookies)
        if place in self.passes:
            there = self.passes[place]
            location = self.at(there[1:]) if there.startswith("*") else there
            return web.Response(status=302, headers={"Location": location, "Set-Cookie": "a=b"})
        if place.endswith("/slow"):
            await self._over.wait()
        if place.endswith("/endless"):
            return await self._endless(request)
        return web.Response(status=self.statuses.get(place, 200), text="hello")

    async def _endless(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b"x" * 65_536)
                self.written += 65_536
        except (ConnectionError, asyncio.CancelledError):
            return response


@pytest.fixture
async def site():
    started = Site()
    await started.start()
    yield started
    await started.stop()


@pytest.fixture
def self_made(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=oreo.test"
    subprocess.run(
        [*made.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True
    )
    secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secured.load_cert_chain(certificate, key)
    return secured


@pytest.fixture
async def links():
    made = Links(resolve=resolved, loopback=True)
    yield made
    await made.close()


def resolved(host: str) -> list[str]:
    if host == "nowhere.test":
        raise socket.gaierror(socket.EAI_NONAME, "not known")
    if host == "later.test":
        raise socket.gaierror(socket.EAI_AGAIN, "try again")
    if host == "both.test":
        return [HERE, "10.0.0.8"]
    return [INSIDE.get(host, HERE)]


async def seen(links: Links, address: str) -> Looked | None:
    return (await links.look([address]))[address]


async def test_a_site_that_is_there_is_told_nothing(site, links):
    assert await seen(links, site.at("oreo.test/dark")) is None


@pytest.mark.parametrize("status", [404, 410])
async def test_what_is_gone_stops(site, links, status):
    site.statuses["oreo.test/dark"] = status

    found = await seen(links, site.at("oreo.test/dark"))

    assert found == Looked(f"is not there ({status}): mend it, or take it out.", True)


@pytest.mark.parametrize("status", [401, 403, 405, 429, 451, 500, 503, 304])
async def test_what_says_nothing_is_told_and_stops_nobody(site, links, status):
    site.statuses["oreo.test/dark"] = status

    found = await seen(links, site.at("oreo.test/dark"))

    assert found == Looked(f"could not be checked (it answered {status}): open it yourself.", False)


async def test_a_redirect_on_the_same_site_is_fine(site, links):
    site.passes = {"oreo.test/a": "*www.oreo.test/b", "www.oreo.test/b": "/c"}

    assert await seen(links, site.at("oreo.test/a")) is None
    assert site.calls["www.oreo.test/c"] == 1


async def test_a_redirect_to_another_site_stops(site, links):
    site.passes = {"oreo.test/a": "*other.test/b"}

    found = await seen(links, site.at("oreo.test/a"))

    assert found == Looked("leads on to another site, other.test: write its own address.", True)


async def test_a_shortener_is_told_with_where_it_leads(site, links):
    site.passes = {"bit.ly/a": "*oreo.test/b"}

    assert await seen(links, site.at("bit.ly/a")) == Looked("leads to oreo.test.", False)


async def test_what_is_gone_behind_a_redirect_stops(site, links):
    site.passes, site.statuses = {"bit.ly/a": "*oreo.test/b"}, {"oreo.test/b": 404}

    found = await seen(links, site.at("bit.ly/a"))

    assert found is not None
    assert found.stops
    assert found.words.startswith("leads to an address that is not there (404)")


async def test_five_redirects_are_followed_and_six_stop(site, links):
    site.passes = {f"oreo.test/{n}": f"/{n + 1}" for n in range(1, 7)}

    assert await seen(links, site.at("oreo.test/2")) is None
    found = await seen(links, site.at("oreo.test/1"))

    assert found == Looked("is passed on more than 5 times: mend it there.", True)


@pytest.mark.parametrize("host", [*INSIDE, "both.test"])
async def test_a_name_in_a_private_network_is_never_connected_to(site, links, host):
    assert await seen(links, site.at(f"{host}/a")) == Looked(PRIVATE, True)
    assert not site.calls


@pytest.mark.parametrize("host", [*INSIDE, "both.test"])
async def test_a_redirect_into_a_private_network_is_never_followed(site, links, host):
    site.passes = {"oreo.test/a": f"*{host}/b"}

    found = await seen(links, site.at("oreo.test/a"))

    assert found == Looked(f"leads to an address that {PRIVATE}", True)
    assert site.calls == {"oreo.test/a": 1}


@pytest.mark.parametrize(
    "there",
    [
        "http://127.0.0.1:1/",
        "https://[::1]/",
        "https://2130706433/",
        "https://u:p@oreo.test/",
        "file:///etc/passwd",
        "gopher://oreo.test/",
        "https://localhost/",
        "javascript:alert(1)",
    ],
)
async def test_a_redirect_to_what_no_link_may_be_is_never_followed(site, links, there):
    site.passes = {"oreo.test/a": there}

    found = await seen(links, site.at("oreo.test/a"))

    assert found is not None
    assert found.stops
    assert found.words.startswith("leads to an address that ")
    assert sum(site.calls.values()) == 1


async def test_a_look_that_judges_no_redirect_would_have_followed_it(site):
    class Trusting(Links):
        def _wrong(self, address: str) -> Looked | None:
            return None

    blind = Trusting(resolve=resolved, loopback=True)
    site.passes = {"oreo.test/a": f"*{HERE}/b"}

    await seen(blind, site.at("oreo.test/a"))
    await blind.close()

    assert site.calls[f"{HERE}/b"] == 1


async def test_a_redirect_that_makes_no_sense_is_told_and_stops_nobody(site, links):
    site.passes = {"oreo.test/a": "https://[broken/"}

    found = await seen(links, site.at("oreo.test/a"))

    assert found is not None
    assert not found.stops


async def test_this_machine_is_let_in_for_tests_only(site):
    strict = Links(resolve=resolved)
    address = site.at("oreo.test/a").replace("http:", "https:")

    found = await seen(strict, address)
    await strict.close()

    assert found == Looked(PRIVATE, True)
    assert not site.calls


async def test_a_look_without_the_guard_would_have_connected(site):
    class Trusting(Links):
        def _is_open(self, address: str) -> bool:
            return True

    blind = Trusting(resolve=lambda host: [HERE])
    address = site.at("oreo.test/a").replace("http:", "https:")

    found = await seen(blind, address)
    await blind.close()

    assert found is not None
    assert not found.stops
    assert "no secure connection" in found.words


async def test_the_address_that_is_connected_to_is_judged_whoever_resolved_it(site):
    class Rebound(Links):
        """The resolver is shown a public address, and the connection another one."""

        def _is_open(self, address: str) -> bool:
            asked.append(address)
            return len(asked) < 2

    asked: list[str] = []
    links = Rebound(resolve=lambda host: [HERE])

    found = await seen(links, site.at("oreo.test/a").replace("http:", "https:"))
    await links.close()

    assert found == Looked(PRIVATE, True)
    assert asked == [HERE, HERE]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
async def test_a_certificate_that_nobody_vouches_for_stops(self_made, links):
    site = Site()
    await site.start(self_made)

    found = await seen(links, site.at("oreo.test/a").replace("http:", "https:"))
    await site.stop()

    assert found == Looked("has no valid certificate, and browsers warn of it: mend it.", True)
    assert not site.calls


async def test_a_name_that_is_not_there_stops_and_one_that_cannot_be_asked_does_not(site, links):
    gone = await seen(links, site.at("nowhere.test/a"))
    later = await seen(links, site.at("later.test/a"))

    assert gone == Looked("names a site that is not there: mend it, or take it out.", True)
    assert later is not None
    assert not later.stops


async def test_an_address_is_wrong_before_anything_is_asked(site, links):
    found = await seen(links, f"http://{HERE}:{site.port}/a")

    assert found is not None
    assert found.stops
    assert not site.calls


async def test_no_cookie_is_brought_along(site, links):
    site.passes = {"oreo.test/a": "/b"}

    await links.look([site.at("oreo.test/a"), site.at("oreo.test/b")])

    assert site.cookies == []


async def test_a_slow_site_is_told_within_its_time_and_holds_up_no_other(site):
    links = Links(resolve=resolved, loopback=True, each_s=0.2)

    found = await links.look([site.at("oreo.test/slow"), site.at("oreo.test/a")])
    await links.close()

    slow, quick = found.values()
    assert slow is not None
    assert not slow.stops
    assert quick is None


async def test_all_together_have_a_time_too(site):
    links = Links(resolve=resolved, loopback=True, all_s=0.2)

    found = await links.look([site.at(f"oreo{n}.test/slow") for n in range(3)])
    await links.close()

    assert {one.words for one in found.values() if one} == {
        "could not be checked (no answer within 0.2 s): open it yourself."
    }


async def test_of_an_endless_answer_hardly_anything_is_read(site, links):
    assert await seen(links, site.at("oreo.test/endless")) is None

    assert site.written < 8 << 20  # what buffers between the two hold


async def test_what_was_seen_is_remembered_for_a_minute(site):
    at = [0.0]
    links = Links(resolve=resolved, loopback=True, steady_s=lambda: at[0])
    address = site.at("oreo.test/a")

    for moment in (0.0, 59.0, 60.0):
        at[0] = moment
        await links.look([address, address])
    await links.close()

    assert site.calls["oreo.test/a"] == 2


async def test_of_too_many_links_the_last_are_told_as_not_checked(site, links):
    addresses = [site.at(f"oreo.test/{n}") for n in range(22)]

    found = await links.look(addresses)

    assert set(found) == set(addresses)
    assert [one for one in addresses if found[one] is not None] == addresses[20:]
