"""The rules of the house, over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

import rtm.demo
from rtm.desk.house_rules import MAX_BYTES
from rtm.orders import Acknowledged, RulesSet
from rtm.web.guard import LONGEST_BODY
from tests.web.fakes import ABE, ADA, NOW, WINNIE
from tests.web.site import Site

TEXT = "# Ours\n\n## No jokes on graves {grave}\n\nNever. <script>alert(1)</script>\n"
SIGN = "I have read them and will keep to them"


@pytest.fixture
async def admin(site_of):
    site = await site_of()
    await site.login(ADA)
    return site


def holds(site: Site, version: int = 1, text: str = TEXT) -> None:
    site.room.newsroom.tell(RulesSet(at=NOW, who="ada", version=version, text=text))


async def signed(site: Site, version: object, target: str = "/desk") -> Any:
    return await site.client.post(
        "/rules",
        data={"version": str(version), "next": target},
        headers=site.origin,
        allow_redirects=False,
    )


async def test_the_page_shows_the_rules_and_asks_to_acknowledge_them(site):
    holds(site)

    answer = await site.client.get("/rules?next=/desk%3Fcard%3Do1")
    text = await answer.text()

    assert answer.status == 200
    assert '<h2 id="grave">No jokes on graves</h2>' in text
    assert "&lt;script&gt;" in text
    assert "<script" not in text
    assert "Version 1, set by ada on 2026-12-01 08:00 UTC." in text
    assert SIGN in text
    assert 'href="/desk?card=o1"' in text
    assert "<li>winnie: not yet</li>" in text


async def test_the_button_keeps_who_acknowledged_what_and_leads_back(site):
    holds(site)

    answer = await signed(site, 1, "/desk?card=o1")

    assert (answer.status, answer.headers["Location"]) == (303, "/desk?card=o1")
    assert site.room.kept == [Acknowledged(at=NOW, who=WINNIE.name, version=1)]
    text = await (await site.client.get("/rules")).text()
    assert SIGN not in text
    assert "You acknowledged this version on 2026-12-01 08:00 UTC." in text
    assert "<li>winnie: version 1 on 2026-12-01 08:00 UTC</li>" in text
    assert "<li>abe: not yet</li>" in text


async def test_pressed_twice_the_button_keeps_one_record(site):
    holds(site)

    await asyncio.gather(*(signed(site, 1) for _ in range(3)))

    assert len(site.room.kept) == 1


@pytest.mark.parametrize("version", [1, 3, "", "x", "1" * 30, "²", "-1"])
async def test_a_page_of_other_rules_acknowledges_nothing_and_shows_those_of_now(site, version):
    holds(site)
    holds(site, 2, "# New\n")

    answer = await signed(site, version)

    assert (answer.status, answer.headers["Location"]) == (303, "/rules?next=/desk")
    assert site.room.kept == []


async def test_who_acknowledged_the_rules_before_has_to_read_the_new_ones(site):
    holds(site)
    await signed(site, 1)
    holds(site, 2, "# New\n")

    text = await (await site.client.get("/rules")).text()

    assert SIGN in text
    assert "<li>winnie: version 1 on 2026-12-01 08:00 UTC, not this one</li>" in text


async def test_a_page_leads_back_to_this_site_only(site):
    holds(site)

    answer = await signed(site, 1, "https://evil.example/")
    text = await (await site.client.get("/rules?next=//evil.example")).text()

    assert answer.headers["Location"] == "/"
    assert "evil.example" not in text


async def test_another_site_cannot_press_the_button(site):
    holds(site)

    answer = await site.client.post(
        "/rules", data={"version": "1"}, headers={"Origin": "https://evil.example"}
    )

    assert answer.status == 403
    assert site.room.kept == []


async def test_where_there_are_no_rules_the_page_says_so(site):
    answer = await site.client.get("/rules")

    assert answer.status == 200
    assert "No rules are set here yet" in await answer.text()


async def test_a_script_learns_the_rules_and_whether_i_acknowledged_them(site):
    none = await (await site.client.get("/api/rules")).json()
    holds(site)
    before = await (await site.client.get("/api/rules")).json()
    said = await site.post("/api/rules/acknowledge", {"version": 1})
    after = await (await site.client.get("/api/rules")).json()

    assert (none["version"], none["is_acknowledged"]) == (None, True)
    assert (before["version"], before["who"]) == (1, "ada")
    assert before["rules"] == [{"id": "grave", "title": "No jokes on graves"}]
    assert '<h2 id="grave">' in before["html"]
    assert (before["is_acknowledged"], after["is_acknowledged"]) == (False, True)
    assert await said.json() == {"done": "acknowledged", "version": 1}


@pytest.mark.parametrize(
    ("body", "status"),
    [({"version": 2}, 409), ({"version": 0}, 400), ({"version": "1"}, 400), ({}, 400)],
)
async def test_a_version_that_does_not_hold_is_not_acknowledged(site, body, status):
    holds(site)

    assert (await site.post("/api/rules/acknowledge", body)).status == status
    assert site.room.kept == []


async def test_where_there_are_no_rules_none_can_be_acknowledged(site):
    assert (await site.post("/api/rules/acknowledge", {"version": 1})).status == 409


async def test_an_admin_sets_rules_and_the_same_text_makes_no_version(admin):
    first = await admin.post("/api/rules", {"text": "# A {a}\r\n"}, key="k1")
    again = await admin.post("/api/rules", {"text": "# B {b}\n"}, key="k1")
    same = await admin.post("/api/rules", {"text": "# A {a}\n\n"}, key="k2")
    other = await admin.post("/api/rules", {"text": "# B {b}\n", "after": 1}, key="k3")
    late = await admin.post("/api/rules", {"text": "# C {c}\n", "after": 1}, key="k4")

    assert await first.json() == {"done": "set", "version": 1}
    assert await again.json() == {"done": "set", "version": 1}
    assert await same.json() == {"done": "same", "version": 1}
    assert await other.json() == {"done": "set", "version": 2}
    assert late.status == 409
    assert [(record.version, record.text) for record in admin.room.kept] == [
        (1, "# A {a}\n"),
        (2, "# B {b}\n"),
    ]


async def test_two_texts_at_once_get_two_numbers(admin):
    await asyncio.gather(
        *(admin.post("/api/rules", {"text": f"# {n}\n"}, key=f"k{n}") for n in range(3))
    )

    assert [record.version for record in admin.room.kept] == [1, 2, 3]


async def test_who_is_no_admin_sets_no_rules(site):
    assert (await site.post("/api/rules", {"text": TEXT})).status == 403
    assert site.room.kept == []


async def test_rules_that_cannot_be_are_refused_in_words(admin):
    answer = await admin.post("/api/rules", {"text": "# A {a}\n# B {a}\n"})

    assert answer.status == 400
    assert "line 2: {a} stands at an earlier heading" in (await answer.json())["error"]


async def test_rules_may_be_as_long_as_they_may_but_nothing_else_may(admin):
    line = '"' * 99 + "\n"  # which JSON writes with twice as many letters
    longest = line * (MAX_BYTES // len(line))

    assert (await admin.post("/api/rules", {"text": longest}, key="k1")).status == 200
    assert (await admin.post("/api/rules", {"text": longest + line}, key="k2")).status == 400
    assert (await admin.post("/api/rules", {"text": longest + line * 700}, key="k3")).status == 413
    labelled = {"post": "x" * LONGEST_BODY, "what": "negative", "is_so": True}
    assert (await admin.post("/api/labels", labelled, key="k4")).status == 413


async def test_a_body_without_a_stated_length_is_read_no_further(admin):
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(60):
            yield b" " * 10_000

    headers = {**admin.origin, "Idempotency-Key": "k1", "Content-Type": "application/json"}
    answer = await admin.client.post("/api/rules", data=pieces(), headers=headers)

    assert answer.status == 413


async def test_the_starter_can_be_set(admin):
    text = Path(rtm.demo.__file__).with_name("rules.md").read_text(encoding="utf-8")

    assert (await admin.post("/api/rules", {"text": text})).status == 200


@pytest.mark.parametrize(
    ("path", "status"), [("/rules", 302), ("/api/rules", 401), ("/api/rota", 401)]
)
async def test_a_stranger_sees_none_of_it(stranger, path, status):
    assert (await stranger.client.get(path, allow_redirects=False)).status == status


def test_the_people_of_these_tests_are_who_they_seem():
    assert "admin" in ADA.roles
    assert not {"admin", "moderator"} & (WINNIE.roles | ABE.roles)
