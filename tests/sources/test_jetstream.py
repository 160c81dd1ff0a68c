"""The live source against a host on loopback that cuts, repeats, rewinds and switches clocks."""

import asyncio
import json
from dataclasses import replace

import pytest

from rtm.errors import ConfigError
from rtm.sources.jetstream import Jetstream
from rtm.sources.stream import Inbox
from tests.servers.jetstream_server import JetstreamServer, Told, message_of
from tests.sources.listening import JumpingClock, Listening, S, listening, names, now_us, stream


async def test_the_first_start_rewinds_and_asks_for_posts_only():
    async with JetstreamServer(stream(3, now_us() - S)) as host, listening(host) as heard:
        await heard.until(lambda: len(heard.rkeys) == 3)

        assert abs(host.asked[0] - (now_us() - 600 * S)) < 5 * S
        assert host.queries[0]["wantedCollections"] == ["app.bsky.feed.post"]
        assert heard.source.health.posts == 3


async def test_a_restart_asks_from_where_it_was_and_tells_no_post_twice():
    first_us = now_us() - 20 * S
    told = stream(10, first_us, S)
    already = tuple(f"at://did:plc:tester/app.bsky.feed.post/k{k}" for k in range(6))

    async with (
        JetstreamServer(told) as host,
        listening(host, since_us=told[5].stamp_us, already=already) as heard,
    ):
        await heard.until(lambda: len(heard.rkeys) >= 4)

        assert host.asked[0] < told[5].stamp_us
        assert heard.rkeys == ["k6", "k7", "k8", "k9"]
        assert heard.source.repeated == 6


async def test_without_the_names_of_old_posts_a_restart_would_tell_them_again():
    told = stream(10, now_us() - 20 * S, S)

    async with (
        JetstreamServer(told) as host,
        listening(host, since_us=told[5].stamp_us) as heard,
    ):
        await heard.until(lambda: len(heard.rkeys) >= 10)

        assert heard.rkeys == names(10)


@pytest.mark.parametrize("hosts", [1, 2])
async def test_a_connection_that_is_cut_loses_no_post_and_doubles_none(hosts):
    told = stream(400, now_us() - 400 * S, S)
    one, other = JetstreamServer(told), JetstreamServer(told)
    one.cut_after = other.cut_after = 130

    async with one, other, listening(*[one, other][:hosts]) as heard:
        await heard.until(lambda: len(heard.rkeys) >= 400)

        assert heard.rkeys == names(400)
        assert heard.source.repeated > 0
        assert len(one.asked) + len(other.asked) >= 4
        assert (len(other.asked) > 0) == (hosts == 2)


async def test_posts_told_while_it_was_cut_off_come_after():
    async with JetstreamServer(stream(5, now_us() - 2 * S)) as host, listening(host) as heard:
        await heard.until(lambda: len(heard.rkeys) == 5)
        host.cut()
        await host.tell(message_of(now_us(), "k5"))
        await heard.until(lambda: len(heard.rkeys) == 6)

        assert heard.rkeys == names(6)
        assert heard.source.health.gaps == 0


async def test_a_polite_goodbye_is_survived_too():
    async with JetstreamServer(stream(5, now_us() - 2 * S)) as host, listening(host) as heard:
        await heard.until(lambda: len(heard.rkeys) == 5)
        await host.close()
        await heard.until(lambda: len(host.asked) == 2)

        assert heard.rkeys == names(5)


async def test_another_host_with_another_clock_is_rewound_further_and_doubles_nothing():
    told = stream(100, now_us() - 100 * S, S)
    one, other = JetstreamServer(told), JetstreamServer(told)
    other.restamp = lambda post: Told(
        post.stamp_us - 20 * S,
        post.raw.replace(
            b'"time_us": %d' % post.stamp_us, b'"time_us": %d' % (post.stamp_us - 20 * S)
        ),
    )
    one.cut_after = 50

    async with one, other, listening(one, other) as heard:
        await heard.until(lambda: len(heard.rkeys) >= 100)

        assert heard.rkeys == names(100)
        assert other.asked[0] < told[0].stamp_us


async def test_repeated_posts_are_told_once():
    host = JetstreamServer(stream(50, now_us() - 5 * S))
    host.times = 3

    async with host, listening(host) as heard:
        await heard.until(lambda: heard.source.repeated >= 100)

        assert heard.rkeys == names(50)


async def test_a_host_that_begins_an_hour_early_tells_nothing_twice():
    told = stream(3600, now_us() - 3600 * S, S)
    host = JetstreamServer(told)

    async with host, listening(host) as heard:
        await heard.until(lambda: "k3599" in heard.rkeys)
        told_once = len(heard.rkeys)
        host.begins_early_us = 3600 * S
        host.cut()
        await host.tell(message_of(now_us(), "k3600"))
        await heard.until(lambda: "k3600" in heard.rkeys)

        assert len(heard.rkeys) == told_once + 1
        assert 595 <= told_once <= 605


async def test_a_frame_of_the_far_future_does_not_move_the_cursor():
    async with JetstreamServer(stream(5, now_us() - 2 * S)) as host, listening(host) as heard:
        await host.tell(replace(message_of(now_us() + 3600 * S, "far"), stamp_us=now_us()))
        await heard.until(lambda: "far" in heard.rkeys)
        host.cut()
        await heard.until(lambda: len(host.asked) == 2)

        assert host.asked[1] <= now_us()


async def test_a_full_inbox_holds_the_source_back_and_loses_nothing():
    host = JetstreamServer(stream(3_000, now_us() - 300 * S))

    async with host, listening(host, full=100) as heard:
        await asyncio.sleep(0.5)
        assert heard.source.health.posts <= 600

        await heard.until(lambda: len(heard.rkeys) == 3_000)
        assert heard.rkeys == names(3_000)


async def test_a_host_is_not_left_because_our_own_inbox_was_full_for_long():
    host = JetstreamServer(stream(700, now_us() - 70 * S))

    async with host, listening(host, full=100) as heard:
        await heard.until(lambda: heard.source.health.posts >= 100)
        await asyncio.sleep(0.3)  # the next ones wait for room
        heard.clock.ahead_s = 60
        assert heard.source.told_until_us(heard.clock.now_us()) is None

        await heard.until(lambda: len(heard.rkeys) == 700)
        await asyncio.sleep(0.3)
        assert len(host.asked) == 1


async def test_run_again_it_goes_on_where_it_stopped():
    async with JetstreamServer(stream(5, now_us() - 2 * S)) as host:
        clock, inbox = JumpingClock(), Inbox()
        source = Jetstream([host.url], clock=clock)
        for _ in range(2):
            running = asyncio.create_task(source.run(inbox, None))
            await Listening(source, clock, inbox).until(lambda: source.health.state == "live")
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running

        assert source.health.posts == 5
        assert source.health.state == "lost"


@pytest.mark.parametrize("hosts", [[], ["https://example.org"], ["ws://"], ["wss://a/subscribe"]])
def test_hosts_that_are_none_are_refused_at_once(hosts):
    with pytest.raises(ConfigError, match="wss://HOST"):
        Jetstream(hosts, clock=JumpingClock())


def test_a_message_of_the_test_host_is_what_real_ones_look_like():
    assert set(json.loads(message_of(1, "k").raw)) == {"did", "time_us", "kind", "commit"}
