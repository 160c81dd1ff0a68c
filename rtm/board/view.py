"""What a screen is sent: plain structs that become JSON. Moments are Unix milliseconds.

The wall and the desk draw these and nothing else; a wall's cards are those of ``public``.
Messages of the socket:

``Snapshot``  all there is; ``epoch`` changes at every start of the server
``Delta``     what changed: cards to put in place (by ``rev``) or to take away
``Tick``      every second, and when the pace changes: how the watch itself is
"""

from datetime import datetime
from typing import Literal

import msgspec

from rtm.board.tallies import CardResults, CostView
from rtm.decisions import Kind
from rtm.desk.sendings import Fate
from rtm.desk.work import State
from rtm.draft import Draft


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """A post in people's own words; ``rude`` says why no public screen may show it, or is null."""

    id: str
    at_ms: int
    text: str
    author: str | None
    rude: str | None = None


class StepTaken(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the work on a card; ``who`` is null when time or a network took it."""

    state: State
    at_ms: int
    who: str | None


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """What was fired on one channel; ``uri`` is null until the network has told it.

    ``send_ms`` is when it shall leave, where that was said, in the time zone ``zone``; ``reason``
    the latest word on it: why it was refused, is unknown, was taken back.
    """

    channel: str
    account: str
    text: str
    state: Fate
    uri: str | None
    url: str | None
    is_heard: bool
    send_ms: int | None = None
    zone: str | None = None
    reason: str | None = None


class Breach(msgspec.Struct, frozen=True, kw_only=True):
    """The latest step that a rule did not allow; ``rule`` is the rule's id."""

    who: str
    step: str
    rule: str
    words: str


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """The latest release of a lock: by whom, and why."""

    who: str
    at_ms: int
    reason: str


class KitView(msgspec.Struct, frozen=True, kw_only=True):
    """Copy that was cleared for such a moment, offered until ``until_ms``.

    ``slots`` are places of ``text`` or of a channel's own text that a person must fill; ``image``
    is a path as seen from the event's file, ``event`` its title.
    """

    name: str
    text: str
    image: str | None
    alt: str | None
    event: str
    until_ms: int
    channels: dict[str, str] = {}
    slots: tuple[str, ...] = ()


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One opportunity with the work on it.

    ``rev`` grows with every change of the card, ``work_rev`` with those of the work alone: a step
    names the latter, so that a story that goes on growing is in nobody's way.
    ``score`` 0 to 100, ``relevance`` and ``risk`` 0 to 1; ``per_min`` is posts a minute,
    ``acceleration`` by how many that grows a minute; ``closes_*`` bound the moment from which it is
    too late, as the story was told last; ``lock`` says why nothing may go on, or is null;
    ``release`` tells of its latest release, also where it locked again since;
    ``is_over``: nobody speaks of it any more; ``is_trial``: it may not fit, is shown at the desk to
    learn from, and nobody has claimed it.

    ``text`` is the draft's, whose rest is in ``draft``; ``approvals`` are of the draft as it
    stands; ``asked`` is the approver whose answer is awaited; ``waits_on`` names in words what the
    work waits for, since ``since_ms`` (or ``asked_ms``).
    ``opened_by`` names whoever opened it by hand, null when rtm found it; of ``kind`` complaint it
    answers the post ``reply_to``, which is its first quote (without words where rtm never read it);
    ``kits`` are texts cleared beforehand that fit, best first, for the desk alone.
    """

    id: str
    rev: int
    work_rev: int
    title: str
    terms: tuple[str, ...]
    posts: int
    voices: float
    surprise: float
    per_min: float
    acceleration: float
    opened_ms: int
    found_ms: int
    closes_low_ms: int
    closes_high_ms: int
    score: float
    relevance: float
    risk: float
    audience: int | None
    reasons: tuple[str, ...]
    quotes: tuple[Quote, ...]
    is_over: bool
    lock: str | None
    release: Release | None
    state: State
    since_ms: int
    owner: str | None
    text: str
    draft: Draft
    written_by: str | None
    approvals: tuple[str, ...]
    asked: str | None
    asked_ms: int | None
    waits_on: str
    note: str | None
    breach: Breach | None
    steps: tuple[StepTaken, ...]
    sendings: tuple[Post, ...]
    is_trial: bool = False
    opened_by: str | None = None
    kind: Kind = "moment"
    reply_to: str | None = None
    kits: tuple[KitView, ...] = ()
    results: CardResults | None = None


class ChannelView(msgspec.Struct, frozen=True, kw_only=True):
    """Where posts go; ``limit`` is in the network's own letters (graphemes), and in bytes.

    ``link_letters`` is what each link counts as, null: its own letters; ``owner`` is the team that
    answers for it; ``approvals`` how many must agree; ``pictures``, ``thread`` and ``poll_options``
    how many it takes.
    """

    name: str
    network: str
    account: str
    owner: str
    approvals: int
    limit: int
    limit_bytes: int | None
    link_letters: int | None
    pictures: int
    thread: int
    poll_options: int
    takes_replies: bool
    visibilities: tuple[str, ...]
    is_dry: bool


class EventView(msgspec.Struct, frozen=True, kw_only=True):
    """A watched event; ``zone`` is an IANA name or an offset."""

    title: str
    start_ms: int
    end_ms: int
    zone: str


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """What stays while the server runs; ``mode`` is the word in LIVE's place."""

    brand: str
    mode: Literal["live", "demo"]
    channels: tuple[ChannelView, ...]
    events: tuple[EventView, ...]
    eur_per_hour: float
    own_approval: bool = True


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="snapshot"):
    """All that a screen needs to begin, as of ``seq``."""

    epoch: str
    seq: int
    setting: Setting
    cards: tuple[Card, ...]


class Delta(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="delta"):
    """What changed; ``seq`` follows on the last one, else a screen asks for a snapshot."""

    epoch: str
    seq: int
    upsert: tuple[Card, ...] = ()
    remove: tuple[str, ...] = ()


class SourceView(msgspec.Struct, frozen=True, kw_only=True):
    """How a source is: ``heard_ms`` is when anything last came from it, null before the first.

    ``behind_s``: seconds between the posts that come now and the present; ``note`` in words, such
    as "catching up, 40 s behind" or "no answer from HOST, next try in 8 s"; ``posts``, ``late``,
    ``aside`` (frames that made no sense) and ``gaps`` are counts since the start.
    """

    name: str
    state: Literal["connecting", "catching up", "live", "lost"]
    heard_ms: int | None
    behind_s: float
    note: str
    posts: int
    late: int
    aside: int
    gaps: int


class Volume(msgspec.Struct, frozen=True, kw_only=True):
    """Posts about the brand's subjects in buckets of time, the last one still growing.

    ``low`` and ``high`` bound what the past alone made expect (90 %); null where there was no past
    yet. ``unusual`` are those that are over and were an alarm.
    """

    title: str
    bucket_s: int
    start_ms: int
    posts: tuple[int, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    unusual: tuple[bool, ...] = ()


class Mood(msgspec.Struct, frozen=True, kw_only=True):
    """How posts that name the brand speak of it, over the last ``window_s`` seconds.

    Shares are 0 to 1 with 95 % bounds, and null where ``posts`` are too few to tell; ``labels`` are
    what the team taught; ``is_unusual``: so many negative posts are unusual, by the past.
    """

    window_s: int
    posts: int
    negative: float | None
    low: float | None
    high: float | None
    complaints: float | None
    labels: int
    is_unusual: bool


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A post of which the team is asked whether it is negative; ``chance`` is what is thought."""

    id: str
    at_ms: int
    text: str
    chance: float


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the team should know, in a sentence."""

    at_ms: int
    text: str


class OnDuty(msgspec.Struct, frozen=True, kw_only=True):
    """A person on duty, and since when."""

    name: str
    roles: tuple[str, ...]
    since_ms: int


class ChannelState(msgspec.Struct, frozen=True, kw_only=True):
    """Whether posts may leave on a channel now; ``why`` they may not, in words, or null."""

    name: str
    why: str | None


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """That all is stopped, or a crisis is open: who said so, when, and why."""

    who: str
    at_ms: int
    why: str


class LeakView(msgspec.Struct, frozen=True, kw_only=True):
    """A stranger's post that gives a secret away; ``label`` is the secret's."""

    post: str
    label: str
    text: str
    at_ms: int


class HouseView(msgspec.Struct, frozen=True, kw_only=True):
    """How the house is: who is on duty, whether channels are open, which rules hold.

    ``rota`` says in words where nobody is planned in the next day and a half, and who is late;
    ``leaks`` are the latest, and told to the desk alone.
    """

    on_duty: tuple[OnDuty, ...] = ()
    channels: tuple[ChannelState, ...] = ()
    stopped: Declared | None = None
    crisis: Declared | None = None
    rota: tuple[str, ...] = ()
    leaks: tuple[LeakView, ...] = ()
    cost: CostView | None = None
    rules: int | None = None


class Tick(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="tick"):
    """How the watch is. ``at_ms`` is the board's own time; clocks on screens follow it.

    ``speed`` is seconds of the board's time in one of ours, 0 = paused; ``warm`` 0 to 1: cards are
    shown from 1 on; ``posts`` counts all posts told to the engine, ``rate_per_s`` those of the last
    minute.
    """

    epoch: str
    seq: int
    at_ms: int
    speed: float
    warm: float
    warm_note: str
    posts: int
    rate_per_s: float
    stories: int
    sources: tuple[SourceView, ...]
    volume: Volume
    mood: Mood | None = None
    house: HouseView = HouseView()


Message = Snapshot | Delta | Tick


def ms(at: datetime) -> int:
    """Return a moment as Unix milliseconds."""
    return round(at.timestamp() * 1000)


def encoded(message: Message) -> str:
    """Return a message as one JSON text."""
    return msgspec.json.encode(message).decode()
