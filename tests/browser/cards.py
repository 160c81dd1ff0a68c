"""A night to show: the lights of 3 February 2013 and what stood beside them."""

from typing import Any

import msgspec

from rtm.board.view import (
    Card,
    ChannelState,
    ChannelView,
    EventView,
    HouseView,
    Mood,
    OnDuty,
    Post,
    Quote,
    Setting,
    SourceView,
    StepTaken,
    Tick,
    Volume,
)
from rtm.draft import Draft

NOW = 1_359_942_400_000  # 2013-02-04 01:46:40 UTC, 19:46:40 in New Orleans
MINUTE = 60_000
HOUR = 60 * MINUTE


def channel(name: str = "Bluesky", **changes: Any) -> ChannelView:
    base = ChannelView(
        name=name,
        network=name.lower(),
        account="@oreo.example",
        owner="social",
        approvals=1,
        limit=300,
        limit_bytes=3_000,
        link_letters=None,
        pictures=4,
        thread=25,
        poll_options=0,
        takes_replies=True,
        visibilities=("public",),
        is_dry=False,
    )
    return msgspec.structs.replace(base, **changes)


MASTODON = channel(
    "Mastodon",
    account="@oreo@social.example",
    approvals=2,
    limit=500,
    limit_bytes=None,
    link_letters=23,
    poll_options=4,
)


def setting(
    mode: Any = "live", *, is_dry: bool = False, more: tuple[ChannelView, ...] = ()
) -> Setting:
    return Setting(
        brand="Oreo",
        mode=mode,
        channels=(channel(is_dry=is_dry), *more),
        events=(
            EventView(
                title="Super Bowl XLVII",
                start_ms=NOW - 4 * HOUR,
                end_ms=NOW + 4 * HOUR,
                zone="America/Chicago",
            ),
        ),
        eur_per_hour=2250.0,
    )


def card(id: str, title: str, **changes: Any) -> Card:
    base = Card(
        id=id,
        rev=2,
        work_rev=1,
        title=title,
        terms=("lights", "went out", "super bowl"),
        posts=4,
        voices=4.0,
        surprise=7.2,
        per_min=2.0,
        acceleration=0.5,
        opened_ms=NOW - 225_000,
        found_ms=NOW - 186_000,
        closes_low_ms=NOW + 10 * MINUTE + 30_000,
        closes_high_ms=NOW + 31 * MINUTE + 30_000,
        score=74.0,
        relevance=0.7,
        risk=0.08,
        audience=None,
        reasons=(
            "Super Bowl XLVII is on, and 4 of 4 posts use its words (+0.60).",
            "Spoken of for 4 min so far, by too few to tell a trend.",
        ),
        quotes=(
            Quote(
                id="q1",
                at_ms=NOW - 225_000,
                author="thanks_obama",
                text="The lights at the Superbowl went out? Thanks Obama",
            ),
            Quote(
                id="q2",
                at_ms=NOW - 186_000,
                author=None,
                text="What I thought was about to happen when the lights went out",
            ),
        ),
        is_over=False,
        lock=None,
        release=None,
        state="found",
        since_ms=NOW - 186_000,
        owner=None,
        text="",
        draft=Draft(),
        written_by=None,
        approvals=(),
        asked=None,
        asked_ms=None,
        waits_on="",
        note=None,
        breach=None,
        steps=(StepTaken(state="found", at_ms=NOW - 186_000, who=None),),
        sendings=(),
    )
    return msgspec.structs.replace(base, **changes)


def drafted(one: Card, text: str, **more: Any) -> Card:
    """The card with another draft; what is not told of it stays."""
    draft = msgspec.structs.replace(one.draft, text=text, **more)
    return msgspec.structs.replace(one, text=text, draft=draft)


def sending(name: str = "Bluesky", state: Any = "sent", **changes: Any) -> Post:
    base = Post(
        channel=name,
        account="@oreo.example",
        text="Half-time is snack time.",
        state=state,
        uri=None,
        url=None,
        is_heard=False,
    )
    return msgspec.structs.replace(base, **changes)


def claimed(one: Card, who: str, state: Any = "claimed", **changes: Any) -> Card:
    """The card one step on: somebody has it."""
    steps = (*one.steps, StepTaken(state=state, at_ms=NOW - 169_000, who=who))
    return msgspec.structs.replace(
        one,
        rev=one.rev + 1,
        work_rev=one.work_rev + 1,
        state=state,
        since_ms=NOW - 169_000,
        owner=one.owner or who,
        steps=steps,
        **changes,
    )


LIGHTS = claimed(
    drafted(card("o-lights", "The lights went out at the Super Bowl"), "Power out? No problem."),
    "writer 1",
    "drafted",
    written_by="writer 1",
)
TRAILER = card(
    "o-trailer",
    "Iron Man 3 trailer",
    opened_ms=NOW - 109_000,
    since_ms=NOW - 58_000,
    closes_low_ms=NOW + HOUR,
    closes_high_ms=NOW + 3 * HOUR,
    score=60.0,
    risk=0.3,
    posts=31,
)
KING = claimed(
    card(
        "o-king",
        "King Richard III's skeleton found under a car park in Leicester, DNA says",
        opened_ms=NOW - 26 * MINUTE,
        closes_low_ms=NOW + 2 * HOUR,
        closes_high_ms=NOW + 6 * HOUR,
        score=38.0,
        risk=0.7,
        posts=112,
    ),
    "writer 3",
)
SHOW = claimed(
    drafted(
        card(
            "o-show",
            "Beyoncé's half-time show",
            opened_ms=NOW - 28 * MINUTE,
            posts=1240,
            approvals=("approver 2",),
        ),
        "Half-time is snack time.",
    ),
    "writer 2",
    "firing",
)
SHOW = msgspec.structs.replace(
    claimed(SHOW, "writer 2", "fired"),
    since_ms=NOW - 15 * MINUTE,
    sendings=(
        sending(
            uri="at://did:plc:x/app.bsky.feed.post/3k",
            url="https://bsky.example/oreo/3k",
            is_heard=True,
        ),
    ),
)
FIFTH = card(
    "o-ad",
    "That farmer advert",
    score=30.0,
    closes_low_ms=NOW + HOUR,
    closes_high_ms=NOW + 4 * HOUR,
    posts=9,
)
HELD = card(
    "o-held", "Crash on the way to the stadium", lock="2 of 3 posts speak of death", risk=1.0
)


def busy() -> tuple[Card, ...]:
    return LIGHTS, TRAILER, KING, SHOW


def volume() -> Volume:
    posts = (1, 0, 0, 1, 2, 2, 2, 2, 1, 1, 0, 1, 0, 1, 3, 2, 0, 1, 1, 2, 2, 2, 2, 7)
    high = tuple(None if at < 3 else 3.4 + (at % 5) / 10 for at in range(len(posts)))
    return Volume(
        title="the game",
        bucket_s=300,
        start_ms=NOW - 23 * 5 * MINUTE,
        posts=posts,
        low=tuple(None if one is None else 0.2 for one in high),
        high=high,
        unusual=tuple(at == 14 for at in range(len(posts))),
    )


def mood(**changes: Any) -> Mood:
    base = Mood(
        window_s=3600,
        posts=143,
        negative=0.2301,
        low=0.181,
        high=0.288,
        complaints=0.094,
        labels=12,
        is_unusual=False,
    )
    return msgspec.structs.replace(base, **changes)


def source(name: str = "Reddit", heard_ms: int | None = NOW - 1_000, **changes: Any) -> SourceView:
    base = SourceView(
        name=name,
        state="live",
        heard_ms=heard_ms,
        behind_s=0.0,
        note="",
        posts=166_012,
        late=3,
        aside=0,
        gaps=0,
    )
    return msgspec.structs.replace(base, **changes)


WRITER = OnDuty(name="writer 1", roles=("writer",), since_ms=NOW - 2 * HOUR)
NOOR = OnDuty(name="noor", roles=("approver",), since_ms=NOW - 2 * HOUR)
ANN = OnDuty(name="ann", roles=("approver",), since_ms=NOW - HOUR)
MO = OnDuty(name="mo", roles=("moderator",), since_ms=NOW - HOUR)


def house(*on_duty: OnDuty, why: str | None = None, **changes: Any) -> HouseView:
    """The house as it is when these are on duty; ``why`` its one channel is shut."""
    channels = changes.pop("channels", (ChannelState(name="Bluesky", why=why),))
    return HouseView(on_duty=on_duty, channels=channels, **changes)


def tick(epoch: str, seq: int, at_ms: int, **changes: Any) -> Tick:
    base = Tick(
        epoch=epoch,
        seq=seq,
        at_ms=at_ms,
        speed=1.0,
        warm=1.0,
        warm_note="",
        posts=166_012,
        rate_per_s=36.4,
        stories=12,
        sources=(source(heard_ms=at_ms - 1_000),),
        volume=volume(),
    )
    return msgspec.structs.replace(base, **changes)
