"""What the live source says of itself while a host is gone, frozen, quiet or garbled."""

import asyncio

import polars as pl
import pytest

from rtm.frame import empty_frame
from rtm.sources.lane import LAG_US, SECOND_US, Lane
from tests.servers.jetstream_server import JetstreamServer, message_of
from tests.sources.listening import S, listening, names, now_us, stream


async def test_a_host_that_goes_and_comes_back_is_found_again():
    async with JetstreamServer(stream(5, now_us() - 2 * S)) as host, listening(host) as heard:
        await heard.until(lambda: heard.source.health.state == "live")
        await host.stop()
        words = f"no answer from 127.0.0.1:{host.port}, next try in"
        await heard.until(lambda: words in heard.source.health.note)
        assert heard.source.health.state == "lost"
        assert heard.source.told_until_us(now_us()) is None

        await host.tell(message_of(now_us(), "k5"))
        await host.start()
        await heard.until(lambda: heard.source.health.state == "live")

        assert heard.rkeys == names(6)
        assert all(0 < rest <= 1 for rest in heard.clock.rests)


async def test_hosts_that_refuse_are_left_for_the_next():
    one, other = JetstreamServer(), JetstreamServer(stream(3, now_us() - S))
    one.refuses = other.refuses = 503

    async with one, other, listening(one, other) as heard:
        await heard.until(lambda: "answers 503, next try in" in heard.source.health.note)
        other.refuses = None
        await heard.until(lambda: len(heard.rkeys) == 3)

        assert one.asked == []


async def test_garbled_frames_are_counted_and_kept_and_stop_nothing():
    async with JetstreamServer(stream(2, now_us() - S)) as host, listening(host) as heard:
        await heard.until(lambda: len(heard.rkeys) == 2)
        await host.tell(b"{", b"[]", b"\xff", message_of(0, "x"), message_of(now_us(), "k2"))
        await heard.until(lambda: len(heard.rkeys) == 3)

        assert heard.rkeys == names(3)
        assert heard.source.health.aside == {
            "not JSON": 2,
            "unknown shape": 1,
        }
        assert [raw for _, _, raw in heard.source.aside.kept] == [b"{", b"[]", b"\xff"]


async def test_a_frame_too_long_for_the_wire_is_passed_and_shown_as_a_gap():
    first_us = now_us() - 60 * S
    told = stream(60, first_us, S)
    told[30] = message_of(first_us + 30 * S, "k30", "z", more="y" * 2**20)

    async with JetstreamServer(told) as host, listening(host) as heard:
        await heard.until(lambda: "k59" in heard.rkeys)

        assert [name for name in names(60) if name not in heard.rkeys] == ["k30"]
        assert len(heard.rkeys) == 59
        assert heard.source.health.aside["too long"] >= 1
        assert heard.source.health.gaps >= 1


async def test_what_the_host_forgot_meanwhile_is_shown_as_a_gap():
    told = stream(300, now_us() - 300 * S, S)
    host = JetstreamServer(told[:100])

    async with host, listening(host) as heard:
        await heard.until(lambda: len(heard.rkeys) == 100)
        host.keeps_from_us = told[220].stamp_us
        host.cut()
        await host.tell(*told[100:])
        await heard.until(lambda: "k299" in heard.rkeys)

        assert heard.source.health.gaps == 1
        assert "121 s are lost" in heard.source.health.note


async def test_a_quiet_stream_that_was_cut_shows_no_gap():
    told = stream(20, now_us() - 590 * S, 30 * S)
    host = JetstreamServer(told[:17])

    async with host, listening(host) as heard:
        await heard.until(lambda: len(heard.rkeys) >= 17)
        host.cut()
        await host.tell(*told[18:])
        await heard.until(lambda: "k19" in heard.rkeys)

        assert heard.source.health.gaps == 0


async def test_a_backlog_is_never_told_as_the_present():
    async with JetstreamServer(stream(50, now_us() - 90 * S)) as host, listening(host) as heard:
        await heard.until(lambda: heard.source.health.state == "catching up")
        assert heard.source.told_until_us(now_us()) is None
        assert heard.source.health.behind_s > 80
        assert "behind" in heard.source.health.note

        await host.tell(message_of(now_us() - S, "now"))
        await heard.until(lambda: heard.source.health.state == "live")

        told_us = heard.source.told_until_us(now_us())
        assert told_us is not None
        assert now_us() - 4 * S < told_us <= now_us()


async def test_a_quiet_host_is_live_once_it_had_time_to_search_its_memory():
    async with JetstreamServer() as host, listening(host) as heard:
        await heard.until(lambda: host.connected == 1)
        await heard.until(lambda: "nothing heard yet" in heard.source.health.note)
        assert heard.source.told_until_us(heard.clock.now_us()) is None

        heard.clock.ahead_s = 7
        await heard.until(lambda: heard.source.health.state == "live")
        assert heard.source.told_until_us(heard.clock.now_us()) is not None


async def test_a_frozen_host_moves_nothing_and_is_left():
    one, other = JetstreamServer(stream(5, now_us() - 2 * S)), JetstreamServer()

    async with one, other, listening(one, other) as heard:
        await heard.until(lambda: heard.source.health.state == "live")
        one.freeze()
        heard.clock.ahead_s = 4
        stood_us = heard.source.told_until_us(heard.clock.now_us())
        assert stood_us is not None
        assert stood_us < heard.clock.now_us() - 3 * S
        heard.clock.ahead_s = 10
        await heard.until(lambda: heard.source.health.state == "lost")
        assert "no answer from 127.0.0.1" in heard.source.health.note

        heard.clock.ahead_s = 25
        await heard.until(lambda: len(other.asked) == 1)


async def test_a_host_that_answers_pings_is_not_left_however_quiet():
    async with JetstreamServer(stream(5, now_us() - 2 * S)) as host, listening(host) as heard:
        await heard.until(lambda: heard.source.health.state == "live")
        for ahead_s in (4, 8, 12, 16, 20, 24, 28):
            heard.clock.ahead_s = ahead_s
            await asyncio.sleep(0.25)

        assert len(host.asked) == 1
        assert heard.source.health.state == "live"


async def test_waits_between_tries_grow_while_nobody_answers():
    host = JetstreamServer()
    await host.start()
    await host.stop()

    async with listening(host) as heard:
        await heard.until(lambda: sum(heard.clock.rests) > 60)

        assert heard.source.health.state == "connecting"
        assert "next try in" in heard.source.health.note
        assert all(0 < rest <= 1 for rest in heard.clock.rests)


@pytest.mark.parametrize(("asks_the_source", "is_any_late"), [(True, False), (False, True)])
async def test_an_absence_of_five_minutes_passes_in_its_own_time(asks_the_source, is_any_late):
    host = JetstreamServer(stream(20, now_us() - 4 * S, S // 5))

    async with host, listening(host) as heard:
        lane, frames = Lane(), [empty_frame()]

        def told() -> int:
            # as the watch does it; the twin closes ticks by the clock alone
            now = heard.clock.now_us()
            frames.append(lane.stamp(heard.inbox.take()))
            until_us = heard.source.told_until_us(now) if asks_the_source else now
            if until_us is not None:
                lane.close((until_us - LAG_US) // SECOND_US - 1)
            return sum(frame.height for frame in frames)

        await heard.until(lambda: told() == 20 and heard.source.health.state == "live")
        await host.stop()
        await heard.until(lambda: told() == 20 and heard.source.health.state == "lost")
        heard.clock.ahead_s = 300
        await heard.until(lambda: told() == 20 and len(heard.clock.rests) > 3)
        missed = stream(1_500, heard.clock.now_us() - 300 * S, S // 5)
        await host.tell(*(message_of(one.stamp_us, f"m{k}") for k, one in enumerate(missed)))
        await host.start()
        await heard.until(lambda: told() == 1_520 and heard.source.health.state == "live")

    posts = pl.concat(frames)
    assert posts["late"].any() == is_any_late
    assert (posts["tick"].value_counts()["count"] > 10).any() == is_any_late
