"""Come in and go: login, logout, invitation."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from math import ceil
from urllib.parse import parse_qs

from aiohttp import web

from rtm.desk.roles import Person
from rtm.errors import StoreError
from rtm.web.attempts import Attempts
from rtm.web.guard import TOKEN, same_site
from rtm.web.pages import invitation_page, login_page, said
from rtm.web.parts import PEOPLE
from rtm.web.sessions import COOKIE, LASTS_S, SESSIONS

LONGEST_NAME = 100
LONGEST_PASSWORD = 500
CHECKS = 2  # passwords checked at once: each takes much memory, on purpose


class Door:
    """Let people in by password or invitation; ``now_s`` is a steady clock in seconds."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._attempts = Attempts()
        self._now_s = now_s
        self._checks = asyncio.Semaphore(CHECKS)

    async def login_form(self, request: web.Request) -> web.StreamResponse:
        """Answer GET /login."""
        target = same_site(request.query.get("next"))
        if await request.app[SESSIONS].person(request.cookies.get(COOKIE)) is not None:
            raise web.HTTPFound(target)
        is_empty = not await asyncio.to_thread(request.app[PEOPLE].any)
        return login_page(target=target, is_empty=is_empty)

    async def login(self, request: web.Request) -> web.StreamResponse:
        """Answer POST /login."""
        form = await form_of(request)
        name, target = form.get("name", "").strip(), same_site(form.get("next"))
        address = request.remote or ""
        wait_s = self._attempts.begin(name[:LONGEST_NAME], address, self._now_s())
        if wait_s > 0:
            error = f"Too many tries. Wait {ceil(wait_s)} s, then try again."
            refused = login_page(target=target, name=name, error=error, status=429)
            refused.headers["Retry-After"] = str(ceil(wait_s))
            return refused
        person = await self._checked(request, name, form.get("password", ""))
        if person is not None:
            with suppress(StoreError):  # switched off since it was checked
                welcome = await _welcome(request, person, target)
                self._attempts.succeeded(name, address)
                return welcome
        error = "Name and password do not belong together."
        return login_page(target=target, name=name, error=error, status=403)

    async def logout(self, request: web.Request) -> web.StreamResponse:
        """Answer POST /logout."""
        await request.app[SESSIONS].end(request[TOKEN])
        gone = web.Response(status=303, headers={"Location": "/login"})
        gone.del_cookie(COOKIE, path="/", httponly=True, samesite="Strict")
        return gone

    async def invitation_form(self, request: web.Request) -> web.StreamResponse:
        """Answer GET /invite/{token}."""
        token = request.match_info["token"]
        roles = await asyncio.to_thread(request.app[PEOPLE].invited, token)
        return _gone() if roles is None else invitation_page(roles)

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Answer POST /invite/{token}."""
        token, people = request.match_info["token"], request.app[PEOPLE]
        form = await form_of(request)
        roles = await asyncio.to_thread(people.invited, token)
        if roles is None:
            return _gone()
        name, password = form.get("name", "").strip(), form.get("password", "")
        error = _complaint(name, password, form.get("again", ""))
        if not error:
            try:
                async with self._checks:
                    person = await asyncio.to_thread(people.accept, token, name, password)
            except StoreError as refusal:
                error = str(refusal)
            else:
                return await _welcome(request, person, "/")
        return invitation_page(roles, name=name, error=error, status=400)

    async def _checked(self, request: web.Request, name: str, password: str) -> Person | None:
        if not 0 < len(name) <= LONGEST_NAME or not 0 < len(password) <= LONGEST_PASSWORD:
            return None
        async with self._checks:
            return await asyncio.to_thread(request.app[PEOPLE].check, name, password)


def _complaint(name: str, password: str, again: str) -> str:
    if not name:
        return "Write the name that will stand beside what you decide."
    if len(name) > LONGEST_NAME or not name.isprintable():
        return f"A name has at most {LONGEST_NAME} letters, all of them visible."
    if len(password) > LONGEST_PASSWORD:
        return f"A password has at most {LONGEST_PASSWORD} letters."
    if password != again:
        return "The two passwords differ. Write the same one twice."
    return ""


async def _welcome(request: web.Request, person: Person, target: str) -> web.Response:
    token = await request.app[SESSIONS].begin(person)
    welcome = web.Response(status=303, headers={"Location": target})
    welcome.set_cookie(
        COOKIE,
        token,
        max_age=LASTS_S,
        path="/",
        httponly=True,
        samesite="Strict",
        # the browser's word, since a proxy may end TLS before us
        secure=request.headers.get("Origin", "").lower().startswith("https://"),
    )
    return welcome


async def form_of(request: web.Request) -> dict[str, str]:
    """Return the fields of a form that was posted; one that makes no sense is answered with 400."""
    try:
        text = (await request.read()).decode()
        fields = parse_qs(text, keep_blank_values=True, max_num_fields=10, errors="strict")
    except ValueError as error:
        raise web.HTTPBadRequest(text="The form cannot be read.") from error
    return {name: values[0] for name, values in fields.items()}


def _gone() -> web.Response:
    return said(
        "This invitation is over",
        "It was used, or it is too old. Ask whoever invited you for a new one.",
        status=410,
    )
