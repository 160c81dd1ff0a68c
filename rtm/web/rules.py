"""The rules of the house on the web: a page to read and acknowledge them, and the same for scripts.

A composer leads to a rule with one tap, ``/rules?next=/desk#leak``; ``next`` leads back to it.
"""

import asyncio
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from string import Template
from typing import Annotated
from urllib.parse import quote

import msgspec
from aiohttp import web

from rtm.desk.house import acknowledged, rules_set
from rtm.desk.house_rules import html_of, rules_of
from rtm.desk.newsroom import Newsroom
from rtm.desk.roles import Person
from rtm.errors import ConfigError, IllegalMove
from rtm.orders import RulesSet
from rtm.web.api import key_of, read, refused, told
from rtm.web.door import form_of
from rtm.web.guard import PERSON, same_site
from rtm.web.pages import page, said
from rtm.web.parts import PEOPLE, ROOM

_VERSION = msgspec.Meta(ge=1, le=2**53)

_HEAD = """<style>
body{place-items:start center;grid-template-columns:minmax(0,1fr)}
main{max-width:720px}
article{margin:24px 0;padding:8px 0;border-top:1px solid #33404F;border-bottom:1px solid #33404F}
article p,article li,article td{color:#F3F6F9}
article h1{font-size:24px;margin:24px 0 8px}
article h2{font-size:21px;margin:32px 0 8px;line-height:1.25}
article h3,article h4,article h5,article h6{font-size:17px;margin:24px 0 4px;line-height:1.3}
article :target{scroll-margin-top:24px;border-left:4px solid #56B4E9;padding-left:12px}
article ul,article ol{margin:0 0 16px;padding-left:24px}
article blockquote{margin:0 0 16px;padding-left:16px;border-left:4px solid #33404F}
article pre,article table{overflow-x:auto;display:block}
article td,article th{padding:4px 12px 4px 0;text-align:left;vertical-align:top}
article [id]::after{content:attr(id);margin-left:10px;font-size:14px;font-weight:400;color:#B4C0CD}
a.back{display:inline-block;min-height:48px;line-height:48px}
summary{min-height:48px;line-height:48px;cursor:pointer}
.state{margin:0;padding:12px 14px;border-left:4px solid #009E73;background:#0F141B;color:#F3F6F9}
.state.open{border-color:#E69F00}
</style>
"""

_BODY = Template("""<p><a class="back" href="$back">Back</a></p>
<p>Version $version, set by $who on $at.</p>
<p class="state$open" role="status">$state</p>
<article>
$rules</article>
$form<details><summary>Who has acknowledged them</summary>
<ul>
$people</ul>
</details>
<p><a class="back" href="$back">Back</a></p>""")

_FORM = Template("""<form method="post" action="/rules">
<input type="hidden" name="version" value="$version">
<input type="hidden" name="next" value="$next">
<button>I have read them and will keep to them</button>
</form>
""")

_TITLE = "Rules of the house"
_NONE = (
    "No rules are set here yet, so that nobody has to acknowledge any. rtm rules set makes some."
)


class RulesWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """New rules; ``after`` is the version that they replace, where somebody knows it."""

    text: str
    after: Annotated[int, msgspec.Meta(ge=0, le=2**53)] | None = None


class ReadWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which rules a person has read and will keep to."""

    version: Annotated[int, _VERSION]


class RulesDoor:
    """Show the rules, let people acknowledge them and admins set others."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()  # two texts at once must not get one number

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Answer GET /rules."""
        newsroom = request.app[ROOM].newsroom
        if newsroom.rules is None:
            return said(_TITLE, _NONE, status=200)
        people = await asyncio.to_thread(request.app[PEOPLE].all)
        html = await asyncio.to_thread(html_of, newsroom.rules.text)
        target = same_site(request.query.get("next"))
        return _page(newsroom, newsroom.rules, html, request[PERSON], people, target)

    async def sign(self, request: web.Request) -> web.StreamResponse:
        """Answer POST /rules: the button of the page; leads on to where the person came from."""
        form = await form_of(request)
        target, version = same_site(form.get("next")), form.get("version", "")
        is_number = version.isascii() and version.isdigit() and len(version) < 16
        try:
            await self._sign(request, int(version) if is_number else 0, secrets.token_urlsafe(16))
        except IllegalMove:  # others were set meanwhile, and have to be read first
            target = f"/rules?next={quote(target, safe='/')}"
        return web.Response(status=303, headers={"Location": target})

    async def rules(self, request: web.Request) -> web.StreamResponse:
        """Answer GET /api/rules."""
        newsroom, person = request.app[ROOM].newsroom, request[PERSON]
        if newsroom.rules is None:
            return told({"version": None, "html": "", "rules": [], "is_acknowledged": True})
        kept = newsroom.rules
        html = await asyncio.to_thread(html_of, kept.text)
        named = await asyncio.to_thread(rules_of, kept.text)
        return told(
            {
                "version": kept.version,
                "at": kept.at,
                "who": kept.who,
                "html": html,
                "rules": [{"id": rule.id, "title": rule.title} for rule in named],
                "is_acknowledged": newsroom.has_acknowledged(person.name),
            }
        )

    async def acknowledge(self, request: web.Request) -> web.StreamResponse:
        """Answer POST /api/rules/acknowledge."""
        key, wish = key_of(request), await read(request, ReadWish)
        try:
            await self._sign(request, wish.version, key)
        except IllegalMove as error:
            return refused(409, str(error))
        return told({"done": "acknowledged", "version": wish.version})

    async def set(self, request: web.Request) -> web.StreamResponse:
        """Answer POST /api/rules."""
        key, wish, room = key_of(request), await read(request, RulesWish), request.app[ROOM]
        if "admin" not in request[PERSON].roles:
            return refused(403, f"rules: {request[PERSON].name} has not the role; an admin may.")
        async with self._turn:
            newsroom = room.newsroom
            version = newsroom.rules.version if newsroom.rules else 0
            if await room.knows(key):
                return told({"done": "set", "version": version})
            if wish.after not in (None, version):
                return refused(409, f"version {version} was set meanwhile; look at it first.")
            try:
                record = await asyncio.to_thread(  # a long text is read for a second
                    rules_set, newsroom, wish.text, who=request[PERSON].name, at=room.now()
                )
            except ConfigError as error:
                return refused(400, f"rules: {error}")
            if record is None:
                return told({"done": "same", "version": version})
            await room.house(record, key=key)
        return told({"done": "set", "version": record.version})

    async def _sign(self, request: web.Request, version: int, key: str) -> None:
        room, name = request.app[ROOM], request[PERSON].name
        async with self._turn:
            record = acknowledged(room.newsroom, version, who=name, at=room.now())
            if not room.newsroom.has_acknowledged(name):
                await room.house(record, key=key)


def _page(
    newsroom: Newsroom,
    kept: RulesSet,
    html: str,
    person: Person,
    people: Sequence[Person],
    target: str,
) -> web.Response:
    is_signed = newsroom.has_acknowledged(person.name)
    form = _FORM.substitute(version=kept.version, next=escape(target))
    body = _BODY.substitute(
        back=escape(target),
        version=kept.version,
        who=escape(kept.who),
        at=_moment(kept.at),
        open="" if is_signed else " open",
        state=_state(newsroom, person.name),
        rules=html,
        form="" if is_signed else form,
        people="".join(f"<li>{_line(newsroom, one.name)}</li>\n" for one in people),
    )
    return page(_TITLE, body, head=_HEAD)


def _state(newsroom: Newsroom, name: str) -> str:
    if not newsroom.has_acknowledged(name):
        return "You have not acknowledged this version, and cannot publish until you do: see below."
    return f"You acknowledged this version on {_moment(newsroom.acknowledged[name].at)}."


def _line(newsroom: Newsroom, name: str) -> str:
    acknowledgement = newsroom.acknowledged.get(name)
    if acknowledgement is None:
        return f"{escape(name)}: not yet"
    words = f"version {acknowledgement.version} on {_moment(acknowledgement.at)}"
    return f"{escape(name)}: {words}{'' if newsroom.has_acknowledged(name) else ', not this one'}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
