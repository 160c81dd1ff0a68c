import dash
import pytest
from dash import Input, Output, html

from rtm.web.wsgi import Bridge


def echo(environ, start_response):
    """Answer with what was understood."""
    start_response(
        "207 Told",
        [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Set-Cookie", "a=1"),
            ("Set-Cookie", "b=2"),
            ("Connection", "close"),
        ],
    )
    told = [
        environ["REQUEST_METHOD"],
        environ["PATH_INFO"].encode("latin-1").decode(),
        environ["QUERY_STRING"],
        environ["REMOTE_USER"],
        environ["rtm.person"].name,
        environ.get("HTTP_X_ASKED", ""),
        environ["wsgi.input"].read().decode(),
    ]
    return [part.encode() + b"|" for part in told]


@pytest.fixture
async def bridged(site_of):
    site = await site_of(wsgi=echo)
    await site.login()
    return site


async def test_a_request_is_handed_over_as_it_came(bridged):
    answer = await bridged.client.get("/põld/☕?a=%20b&c=", headers={"X-Asked": "yes"})

    assert (answer.status, answer.reason) == (207, "Told")
    assert await answer.text() == "GET|/põld/☕|a=%20b&c=|winnie|winnie|yes||"
    assert answer.headers.getall("Set-Cookie") == ["a=1", "b=2"]


async def test_a_body_is_handed_over(bridged):
    answer = await bridged.client.post("/x", json={"a": "ü"}, headers=bridged.origin)

    assert (await answer.text()).endswith('|{"a": "\\u00fc"}|')


async def test_nobody_can_pass_for_somebody_else_by_a_header(bridged):
    headers = {"Remote-User": "abe", "Remote_User": "abe", "X_Asked": "no"}

    answer = await bridged.client.get("/x", headers=headers)

    assert "|winnie|winnie||" in await answer.text()


async def test_a_stranger_never_reaches_the_pages(site_of):
    site = await site_of(wsgi=echo)

    answer = await site.client.get("/x", allow_redirects=False)

    assert answer.status == 302


async def test_an_error_is_a_page_in_words_and_the_next_request_is_answered(site_of, caplog):
    closed = []

    class Chunks:
        def __init__(self, path: str) -> None:
            self.path = path

        def __iter__(self):
            yield b"begun"
            if self.path == "/late":
                raise RuntimeError("secret")

        def close(self):
            closed.append(self.path)

    def breaking(environ, start_response):
        if environ["PATH_INFO"] == "/early":
            raise RuntimeError("secret")
        if environ["PATH_INFO"] != "/never":
            start_response("200 OK", [])
        return Chunks(environ["PATH_INFO"])

    site = await site_of(wsgi=breaking)
    await site.login()

    for path in ("/early", "/late", "/never"):
        answer = await site.client.get(path)
        assert answer.status == 500
        assert "secret" not in await answer.text()
    assert await (await site.client.get("/fine")).text() == "begun"
    assert closed == ["/late", "/never", "/fine"]
    assert caplog.text.count("request failed") == 3


async def test_an_error_after_the_beginning_replaces_what_was_begun(site_of):
    def changing(environ, start_response):
        start_response("200 OK", [("X-A", "1")])
        write = start_response("404 Not Found", [("X-B", "2")], (None, None, None))
        write(b"written ")
        return [b"returned"]

    site = await site_of(wsgi=changing)
    await site.login()

    answer = await site.client.get("/x")

    assert (answer.status, await answer.text()) == (404, "written returned")
    assert ("X-A" in answer.headers, answer.headers["X-B"]) == (False, "2")


def test_a_bridge_that_was_shut_takes_nothing_more():
    bridge = Bridge(echo)
    bridge.shut()

    with pytest.raises(RuntimeError):
        bridge._pool.submit(print)


@pytest.fixture
async def dashed(site_of, tmp_path):
    (tmp_path / "style.css").write_text("p { color: red }")
    (tmp_path.parent / "secret.txt").write_text("outside")
    app = dash.Dash("dashed", assets_folder=str(tmp_path))
    app.layout = html.Div([html.Button(id="button"), html.P(id="text")])

    @app.callback(Output("text", "children"), Input("button", "n_clicks"))
    def told(clicks):
        return f"{clicks} clicks"

    site = await site_of(wsgi=app.server, scripts=app.csp_hashes())
    await site.login()
    return site


async def test_a_dash_page_comes_through_with_its_one_inline_script_allowed(dashed):
    page = await dashed.client.get("/some/page?a=1")

    assert page.status == 200
    assert page.content_type == "text/html"
    assert "_dash-renderer" in await page.text()
    assert "'sha256-" in page.headers["Content-Security-Policy"]


async def test_head_tells_the_length_and_sends_nothing(dashed):
    page = await dashed.client.get("/page")
    head = await dashed.client.head("/page")

    assert head.status == 200
    assert int(head.headers["Content-Length"]) == len(await page.read())
    assert await head.read() == b""


async def test_a_dash_callback_is_answered(dashed):
    body = {
        "output": "text.children",
        "outputs": {"id": "text", "property": "children"},
        "inputs": [{"id": "button", "property": "n_clicks", "value": 3}],
        "changedPropIds": ["button.n_clicks"],
        "state": [],
    }

    answer = await dashed.post("/_dash-update-component", body)
    refused = await dashed.client.post("/_dash-update-component", json=body)

    assert (await answer.json())["response"] == {"text": {"children": "3 clicks"}}
    assert refused.status == 403


async def test_an_asset_is_sent_once_and_then_found_unchanged(dashed):
    first = await dashed.client.get("/assets/style.css")
    second = await dashed.client.get(
        "/assets/style.css", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert await first.text() == "p { color: red }"
    assert first.content_type == "text/css"
    assert first.headers["Content-Encoding"] in ("deflate", "gzip")
    assert first.headers["Vary"] == "Accept-Encoding"
    assert first.headers["Cache-Control"] == "no-cache"
    assert (second.status, await second.read()) == (304, b"")
    assert second.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize(
    "path", ["/assets/../secret.txt", "/assets/..%2fsecret.txt", "/assets/%2e%2e/secret.txt",
             "/assets/..%5csecret.txt", "/assets//etc/passwd", "/assets/%00", "/assets/%ff"],
)  # fmt: skip
async def test_no_path_leads_out_of_the_assets(dashed, path):
    answer = await dashed.raw(path)

    assert answer.split()[1] in (b"200", b"400", b"404")  # Dash shows its page for unknown paths
    assert b"outside" not in answer
    assert b"root:" not in answer
    assert b"color: red" in await dashed.raw("/assets/style.css")
