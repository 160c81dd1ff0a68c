"""The watched event: when it is on, the words people use for it, and copy cleared beforehand."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct, field

from rtm.phrases import Phrase, Phrases, listed, refuse_repeats
from rtm.remedies import wrong

MAX_LENGTH = timedelta(days=14)  # a tournament; on longer ones "while it is on" says nothing
FIRST_YEAR, LAST_YEAR = 1990, 2100  # before, nobody posted; after, it is a slip of the finger
MAX_KITS = 100  # more than a person on duty can look through
MAX_TEXT = 300  # characters of a kit: a whole post on Bluesky, the shortest of our networks

MAX_CHANNELS = 10  # with a text of their own
MAX_OWN_TEXT = 3_000  # characters: the longest that any network takes for a post
CHANNEL = re.compile(r"[a-z][a-z0-9_-]{0,39}")

Channels = Annotated[
    dict[str, str],
    Meta(
        max_length=MAX_CHANNELS,
        description=f"a table of at most {MAX_CHANNELS} channels, each with its text in quotes",
        examples=[{"mastodon": "Room for one more."}],
    ),
]

Moment = Annotated[datetime, Meta(tz=True)]


class Kit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Copy cleared beforehand for a moment that can be foreseen, bound to its terms."""

    name: Annotated[Phrase, Meta(examples=["Overtime"])]
    terms: Annotated[Phrases, Meta(min_length=1, examples=[["overtime"]])]
    text: Annotated[str, Meta(min_length=1, max_length=MAX_TEXT, examples=["Room for one more."])]
    image: Annotated[str, Meta(min_length=1, max_length=300, examples=["overtime.png"])] | None = (
        None  # path, as seen from the event's file
    )
    alt: Annotated[str, Meta(min_length=1, max_length=1500, examples=["A full jar"])] | None = None
    until: Annotated[Moment, Meta(examples=[datetime(2013, 2, 4, 2, tzinfo=UTC)])] | None = (
        None  # when the offer expires; None: with its event
    )
    channels: Channels = {}  # texts of their own for some, by name; `text` is for the rest

    def __post_init__(self) -> None:
        refuse_repeats("terms", self.terms)
        for name, text in self.channels.items():
            if not CHANNEL.fullmatch(name):
                raise wrong("channels", name, 'name a channel in small letters, such as "bluesky"')
            if not text.strip() or len(text) > MAX_OWN_TEXT:
                raise wrong(f"channels {name}", text, f"write 1 to {MAX_OWN_TEXT:,} characters")
        if self.image is not None and not (self.alt or "").strip():
            raise wrong("image", self.image, 'add alt = "..." with what the picture shows')
        if self.alt is not None and self.image is None:
            raise wrong("alt", self.alt, 'add image = "picture.png", or delete alt')
        if not self.text.strip():
            raise wrong("text", self.text, "write the words to post")

    def __hash__(self) -> int:  # a table of channels has none
        return hash((self.name, self.terms, self.text))


class WatchedEvent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that is known to happen and that the brand wants to be awake for."""

    title: Annotated[Phrase, Meta(examples=["Super Bowl XLVII"])]
    start: Annotated[Moment, Meta(examples=[datetime(2013, 2, 3, 22, tzinfo=UTC)])]
    end: Annotated[Moment, Meta(examples=[datetime(2013, 2, 4, 5, tzinfo=UTC)])]
    terms: Annotated[Phrases, Meta(min_length=1, examples=[["super bowl", "#sb47"]])]
    kits: Annotated[tuple[Kit, ...], Meta(max_length=MAX_KITS)] = field(default=(), name="kit")

    def __post_init__(self) -> None:
        for key, moment in (("start", self.start), ("end", self.end)):
            if not FIRST_YEAR <= moment.year <= LAST_YEAR:
                raise wrong(key, moment, f"write a year from {FIRST_YEAR} to {LAST_YEAR}")
        if self.end <= self.start:
            raise wrong("end", self.end, f"write a moment after start ({_utc(self.start)})")
        if self.end - self.start > MAX_LENGTH:
            remedy = f"that is more than {MAX_LENGTH.days} days; write at most that, "
            raise wrong("end", self.end, f"{remedy}or several events")
        refuse_repeats("terms", self.terms)
        refuse_repeats("[[kit]] name", [kit.name for kit in self.kits])
        for number, kit in enumerate(self.kits, 1):
            if kit.until is not None and kit.until <= self.start:
                remedy = f"write a moment after start ({_utc(self.start)}), or delete until"
                raise wrong(f"[[kit]] #{number} until", kit.until, remedy)

    def is_on(self, at: datetime) -> bool:
        """Tell whether the event is on at a moment with its zone: from start, up to before end.

        >>> game = WatchedEvent(title="Game", start=datetime(2013, 2, 3, 22, tzinfo=UTC),
        ...                     end=datetime(2013, 2, 4, 5, tzinfo=UTC), terms=("game",))
        >>> game.is_on(game.start), game.is_on(game.end)
        (True, False)
        """
        return self.start <= at < self.end


def understood(event: WatchedEvent) -> list[str]:
    """Say in plain words what a watched event means, a line for each part, for ``rtm check``."""
    length = span(event.end - event.start)
    kits = [
        f"Kit {kit.name}, offered on {listed(kit.terms)}: {len(kit.text)} characters{_extras(kit)}."
        for kit in event.kits
    ]
    return [
        f"Event {event.title}.",
        f"Watching {_utc(event.start)} to {_utc(event.end)} ({length}).",
        f"Terms ({len(event.terms)}): {listed(event.terms)}.",
        *(kits or ["No kits: every text will be written on the night."]),
    ]


def _extras(kit: Kit) -> str:
    said = [
        "with a picture" if kit.image else "",
        f"in its own words for {listed(tuple(kit.channels))}" if kit.channels else "",
        f"until {_utc(kit.until)}" if kit.until else "",
    ]
    return "".join(f", {one}" for one in said if one)


def span(length: timedelta) -> str:
    """Write a length of time for a person.

    >>> span(timedelta(hours=25, minutes=30))
    '1 d 1 h 30 min'
    """
    minutes = round(length / timedelta(minutes=1))
    parts = (minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min")
    return " ".join(f"{n} {unit}" for n, unit in parts if n) or "under a minute"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
