"""Whom to ask for an approval, and whom next when nobody answers. Nobody ever approves by silence.

Be a draft that was submitted: an approver on duty is asked by name. A minute later the next one is,
and so on around; whoever was asked before may still answer.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rtm.decisions import Asked
from rtm.desk.work import Work


def asked_next(
    work: Work, approvers: Sequence[str], now: datetime, *, patience: timedelta, own_approval: bool
) -> Asked | None:
    """Return who is to be asked now, or None when the one who is asked still has time.

    Parameters
    ----------
    approvers
        Who may approve and is on duty, in the order in which they are asked.
    patience
        How long one of them may stay silent.
    """
    if work.state != "submitted" or work.lock is not None:
        return None
    able = [
        name
        for name in approvers
        if name not in work.approvals and (own_approval or name != work.written_by)
    ]
    is_silent = work.asked_at is not None and now - work.asked_at >= patience
    if work.asked in able and not is_silent:
        return None
    fresh = [name for name in able if name != work.asked and name not in work.passed_over]
    chosen = next(iter(fresh), None) or next((n for n in able if n != work.asked), None)
    if chosen is None:
        return None
    return Asked(at=now, opportunity=work.opportunity, approver=chosen, passed_over=work.asked)
