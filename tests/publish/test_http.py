"""A call goes where it was meant for, is read up to a bound, and tells nothing of its address."""

import asyncio
import traceback
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from rtm.errors import ConfigError
from rtm.publish.http import MOST_BYTES, Answer, Failed, Http, Part, one_line, wait_s
from rtm.publish.service import place_of
from tests.servers.faulty import Faulty

NOW_S = 1_359_942_498.0
SECRET = "a-secret-in-the-path"


class Plain(Faulty):
    """A server that says what it was told to."""

    def __init__(self) -> None:
        super().__init__()
        self.says = web.Response()
        self.heard: list[dict[str, str]] = []

    def _name(self, request: web.Request) -> str:
        return request.method

    async def _taken(self, name: str, request: web.Request) -> web.Response:
        if request.content_type == "multipart/form-data":
            form = await request.post()
            self.heard.append({name: type(value).__name__ for name, value in form.items()})
        return self.says


@pytest.fixture
async def server() -> AsyncIterator[Plain]:
    made = Plain()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    made = Http(patience_s=0.5)
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("body", "fields", "rows"),
    [
        (b'{"a": 1}', {"a": 1}, []),
        (b'[{"a": 1}, 2]', {}, [{"a": 1}]),
        (b"null", {}, []),
        (b"", {}, []),
        (b"[" * 100_000, {}, []),
        (b'"' + b"x" * (MOST_BYTES + 1) + b'"', {}, []),
    ],
)
async def test_an_answer_is_an_object_a_list_or_nothing(body, fields, rows, server: Plain, http):
    server.says = web.Response(body=body)

    answer = await http.call("GET", server.url)

    assert (answer.fields, answer.rows) == (fields, rows)
    assert answer.is_fine


async def test_an_answer_that_is_no_json_is_told_unless_it_is_a_page(server: Plain, http: Http):
    server.says = web.Response(text="no_service\n", status=404)
    told = await http.call("POST", server.url, json={})
    server.says = web.Response(text="<html>no service</html>", status=404)
    page = await http.call("POST", server.url, json={})

    assert (told.words, page.words) == ("no_service", "")


async def test_a_packed_answer_is_not_unpacked(server: Plain, http: Http):
    server.says = web.Response(body=b"\x1f\x8b\x08", headers={"Content-Encoding": "gzip"})

    assert (await http.call("GET", server.url)).body is None


async def test_a_redirection_is_an_answer(server: Plain, http: Http):
    server.says = web.Response(status=307, headers={"Location": f"{server.url}/elsewhere"})

    answer = await http.call("POST", server.url, json={})

    assert answer.status == 307
    assert server.calls == ["POST"]


async def test_a_form_has_fields_and_files(server: Plain, http: Http):
    parts = [Part("words", "a cookie"), Part("file", b"...", "cookie.png", "image/png")]

    await http.call("POST", server.url, parts=parts)

    assert server.heard == [{"words": "str", "file": "FileField"}]


@pytest.mark.parametrize("fault", ["cut", "hang", "lost", "held"])
async def test_a_call_that_breaks_off_may_have_been_sent(fault, server: Plain, http: Http):
    server.faults["POST"].append(fault)

    with pytest.raises(Failed) as caught:
        await http.call("POST", f"{server.url}/{SECRET}", json={})

    assert caught.value.is_sent
    assert SECRET not in "".join(traceback.format_exception(caught.value))


async def test_a_server_that_is_not_there_was_never_sent_anything(server: Plain, http: Http):
    await server.stop()

    with pytest.raises(Failed) as caught:
        await http.call("POST", f"{server.url}/{SECRET}", json={})

    assert not caught.value.is_sent
    assert SECRET not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("url", ["http://", "nowhere", f"http://[{SECRET}"])
async def test_what_is_no_address_is_never_called(url, http: Http):
    with pytest.raises(Failed) as caught:
        await http.call("POST", url, json={})

    assert not caught.value.is_sent
    assert SECRET not in "".join(traceback.format_exception(caught.value))


async def test_an_answer_that_is_no_http_tells_no_address(http: Http):
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(64)
        writer.write(b"220 mail.example ESMTP\r\n\r\n")
        writer.close()

    mail = await asyncio.start_server(speak, "127.0.0.1", 0)
    port = mail.sockets[0].getsockname()[1]

    with pytest.raises(Failed) as caught:
        await http.call("POST", f"http://127.0.0.1:{port}/{SECRET}", json={})
    mail.close()

    assert caught.value.is_sent
    assert SECRET not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, 30),
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "0.25"}, 1),
        ({"Retry-After": "1."}, 1),
        ({"Retry-After": "Mon, 04 Feb 2013 01:50:18 GMT"}, 120),
        ({"X-RateLimit-Reset-After": "2.5"}, 2.5),
        ({"ratelimit-reset": "1359942598"}, 100),
        ({"X-RateLimit-Reset": "2013-02-04T01:49:18.250Z"}, 60.25),
        ({"X-RateLimit-Reset": "2013-02-04T01:40:18Z"}, 1),
        ({"X-RateLimit-Reset": "9999-12-31T00:00:00Z"}, 86_400),
        ({"X-RateLimit-Reset": "tomorrow"}, 30),
        ({"Retry-After": "nan"}, 30),
        ({"Retry-After": "1e9"}, 30),
        ({"Retry-After": "9" * 400}, 30),
        ({"Retry-After": "7", "X-RateLimit-Reset": "2013-02-04T01:49:18Z"}, 7),
    ],
)
def test_a_wait_is_read_however_a_server_says_it(headers, wait):
    assert wait_s(Answer(429, headers, None), NOW_S) == wait


def test_words_of_a_stranger_are_one_short_line():
    assert one_line("a\nb\x00c\u2028d" + "x" * 9_000) == "a b c d" + "x" * 1_993


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        "https://",
        "https://a.b:x",
        "https://u@a.b",
        "https://a.b#c",
        "https://[",
        "ftp://a",
    ],
)
def test_what_is_no_address_is_refused_with_its_variable(address):
    with pytest.raises(ConfigError, match=r"^RTM_X: not an address; write https://example\.com$"):
        place_of(address, "RTM_X", "https://example.com")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "pds.localhost"])
def test_only_on_this_machine_nothing_need_be_hidden(host):
    assert place_of(f"http://{host}:1/", "RTM_X", "").is_here
    with pytest.raises(ConfigError, match="http would show what is secret"):
        place_of("http://localhost.example.com", "RTM_X", "")


def test_a_secret_address_is_told_by_a_sign_only():
    place = place_of(f"https://a.b/services/{SECRET}", "RTM_X", "", is_whole=True)

    assert SECRET not in repr(place) + place.account
    assert SECRET in place.secrets
