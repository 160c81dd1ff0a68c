"""What must hold of a record, told from the record alone: a second opinion, written apart."""

from collections import defaultdict
from collections.abc import Mapping

from rtm.decisions import Approved, Drafted, Fired, Recalled, Record, Refused, Sent, Unlocked
from rtm.draft import Draft
from rtm.orders import (
    Acknowledged,
    CrisisDeclared,
    CrisisOver,
    DutyBegan,
    DutyEnded,
    Resumed,
    RulesSet,
    Stopped,
)
from rtm.types import OpportunityLocked


class Oracle:
    """Read a record in order; ``wrong`` holds a sentence for each thing that must not be."""

    def __init__(self, roles: Mapping[str, set[str]], needed: int) -> None:
        self.wrong: list[str] = []
        self._roles = roles
        self._needed = needed
        self._duty: set[str] = set()
        self._version = 0
        self._read: dict[str, int] = {}
        self._locked: set[str] = set()
        self._is_stopped = self._is_crisis = False
        self._draft: dict[str, Draft] = {}
        self._agreed: dict[str, set[str]] = defaultdict(set)
        self._out: dict[tuple[str, str], str] = {}

    def read(self, record: Record) -> None:
        """Take the next record."""
        match record:
            case DutyBegan():
                self._duty.add(record.who)
            case DutyEnded():
                self._duty.discard(record.who)
            case RulesSet():
                self._version = record.version
            case Acknowledged():
                self._read[record.who] = record.version
            case Stopped():
                self._is_stopped = True
            case Resumed():
                self._is_stopped = False
            case CrisisDeclared():
                self._is_crisis = True
            case CrisisOver():
                self._is_crisis = False
            case OpportunityLocked():
                self._locked.add(record.opportunity.id)
            case Unlocked():
                self._locked.discard(record.opportunity)
                self._agreed[record.opportunity].clear()
            case Drafted():
                assert record.draft is not None
                self._draft[record.opportunity] = record.draft
                self._agreed[record.opportunity].clear()
            case Approved():
                self._may("approves", record.who, record.opportunity)
                self._agreed[record.opportunity].add(record.who)
            case Fired():
                self._fired(record)
            case Recalled() | Refused():
                self._out.pop((record.opportunity, record.channel), None)
            case Sent():
                if self._out.get((record.opportunity, record.channel)) != record.key:
                    self.wrong.append(f"{record.key} was sent and never fired")

    def leaves(self, opportunity: str, text: str) -> None:
        """Be told that a network is called with a text now."""
        if opportunity in self._locked:
            self.wrong.append("a locked post left")
        self._house(opportunity, "leaves")
        if text != self._draft[opportunity].text:
            self.wrong.append(f"{text!r} left, which nobody approved")

    def _fired(self, record: Fired) -> None:
        about = record.opportunity
        self._may("fires", record.who, about)
        self._house(about, "fires")
        if about in self._locked:
            self.wrong.append("what is locked was fired")
        if len(self._agreed[about]) < self._needed:
            self.wrong.append(f"{len(self._agreed[about])} of {self._needed} had agreed")
        if record.text != self._draft[about].text:
            self.wrong.append("another text was fired than was approved")
        if (about, record.channel) in self._out:
            self.wrong.append("it was fired twice")
        self._out[about, record.channel] = record.key

    def _may(self, what: str, who: str, about: str) -> None:
        if "approver" not in self._roles[who]:
            self.wrong.append(f"{who} {what} without the role")
        if who not in self._duty:
            self.wrong.append(f"{who} {what} off duty")
        if self._read.get(who, 0) < self._version:
            self.wrong.append(f"{who} {what} without having read the rules")
        if about in self._locked:
            self.wrong.append(f"{who} {what} what is locked")

    def _house(self, about: str, what: str) -> None:
        if not any("moderator" in self._roles[who] for who in self._duty):
            self.wrong.append(f"no moderator was on duty when it {what}")
        if self._is_stopped:
            self.wrong.append(f"all was stopped when it {what}")
        if self._is_crisis:  # no card of these evenings answers a complaint
            self.wrong.append(f"a crisis was open when it {what}")
