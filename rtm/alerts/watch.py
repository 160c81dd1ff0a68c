"""From what is kept to what people who are away are to be told.

Be an opportunity: when you are found, whoever is away is called. Somebody claims you, and nobody is
called any more; your draft is handed in, and the person who was asked is called; it is approved,
you are fired, and all is well. If your story turns out to be grave you are an alarm until somebody
unlocks you or lets you go. What strangers or people write of you is told only where it is fit.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from rtm.alerting import Kind
from rtm.alerts.alert import Acknowledgement, Alert, Change, Resolution
from rtm.alerts.house import OF_THE_HOUSE
from rtm.decisions import (
    Approved,
    Asked,
    Claimed,
    Closed,
    Dismissed,
    Drafted,
    Expired,
    Fired,
    Leaked,
    Opened,
    Record,
    Refused,
    Released,
    Returned,
    Sent,
    Submitted,
    Unknown,
    Unlocked,
)
from rtm.orders import CrisisDeclared, CrisisOver, Resumed, Stopped
from rtm.text.screening import Screening
from rtm.types import Opportunity, OpportunityFound, OpportunityLocked, OpportunityTried

UNTOUCHED = timedelta(days=1)
MOST_CARDS = 5_000


@dataclass(slots=True)
class _Card:
    title: str
    closes_at: datetime | None  # None of what a person opened by hand
    owner: str | None = None
    lock: str | None = None
    asked: set[str] = field(default_factory=set)  # fingerprints of its approvals that stand


class Lookout:
    """What people are to be told of, as a fold of the record; screening as for public screens."""

    def __init__(self, screening: Screening) -> None:
        self._screening = screening
        self._cards: dict[str, _Card] = {}

    def begin(
        self, records: Iterable[Record], standing: Iterable[Alert], now: datetime
    ) -> list[Change]:
        """Fold what was kept before the start; return what of it people must still be told.

        ``standing`` is what was alert when rtm stopped: what is over by now is said to be. An
        opportunity that has closed, and a card untouched for a day, is nothing new.
        """
        alerts: dict[str, Alert] = {}
        has: dict[str, Acknowledgement] = {}
        for record in records:
            for said in self.record(record, record.at):
                match said:
                    case Alert():
                        alerts[said.fingerprint] = said
                        has.pop(said.fingerprint, None)
                    case Acknowledgement():
                        has[said.fingerprint] = said
                    case Resolution():
                        alerts.pop(said.fingerprint, None)
        alerts = {one: alert for one, alert in alerts.items() if not self._is_stale(alert, now)}
        over = (one for one in standing if one.kind not in OF_THE_HOUSE)
        gone = (Resolution(fingerprint=one) for it in over if (one := it.fingerprint) not in alerts)
        answers = (has[one] for one in alerts if one in has)
        return [*gone, *alerts.values(), *answers]

    def record(self, record: Record, now: datetime) -> list[Change]:
        """Return what a record that is kept now means for people who are away, in order.

        A watch that catches up may find what has closed by now: that calls nobody.
        """
        match record:
            case OpportunityFound() | OpportunityTried() | OpportunityLocked():
                return list(self._from_engine(record, now))
            case Stopped():
                text = f"{record.who}: {self._fit(record.reason)}. Nothing leaves."
                return [_alarm("stopped", text, record.at)]
            case Resumed():
                return [Resolution(fingerprint="stopped", note=f"Resumed by {record.who}")]
            case CrisisDeclared():
                text = f"{record.who}: {self._fit(record.what)}. Nothing but answers leaves."
                return [_alarm("crisis", text, record.at)]
            case CrisisOver():
                return [Resolution(fingerprint="crisis", note=f"Over, says {record.who}")]
            case Unknown():
                return [self._unknown(record)]
            case Sent():
                return [Resolution(fingerprint=_sending(record), note="It is out")]
            case Refused():
                return [Resolution(fingerprint=_sending(record), note="It is not out")]
            case Leaked():
                return [self._leak(record)]
            case Opened():
                self._keep(record.opportunity, _Card(self._fit(record.title), None, record.who))
                return []
            case _:
                return list(self._on_a_card(record))

    def _from_engine(
        self, record: OpportunityFound | OpportunityTried | OpportunityLocked, now: datetime
    ) -> Iterator[Change]:
        told = record.opportunity
        card = self._card(told)
        match record:
            case OpportunityFound():
                if card.owner is None and card.lock is None and now < told.closes_at.high:
                    yield self._open(told.id, card, self._worth(told), record.at)
            case OpportunityLocked():
                card.lock = record.reason
                yield Resolution(fingerprint=f"opportunity/{told.id}")
                yield from self._answered(card)
                yield Alert(
                    fingerprint=f"locked/{told.id}",
                    kind="locked",
                    title=card.title,
                    text=f"{self._fit(record.reason)}. A moderator may unlock it, or let it go.",
                    since=record.at,
                    card=told.id,
                    is_critical=card.owner is not None,  # somebody was about to answer it
                )

    def _on_a_card(self, record: Record) -> Iterator[Change]:
        id = getattr(record, "opportunity", None)
        card = self._cards.get(id) if isinstance(id, str) else None
        if card is None or not isinstance(id, str):
            return
        match record:
            case Claimed():
                card.owner = record.who
                yield Acknowledgement(fingerprint=f"opportunity/{id}", who=record.who)
            case Released():
                card.owner = None
                yield Resolution(fingerprint=f"opportunity/{id}")
                yield from self._answered(card)
                if card.lock is None:
                    yield self._open(id, card, f"Given back by {record.who}.", record.at)
            case Submitted():
                yield from self._answered(card)
                yield self._waiting(id, card, None, f"{record.who} handed it in.", record.at)
            case Asked():
                over = record.passed_over
                text = f"{record.approver} is asked" + (f", as {over} is silent." if over else ".")
                yield from self._answered(card)
                yield self._waiting(id, card, record.approver, text, record.at)
            case Approved(is_last=False):
                yield from self._answered(card, record.who)
                text = f"{record.who} agrees; one more has to."
                yield self._waiting(id, card, None, text, record.at)
            case Approved() | Returned() | Drafted():
                yield from self._answered(card, record.who)
            case Unlocked():
                card.lock = None
                yield Resolution(fingerprint=f"locked/{id}", note=f"Unlocked by {record.who}")
                if card.owner is None and (card.closes_at is None or record.at < card.closes_at):
                    yield self._open(id, card, f"Unlocked by {record.who}.", record.at)
            case Fired():
                yield from self._answered(card, record.who)
                yield Resolution(fingerprint=f"opportunity/{id}")
            case Dismissed() | Closed() | Expired():
                who = "time" if isinstance(record, Expired) else record.who
                yield from self._answered(card)
                yield Resolution(fingerprint=f"opportunity/{id}")
                yield Resolution(fingerprint=f"locked/{id}", note=f"Let go by {who}")
                if isinstance(record, Expired):
                    card.owner = None

    def _is_stale(self, alert: Alert, now: datetime) -> bool:
        if alert.kind == "leak":
            return now - alert.since > UNTOUCHED
        card = self._cards.get(alert.card or "")
        if card is None or alert.kind == "unknown":
            return False
        has_closed = card.closes_at is not None and card.closes_at <= now
        return (alert.kind == "opportunity" and has_closed) or now - alert.since > UNTOUCHED

    def _card(self, told: Opportunity) -> _Card:
        title, closes_at = self._screening.shown(told.story.title), told.closes_at.high
        known = self._cards.pop(told.id, None)
        card = (
            _Card(title, closes_at)
            if known is None
            else replace(known, title=title, closes_at=closes_at)
        )
        self._keep(told.id, card)
        return card

    def _keep(self, id: str, card: _Card) -> None:
        self._cards[id] = card
        if len(self._cards) > MOST_CARDS:
            del self._cards[next(iter(self._cards))]

    def _open(self, id: str, card: _Card, text: str, at: datetime) -> Alert:
        return Alert(
            fingerprint=f"opportunity/{id}",
            kind="opportunity",
            title=card.title,
            text=text + (f" Open until about {_clock(card.closes_at)}." if card.closes_at else ""),
            since=at,
            card=id,
        )

    def _worth(self, told: Opportunity) -> str:
        why = f" {self._fit(told.reasons[0])}." if told.reasons else ""
        return f"Score {told.score:.0f} of 100.{why}"

    def _waiting(self, id: str, card: _Card, who: str | None, text: str, at: datetime) -> Alert:
        fingerprint = f"approval/{id}/{at.isoformat()}" if who is None else f"approval/{id}/{who}"
        card.asked.add(fingerprint)
        return Alert(
            fingerprint=fingerprint,
            kind="approval",
            title=card.title,
            text=f"{text} It waits since {_clock(at)}.",
            since=at,
            card=id,
            asked=who,
        )

    def _answered(self, card: _Card, who: str | None = None) -> Iterator[Change]:
        for fingerprint in sorted(card.asked):
            if who is not None:
                yield Acknowledgement(fingerprint=fingerprint, who=who)
            yield Resolution(fingerprint=fingerprint)
        card.asked.clear()

    def _unknown(self, record: Unknown) -> Alert:
        card = self._cards.get(record.opportunity)
        return Alert(
            fingerprint=_sending(record),
            kind="unknown",
            title=card.title if card else "",
            text=f"Fired to {record.channel} as {record.account}: {self._fit(record.reason)}.",
            since=record.at,
            card=record.opportunity,
            is_critical=True,
        )

    def _leak(self, record: Leaked) -> Alert:
        return Alert(
            fingerprint=f"leak/{record.label}",  # many will repeat it
            kind="leak",
            title=self._fit(record.label),  # never the words, which are the secret
            text="A stranger's post that names the brand says it. The record holds the post.",
            since=record.at,
            is_critical=True,
        )

    def _fit(self, text: str) -> str:
        return self._screening.shown(text).strip().rstrip(".")


def _alarm(kind: Kind, text: str, at: datetime) -> Alert:
    return Alert(fingerprint=kind, kind=kind, title="", text=text, since=at, is_critical=True)


def _sending(record: Unknown | Sent | Refused) -> str:
    return f"unknown/{record.channel}/{record.account}/{record.key}"


def _clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%H:%M} UTC"
