"""What is alert now, and whom to tell of it when: without a clock, and without calling anybody.

Be an alert: you are told to ``Alerts``, and stand until you are over. Of you, as of all others,
``due`` asks the stages; what passes goes out, and is remembered, so that it goes out once.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime

import msgspec

from rtm.alerting import AlertsConfig, Kind
from rtm.alerts.alert import (
    ALARMS,
    Acknowledgement,
    Alert,
    Delivery,
    Over,
    Resolution,
    Said,
    Silence,
    short_of,
)
from rtm.alerts.stages import STAGES, Notice, Policy, Stage, Standing, Told, gathered, notices
from rtm.errors import IllegalMove

MOST_STANDING = 200  # beyond, the oldest that somebody has, then the oldest, makes room
MOST_SILENCES = 200

Group = tuple[str, Kind]


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """When the latest message about a kind went to a target."""

    target: str
    kind: Kind
    at: datetime


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    standings: tuple[Standing, ...]
    silences: tuple[Silence, ...]
    sent: tuple[Sent, ...]


class Alerts:
    """The pipeline. Moments that it is given never go back; if one does, the latest holds."""

    def __init__(self, config: AlertsConfig, stages: Sequence[Stage] = STAGES) -> None:
        self._standings: dict[str, Standing] = {}
        self._silences: dict[str, Silence] = {}
        self._sent: dict[Group, datetime] = {}
        self._policy = Policy(config, self._silences, stages)
        self._now = datetime.min.replace(tzinfo=UTC)
        self.dropped = 0  # alerts that had to make room for others

    def tell(self, said: Said, at: datetime) -> None:
        """Fold what is new.

        Raises
        ------
        IllegalMove
            When a silence names neither kind nor card, or there are too many.
        """
        self._now = max(self._now, at)
        match said:
            case Alert():
                self._stand(said)
            case Resolution():
                self._resolve(said)
            case Acknowledgement():
                standing = self._standings.get(said.fingerprint)
                if standing is not None and standing.acknowledged is None:
                    standing.acknowledged = said
            case Silence():
                self._silence(said)

    def due(self, at: datetime) -> list[Delivery]:
        """Return the messages that go out now; each is returned once."""
        self._now = max(self._now, at)
        deliveries = []
        for group, next_at, batch in list(self._gathered()):
            if next_at <= self._now:
                deliveries.append(self._sent_now(group, batch))
        for fingerprint, standing in list(self._standings.items()):
            if standing.resolved_at is not None and not self._is_to_be_closed(standing):
                del self._standings[fingerprint]
        return deliveries

    def next_at(self) -> datetime | None:
        """Return when ``due`` will have something next, if nothing is told until then."""
        return min((next_at for _, next_at, _ in self._gathered()), default=None)

    def standing(self) -> list[Standing]:
        """Return what is alert now, newest first."""
        active = [one for one in self._standings.values() if one.resolved_at is None]
        return sorted(active, key=lambda one: one.since, reverse=True)

    def silences(self, at: datetime) -> list[Silence]:
        """Return the silences that are not over at a moment, the first to end first."""
        lasting = [one for one in self._silences.values() if at < one.until]
        return sorted(lasting, key=lambda one: (one.until, one.id))

    def snapshot(self, unsent: Collection[str] = ()) -> bytes:
        """Return all of this as JSON, so that nobody is told again after a restart.

        What is in the messages ``unsent``, by their ids, is told again: they never arrived.
        """
        kept = _Kept(
            standings=tuple(
                msgspec.structs.replace(
                    one,
                    told=[it for it in one.told if it.message not in unsent],
                    closed=[it for it in one.closed if it.message not in unsent],
                )
                for one in self._standings.values()
            ),
            silences=tuple(self.silences(self._now)),
            sent=tuple(
                Sent(target=target, kind=kind, at=at) for (target, kind), at in self._sent.items()
            ),
        )
        return msgspec.json.encode(kept)

    def restore(self, kept: bytes) -> None:
        """Go on from a snapshot; msgspec.DecodeError when it is none."""
        read = msgspec.json.decode(kept, type=_Kept)
        targets = {target.name for target in self._policy.config.targets}
        for standing in read.standings:  # the configuration may be another by now
            standing.told = [
                one
                for one in standing.told
                if one.route in self._policy.routes and one.target in targets
            ]
        self._standings.update((one.alert.fingerprint, one) for one in read.standings)
        self._silences.update((one.id, one) for one in read.silences)
        self._sent.update(((one.target, one.kind), one.at) for one in read.sent)

    def _stand(self, alert: Alert) -> None:
        standing = self._standings.get(alert.fingerprint)
        if standing is None:
            self._make_room()
            self._standings[alert.fingerprint] = Standing(alert=alert, since=self._now)
            return
        standing.alert = alert
        standing.resolved_at = None  # it was over for too short to be told

    def _resolve(self, said: Resolution) -> None:
        standing = self._standings.get(said.fingerprint)
        if standing is None or standing.resolved_at is not None:
            return
        standing.resolved_at, standing.note = self._now, said.note
        if not self._is_to_be_closed(standing):
            del self._standings[said.fingerprint]

    def _silence(self, silence: Silence) -> None:
        if silence.kind is None and silence.card is None:
            raise IllegalMove("silence: name a kind, a card, or both")
        lasting = {one.id for one in self.silences(self._now)}
        if silence.id not in lasting and len(lasting) >= MOST_SILENCES:
            raise IllegalMove(f"silence: there are {MOST_SILENCES} already; end one first")
        self._silences[silence.id] = silence
        over = [one for one in self._silences if one not in lasting and one != silence.id]
        for one in over[: max(0, len(self._silences) - MOST_SILENCES)]:
            del self._silences[one]

    def _make_room(self) -> None:
        if len(self._standings) < MOST_STANDING:
            return
        self.dropped += 1
        answered = (one for one, it in self._standings.items() if it.acknowledged)
        del self._standings[next(answered, next(iter(self._standings)))]

    def _gathered(self) -> Iterator[tuple[Group, datetime, list[Notice]]]:
        groups: dict[Group, list[Notice]] = {}
        for standing in self._standings.values():
            for notice in notices(standing, self._policy):
                groups.setdefault((notice.target, standing.alert.kind), []).append(notice)
        for group, members in groups.items():
            found = gathered(members, self._now, self._sent.get(group), self._policy)
            if found is not None:
                yield group, *found

    def _sent_now(self, group: Group, batch: list[Notice]) -> Delivery:
        target, kind = group
        self._sent[group] = self._now
        said: dict[str, list[Standing]] = {"news": [], "unanswered": [], "over": []}
        for notice in batch:
            standing = notice.standing
            if all(standing is not one for part in said.values() for one in part):
                said[notice.what].append(standing)
        fingerprints = [one.alert.fingerprint for part in said.values() for one in part]
        id = f"msg_{short_of(target, self._now.isoformat(), *fingerprints)}"
        for notice in batch:
            told = Told(route=notice.route.name, target=target, at=self._now, message=id)
            standing = notice.standing
            (standing.closed if notice.what == "over" else standing.told).append(told)
        return Delivery(
            id=id,
            at=self._now,
            target=target,
            kind=kind,
            news=tuple(one.alert for one in said["news"]),
            unanswered=tuple(one.alert for one in said["unanswered"]),
            over=tuple(Over(alert=one.alert, note=one.note) for one in said["over"]),
        )

    def _is_to_be_closed(self, standing: Standing) -> bool:
        told, closed = ({one.target for one in it} for it in (standing.told, standing.closed))
        return standing.alert.kind in ALARMS and not told <= closed
