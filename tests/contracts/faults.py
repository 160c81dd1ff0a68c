"""What every channel to a network promises when that fails: refused, later, or unknown."""

import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from aiohttp import web

from rtm.errors import OutcomeUnknown, PublishError
from rtm.publish.publisher import Publisher
from tests.contracts.publisher import looked, outgoing, refuses
from tests.servers.faulty import Faulty


@dataclass
class Line:
    """A channel to a server; ``call`` is the server's name of what makes a post public.

    ``secrets`` must never be told; ``heeds``: the answer's words say whether a post was taken.
    """

    channel: Publisher
    server: Faulty
    call: str
    secrets: tuple[str, ...]
    heeds: bool = True

    def meets(self, *faults: object) -> None:
        self.server.faults[self.call].extend(faults)  # type: ignore[arg-type]


async def unknown(line: Line) -> None:
    """Publish a post of which nobody can say what became."""
    with pytest.raises(OutcomeUnknown):
        await line.channel.publish(outgoing(line.channel))


async def a_call_that_breaks_off_before_it_is_taken_is_unknown(line: Line) -> None:
    line.meets("cut")
    post = outgoing(line.channel)

    with pytest.raises(OutcomeUnknown):
        await line.channel.publish(post)

    await looked(line.channel, post, None)


async def a_call_whose_answer_is_lost_is_unknown_and_there(line: Line) -> None:
    line.meets("lost")
    post = outgoing(line.channel)

    with pytest.raises(OutcomeUnknown):
        await line.channel.publish(post)

    if line.channel.can_look:
        assert await line.channel.find(post) is not None


async def a_call_without_an_answer_is_unknown(line: Line) -> None:
    line.meets("hang")

    await unknown(line)


async def a_failing_server_is_unknown(line: Line) -> None:
    line.meets("failed", web.Response(status=502))

    await unknown(line)
    await unknown(line)


async def an_answer_that_is_no_receipt_is_unknown(line: Line) -> None:
    line.meets(*["garbage"] * line.heeds)

    if line.heeds:
        await unknown(line)
    else:
        await line.channel.publish(outgoing(line.channel))


async def a_rate_limit_is_to_be_tried_later(line: Line) -> None:
    line.meets(web.json_response({"message": "slow"}, status=429, headers={"Retry-After": "7"}))
    post = outgoing(line.channel)

    error = await refuses(line.channel, post)
    receipt = await line.channel.publish(post)

    assert error.retry_after_s == 7
    await looked(line.channel, post, receipt)


async def a_refusal_is_told_in_words_and_final(line: Line) -> None:
    await line.channel.open()
    said = {"error": "Not\nlike this " + "x" * 5000}
    line.meets(web.json_response(said, status=422))

    error = await refuses(line.channel, outgoing(line.channel))

    assert error.retry_after_s is None
    assert "Not like this" in str(error)
    assert len(str(error)) < 400


async def another_address_is_never_gone_to(line: Line) -> None:
    away = {"Location": f"{line.server.url}/elsewhere"}
    line.meets(web.Response(status=307, headers=away))

    await refuses(line.channel, outgoing(line.channel))

    assert line.server.calls[-1] == line.call


async def a_server_that_is_not_there_is_to_be_tried_later(line: Line) -> None:
    await line.server.stop()

    error = await refuses(line.channel, outgoing(line.channel))

    assert error.retry_after_s is not None


async def no_secret_is_ever_told(line: Line) -> None:
    await line.channel.open()
    echo = " ".join(line.secrets)
    line.meets(web.json_response({"error": f"bad secret: {echo}"}, status=400))
    line.meets("cut", web.Response(status=500, text=echo), web.Response(status=404, text=echo))

    for _ in range(4):
        with pytest.raises(PublishError) as caught:
            await line.channel.publish(outgoing(line.channel))
        told = "".join(traceback.format_exception(caught.value)) + repr(line.channel)
        assert not [secret for secret in line.secrets if secret in told]


FaultCheck = Callable[[Line], Awaitable[None]]
FAULTS: list[FaultCheck] = [
    a_call_that_breaks_off_before_it_is_taken_is_unknown,
    a_call_whose_answer_is_lost_is_unknown_and_there,
    a_call_without_an_answer_is_unknown,
    a_failing_server_is_unknown,
    an_answer_that_is_no_receipt_is_unknown,
    a_rate_limit_is_to_be_tried_later,
    a_refusal_is_told_in_words_and_final,
    another_address_is_never_gone_to,
    a_server_that_is_not_there_is_to_be_tried_later,
    no_secret_is_ever_told,
]
