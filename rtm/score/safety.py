"""Whether a story may be joked about: the interlock on grave matters, by share of its posts."""

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec import Struct

from rtm.text.patterns import CLASSES, Mark

LOCK_SHARE = 0.25  # of a story's posts with a grave word: locked
AMBER_SHARE = 0.10  # of a story's posts: a person must look twice
ALONE_SHARE = 0.5  # from which a single grave post locks: a word may be meant otherwise once
POLITICS_RISK = 0.2  # what a whole share of political posts adds to risk; a flag, never a lock
LOCKED_FROM = 0.75  # risk at which a lock begins: no amount of politics outranks it
HIGHEST_OPEN = 0.74
ROUNDING = 1e-9  # 0.45 - 0.30 is a little less than 0.15
WORSE_SHARE = 0.15  # more of the posts than was told: a lock that was released closes again
SHOWN = 3  # classes named in a sentence
SENSITIVE = "what the profile calls sensitive"


@dataclass(frozen=True, slots=True)
class Safety:
    """Risk 0 to 1, whether jokes are locked, and why in one sentence each.

    ``share`` is that of grave posts; ``classes`` are those that at least an amber share of posts
    speak of, the most spoken of first.
    """

    risk: float
    is_locked: bool
    reasons: tuple[str, ...]
    share: float
    classes: tuple[str, ...]


def safety(marks: Mapping[Mark, int], posts: int) -> Safety:
    """Judge a story by how many of its posts speak of what; ``posts`` is at least 1.

    A single grave post among three or four is amber: the second one locks.

    >>> safety({Mark.GRAVE: 4, Mark.DEATH: 3, Mark.DISASTER: 2}, 10).reasons
    ('4 of 10 posts speak of death or disaster: locked.',)
    >>> safety({Mark.GRAVE: 1, Mark.DEATH: 1}, 3).reasons
    ('1 of 3 posts speaks of death: look twice.',)
    """
    grave, politics = marks.get(Mark.GRAVE, 0), marks.get(Mark.POLITICS, 0)
    share = grave / posts
    is_locked = share >= LOCK_SHARE and (grave > 1 or share >= ALONE_SHARE)
    counts = _counts(marks)
    reasons = []
    if grave:
        verb = "speaks" if grave == 1 else "speak"
        weight = ": locked." if is_locked else ": look twice." if share >= AMBER_SHARE else "."
        reasons.append(f"{grave} of {posts} posts {verb} of {_named(counts, grave)}{weight}")
    if politics:
        reasons.append(f"{politics} of {posts} posts touch politics.")
    if is_locked:
        risk = min(1.0, LOCKED_FROM + share - LOCK_SHARE)
    else:
        risk = min(HIGHEST_OPEN, share / LOCK_SHARE * 0.5)
    risk = max(risk, min(HIGHEST_OPEN, risk + POLITICS_RISK * politics / posts))
    classes = tuple(name for name, count in counts.items() if count / posts >= AMBER_SHARE)
    return Safety(round(risk, 3), is_locked, tuple(reasons), share, classes)


class Gravity(Struct, frozen=True):
    """How grave a story was told to be at the worst: share of its posts, and their classes."""

    share: float
    classes: frozenset[str]

    def is_worse(self, now: Safety) -> bool:
        """Tell whether it is locked for more than was told: a new class, or many more posts.

        >>> told = Gravity(0.3, frozenset({"death"}))
        >>> told.is_worse(Safety(0.8, True, (), 0.4, ("death",)))
        False
        >>> told.is_worse(Safety(0.8, True, (), 0.3, ("death", "attack")))
        True
        """
        grown = now.share - self.share >= WORSE_SHARE - ROUNDING
        return now.is_locked and (grown or not self.classes.issuperset(now.classes))


def gravity_of(now: Safety, told: Gravity | None) -> Gravity:
    """Return what people have been told at the worst, after telling them of ``now``."""
    if told is None:
        return Gravity(now.share, frozenset(now.classes))
    return Gravity(max(told.share, now.share), told.classes.union(now.classes))


def _counts(marks: Mapping[Mark, int]) -> dict[str, int]:
    counts = {name: marks.get(mark, 0) for name, mark in CLASSES.items()}
    # posts that no class accounts for are grave by the profile's own words
    ours = marks.get(Mark.GRAVE, 0) - sum(counts.values())
    counts |= {SENSITIVE: ours} if ours > 0 else {}
    told = {name: count for name, count in counts.items() if count > 0}
    return dict(sorted(told.items(), key=lambda one: -one[1]))


def _named(counts: Mapping[str, int], grave: int) -> str:
    # a class that hardly any of the grave posts speak of would only lengthen the sentence
    names = [name for name, count in counts.items() if count >= grave / 4][:SHOWN]
    return " or ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
