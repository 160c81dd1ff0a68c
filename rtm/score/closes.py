"""When it will be too late to join a story: an interval, learned from stories that are over.

A story is over when nine in ten of its posts have come. How long that takes is foretold from its
own past: while people speak of it more and more, or too few have spoken to tell, all that is known
is its age, and what has lasted so long will last about as long again (Gott 1993, the delta-t
argument); once it decays, its half-life tells. How far such forecasts were off is learned: of each
kind the latest stories' errors are kept, and the interval holds the middle four in five of them.

References
----------
Gott (1993), implications of the Copernican principle, doi:10.1038/363315a0.
Vovk, Gammerman, Shafer (2005), Algorithmic learning in a random world: conformal intervals.
Deviation: errors of the latest stories only, since streams drift; exchangeable they are not.
"""

import math
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from rtm.types import Pace

Kind = Literal["few", "rising", "falling"]

COVERED = 0.8  # of stories, whose end is to lie within the interval
ENOUGH = 16.0  # weight of posts in two stretches from which a trend can be told from chance
MOST_S = 24 * 3600  # nobody plans for longer
LEAST_S = 60  # an interval is never shorter
PAD_S = 30.0  # added to both sides of a ratio, so that an error at the very end counts little
KEPT = 200  # latest errors of each kind
PRIOR = 20  # errors that each kind begins with, from PRIORS
# ln((left + PAD_S) / (foretold + PAD_S)) at 10, 50 and 90 % of the tellings of the sets tuned on
PRIORS: dict[Kind, tuple[float, float, float]] = {
    "few": (-4.2, -1.0, 2.1),
    "rising": (-2.2, 0.0, 1.9),
    "falling": (-2.3, 0.0, 2.5),
}


@dataclass(frozen=True, slots=True)
class Forecast:
    """Seconds that a story may go on, by its own past, and what that rests on, in words."""

    kind: Kind
    left_s: float
    sentence: str


def forecast(age_s: int, posts: int, paces: Sequence[Pace]) -> Forecast:
    """Foretell a story's end, ``age_s`` after its first post, from its paces (shortest first).

    >>> paces = [Pace(latest=40.0, latest_s=300, before=20.0, before_s=300)]
    >>> forecast(600, 60, paces).sentence
    'Still rising after 10 min.'
    """
    if not posts:  # a person opened it
        return Forecast("few", float(age_s), "Nobody was read to speak of it yet.")
    pace = next((one for one in paces if one.latest + one.before >= ENOUGH), None)
    if pace is None or age_s <= pace.latest_s:
        sentence = f"Spoken of for {spell(age_s)} so far, by too few to tell a trend."
        return Forecast("few", float(age_s), sentence)
    before = pace.before / min(pace.before_s, age_s - pace.latest_s)
    latest = pace.latest / pace.latest_s
    if latest >= before:
        return Forecast("rising", float(age_s), f"Still rising after {spell(age_s)}.")
    if latest <= 0.0:
        return Forecast("falling", 0.0, f"Nobody spoke of it in the last {spell(pace.latest_s)}.")
    half_life = (pace.latest_s + pace.before_s) / 2 / math.log2(before / latest)
    to_come = latest * half_life / math.log(2)
    # of all its posts a tenth is left when it is over; as many of those to come are then past
    short = 0.9 * (posts + to_come) - posts
    left = 0.0 if short <= 0 else -half_life * math.log2(1 - short / to_come)
    return Forecast("falling", left, f"Halving every {spell(half_life)}.")


class Closes:
    """Turn forecasts into intervals, and learn from each story that is over."""

    def __init__(self) -> None:
        self._errors: dict[Kind, deque[float]] = {
            kind: deque(_spread(PRIORS[kind]), maxlen=KEPT) for kind in PRIORS
        }
        self._said: dict[str, list[tuple[int, Kind, float]]] = {}

    def interval(self, told: Forecast) -> tuple[int, int]:
        """Return seconds from now, low and high, between which it will be over."""
        errors = sorted(self._errors[told.kind])
        aside = round((1 - COVERED) / 2 * (len(errors) + 1)) - 1
        low, high = (
            (told.left_s + PAD_S) * math.exp(error) - PAD_S
            for error in (errors[aside], errors[-1 - aside])
        )
        low_s = int(min(max(low, 0.0), MOST_S - LEAST_S))
        return low_s, int(min(max(high, low_s + LEAST_S), MOST_S))

    def note(self, story: str, tick: int, told: Forecast) -> None:
        """Remember what people were told, to learn from it when the story is over."""
        self._said.setdefault(story, []).append((tick, told.kind, told.left_s))

    def learn(self, story: str, over: int) -> None:
        """Be told when a story was over (a tick)."""
        for tick, kind, left_s in self._said.pop(story, ()):
            truly_s = max(0, over - tick)
            self._errors[kind].append(math.log((truly_s + PAD_S) / (left_s + PAD_S)))

    def forget(self, story: str) -> None:
        """Let go of a story whose end tells nothing."""
        self._said.pop(story, None)

    def snapshot(self) -> bytes:
        """Return all that is remembered."""
        return msgspec.json.encode(({k: list(v) for k, v in self._errors.items()}, self._said))

    def restore(self, content: bytes) -> None:
        """Take up where a snapshot was made."""
        errors, self._said = msgspec.json.decode(
            content,
            type=tuple[dict[Kind, list[float]], dict[str, list[tuple[int, Kind, float]]]],
        )
        self._errors = {kind: deque(kept, maxlen=KEPT) for kind, kept in errors.items()}


def _spread(quantiles: tuple[float, float, float]) -> Iterable[float]:
    # errors whose 10, 50 and 90 % these are, straight lines between them and beyond
    low, middle, high = quantiles
    shares = ((n + 0.5) / PRIOR for n in range(PRIOR))
    return [
        middle + (share - 0.5) / 0.4 * (high - middle if share > 0.5 else middle - low)
        for share in shares
    ]


def spell(seconds: float) -> str:
    """Say a span of time shortly.

    >>> spell(45), spell(600), spell(5400)
    ('45 s', '10 min', '1 h 30 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"
