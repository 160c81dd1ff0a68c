import asyncio
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, web

from rtm.board.view import Delta, Quote
from rtm.clock import WallClock
from rtm.desk.roles import Person
from rtm.web.app import HUB, create_app, serve
from rtm.web.hub import KEPT, MOST_SCREENS, WAITING
from tests.clocks import settled
from tests.web.fakes import ABE, WINNIE, FakeDesk, FakePeople, FakePictures, FakeRoom, card
from tests.web.site import Site, heard


async def test_a_new_screen_is_told_everything_then_how_the_watch_is(site):
    screen = await site.screen()

    snapshot, tick = await screen.receive_json(timeout=5), await screen.receive_json(timeout=5)

    assert (snapshot["kind"], snapshot["epoch"], snapshot["seq"]) == ("snapshot", "e1", 0)
    assert [card["id"] for card in snapshot["cards"]] == ["o1"]
    assert (tick["kind"], tick["seq"]) == ("tick", 0)
    await screen.close()


async def test_a_tick_comes_every_second(site):
    screen = await site.screen()
    for _ in range(3):
        await site.clock.go(1)

    kinds = [(await screen.receive_json(timeout=5))["kind"] for _ in range(5)]

    assert kinds == ["snapshot", "tick", "tick", "tick", "tick"]
    await screen.close()


@pytest.mark.parametrize(
    "change",
    [
        {"state": "firing"},
        {"state": "fired"},
        {"state": "unknown"},
        {"lock": "grave"},
        {"id": "o2"},
    ],
)
async def test_what_is_urgent_leaves_at_once(site, change):
    await _busy(site)
    seq = site.client.app[HUB].seq

    site.room.change(change.pop("id", "o1"), **change)

    assert site.client.app[HUB].seq == seq + 1


async def test_what_is_not_urgent_waits_a_quarter_of_a_second(site):
    await _busy(site)
    hub = site.client.app[HUB]
    seq = hub.seq

    site.room.change("o1", posts=9)
    await site.clock.go(0.2)
    assert hub.seq == seq

    await site.clock.go(0.05)
    assert hub.seq == seq + 1


async def test_many_changes_are_told_four_times_a_second_and_no_card_is_lost(site):
    screen = await site.screen()
    for k in range(5):
        site.room.change(f"c{k}")
    for k in range(1_000):
        site.room.change(f"c{k % 5}", posts=k)
        if k % 10 == 9:
            await site.clock.go(0.01)
    await site.clock.go(1)

    deltas = await _deltas(screen, until=site.client.app[HUB].seq)
    known: dict[str, int] = {}
    for delta in deltas:
        known |= {card["id"]: card["posts"] for card in delta["upsert"]}

    assert len(deltas) - 5 <= 7  # five new cards at once, then a second of growing
    assert [delta["seq"] for delta in deltas] == list(range(1, len(deltas) + 1))
    assert known == {f"c{k}": 995 + k for k in range(5)}
    await screen.close()


async def test_a_card_that_goes_and_comes_again_is_there(site):
    hub = site.client.app[HUB]
    await _busy(site)
    screen = await site.screen(f"?epoch=e1&seq={hub.seq}")
    site.room.change("o1", posts=5)
    site.room.remove("o1")
    await site.clock.go(1)
    gone = await heard(screen, "delta")
    site.room.change("o1")
    back = await heard(screen, "delta")

    assert (gone["upsert"], gone["remove"]) == ([], ["o1"])
    assert ([card["id"] for card in back["upsert"]], back["remove"]) == (["o1"], [])
    await screen.close()


async def test_an_older_form_of_a_card_never_replaces_a_newer_one(site):
    await _busy(site)
    hub = site.client.app[HUB]
    screen = await site.screen(f"?epoch=e1&seq={hub.seq}")
    for rev, posts in ((50, 50), (49, 49)):
        hub.tell(Delta(epoch="e1", seq=0, upsert=(card("o1", rev=rev, posts=posts),)))
    await site.clock.go(1)

    assert (await heard(screen, "delta"))["upsert"][0]["posts"] == 50
    await screen.close()


async def test_a_screen_that_comes_back_is_told_exactly_what_it_missed(site):
    for k in range(10):
        site.room.change(f"c{k}")

    screen = await site.screen("?epoch=e1&seq=7")
    messages = [await screen.receive_json(timeout=5) for _ in range(4)]

    assert [(message["kind"], message["seq"]) for message in messages] == [
        ("delta", 8), ("delta", 9), ("delta", 10), ("tick", 10)
    ]  # fmt: skip
    assert [message["upsert"][0]["id"] for message in messages[:3]] == ["c7", "c8", "c9"]
    await screen.close()


@pytest.mark.parametrize(
    "query",
    ["?epoch=other&seq=2", "?epoch=e1", "?epoch=e1&seq=-1", "?epoch=e1&seq=x", "?seq=2",
     "?epoch=e1&seq=99999", "?epoch=e1&seq=²", "?epoch=e1&seq=" + "9" * 5_000, "?epoch=e1&seq=0"],
)  # fmt: skip
async def test_a_screen_that_cannot_be_brought_up_gets_a_snapshot(site, query):
    for k in range(WAITING + 5):
        site.room.change(f"c{k}")

    screen = await site.screen(query)
    snapshot = await screen.receive_json(timeout=5)

    assert (snapshot["kind"], snapshot["seq"]) == ("snapshot", WAITING + 5)
    assert len(snapshot["cards"]) == WAITING + 6
    await screen.close()


async def test_what_fell_out_of_the_ring_is_not_replayed(site):
    hub = site.client.app[HUB]
    for k in range(KEPT + 10):
        site.room.change("o1", lock=str(k))

    assert hub._missed("e1", 9) is None
    assert hub._missed("e1", hub.seq - WAITING + 1) == list(hub._ring)[1 - WAITING :]
    assert hub._missed("e1", hub.seq) == []


async def test_a_full_queue_is_dropped_for_a_snapshot(site):
    hub = site.client.app[HUB]
    screen = hub.join("t", "e1", 0)
    for k in range(WAITING + 3):
        site.room.change("o1", lock=str(k))

    told = [await screen.next() for _ in range(len(screen._queue))]

    assert told[0] is None
    assert told[1:] == [texts.public for _, texts in hub._ring][-3:]


async def test_a_snapshot_is_not_followed_by_what_it_holds_already(site):
    hub = site.client.app[HUB]
    screen = hub.join("t", "e1", None)
    site.room.change("o1", lock="queued behind the snapshot")
    await screen.next()
    screen.holds(hub.seq)
    site.room.change("o1", lock="after it")

    told = [await screen.next() for _ in range(2)]

    assert "tick" in told[0]
    assert "after it" in told[1]


async def test_a_screen_that_does_not_read_gets_a_snapshot_and_then_goes_on(site):
    slow = await site.screen("?screen=desk")
    for k in range(150):
        site.room.change("o1", lock=str(k), text="x" * 300_000)
        await asyncio.sleep(0)

    messages = [await slow.receive_json(timeout=5)]
    while messages[-1]["seq"] < 150 or messages[-1]["kind"] == "tick":
        messages.append(await slow.receive_json(timeout=5))
    site.room.change("o1", lock="last", text="")
    after = await heard(slow, "delta")

    snapshots = [k for k, message in enumerate(messages) if message["kind"] == "snapshot"]
    assert len(snapshots) >= 2
    assert len(messages) < 150
    in_order = [message["seq"] for message in messages[snapshots[-1] :]]
    assert in_order == list(range(in_order[0], 151))
    assert (after["seq"], after["upsert"][0]["lock"]) == (151, "last")
    await slow.close()


async def test_fifty_screens_are_told_the_same_bytes(site):
    screens = [await site.screen("?screen=desk") for _ in range(50)]
    site.room.change("o1", state="claimed")
    site.room.change("o2")
    await site.clock.go(1)

    told = [[await screen.receive_str(timeout=5) for _ in range(5)] for screen in screens]

    assert all(messages == told[0] for messages in told)
    assert sum("delta" in message for message in told[0]) == 2
    await asyncio.gather(*(screen.close() for screen in screens))


async def test_too_many_screens_are_refused_and_others_stay(site):
    hub = site.client.app[HUB]
    joined = [hub.join("t", "", None) for _ in range(MOST_SCREENS)]

    assert hub.join("t", "", None) is None
    hub.leave(joined[0])
    assert hub.join("t", "", None) is not None
    hub.screens.clear()


async def test_a_screen_that_goes_is_forgotten(site):
    screen = await site.screen()
    assert len(site.client.app[HUB].screens) == 1

    await screen.close()
    await settled()
    await asyncio.sleep(0.05)

    assert not site.client.app[HUB].screens


async def test_only_the_screens_of_the_person_switched_off_are_closed(site):
    hers = await site.screen()
    site.client.session.cookie_jar.clear()
    await site.login(ABE)
    his = await site.screen()

    site.people.sessions = {
        token: person for token, person in site.people.sessions.items() if person != WINNIE
    }
    for _ in range(10):
        await site.clock.go(1)
    while not hers.closed:
        await hers.receive(timeout=5)

    assert hers.close_code == 4401
    assert not his.closed
    assert (await heard(his, "tick"))["kind"] == "tick"
    await his.close()


async def test_a_store_that_does_not_answer_for_a_while_ends_no_look_for_good(site, caplog):
    screen, known = await site.screen(), site.people.person

    def broken(token: str) -> Person | None:
        raise RuntimeError("locked")

    site.people.person = broken
    await site.clock.go(5)
    await asyncio.sleep(0.05)
    assert "sessions not looked at" in caplog.text

    site.people.person = known
    site.people.sessions.clear()
    for _ in range(2):
        await site.clock.go(5)
        await asyncio.sleep(0.05)
    while not screen.closed:
        await screen.receive(timeout=5)

    assert screen.close_code == 4401


async def test_what_a_screen_says_is_ignored_and_a_long_message_ends_it(site):
    screen = await site.screen()
    for message in ("{}", "x" * 4_000, "\0"):
        await screen.send_str(message)
    site.room.change("o1", lock="still here")
    assert (await heard(screen, "delta"))["seq"] == 1

    await screen.send_str("x" * 5_000)
    while not screen.closed:
        await screen.receive(timeout=5)

    assert screen.close_code == 1009


async def test_served_on_a_free_port_it_answers_and_stops_with_a_goodbye():
    people = FakePeople(WINNIE)
    token = people.begin(WINNIE)
    runner, url = await serve(_app(people), "127.0.0.1", 0)
    headers = {"Origin": url.rstrip("/"), "Cookie": f"rtm_session={token}"}
    async with ClientSession() as session:
        screen = await session.ws_connect(url + "ws", headers=headers)
        stopping = asyncio.create_task(runner.cleanup())
        while not screen.closed:
            await screen.receive(timeout=5)
        await stopping

    assert screen.close_code == 1001


async def test_a_port_that_is_taken_is_an_error():
    runner, url = await serve(_app(FakePeople()), "127.0.0.1", 0)
    port = int(url.rsplit(":", 1)[1].rstrip("/"))

    with pytest.raises(OSError, match="in use"):
        await serve(_app(FakePeople()), "127.0.0.1", port)
    await runner.cleanup()


def _app(people: FakePeople) -> web.Application:
    room = FakeRoom()
    return create_app(room, FakeDesk(room), people, FakePictures(), clock=WallClock())


async def _busy(site: Site) -> None:
    # a first change leaves at once; those after it rest
    await site.clock.go(1)
    site.room.change("o1", posts=4)
    await settled()


async def _deltas(screen: ClientWebSocketResponse, until: int) -> list[dict[str, Any]]:
    deltas = [await heard(screen, "delta")]
    while deltas[-1]["seq"] < until:
        deltas.append(await heard(screen, "delta"))
    return deltas


async def test_only_the_desk_is_told_what_is_rude_in_every_kind_of_message(site):
    rude = Quote(id="q9", at_ms=0, text="what the f*ck", author=None, rude="profanity")
    unmarked = Quote(id="q8", at_ms=0, text="utter sh1t", author="fuckface")
    wall, desk = await site.screen(), await site.screen("?screen=desk")
    await heard(wall, "snapshot")
    await heard(desk, "snapshot")

    changes = {"title": "fuck this", "terms": ("fuck", "lights"), "note": "shit", "lock": "grave"}
    site.room.change("o1", quotes=(rude, unmarked), text="a shitty draft", **changes)

    told = {"wall": await heard(wall, "delta"), "desk": await heard(desk, "delta")}
    told["late wall"] = await heard(await site.screen("?screen=other"), "snapshot")
    told["late desk"] = await heard(await site.screen("?screen=desk"), "snapshot")
    told["wall that came back"] = await heard(await site.screen("?epoch=e1&seq=0"), "delta")
    for name, message in told.items():
        for foul in ("f*ck", "sh1t", "fuck", "shit", "q8", "q9"):
            assert (foul in str(message)) == ("desk" in name), name
        assert "lights" in str(message)
