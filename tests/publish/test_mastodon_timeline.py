"""A post of which nobody knows is looked for by its words, and is never another's."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from rtm.errors import OutcomeUnknown
from rtm.publish.mastodon import Mastodon
from rtm.publish.mastodon_posts import is_same, may_be, status_of
from rtm.publish.mastodon_timeline import LATEST
from tests.contracts.publisher import outgoing
from tests.publish.lines import mastodon_to
from tests.servers.mastodon_server import Manners, MastodonServer

WORDS = "Power out? You can still dunk in the *dark* & <eat> :-) https://oreo.com/d?a=1&b=2"


@pytest.mark.parametrize(
    "manners", [Manners(), Manners(tells_source=False), Manners(tells_text=True)]
)
@pytest.mark.parametrize(
    "text",
    [
        WORDS,
        "@ada@example.social, @bo: dunk\n\nnow #SB47",
        "👩‍👩‍👧 黑暗",
        "🍪🌒",
        "e\u0301t\u00e9 \u00a0 x",
    ],
)
async def test_a_post_is_found_whatever_the_server_made_of_it(manners, text):
    server = MastodonServer(manners)
    await server.start()
    channel = mastodon_to(server)
    post = outgoing(channel, text)
    receipt = await channel.publish(post)
    again = mastodon_to(server)

    found, other = await again.find(post), await again.find(replace(post, text=f"{text} 1"))

    await channel.close()
    await again.close()
    await server.stop()
    assert found == receipt
    assert other is None


async def test_words_that_differ_in_signs_only_are_told_apart_where_the_server_can(
    mastodon: Mastodon, instance: MastodonServer
):
    instance.post("Dunk it?")

    assert await mastodon.find(outgoing(mastodon, "Dunk it!")) is None
    assert await mastodon.find(outgoing(mastodon, "Dunk it?")) is not None


async def test_a_post_from_before_it_was_fired_is_not_ours(
    mastodon: Mastodon, instance: MastodonServer
):
    now = datetime.now(UTC)
    instance.post(WORDS, now - timedelta(minutes=1))
    instance.post("something else", now - timedelta(seconds=30))

    assert await mastodon.find(outgoing(mastodon, WORDS)) is None


async def test_a_post_from_long_after_it_was_fired_is_not_ours(
    mastodon: Mastodon, instance: MastodonServer
):
    instance.post(WORDS)
    post = outgoing(mastodon, WORDS)

    earlier = replace(post, at=post.at - LATEST - timedelta(minutes=1))

    assert await mastodon.find(earlier) is None
    assert await mastodon.find(post) is not None


@pytest.mark.parametrize("minutes", [-7, 27])
async def test_a_servers_clock_may_be_wrong_if_it_tells_its_time(
    minutes, mastodon: Mastodon, instance: MastodonServer
):
    instance.ahead = timedelta(minutes=minutes)
    post = outgoing(mastodon, WORDS)
    await mastodon.publish(outgoing(mastodon, "before"))
    instance.post(WORDS)

    assert await mastodon.find(post) is not None


async def test_a_post_that_is_known_to_be_anothers_is_not_claimed(
    mastodon: Mastodon, instance: MastodonServer
):
    first, second = outgoing(mastodon, WORDS), outgoing(mastodon, WORDS)
    receipt = await mastodon.publish(first)
    later = mastodon_to(instance)  # it remembers nothing

    claimed = await later.find(second)
    apart = await later.find(replace(second, taken=frozenset({receipt.uri})))
    await later.close()

    assert claimed == receipt  # nobody told it
    assert apart is None
    assert await mastodon.find(second) is None  # this one remembers whose it is


async def test_of_two_unknown_posts_of_the_same_words_none_is_claimed_while_one_is_there(
    mastodon: Mastodon, instance: MastodonServer
):
    first = replace(outgoing(mastodon, WORDS), twins=1)
    second = replace(outgoing(mastodon, WORDS), twins=1)
    instance.post(WORDS)

    for post in (first, second):
        with pytest.raises(OutcomeUnknown, match="1 of 2 posts of the same words"):
            await mastodon.find(post)

    instance.post(WORDS)
    found = [await mastodon.find(post) for post in (first, replace(second, twins=0))]
    assert len({receipt.uri for receipt in found if receipt}) == 2


async def test_what_somebody_passed_on_is_not_ours(mastodon: Mastodon, instance: MastodonServer):
    instance.post(WORDS, reblog={"id": "1"})

    assert await mastodon.find(outgoing(mastodon, WORDS)) is None


async def test_a_post_is_found_behind_many_newer_ones(mastodon: Mastodon, instance: MastodonServer):
    post = outgoing(mastodon, WORDS)
    receipt = await mastodon.publish(post)
    for number in range(100):
        instance.post(f"newer {number}")

    assert await mastodon.find(post) == receipt


async def test_an_account_too_busy_to_be_read_whole_is_unknown(
    mastodon: Mastodon, instance: MastodonServer
):
    for number in range(500):
        instance.post(f"newer {number}")

    with pytest.raises(OutcomeUnknown, match="cannot say"):
        await mastodon.find(outgoing(mastodon, WORDS))


@pytest.mark.parametrize(("there", "page"), [(0, 40), (19, 40), (37, 40), (150, 256)])
async def test_a_server_that_knows_no_pages_is_believed_when_its_one_is_not_full(
    there, page, mastodon: Mastodon, instance: MastodonServer
):
    instance.manners.pages, instance.manners.page = False, page
    for number in range(there):
        instance.post(f"newer {number}")

    assert await mastodon.find(outgoing(mastodon, WORDS)) is None


@pytest.mark.parametrize(("there", "page"), [(20, 20), (60, 20), (60, 40), (300, 256)])
async def test_a_server_that_knows_no_pages_is_not_believed_when_its_one_is_full(
    there, page, mastodon: Mastodon, instance: MastodonServer
):
    instance.manners.pages, instance.manners.page = False, page
    for number in range(there):
        instance.post(f"newer {number}")

    with pytest.raises(OutcomeUnknown, match="cannot say"):
        await mastodon.find(outgoing(mastodon, WORDS))


@pytest.mark.parametrize(
    "odd",
    [
        web.json_response({"error": "This method is not possible"}, status=403),
        web.json_response({"not": "a list"}),
        web.json_response([{"id": "1", "created_at": "yesterday"}]),
        web.Response(text="<html>"),
    ],
)
async def test_a_timeline_that_cannot_be_read_says_nothing(
    odd, mastodon: Mastodon, instance: MastodonServer
):
    await mastodon.open()
    instance.faults["GET accounts/statuses"].append(odd)

    with pytest.raises(OutcomeUnknown):
        await mastodon.find(outgoing(mastodon))


async def test_a_thread_of_which_a_part_is_there_needs_a_person(
    mastodon: Mastodon, instance: MastodonServer
):
    post = outgoing(mastodon, "one", more=("two", "three"))
    instance.post("one")
    instance.post("two", in_reply_to_id="1001")

    with pytest.raises(OutcomeUnknown, match="2 of 3 posts of the thread are out"):
        await mastodon.find(post)


@given(st.text())
def test_a_text_is_the_same_as_itself(text):
    status = status_of({"id": "1", "created_at": "2013-02-04T01:48:18Z", "text": text})

    assert status is not None
    assert may_be(status, text)
    assert is_same(text, text)


@given(st.text(), st.text())
def test_what_is_the_same_may_be_the_same(one, other):
    status = status_of({"id": "1", "created_at": "2013-02-04T01:48:18Z", "text": one})

    assert status is not None
    assert may_be(status, other) or not is_same(one, other)


@pytest.mark.parametrize(
    "odd", [None, [], {}, {"id": 7}, {"id": "../1", "created_at": "2013-02-04T01:48:18Z"}]
)
def test_what_is_no_post_is_none(odd):
    assert status_of(odd) is None
