from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientResponse
from yarl import URL

from rtm.web.guard import host_of, is_own, same_site
from rtm.web.pages import SCRIPTS

HEADERS = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Server")


async def test_a_stranger_is_sent_to_the_login_and_comes_back(stranger):
    sent = await stranger.client.get("/desk?card=o1", allow_redirects=False)

    assert sent.status == 302
    asked = URL(sent.headers["Location"])
    assert (asked.path, asked.query["next"]) == ("/login", "/desk?card=o1")


@pytest.mark.parametrize("path", ["/api/me", "/ws", "/api/unknown", "/_dash-layout"])
async def test_scripts_of_a_stranger_are_told_401_and_those_of_a_person_are_not(stranger, path):
    refused = await stranger.client.get(path)
    await stranger.login()
    taken = await stranger.client.get(path)

    assert refused.status == 401
    assert (await refused.json())["error"]
    assert taken.status != 401


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://127.0.0.1"])
async def test_a_step_from_elsewhere_is_refused_and_from_our_own_page_taken(site, origin):
    body, path = {"work_rev": 1}, "/api/cards/o1/claim"
    headers = {"Idempotency-Key": "k"} | ({"Origin": origin} if origin else {})

    refused = await site.client.post(path, json=body, headers=headers)
    assert (refused.status, site.room.keys) == (403, [])

    taken = await site.post(path, body)
    assert (taken.status, site.room.keys) == (200, ["k1"])


@pytest.mark.parametrize("origin", [None, "https://evil.example"])
async def test_a_socket_from_elsewhere_is_refused_and_from_our_own_page_opened(site, origin):
    headers = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    headers |= {"Origin": origin} if origin else {}

    refused = await site.client.get("/ws", headers=headers)
    opened = await site.screen()

    assert refused.status == 403
    assert not opened.closed
    await opened.close()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "a b", "x" * 300])
async def test_a_rebound_name_is_refused(site, host):
    assert (await site.client.get("/healthz", headers={"Host": host})).status == 421


@pytest.mark.parametrize("host", ["localhost:8050", "127.0.0.1", "[::1]:9", "Board.example:443"])
async def test_our_own_names_are_answered(site_of, host):
    site = await site_of(allowed_hosts=["board.example"])

    assert (await site.client.get("/healthz", headers={"Host": host})).status == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "OPTIONS", "TRACE"])
async def test_other_methods_are_refused(site, method):
    assert (await site.client.request(method, "/api/me", headers=site.origin)).status == 405


async def test_nothing_is_deleted_where_nothing_can_be_or_by_another_page(site):
    assert (await site.client.delete("/api/me", headers=site.origin)).status == 404
    assert (await site.client.delete("/api/me")).status == 403


@pytest.mark.parametrize("is_chunked", [False, True])
async def test_64_kib_are_read_and_not_more(site, is_chunked):
    async def chunks(body: bytes) -> AsyncIterator[bytes]:
        yield body

    async def posted(size: int) -> int:
        body = b'{"work_rev":1,"text":"' + b"x" * size + b'"}'
        headers = site.origin | {"Content-Type": "application/json", "Idempotency-Key": "k"}
        path, sent = "/api/cards/o1/claim", chunks(body) if is_chunked else body
        answer: ClientResponse = await site.client.post(path, data=sent, headers=headers)
        return answer.status

    assert await posted(70_000) == 413
    assert await posted(60_000) == 200


async def test_other_kinds_of_body_are_refused(site):
    for kind in ("text/plain", "multipart/form-data; boundary=x", "application/xml"):
        headers = site.origin | {"Content-Type": kind}
        answer = await site.client.post("/api/cards/o1/claim", data=b"{}", headers=headers)
        assert answer.status == 415

    assert (await site.post("/api/cards/o1/claim", {"work_rev": 1})).status == 200


async def test_every_kind_of_response_carries_the_headers(site_of):
    def broken(environ, start_response):
        if environ["PATH_INFO"] == "/boom":
            raise RuntimeError("secret")
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"page"]

    site = await site_of(wsgi=broken)
    asked = [
        await site.client.get("/login"),
        await site.client.get("/desk", allow_redirects=False),
        await site.client.get("/api/me"),
        await site.client.get("/healthz"),
        await site.client.post("/login"),
        await site.client.get("/invite/none"),
        await site.client.put("/login"),
        await site.client.get("/login", headers={"Host": "evil.example"}),
        await site.login(),
        await site.client.get("/", allow_redirects=False),
        await site.client.get("/page"),
        await site.client.get("/boom"),
        await site.client.get("/api/me"),
        await site.client.get("/api/none"),
        await site.client.get("/ws"),
    ]
    socket = await site.screen()

    assert [answer.status for answer in asked] == [
        200, 302, 401, 200, 403, 410, 405, 421, 303, 302, 200, 500, 200, 404, 426
    ]  # fmt: skip
    for answer in [*asked, socket._response]:
        assert all(name in answer.headers for name in HEADERS), answer.url
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Server"] == "rtm"
    assert "secret" not in await asked[11].text()
    await socket.close()


async def test_only_named_inline_scripts_may_run(site_of):
    site = await site_of(scripts=["'sha256-abc='"])

    policy = (await site.client.get("/login")).headers["Content-Security-Policy"]

    assert f"script-src 'self' 'sha256-abc=' {' '.join(SCRIPTS)};" in policy
    assert "unsafe-eval" not in policy


async def test_a_link_from_elsewhere_is_opened_anew_so_that_the_cookie_comes_along(stranger):
    page = await stranger.client.get("/desk?a=%22b", headers={"Sec-Fetch-Site": "cross-site"})

    assert page.status == 200
    assert 'content="0;url=/desk?a=%22b"' in await page.text()


@pytest.mark.parametrize(
    "path",
    ["/login/../desk", "/login%2f..%2fdesk", "/invite/../desk", "/invite/..%2f..%2fdesk",
     "/healthz/..%2fdesk", "/invite/a/b", "//desk", "/api/../desk"],
)  # fmt: skip
async def test_no_way_around_the_login(site_of, path):
    reached = []

    def pages(environ, start_response):
        reached.append(environ["PATH_INFO"])
        start_response("200 OK", [])
        return [b""]

    site = await site_of(wsgi=pages)
    status = (await site.raw(path)).split()[1]

    assert status in (b"302", b"401", b"410")
    assert reached == []


async def test_a_session_that_was_ended_elsewhere_is_over_within_five_seconds(site):
    assert (await site.client.get("/api/me")).status == 200
    site.people.sessions.clear()

    site.clock.now_s += 5

    assert (await site.client.get("/api/me")).status == 401


def test_what_names_a_host():
    assert host_of("localhost:99999999") is None
    assert host_of("127.0.0.1, evil") is None
    assert not is_own("ftp://a", "a")
    assert is_own("https://a", "A")


@pytest.mark.parametrize(
    "target",
    ["", None, "desk", "//evil.example", "/\\evil.example", "/\t/evil.example", "\\\\evil",
     "https://evil.example", "javascript:alert(1)", "/a\r\nSet-Cookie: x=y", "/" + "a" * 3_000],
)  # fmt: skip
def test_another_site_is_no_place_to_go_on_to(target):
    assert same_site(target) == "/"


def test_a_place_of_this_site_is_kept():
    assert same_site("/desk?card=o1&x=%20ä#top") == "/desk?card=o1&x=%20%C3%A4#top"
