import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest

from rtm.desk.checks import Complaint
from rtm.draft import Draft
from rtm.types import Verdict
from tests.web.fakes import ABE, FakePace

CLAIM = "/api/cards/o1/claim"


async def test_a_person_learns_who_they_are_and_what_they_may(site):
    answer = await (await site.client.get("/api/me")).json()

    assert answer["name"] == "winnie"
    assert answer["roles"] == ["writer"]
    assert answer["may"] == ["claim", "release", "draft", "submit", "recall", "dismiss"]


async def test_why_a_story_was_not_offered_is_told(site):
    site.room.verdicts_told = (
        Verdict(
            story="s1",
            title="<b>lamps</b>",
            relevance=0.12,
            risk=0.0,
            posts=9,
            is_offered=False,
            sentence="Not offered: relevance 12 of 100, 30 are needed.",
        ),
    )

    answer = await site.client.get("/api/stories")

    assert answer.status == 200
    (told,) = (await answer.json())["stories"]
    assert (told["story"], told["posts"], told["is_offered"]) == ("s1", 9, False)
    assert "30 are needed" in told["sentence"]


async def test_a_stranger_is_not_told_what_is_followed(stranger):
    assert (await stranger.client.get("/api/stories")).status == 401


async def test_a_step_is_taken_and_the_card_comes_back(site):
    answer = await site.post(CLAIM, {"work_rev": 1, "text": "hällo"})

    card = (await answer.json())["card"]
    assert answer.status == 200
    assert (card["state"], card["owner"], card["text"]) == ("claimed", "winnie", "hällo")


async def test_a_wish_is_passed_on_whole(site):
    wish = {
        "work_rev": 1,
        "draft": {"text": "dunk", "channels": ["dry"], "more": ["in the dark"]},
        "channel": "dry",
        "send_at": "2013-02-04T02:00:00Z",
        "zone": "America/Chicago",
        "is_out": True,
        "url": "https://bsky.example/3k",
    }

    answer = await site.post("/api/cards/o1/draft", wish)

    assert answer.status == 200
    (told,) = site.desk.wishes
    assert told.draft == Draft(text="dunk", channels=("dry",), more=("in the dark",))
    assert told.send_at == datetime(2013, 2, 4, 2, tzinfo=UTC)
    assert (told.channel, told.zone, told.is_out) == ("dry", "America/Chicago", True)
    assert told.url == "https://bsky.example/3k"


async def test_a_draft_is_looked_over_and_nothing_is_kept(site):
    site.desk.complaints = [Complaint("alt", "Picture 1 has no alt text.", "dry")]

    answer = await site.post("/api/cards/o1/check", {"draft": {"text": "dunk"}})

    told = {"rule": "alt", "words": "Picture 1 has no alt text.", "channel": "dry", "stops": True}
    assert (await answer.json())["complaints"] == [told]
    assert site.room.keys == []
    assert (await site.post("/api/cards/none/check", {"draft": {"text": "dunk"}})).status == 404


async def test_a_network_that_did_not_do_it_is_told_apart(site):
    site.desk.is_silent = True

    answer = await site.post(CLAIM, {"work_rev": 1})

    told = await answer.json()
    assert (answer.status, told["error"]) == (502, "the network does not answer")
    assert told["card"]["work_rev"] == 1


async def test_the_same_key_again_does_nothing(site):
    first = await (await site.post(CLAIM, {"work_rev": 1})).json()
    second = await (await site.post(CLAIM, {"work_rev": 1})).json()

    assert first == second


async def test_a_step_of_another_role_is_refused_in_words(site):
    answer = await site.post("/api/cards/o1/fire", {"work_rev": 1})

    assert answer.status == 403
    assert "role" in (await answer.json())["error"]


async def test_an_old_screen_is_told_how_the_card_stands(site):
    site.room.change("o1", work_rev=7)

    answer = await site.post(CLAIM, {"work_rev": 1})

    told = await answer.json()
    assert answer.status == 409
    assert told["card"]["work_rev"] == 7
    assert told["rule"] == "stale"
    assert "meanwhile" in told["error"]


async def test_a_card_that_is_not_there_is_not_found(site):
    assert (await site.post("/api/cards/none/claim", {"work_rev": 1})).status == 404


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"{}", b'{"work_rev":"1"}', b'{"work_rev":1.5}', b'{"work_rev":-1}',
     b'{"work_rev":99999999999999999999}', b'{"work_rev":1,"text":null}', b"\xff",
     b'{"work_rev":1,"more":1}',
     b'{"work_rev":1,"send_at":"2013-02-04T02:00:00"}', b'{"work_rev":1,"url":"javascript:x"}',
     b'{"work_rev":1,"draft":{"poll":{"options":["one"]}}}',
     b'{"work_rev":1,"text":"\\ud800"}', b"[" * 60_000],
)  # fmt: skip
async def test_a_body_of_another_shape_is_refused_in_words(site, body):
    headers = site.origin | {"Content-Type": "application/json", "Idempotency-Key": "k"}

    answer = await site.client.post(CLAIM, data=body or b" ", headers=headers)

    assert answer.status == 400
    assert (await answer.json())["error"]
    assert site.room.keys == []


@pytest.mark.parametrize("key", ["", "a" * 65, "a b", "a/b", "ä"])
async def test_a_key_of_another_shape_is_refused(site, key):
    assert (await site.post(CLAIM, {"work_rev": 1}, key=key)).status == 400
    assert (await site.post(CLAIM, {"work_rev": 1}, key="a" * 64)).status == 200


async def test_an_unknown_step_names_the_known_ones(site):
    answer = await site.post("/api/cards/o1/publish", {"work_rev": 1})

    assert answer.status == 400
    assert "dismiss" in (await answer.json())["error"]


async def test_a_form_cannot_take_a_step(site):
    headers = site.origin | {"Idempotency-Key": "k"}

    answer = await site.client.post(CLAIM, data={"work_rev": "1"}, headers=headers)

    assert answer.status == 415


async def test_every_wish_for_a_pace_is_passed_on_and_told_to_screens(site):
    screen = await site.screen()
    wishes = [{"do": "pause"}, {"do": "resume"}, {"do": "next"}, {"do": "speed", "speed": 60}]
    answers = [await site.post("/api/pace", wish) for wish in wishes]

    assert [answer.status for answer in answers] == [200] * 4
    assert site.pace.done == ["pause", "resume", "next", 60.0]
    kinds = [(await screen.receive_json(timeout=5))["kind"] for _ in range(6)]
    assert kinds == ["snapshot", *["tick"] * 5]
    await screen.close()


@pytest.mark.parametrize(
    "wish",
    [{}, {"do": "stop"}, {"do": "speed"}, {"do": "speed", "speed": 0}, {"do": "speed", "speed": -1},
     {"do": "speed", "speed": 1e9}, {"do": "pause", "speed": 1}, {"do": "speed", "speed": "1"}],
)  # fmt: skip
async def test_a_pace_that_makes_no_sense_is_refused(site, wish):
    assert (await site.post("/api/pace", wish)).status == 400
    assert site.pace.done == []


async def test_a_live_watch_has_no_pace(site_of):
    site = await site_of(pace=None)
    await site.login()

    assert (await site.post("/api/pace", {"do": "pause"})).status == 404


async def test_the_front_door_leads_to_the_desk_and_to_the_wall_when_asked(site):
    for query, target in (
        ("", "/desk"),
        ("?x=1", "/desk"),
        ("?wall", "/wall"),
        ("?wall=1", "/wall"),
    ):
        answer = await site.client.get("/" + query, allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (302, target)


async def test_health_is_told_to_everybody_and_turns_when_the_room_is_not_well(stranger):
    well = await stranger.client.get("/healthz")
    stranger.room.is_well = False
    ill = await stranger.client.get("/healthz")

    assert (well.status, await well.json()) == (200, {"status": "ok", "epoch": "e1"})
    assert (ill.status, (await ill.json())["status"]) == (503, "failed")


async def test_health_turns_when_screens_are_told_nothing_more(stranger, caplog):
    def broken():
        raise RuntimeError("no tick")

    stranger.room.tick = broken
    await stranger.clock.go(1)

    assert (await stranger.client.get("/healthz")).status == 503
    assert "restart rtm" in caplog.text


@pytest.mark.parametrize(
    "bodies", [500, pytest.param(10_000, marks=pytest.mark.long)], ids=["some", "many"]
)
async def test_no_body_whatsoever_breaks_the_api(site_of, bodies):
    site = await site_of(pace=FakePace())
    await site.login(ABE)
    rng, seen = random.Random(7), set()

    for _ in range(bodies):
        path = rng.choice(["/api/cards/o1/" + rng.choice(_STEPS), "/api/pace", "/api/x", "/login"])
        headers = site.origin | {
            "Content-Type": rng.choice(["application/json", "application/x-www-form-urlencoded"]),
            "Idempotency-Key": str(rng.random())[2:],
        }
        answer = await site.client.post(
            path, data=_body(rng), headers=headers, allow_redirects=False
        )
        seen.add(answer.status)

    assert 500 not in seen
    assert {200, 400, 404, 415} <= seen


_STEPS = ["claim", "release", "draft", "fire", "dismiss", "%00", "ü"]


def _body(rng: random.Random) -> bytes:
    whole: dict[str, Any] = {
        "work_rev": rng.choice([0, 1, 2, -1, 1e400, 2**70, None, "1", [], True]),
        "text": "x",
    }
    if rng.random() < 0.3:
        whole = {"do": rng.choice(["pause", "speed", 1]), "speed": rng.choice([1, 0, "x", 1e308])}
    if rng.random() < 0.2:
        whole[rng.choice(["key", "text", ""])] = rng.choice([None, "\0", {"a": [[[]]]}, "ü" * 50])
    text = bytearray(json.dumps(whole, ensure_ascii=rng.random() < 0.5).encode())
    for _ in range(rng.choice([0, 0, 0, 1, 3, 20])):
        where = rng.randrange(len(text) or 1)
        text[where : where + rng.randrange(3)] = rng.randbytes(rng.randrange(4))
    return bytes(text) or b" "
