"""Moments opened by hand, over HTTP."""

import pytest

WISH = {"title": "Lights out", "terms": ["lights out", "blackout"]}


async def test_a_moment_is_opened_and_what_is_like_it_is_named(site):
    answer = await site.post("/api/moments", WISH)
    said = await answer.json()

    assert answer.status == 200
    assert (said["card"]["title"], said["card"]["opened_by"]) == ("Lights out", "winnie")
    assert said["like"] == ["o1"]


async def test_a_moment_is_closed(site):
    card = (await (await site.post("/api/moments", WISH)).json())["card"]["id"]

    answer = await site.post(f"/api/moments/{card}/close", {})

    assert (answer.status, (await answer.json())["card"]["is_over"]) == (200, True)
    assert (await site.post("/api/moments/o1/close", {})).status == 409
    assert (await site.post("/api/moments/gone/close", {})).status == 404


@pytest.mark.parametrize(
    ("wish", "status", "why"),
    [
        ({**WISH, "terms": ["the"]}, 400, "is said in nearly every post"),
        ({**WISH, "title": ""}, 400, "title: 1 to 120 letters"),
        ({**WISH, "kind": "complaint"}, 400, "reply_to"),
        ({**WISH, "kind": "party"}, 400, ""),
        ({**WISH, "more": 1}, 400, ""),
        ({"title": "x"}, 400, ""),
        ({**WISH, "terms": "lights"}, 400, ""),
    ],
)
async def test_what_cannot_be_followed_is_refused_in_words(site, wish, status, why):
    answer = await site.post("/api/moments", wish)

    assert answer.status == status
    assert why in await answer.text()
    assert set(site.room.cards) == {"o1"}


async def test_a_stranger_opens_nothing(stranger):
    answer = await stranger.post("/api/moments", WISH)

    assert answer.status in (401, 403)
    assert set(stranger.room.cards) == {"o1"}
