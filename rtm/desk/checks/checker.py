"""The list of checks, and who goes through it."""

from collections.abc import Sequence

from rtm.brand import Brand
from rtm.desk.checks.addresses import links
from rtm.desk.checks.known import Known
from rtm.desk.checks.scene import Check, Complaint, Look, Scene, pieces_of
from rtm.desk.checks.shape import alt, empty, leak, length
from rtm.desk.checks.standing import crisis, offer, promotion
from rtm.desk.checks.wording import grave, manners, mentions, no_go, rival, shouting, slot
from rtm.draft import Draft
from rtm.event import WatchedEvent

CHECKS: tuple[Check, ...] = (
    empty,
    length,
    no_go,
    grave,
    manners,
    crisis,
    promotion,
    links,
    alt,
    rival,
    offer,
    slot,
    leak,
    mentions,
    shouting,
)


class Checker:
    """All checks for one brand; what they need of its profile is made ready here, once."""

    def __init__(
        self,
        brand: Brand,
        events: Sequence[WatchedEvent] = (),
        checks: Sequence[Check] = CHECKS,
    ) -> None:
        self._known = Known(brand, events)
        self._checks = tuple(checks)

    def complaints_of(self, draft: Draft, scene: Scene) -> list[Complaint]:
        """Return all that is wrong with a draft, each once, what stops it first."""
        look = Look(draft, scene, self._known, pieces_of(draft, scene.channels))
        found = dict.fromkeys(one for check in self._checks for one in check(look))
        return sorted(found, key=lambda complaint: not complaint.stops)
