"""One process, one port: the watch, the outbox and the board, from start to a clean stop.

Be the process: you open the store, bring the web up first so that screens can say "starting", take
up where the last run stopped, then watch, publish and serve until somebody stops you; on the way
out you leave a snapshot. If any part dies, all stop, and the reason is raised.
"""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from dashboards.app import create_app as create_screens
from rtm.alerts.digest import holes_ahead
from rtm.alerts.house import HouseState
from rtm.away import Away
from rtm.board.view import ChannelView, EventView, Setting, ms
from rtm.brand import Brand
from rtm.clock import Beat, WallClock
from rtm.decisions import (
    Claimed,
    Closed,
    Dismissed,
    Fired,
    Forgotten,
    Labelled,
    Leaked,
    Opened,
    Record,
)
from rtm.desk.leaking import Leaking
from rtm.desk.rota import Hole
from rtm.draft import Picture
from rtm.engine import Engine
from rtm.errors import ConfigError, PublishError, StoreError
from rtm.event import WatchedEvent
from rtm.live import KEPT, Stream, Watch
from rtm.lookups import Links
from rtm.outbox import Outbox
from rtm.playhead import BEAT_S, Playhead
from rtm.publish.pictures import fitted
from rtm.publish.publisher import Attached, Limits, Publisher
from rtm.reckoning import Reckoning
from rtm.results import Lookout
from rtm.review import Review
from rtm.room import Room
from rtm.score.lessons import lesson_of
from rtm.steps import Steps
from rtm.store.store import Store
from rtm.taught import Label, Unlearned, closing_of, opening_of, written
from rtm.text.screening import screening_of
from rtm.types import is_by_hand, story_of
from rtm.web.app import create_app, serve

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Address:
    """Where screens find the board; port 0 takes a free one, ``names`` are those it goes by."""

    host: str = "127.0.0.1"
    port: int = 8050
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class House:
    """All that one process serves; ``playhead`` stands in for the clock where there is one.

    ``away`` tells people away from the board, with links to ``public_url``, without which they lead
    to the board's own address.
    """

    brand: Brand
    events: Sequence[WatchedEvent]
    store: Store
    stream: Stream
    publishers: Sequence[Publisher]
    address: Address
    mode: Literal["live", "demo"] = "live"
    playhead: Playhead | None = None
    away: Away | None = None
    public_url: str | None = None
    kept: timedelta = KEPT


async def run(house: House, on_ready: Callable[[str], Awaitable[None] | None]) -> None:
    """Serve until a signal comes; ``on_ready`` is told the address once screens can connect."""
    real = WallClock()
    playhead = house.playhead
    clock: Beat = playhead or real
    for outlet in house.publishers:
        await _reach(outlet)
    room = Room(house.store, setting_of(house), clock, real.now(), house.brand.desk, house.events)
    by_name = {one.name: one for one in house.publishers}
    links = Links() if house.brand.desk.look_up_links and house.mode == "live" else None
    review = Review(house.brand, house.events, house.store.secrets, by_name, links)
    steps = Steps(room, by_name, review)
    leaking = Leaking(house.brand, house.store.secrets.fingerprints)
    watch = Watch(
        Engine(house.brand, house.events),
        house.stream,
        house.store,
        room,
        clock,
        subjects=_subjects(house),
        beat=playhead.beat if playhead else lambda: real.rest(BEAT_S),
        kept=house.kept,
        on_found=playhead.arrived if playhead else lambda: None,
        on_posts=leaking.heed,
    )
    if playhead is not None:
        room.speed = lambda: playhead.speed
    outbox = Outbox(
        house.store.sendings,
        room.settle,
        house.publishers,
        clock,
        held=room.held,
        forbids=steps.forbids,
        attach=lambda picture, limits: _attached(house.store, picture, limits),
    )
    reckoning = Reckoning(
        room, house.brand, house.events, lambda lesson: watch.teach(written(lesson))
    )
    outlets = {(one.name, one.account): one for one in house.publishers}
    lookout = Lookout(outlets, reckoning.measured, clock, Random())
    for fold in (reckoning.tell, lookout.tell, *([house.away.tell] if house.away else [])):
        room.follow(fold)
    room.results_of, room.costs = reckoning.results_of, reckoning.costs
    steps.on_fired = outbox.nudge
    room.on_decided = lambda said: _teach(watch, said)
    room.learned = watch.learned
    screens = create_screens(brand=house.brand.name)
    app = create_app(
        room,
        steps,
        house.store.people,
        house.store.pictures,
        clock=real,
        wsgi=screens.server,
        pace=playhead,
        scripts=screens.csp_hashes(),
        allowed_hosts=house.address.names,
        screening=screening_of(house.brand, house.events),
        reckoning=reckoning,
        alerts=house.away.alerts if house.away else None,
    )
    try:
        runner, url = await serve(app, house.address.host, house.address.port)
    except OSError as error:
        place = f"{house.address.host}:{house.address.port}"
        raise ConfigError(
            f"{place}: cannot serve there ({error.strerror}); try --port 0"
        ) from error
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stop.set)
    try:
        said = on_ready(url.rstrip("/"))
        if said is not None:
            await said
        parts = (
            _watched(watch, room),
            outbox.run(),
            lookout.run(),
            _ready(review),
            _guarded(leaking, room),
            _told_away(house, room, url.rstrip("/")),
        )
        await _until(stop, *parts)
    finally:
        await runner.cleanup()
        if links is not None:
            await links.close()
        for outlet in house.publishers:
            await outlet.close()


def _teach(watch: Watch, said: Record) -> None:
    match said:
        case Labelled():
            label = Label(what=said.what, is_so=said.is_so, text=said.text, lang=said.lang)
            watch.teach(written(label))
        case Forgotten():
            watch.teach(written(Unlearned(what=said.what)))
        case Opened():
            watch.teach(written(opening_of(said)))
        case Closed():
            watch.teach(written(closing_of(said)))
        case Claimed() | Fired() | Dismissed():
            lesson = lesson_of(said)
            if lesson is not None:
                watch.teach(written(lesson))
            if isinstance(said, Dismissed) and is_by_hand(story_of(said.opportunity)):
                watch.teach(written(closing_of(said)))


async def _attached(store: Store, picture: Picture, limits: Limits) -> Attached:
    try:
        content = await asyncio.to_thread(store.pictures.read, picture.id)
    except StoreError as error:
        raise PublishError(str(error)) from error
    return await asyncio.to_thread(fitted, content, limits, picture.alt)


async def _reach(publisher: Publisher) -> None:
    # a wrong password shows now, not when the first post is fired; a network that is away may wait
    try:
        await publisher.open()
    except PublishError as error:
        if error.retry_after_s is None:
            await publisher.close()
            raise
        log.warning("network away channel=%s why=%s", publisher.name, error)


def setting_of(house: House) -> Setting:
    """Return what screens are told once: whose board, where posts go, what is watched."""
    return Setting(
        brand=house.brand.name,
        mode=house.mode,
        channels=tuple(_channel(house.brand, one) for one in house.publishers),
        events=tuple(
            EventView(
                title=_short(event.title),
                start_ms=ms(event.start),
                end_ms=ms(event.end),
                zone=_offset(event.start),
            )
            for event in house.events
        ),
        eur_per_hour=house.brand.seats.eur_per_hour,
        own_approval=house.brand.desk.own_approval,
    )


def _channel(brand: Brand, publisher: Publisher) -> ChannelView:
    outlet = next((one for one in brand.channels if one.name == publisher.name), None)
    needed = outlet.approvals if outlet else None
    limits = publisher.limits
    return ChannelView(
        name=publisher.name,
        network=outlet.on if outlet else publisher.name,
        account=publisher.account,
        owner=outlet.owner if outlet else "",
        approvals=needed or brand.desk.approvals,
        limit=limits.graphemes,
        limit_bytes=limits.utf8_bytes,
        link_letters=limits.link_letters,
        pictures=limits.pictures,
        thread=limits.thread,
        poll_options=limits.poll_options,
        takes_replies=limits.takes_replies,
        visibilities=limits.visibilities,
        is_dry=publisher.is_dry,
    )


def _subjects(house: House) -> str:
    return _short(house.events[0].title) if house.events else house.brand.name


def _short(title: str) -> str:
    # a wall has no room for what follows a colon
    return title.partition(":")[0].strip() or title


async def _ready(review: Review) -> None:
    # its word lists take seconds to read: by now, not when somebody submits
    await asyncio.to_thread(lambda: review.checker)
    await asyncio.get_running_loop().create_future()


async def _guarded(leaking: Leaking, room: Room) -> None:
    # strangers may give a secret away, too
    clock, steady_s = WallClock(), asyncio.get_running_loop().time
    while True:
        try:
            given = await asyncio.to_thread(leaking.alarms, steady_s())
            if given:
                await room.keep(
                    [
                        Leaked(at=room.now(), post=one.post, label=one.label, text=one.text[:500])
                        for one in given
                    ]
                )
        except Exception:  # a guard that fails must not end what it guards
            log.exception("posts are not looked at for secrets")
        await clock.rest(1.0)


async def _told_away(house: House, room: Room, url: str) -> None:
    away = house.away
    if away is None:
        await asyncio.get_running_loop().create_future()
        return
    away.reach(house.public_url or url)
    await away.run(lambda: _state_of(room), lambda: _holes(room))


def _state_of(room: Room) -> HouseState:
    now = room.now()
    must_be_there = bool(room.reach.stretches(now, now + timedelta(seconds=1)))
    sources = room.tick().sources
    return HouseState(
        has_moderator=bool(room.staff.in_role("moderator", now)) if must_be_there else None,
        holes=room.holes(),
        lost=[one.name for one in sources if one.state in ("lost", "connecting")],
    )


def _holes(room: Room) -> list[Hole]:
    return holes_ahead(room.newsroom.shifts, room.staff.all(), room.now(), room.reach)


async def _watched(watch: Watch, room: Room) -> None:
    await watch.restore()
    for one in room.board.untold():  # the last run was cut off before its watch heard of it
        _teach(watch, one)
    await watch.run()


async def _until(stop: asyncio.Event, *parts: Awaitable[None]) -> None:
    # until it is stopped or one part ends, which none does by itself; then the rest is let go
    tasks = [asyncio.ensure_future(part) for part in (stop.wait(), *parts)]
    done, going = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in going:
        task.cancel()
    for task in going:
        with suppress(asyncio.CancelledError):
            await task
    for task in done:
        task.result()


def _offset(at: datetime) -> str:
    return f"{at:%z}"[:3] + ":" + f"{at:%z}"[3:5]
