"""The one guard: every request passes it, and every response carries its headers.

In order: is this our host (a name that was rebound to us is not), is the method one we know, does
a changing request come from our own pages, is its body small and of a kind we read, and who is it?
"""

import logging
import re
from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import quote, urlsplit

import msgspec
from aiohttp import web
from aiohttp.typedefs import Middleware

from rtm.desk.roles import Person
from rtm.web.pages import again, said
from rtm.web.sessions import COOKIE, SESSIONS

log = logging.getLogger(__name__)

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
LONGEST_BODY = 64 * 1024
LONGER_BODIES = {
    "/api/rules": 512 * 1024,  # 200 kB of rules, and what JSON writes around them
    "/api/pictures": 20_000_000,
}
RAW = "/api/pictures"  # a body that is neither JSON nor a form
LONGEST_TARGET = 2_000
CHANGING = ("POST", "DELETE")
METHODS = ("GET", "HEAD", *CHANGING)
PERSON = web.RequestKey("person", Person)
TOKEN = web.RequestKey("token", str)
HOSTS = web.AppKey("hosts", set[str])

_HOST = re.compile(r"(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9._-]{1,253}))(?::\d{1,5})?")
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_FETCHED = ("/api", "/ws", "/_dash", "/_reload")  # by scripts, which a redirect would mislead

# Plotly and Dash write styles into elements. Scripts come from files; Dash's own starting line is
# named by its hash. No part needs eval: checked in a browser with dash 4.4 and plotly 7.1.
_POLICY = (
    "default-src 'self'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# not no-referrer, which would make browsers send "Origin: null" with our own forms
_REFERRER = "same-origin"


def host_of(header: str) -> str | None:
    """Return the host that a ``Host`` header names, without its port; None when it is no host.

    >>> host_of("Localhost:8050"), host_of("[::1]:80"), host_of("a b")
    ('localhost', '::1', None)
    """
    match = _HOST.fullmatch(header.lower())
    return None if match is None else match[1] or match[2]


def is_own(origin: str | None, host: str) -> bool:
    """Tell whether an ``Origin`` header names the ``Host`` that was asked.

    >>> is_own("http://localhost:8050", "localhost:8050"), is_own("null", "localhost:8050")
    (True, False)
    """
    scheme, _, rest = (origin or "").lower().partition("://")
    return scheme in ("http", "https") and rest == host.lower()


def same_site(target: str | None) -> str:
    """Return where to go on to: a path of this site, whatever was asked.

    >>> same_site("/desk?card=o1"), same_site("//evil.example"), same_site("https://evil.example")
    ('/desk?card=o1', '/', '/')
    """
    if (
        not target
        or len(target) > LONGEST_TARGET
        or not target.startswith("/")
        or target.startswith("//")
        or any(letter <= " " or letter in "\\\x7f" for letter in target)
    ):
        return "/"
    try:
        parts = urlsplit(target)
    except ValueError:
        return "/"
    if parts.scheme or parts.netloc:
        return "/"
    return quote(target, safe="/?&=%:@!$'()*+,;~#-._")


def longest_body(request: web.Request) -> int:
    """Return how many bytes of a request's body are read."""
    return LONGER_BODIES.get(request.path, LONGEST_BODY)


def wrong(request: web.Request, status: int, text: str) -> web.Response:
    """Return an error in words: JSON for scripts, a page for people."""
    if request.path.startswith(_FETCHED):
        return web.json_response({"error": text}, status=status, dumps=_dumps)
    return said(_TITLES.get(status, "That did not work"), text, status=status)


def guard(public: Iterable[Answer]) -> Middleware:
    """Return the middleware; ``public`` are the answers that need no session."""
    answers = frozenset(public)

    @web.middleware
    async def guarded(request: web.Request, handler: Answer) -> web.StreamResponse:
        refusal = _refusal(request)
        if refusal is not None:
            return wrong(request, *refusal)
        try:
            if request.match_info.handler not in answers:
                token = request.cookies.get(COOKIE)
                person = await request.app[SESSIONS].person(token)
                if person is None or token is None:
                    return _stranger(request)
                request[PERSON], request[TOKEN] = person, token
            return await handler(request)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            refused = wrong(request, error.status, _WORDS.get(error.status) or error.text or "")
            if "Allow" in error.headers:
                refused.headers["Allow"] = error.headers["Allow"]
            return refused
        except web.RequestPayloadError:
            return wrong(request, 400, "The body broke off or makes no sense.")
        except Exception:  # the outermost door: a page, not a traceback
            log.exception("request failed method=%s path=%s", request.method, request.path)
            return wrong(request, 500, _WORDS[500])

    return guarded


def headers(scripts: Iterable[str]) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Return the signal that puts the security headers on every response.

    ``scripts`` are the hashes of inline scripts that may run, as ``'sha256-...'``.
    """
    policy = _POLICY.format(scripts="".join(f" {script}" for script in scripts))

    async def put(_request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = _REFERRER
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Server"] = "rtm"
        response.headers.setdefault("Cache-Control", "no-store")

    return put


def _refusal(request: web.Request) -> tuple[int, str] | None:
    host = request.headers.get("Host", "")
    if host_of(host) not in request.app[HOSTS]:
        return 421, "This is not the host that was asked for; allow its name when rtm is started."
    if request.method not in METHODS:
        return 405, _WORDS[405]
    is_changing = request.method in CHANGING
    if (is_changing or "Upgrade" in request.headers) and not is_own(
        request.headers.get("Origin"), host
    ):
        return 403, "Only pages of this site may ask for that."
    if request.body_exists:
        if not is_changing:
            return 400, "A question carries no body."
        longest = longest_body(request)
        if (request.content_length or 0) > longest:
            return 413, f"That is too long: at most {longest // 1024} KiB are read."
        if request.content_type not in (_JSON, _FORM) and request.path != RAW:
            return 415, "Only JSON, or a form of this site, is read."
    return None


def _stranger(request: web.Request) -> web.StreamResponse:
    if request.path.startswith(_FETCHED) or request.method == "POST":
        return wrong(request, 401, "Log in first.")
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        # a link in somebody's chat: the strict cookie comes along once the wish is our own
        return again(same_site(request.raw_path))
    target = same_site(request.raw_path)
    raise web.HTTPFound(f"/login?next={quote(target, safe='/')}")


def _dumps(value: object) -> str:
    return msgspec.json.encode(value).decode()


_WORDS = {
    404: "There is nothing under this address.",
    405: "This address is not asked in that way.",
    413: "That is too long.",
    500: "Something went wrong here, and it has been written down. Try again.",
}
_TITLES = {
    401: "Log in first",
    403: "Not from here",
    404: "Nothing here",
    413: "Too long",
    421: "Another host",
    429: "Not so fast",
}
