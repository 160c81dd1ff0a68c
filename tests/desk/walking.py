"""Work on its way from found to fired, a step at a time, by a team."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from rtm.decisions import (
    Decision,
    Outcome,
    Sent,
    Unknown,
)
from rtm.desk.deciding import Channel, Conditions, Wish, decided, held
from rtm.desk.roles import Person, Step
from rtm.desk.work import Work, after, found

AT = datetime(2013, 2, 4, 1, 46, 30, tzinfo=UTC)
MIA = Person(name="mia", roles=frozenset({"writer"}))
NOOR = Person(name="noor", roles=frozenset({"approver"}))
ADA = Person(name="ada", roles=frozenset({"admin"}))
MODO = Person(name="modo", roles=frozenset({"moderator"}))
BOTH = Person(name="bo", roles=frozenset({"writer", "approver"}))
DRY = Channel("dry", "oreo", "3kabc")
WAY: list[tuple[Step, Person, str]] = [
    ("claim", MIA, ""),
    ("draft", MIA, "You can still dunk in the dark"),
    ("submit", MIA, ""),
    ("approve", NOOR, ""),
    ("fire", NOOR, ""),
]


HOUSE = Conditions(moderators=("modo",), channels=(DRY,))


def decisions_of(
    work: Work, step: Step, person: Person, text: str = "", house: Conditions = HOUSE, **wish: Any
) -> tuple[Decision | Outcome, ...]:
    return decided(work, Wish(step, text, **wish), person, AT, house)


def taken(
    work: Work, step: Step, person: Person, text: str = "", house: Conditions = HOUSE, **wish: Any
) -> Work:
    for decision in decisions_of(work, step, person, text, house, **wish):
        work = after(work, decision)
    return work


def why(work: Work, house: Conditions = HOUSE) -> str | None:
    told = held(work, house)
    return None if told is None else told.words


def walked(steps: int) -> Work:
    work = found("o1", AT)
    for step, person, text in WAY[:steps]:
        work = taken(work, step, person, text)
    return work


def sent(key: str = "3kabc") -> Sent:
    return Sent(
        at=AT, opportunity="o1", channel="dry", account="oreo", key=key, uri="at://x/y/" + key,
        url=None,
    )  # fmt: skip


def unknown_now() -> Unknown:
    return Unknown(
        at=AT, opportunity="o1", channel="dry", account="oreo", key="3kabc", reason="time-out"
    )


STANDS = [
    *(walked(steps) for steps in range(6)),
    taken(walked(4), "fire", NOOR, send_at=AT + timedelta(hours=1), zone="Europe/Tallinn"),
    after(walked(5), unknown_now()),
    after(walked(5), sent()),
]


LEE = Person(name="lee", roles=frozenset({"approver"}))
TWO = replace(HOUSE, needed=2)
PAIR = replace(HOUSE, channels=(DRY, Channel("mastodon", "oreo@example.social", "9")))
