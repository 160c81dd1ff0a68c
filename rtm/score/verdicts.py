"""Why a story was offered or not, in one sentence with the figure that decided."""

from rtm.score.authenticity import Authenticity
from rtm.score.relevance import Contribution, Fit
from rtm.score.safety import Safety

NOTHING = "none of its posts touches your themes, names you or speaks of a watched event"


def too_little(fit: Fit, needed: float) -> str:
    """Say that a story fits too little, and what speaks loudest for it or against it.

    >>> too_little(Fit(0.0, 0.0, ()), 0.3).partition(";")[0]
    'Not offered: relevance 0 of 100, 30 are needed'
    """
    said = f"Not offered: relevance {hundredths(fit.relevance)} of 100, {hundredths(needed)} are "
    return f"{said}needed; {_loudest(fit.reasons)}."


def locked(safe: Safety) -> str:
    """Say that a story is grave, or was."""
    if safe.is_locked:
        return f"Not offered, as it is grave: {safe.reasons[0]}"
    return "Not offered: it was locked as grave, and only a moderator releases a lock."


def automated(real: Authenticity) -> str:
    """Say that a story is the work of machines or paid hands alone."""
    return f"Held back: {real.sentence}"


def outdone(score: float, limit: str) -> str:
    """Say that the budget of alarms went to others; ``limit`` is such as "20 alarms a day"."""
    return f"Not offered: {score:.0f} of 100, and the {limit} went to stories that score higher."


def tried(fit: Fit, needed: float) -> str:
    """Say that a story is shown though it may not fit."""
    return (
        f"Shown as unsure: relevance {hundredths(fit.relevance)} of 100, from "
        f"{hundredths(needed)} on it is offered."
    )


def offered(fit: Fit) -> str:
    """Say that a story was offered."""
    return f"Offered: relevance {hundredths(fit.relevance)} of 100."


def opened(fit: Fit) -> str:
    """Say that a person opened a story, so that it is offered however well it fits."""
    return f"Opened by hand: relevance {hundredths(fit.relevance)} of 100."


def hundredths(share: float) -> int:
    """Return a share in hundredths that never reaches what the share does not.

    >>> hundredths(0.2999), hundredths(0.3), hundredths(0.29)
    (29, 30, 29)
    """
    return int(100 * share + 1e-9)


def _loudest(reasons: tuple[Contribution, ...]) -> str:
    against = [one for one in reasons if one.value < 0]
    loudest = max(against or reasons, key=lambda one: abs(one.value), default=None)
    if loudest is None:
        return NOTHING
    sentence = loudest.sentence.removesuffix(".")
    return sentence if against else f"only {sentence[:1].lower()}{sentence[1:]}"
