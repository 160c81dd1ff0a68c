"""When it will be too late to join a story: an interval, from its own past only.

While people speak of it more and more, or too few have spoken to tell, all that is known is its
age, and what has lasted so long will, four times in five, last between a ninth and nine times as
long again (Gott 1993, the delta-t argument, doi:10.1038/363315a0). Once enough have spoken and it
decays, the half-life between its last two stretches tells when fewer than one post in ten minutes
is left.
"""

import math
from dataclasses import dataclass

LEAST_S = 120  # nobody can act faster
MOST_S = 6 * 3600  # nobody should wait longer
QUIET_PER_S = 1 / 600  # posts a second at which a story is over
SPREAD = 9.0  # Gott's factor for four times in five
DECAY_SPREAD = 2.0  # a half-life from a few dozen posts is known to this factor
ENOUGH = 16.0  # weight of posts in both stretches from which a decay can be told from chance


@dataclass(frozen=True, slots=True)
class Closing:
    """Seconds from now, low and high, and the sentence that says why."""

    low_s: int
    high_s: int
    sentence: str


def closing(age_s: int, latest: float, before: float, stretch_s: int) -> Closing:
    """Judge how long a story will last, ``age_s`` after its first post.

    ``latest`` and ``before`` are the weights of posts in the last stretch of ``stretch_s`` seconds
    and in the one before it.

    >>> closing(600, 40.0, 20.0, 300).sentence
    'Still rising after 10 min.'
    """
    if latest + before < ENOUGH:
        low, high = age_s / SPREAD, age_s * SPREAD
        sentence = f"Spoken of for {spell(age_s)} so far, by too few to tell a trend."
    elif latest >= before:
        low, high = age_s / SPREAD, age_s * SPREAD
        sentence = f"Still rising after {spell(age_s)}."
    elif latest <= 0.0:
        low = high = 0.0
        sentence = f"Nobody spoke of it in the last {spell(stretch_s)}."
    else:
        half_life = stretch_s / math.log2(before / latest)
        rate = latest / stretch_s
        left = half_life * max(0.0, math.log2(rate / QUIET_PER_S))
        low, high = left / DECAY_SPREAD, left * DECAY_SPREAD
        sentence = f"Halving every {spell(half_life)}."
    low_s = int(min(max(low, LEAST_S), MOST_S / DECAY_SPREAD))
    return Closing(low_s, int(min(max(high, 2 * low_s), MOST_S)), sentence)


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
