"""What a piece of work waits for, and how long each of its steps took."""

from datetime import datetime
from typing import assert_never

from rtm.desk.work import State, Work


def waits_on(work: Work) -> str:
    """Name what the work waits for now, in a few words; empty when it waits for nothing."""
    if work.lock is not None and work.state not in ("fired", "dismissed", "firing", "unknown"):
        return "a moderator to release the lock"
    match work.state:
        case "found":
            return "somebody to claim it"
        case "claimed" | "drafted":
            return f"{work.owner} to write it" if work.owner else "a writer"
        case "submitted":
            return f"{work.asked} to approve it" if work.asked else "an approver on duty"
        case "approved":
            return "an approver to fire it"
        case "scheduled":
            return "its time to leave"
        case "firing":
            return "the network to answer"
        case "unknown":
            return "the network, or a person, to say whether it is out"
        case "fired" | "dismissed" | "expired":
            return ""
        case _:
            assert_never(work.state)


def spent(work: Work, now: datetime) -> list[tuple[State, float]]:
    """Return each step in order with the seconds that it took, the present one until ``now``."""
    ends = [step.at for step in work.steps[1:]] + [now]
    return [
        (step.state, (end - step.at).total_seconds())
        for step, end in zip(work.steps, ends, strict=True)
    ]
