"""The shell: it hands out in time, waits for no target, outlives them all, forgets nothing."""

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from aiohttp import web

from rtm.alerting import AlertsConfig, Route, Target
from rtm.alerts import lane as lane_module
from rtm.alerts.dispatcher import MEMORY, Dispatcher, dispatcher_of
from rtm.alerts.house import HouseState
from rtm.alerts.lane import Lane
from rtm.alerts.targets import targets_of
from rtm.alerts.words import Voice, message_of
from rtm.errors import IllegalMove, PublishError
from rtm.orders import CrisisDeclared, CrisisOver
from rtm.text.screening import Screening
from tests.alerts.said import START, alert, config
from tests.alerts.test_words import delivery
from tests.clocks import HandClock, settled

VOICE = Voice("Oreo", "https://rtm.example.org")


class RestingClock(HandClock):
    """Says when somebody rests."""

    def __init__(self) -> None:
        super().__init__()
        self.rested = asyncio.Event()

    async def rest(self, seconds: float) -> None:
        self.rested.set()
        await super().rest(seconds)


@pytest.fixture
async def clock():
    return RestingClock()


def crisis(clock: HandClock) -> CrisisDeclared:
    return CrisisDeclared(at=clock.now(), who="mia", what="a recall")


class Deaf:
    """A target that fails: with the errors given, then for ever with the last."""

    def __init__(self, *errors: Exception) -> None:
        self.errors, self.tries, self.sent = list(errors), 0, 0

    async def send(self, message):
        self.tries += 1
        if self.errors:
            raise self.errors.pop(0) if len(self.errors) > 1 else self.errors[0]
        self.sent += 1


class Stuck:
    """A target that never answers."""

    def __init__(self) -> None:
        self.tries = 0

    async def send(self, message):
        self.tries += 1
        await asyncio.Event().wait()


class Ear:
    """A target that takes what it is sent."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def send(self, message):
        self.heard.append(message.subject)


def two() -> AlertsConfig:
    made = Route(name="all", kinds=("crisis", "moderator"), targets=("team", "lead"))
    return config(routes=(made,))


def dispatcher(clock: HandClock, team, lead, folder=None) -> Dispatcher:
    return dispatcher_of(
        two(),
        {"team": team, "lead": lead},
        VOICE,
        Screening(),
        clock,
        rng=Random(1),
        folder=folder,
    )


@asynccontextmanager
async def running(one):
    task = asyncio.create_task(one.run())
    await settled()
    try:
        yield
        assert not task.done(), "it must outlive whatever happens"
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def passing(clock: HandClock, seconds: int) -> None:
    for _ in range(seconds):
        await clock.go(1)


async def until(claim: Callable[[], object], clock: HandClock) -> None:
    """Let seconds pass, and threads do their work, until something has come to be so."""
    for _ in range(500):
        if claim():
            return
        await clock.go(1)
        await asyncio.sleep(0.002)
    raise AssertionError("it did not come to be so")


def is_kept(folder: Path, sent: int) -> bool:
    """Tell whether it is kept that so many messages arrived."""
    memory = folder / MEMORY
    return memory.exists() and memory.read_bytes().count(b'"message":"msg_') == sent


async def test_what_is_kept_reaches_a_real_server_in_time(clock, hooks):
    made = config(
        targets=(Target(name="team", kind="slack", url_env="RTM_URL"),),
        routes=(Route(name="all", kinds=("crisis",), targets=("team",)),),
    )
    targets = targets_of(made, {"RTM_URL": f"{hooks.url}/x"}, clock)
    one = dispatcher_of(made, targets, VOICE, Screening(), clock, rng=Random(1))
    async with running(one):
        one.kept([crisis(clock)])
        await clock.go(4)
        assert hooks.posts == []
        await clock.go(1)

        posted = await hooks.next()

    assert posted.json["text"] == "Oreo: Crisis declared"


async def test_a_real_server_that_is_busy_is_asked_again_as_late_as_it_says(clock, hooks):
    hooks.answers = [web.Response(status=429, headers={"Retry-After": "20"})]
    made = config(targets=(Target(name="team", kind="slack", url_env="RTM_URL"),), routes=())
    lane = Lane(
        "team", targets_of(made, {"RTM_URL": f"{hooks.url}/x"}, clock)["team"], clock, Random(1)
    )
    lane.put(message_of(delivery(news=(alert(),)), VOICE))
    clock.now_s = START.timestamp()
    async with running(lane):
        await hooks.next()
        await asyncio.wait_for(clock.rested.wait(), 5)
        assert lane.failed == "127.0.0.1 answered 429"
        await clock.go(19)
        assert len(hooks.posts) == 1
        await clock.go(1)
        await hooks.next()


async def test_a_failing_target_holds_up_no_other_and_ends_nothing(clock):
    team, lead = Deaf(PublishError("cannot be reached", 0.0)), Ear()
    one = dispatcher(clock, team, lead)
    async with running(one):
        one.kept([crisis(clock)])
        await passing(clock, 5)

        assert lead.heard == ["Oreo: Crisis declared"]
        assert one.failed == {"team": "cannot be reached"}
        await passing(clock, 1_200)

    (target, _) = one.view().targets
    assert team.tries > 5
    assert (target.sent, target.given_up, target.waiting) == (0, 1, 0)
    assert target.failures == team.tries


async def test_a_target_that_never_answers_holds_up_no_other(clock):
    team, lead = Stuck(), Ear()
    one = dispatcher(clock, team, lead)
    async with running(one):
        one.kept([crisis(clock)])
        await passing(clock, 5)
        one.kept([CrisisOver(at=clock.now(), who="mia")])
        await passing(clock, 60)

    assert lead.heard == ["Oreo: Crisis declared", "Oreo: Over: Crisis declared"]
    assert team.tries == 1
    assert one.view().targets[0].waiting == 2


async def test_an_error_that_nobody_foresaw_is_counted_and_tried_again(clock):
    team = Deaf(RuntimeError("a bug"), PublishError("later", 3.0))
    one = dispatcher(clock, team, Ear())
    async with running(one):
        one.kept([crisis(clock)])
        await passing(clock, 5)
        assert one.failed == {"team": "failed in a way that nobody foresaw; see the log"}
        await passing(clock, 5)
        assert one.failed == {"team": "later"}
        team.errors = []
        await passing(clock, 60)

    assert team.sent == 1
    assert one.failed == {}


async def test_what_is_refused_for_good_is_not_tried_again(clock):
    team = Deaf(PublishError("answered 404", None))
    one = dispatcher(clock, team, Ear())
    async with running(one):
        one.kept([crisis(clock)])
        await passing(clock, 300)

    assert team.tries == 1
    assert one.failed == {"team": "answered 404"}
    assert [it.state for it in one.view().deliveries] == ["given up", "sent"]


async def test_a_lane_is_bounded_and_keeps_what_is_under_way_and_the_latest(clock, monkeypatch):
    monkeypatch.setattr(lane_module, "MOST_WAITING", 3)
    lane = Lane("team", Stuck(), clock, Random(1))
    for n in range(5):
        lane.put(message_of(delivery(news=(alert(f"opportunity/{n}"),)), VOICE))

    assert len(lane.waiting) == 3
    assert lane.given_up == 2
    assert [one.state for one in lane.latest] == [
        *("waiting", "given up", "given up", "waiting", "waiting")
    ]


async def test_after_a_restart_nobody_is_told_again(clock, tmp_path):
    lead = Ear()
    one = dispatcher(clock, Ear(), lead, tmp_path)
    record = crisis(clock)
    async with running(one):
        one.kept([record])
        await until(lambda: is_kept(tmp_path, sent=2), clock)

    again = dispatcher(clock, Ear(), lead, tmp_path)
    again.begin([record])
    async with running(again):
        again.kept([CrisisOver(at=clock.now(), who="mia")])
        await until(lambda: len(lead.heard) > 1, clock)

    assert lead.heard == ["Oreo: Crisis declared", "Oreo: Over: Crisis declared"]


async def test_what_had_not_arrived_is_told_after_a_restart(clock, tmp_path):
    one = dispatcher(clock, Stuck(), Ear(), tmp_path)
    record = crisis(clock)
    async with running(one):
        one.kept([record])
        await until(lambda: is_kept(tmp_path, sent=1), clock)

    team, lead = Ear(), Ear()
    again = dispatcher(clock, team, lead, tmp_path)
    again.begin([record])
    async with running(again):
        await until(lambda: team.heard, clock)

    assert (team.heard, lead.heard) == (["Oreo: Crisis declared"], [])


async def test_what_ended_while_rtm_was_down_is_told_to_be_over(clock, tmp_path):
    lead = Ear()
    one = dispatcher(clock, Ear(), lead, tmp_path)
    record = crisis(clock)
    async with running(one):
        one.kept([record])
        await until(lambda: is_kept(tmp_path, sent=2), clock)

    again = dispatcher(clock, Ear(), lead, tmp_path)
    again.begin([record, CrisisOver(at=clock.now(), who="mia")])
    async with running(again):
        await until(lambda: len(lead.heard) > 1, clock)

    assert lead.heard[1:] == ["Oreo: Over: Crisis declared"]


@pytest.mark.parametrize("kept", [b"", b"[]", b"\xff", b'{"standings": 3}'])
async def test_a_damaged_memory_is_no_reason_not_to_start(clock, tmp_path, kept):
    (tmp_path / MEMORY).write_bytes(kept)
    one = dispatcher(clock, Ear(), Ear(), tmp_path)

    one.begin([crisis(clock)])
    assert len(one.view().alerts) == 1


async def test_a_memory_that_cannot_be_written_ends_nothing(clock, tmp_path):
    lead = Ear()
    one = dispatcher(clock, Ear(), lead, tmp_path / "gone")
    async with running(one):
        one.kept([crisis(clock)])
        await until(lambda: lead.heard, clock)


async def test_a_person_takes_an_alert_on_and_the_view_says_who(clock):
    one = dispatcher(clock, Ear(), Ear())
    one.kept([crisis(clock)])
    (shown,) = one.view().alerts

    one.acknowledge(shown.id, "noor")
    assert one.view().alerts[0].by == "noor"
    with pytest.raises(KeyError):
        one.acknowledge("nothing", "noor")


async def test_a_person_silences_and_speaks_again(clock):
    lead = Ear()
    one = dispatcher(clock, Ear(), lead)
    async with running(one):
        made = one.silence(
            "noor", " a  drill ", timedelta(hours=1), kind="crisis", card=None, key="k1"
        )
        one.kept([crisis(clock)])
        await passing(clock, 10)
        assert lead.heard == []
        assert one.view().alerts[0].is_silenced
        assert one.view().silences[0].why == "a drill"

        one.end_silence(made.id, "noor")
        await passing(clock, 6)
        assert lead.heard == ["Oreo: Crisis declared"]
    with pytest.raises(KeyError):
        one.end_silence(made.id, "noor")


async def test_a_silence_says_why(clock):
    with pytest.raises(IllegalMove, match="say why"):
        dispatcher(clock, Ear(), Ear()).silence(
            "noor", " ", timedelta(hours=1), kind="crisis", card=None, key="k1"
        )


async def test_nothing_that_goes_wrong_here_is_the_rooms_trouble(clock, monkeypatch):
    one = dispatcher(clock, Ear(), Ear())
    monkeypatch.setattr(one._lookout, "record", lambda record, now: 1 / 0)
    monkeypatch.setattr(one._troubles, "state", lambda state, at: 1 / 0)

    monkeypatch.setattr(one._lookout, "begin", lambda records, standing, now: 1 / 0)

    one.begin([crisis(clock)])
    one.kept([crisis(clock)])
    one.state(HouseState())


async def test_a_stumble_of_ours_does_not_end_it(clock, monkeypatch):
    lead = Ear()
    one = dispatcher(clock, Ear(), lead)
    hand_out, stumbles = one._hand_out, [ZeroDivisionError()]

    def stumbling() -> None:
        if stumbles:
            raise stumbles.pop()
        hand_out()

    monkeypatch.setattr(one, "_hand_out", stumbling)
    async with running(one):
        one.kept([crisis(clock)])
        await passing(clock, 40)

    assert lead.heard == ["Oreo: Crisis declared"]
