"""Whether a story may be joked about: the interlock on grave matters, by share of its posts."""

from dataclasses import dataclass

LOCK_SHARE = 0.25  # of a story's posts with a grave word: locked
AMBER_SHARE = 0.10  # of a story's posts: a person must look twice
POLITICS_RISK = 0.2  # what a whole share of political posts adds to risk; a flag, never a lock


@dataclass(frozen=True, slots=True)
class Safety:
    """Risk 0 to 1, whether jokes are locked, and why in one sentence each."""

    risk: float
    is_locked: bool
    reasons: tuple[str, ...]


def safety(grave: int, politics: int, posts: int) -> Safety:
    """Judge a story by how many of its posts speak of grave matters or of politics.

    >>> safety(3, 0, 10)
    Safety(risk=0.8, is_locked=True, reasons=('3 of 10 posts speak of grave matters: locked.',))
    """
    reasons = []
    share = grave / posts
    is_locked = share >= LOCK_SHARE
    if is_locked:
        reasons.append(f"{grave} of {posts} posts speak of grave matters: locked.")
    elif share >= AMBER_SHARE:
        reasons.append(f"{grave} of {posts} posts speak of grave matters: look twice.")
    elif grave:
        reasons.append(f"{grave} of {posts} posts use a grave word.")
    if politics:
        reasons.append(f"{politics} of {posts} posts touch politics.")
    # a lock begins at 0.75, so that no amount of politics outranks it
    risk = min(1.0, 0.75 + share - LOCK_SHARE) if is_locked else share / LOCK_SHARE * 0.5
    risk = max(risk, min(0.74, risk + POLITICS_RISK * politics / posts))
    return Safety(round(risk, 3), is_locked, tuple(reasons))
