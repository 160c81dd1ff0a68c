"""Wire what one process serves: a house for a live stream, and one for the night of the demo."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import polars as pl

from rtm import build
from rtm.alerting import AlertsConfig
from rtm.away import Away
from rtm.brand import Brand
from rtm.clock import Beat, WallClock
from rtm.config import load
from rtm.desk.roles import ROLES, Role
from rtm.live import Stream
from rtm.orders import Acknowledged, DutyBegan, RulesSet
from rtm.pictures import kept as kept_pictures
from rtm.pictures import load_event
from rtm.playhead import Playhead
from rtm.publish.channels import DRY, outlets, publisher
from rtm.serve import Address, House
from rtm.sources.jetstream import HOSTS, REWIND_S, Jetstream
from rtm.sources.recorded import Recorded
from rtm.sources.stream import Inbox
from rtm.store.store import Store

SINCE = datetime(2013, 2, 3, 22, tzinfo=UTC)  # from when the demo plays; earlier posts are its past
PEOPLE: dict[str, tuple[Role, ...]] = {"mia": ("writer",), "noor": ("approver", "moderator")}
PASSWORD_BYTES = 9  # twelve letters


@dataclass(frozen=True, slots=True)
class Login:
    """A person who was made for a demo, and the password, which stands nowhere else."""

    name: str
    roles: tuple[Role, ...]
    password: str


def live(
    brand: Path,
    events: Sequence[Path],
    folder: Path,
    address: Address,
    *,
    channels: Sequence[str],
    hosts: Sequence[str],
    environ: Mapping[str, str],
    kept: timedelta,
    alerts: Path | None = None,
    public_url: str | None = None,
) -> House:
    """Open the folder of a watch and everything that it needs.

    Raises
    ------
    ConfigError
        When a profile, an event or a channel's account cannot be understood.
    StoreError
        When the folder cannot be used.
    """
    profile = load(brand, Brand)
    loaded = [load_event(event) for event in events]
    clock = WallClock()
    publishers = [
        publisher(outlet, folder=folder, environ=environ, clock=clock)
        for outlet in outlets(profile, channels)
    ]
    away = None
    if alerts is not None:
        away = Away(
            load(alerts, AlertsConfig),
            profile,
            loaded,
            folder,
            environ=environ,
            clock=clock,
            rng=Random(),
        )
    store = Store.open(folder)
    watched = [
        kept_pictures(event, path.parent, store.pictures.keep)
        for event, path in zip(loaded, events, strict=True)
    ]
    stream = _jetstream(clock, hosts, folder)
    return House(
        profile,
        watched,
        store,
        stream,
        publishers,
        address,
        away=away,
        public_url=public_url,
        kept=kept,
    )


def demo(folder: Path, address: Address) -> tuple[House, list[Login]]:
    """Open a new folder for the night of 3 February 2013, with people to try it as.

    Nothing can leave: the only channel is ``dry``.
    """
    clock = WallClock()
    told = build.demo(clock)
    posts = told.recording.posts
    last = posts["at"][-1]
    assert isinstance(last, datetime)
    playhead = Playhead(clock, SINCE, last)
    recorded = Recorded("reddit", posts, playhead)
    store = Store.open(folder)
    house = House(
        told.brand,
        told.events,
        store,
        Stream(recorded, recorded.read, recorded.take),
        [publisher(DRY, folder=folder, environ={}, clock=playhead)],
        address,
        mode="demo",
        playhead=playhead,
    )
    logins = [_made(store, name, roles) for name, roles in PEOPLE.items()]
    rules = RulesSet(at=SINCE, who=logins[0].name, version=1, text=build.RULES.read_text("utf-8"))
    store.decide(rules, key="rules")
    for one in logins:
        read = Acknowledged(at=SINCE, who=one.name, version=1)
        store.decide(read, DutyBegan(at=SINCE, who=one.name), key=f"{one.name} comes on duty")
    return house, logins


def first_invitation(store: Store) -> str | None:
    """Return a one-time token for the first person, who may do everything; None later on."""
    return None if store.people.any() else store.people.invite(frozenset(ROLES))


def _jetstream(clock: Beat, hosts: Sequence[str], folder: Path) -> Stream:
    inbox = Inbox()
    source = Jetstream(hosts or HOSTS, clock=clock, rng=Random(), aside=folder / "aside.ndjson")

    async def read(since_us: int | None, already: Sequence[str]) -> None:
        source.already(already)
        await source.run(inbox, since_us)

    def take() -> pl.DataFrame:
        return inbox.take()

    return Stream(source, read, take, REWIND_S)


def _made(store: Store, name: str, roles: tuple[Role, ...]) -> Login:
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    store.people.add(name, password, frozenset(roles))
    return Login(name, roles, password)
