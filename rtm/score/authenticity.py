"""How much of a story is made by machines or paid hands, with an interval and in words.

Be the data: a crowd comes as a sample of posts. Those that say the same are one unit, those of one
author another, every other post stands alone. Each unit has log-odds of being automated: what its
wording, its timing and its accounts say, each left out where the stream does not tell it. The share
of automated posts is then found by expectation and maximisation, and its interval from the number
of automated posts, where a unit counts as a whole: copies are of one hand, or of none.
Machines that write every post anew, from accounts like anybody's, are not seen, and the interval
does not reckon with them.

References
----------
Saerens, Latinne and Decaestecker (2002), adjusting a classifier to new priors, doi:
10.1162/089976602753284446. Deviation: a prior on the share, as a sample may be of few posts.
"""

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rtm.crowd import UNTOLD, Crowd
from rtm.score.alike import COMPARED, PASSED_ON, Alike, alike, words_of

# log-odds. Wording: four words in common is what strangers say of one event, each more is a
# reason; four in a group happen by chance, each doubling is a reason
PER_WORD, CHANCE_WORDS, MOST_WORDING = 1.0, 4.5, 3.5
PER_DOUBLING, CHANCE_SIZE, MOST_SIZE = 1.0, 4, 2.0
FORGOTTEN = 1.0  # copies of which only the cluster is remembered: how long they were is not known
PASSED = -9.0  # said to be somebody else's words: a repost, a quotation
ALONE = -4.5  # in nobody else's words: few campaigns write every post anew
SHORT = -4.5  # too few words to compare: what people cry out
# intervals of a Poisson crowd vary by as much as they last, those of a timer hardly
PER_BEAT, EVEN, MOST_BEAT, LEAST_BEATS = 6.0, 0.5, 3.0, 3
OWN_TIMER = 8.0  # one author's posts at the beat of a timer: no person keeps time so
TIMER = 0.2  # variation of intervals below which they are of a timer
YOUNG_D, FRESH_D, OLD_D = 30.0, 7.0, 730.0
MOST_ACCOUNTS = 3.0  # accounts are bought old, and people join too
FEW, MANY = 20, 500  # followers
KNOWN_HERE_S = 3600.0
PRIOR, PRIOR_POSTS = 0.05, 10.0  # share of automated posts usual in a story, and its weight
LEAST_ODDS, MOST_ODDS = 0.01, 0.95  # bounds of the share that odds are adjusted to
STEPS = 60
GRID = np.linspace(0.0, 1.0, 1001)
ONLY, ONLY_LOW = 0.85, 0.5  # share, and its lower bound, of a story that is automated only


@dataclass(frozen=True, slots=True)
class Authenticity:
    """Share of automated posts with its 95 % interval, what to take off the score, and why."""

    share: float
    low: float
    high: float
    discount: float
    sentence: str
    is_automated_only: bool


@dataclass(frozen=True, slots=True)
class _Unit:
    places: tuple[int, ...]
    odds: float
    said: str = ""


def authenticity(crowd: Crowd) -> Authenticity:
    """Estimate which share of a story's posts is automated or paid for.

    Of an empty crowd nothing is known: share 0, interval 0 to 1.
    """
    n = crowd.at_us.size
    if not n:
        return Authenticity(0.0, 0.0, 1.0, 0.0, "No post to judge the crowd by.", False)
    units = _units(crowd)
    chances = _chances(units, n)
    sizes = np.array([len(unit.places) for unit in units])
    share = float(sizes @ chances) / n
    low, high = _interval(sizes, chances, n)
    low, high = min(low, share), max(high, share)
    return Authenticity(
        share=round(share, 3),
        low=round(low, 3),
        high=round(high, 3),
        discount=round(share, 3),
        sentence=_sentence(share, low, high, units, chances, n),
        is_automated_only=share >= ONLY and low >= ONLY_LOW,
    )


def _units(crowd: Crowd) -> list[_Unit]:
    words = [None if text is None else words_of(text) for text in crowd.texts]
    passed = np.array([bool(PASSED_ON.search(text or "")) for text in crowd.texts], bool)
    passed |= crowd.is_repost
    units, taken = [], np.zeros(len(words), bool)
    for group in alike(words, crowd.clusters):
        taken[list(group.places)] = True
        units.append(_group(crowd, group, float(passed[list(group.places)].mean())))
    of_author: dict[int, list[int]] = defaultdict(list)
    for place in (~taken).nonzero()[0].tolist():
        # posts whose words are gone stand or fall together: nothing sets one apart from another
        author = int(crowd.authors[place]) or -place - 1
        of_author[author if words[place] is not None else 0].append(place)
    single = _single_accounts(crowd)
    for places in of_author.values():
        if len(places) == 1:  # as nearly all are
            (place,) = places
            odds = _own_words([words[place]]) + PASSED * float(passed[place]) + single[place]
            units.append(_Unit((place,), odds))
        else:
            units.append(_apart(crowd, tuple(places), words, passed))
    return units


def _group(crowd: Crowd, group: Alike, passed: float) -> _Unit:
    places = np.array(group.places)
    wording = PER_WORD * (group.words - CHANCE_WORDS) if group.words else FORGOTTEN
    size = PER_DOUBLING * math.log2(places.size / CHANCE_SIZE)
    varying = variation(crowd.at_us[places])
    odds = min(MOST_WORDING, wording) + min(MOST_SIZE, size) + PASSED * passed
    odds += _beat(varying) + _accounts(crowd, places)
    alike_words = "copies of one text" if group.likeness >= 0.9 else "one text with words changed"
    said = f"{places.size} of {crowd.at_us.size} are {alike_words}"
    if varying is not None and varying < EVEN:
        gap_s = np.diff(np.sort(crowd.at_us[places])).mean() / 1e6
        said += f", one every {gap_s:.3g} s"
    ages = crowd.ages_d[places]
    if (ages < YOUNG_D).sum() * 2 > places.size:
        said += f", {int((ages < YOUNG_D).sum())} of them by accounts younger than a month"
    return _Unit(group.places, odds, said)


def _apart(
    crowd: Crowd,
    places: tuple[int, ...],
    words: list[frozenset[str] | None],
    passed: NDArray[np.bool_],
) -> _Unit:
    # posts of one author, or one of an author unknown, in nobody else's words
    own = np.array(places)
    odds = _own_words([words[place] for place in places])
    odds += PASSED * float(passed[own].mean()) + _accounts(crowd, own)
    varying = variation(crowd.at_us[own])
    said = ""
    if varying is not None and varying < TIMER:
        odds += OWN_TIMER
        gap_s = np.diff(np.sort(crowd.at_us[own])).mean() / 1e6
        said = f"one account posts every {gap_s:.3g} s"
    return _Unit(places, odds, said)


def _own_words(words: list[frozenset[str] | None]) -> float:
    known = [told for told in words if told is not None]
    if not known:
        return 0.0
    return ALONE if max(map(len, known)) >= COMPARED else SHORT


def variation(at_us: NDArray[np.int64]) -> float | None:
    """Return by how much intervals between posts vary, in their own mean; None of few posts.

    >>> variation(np.array([0, 60, 120, 180]) * 1_000_000)
    0.0
    """
    gaps = np.diff(np.sort(at_us)).astype(np.float64)
    if gaps.size < LEAST_BEATS or gaps.mean() <= 0.0:
        return None
    return float(gaps.std() / gaps.mean())


def _beat(varying: float | None) -> float:
    return 0.0 if varying is None else min(MOST_BEAT, PER_BEAT * max(0.0, EVEN - varying))


def _accounts(crowd: Crowd, places: NDArray[np.int64]) -> float:
    # what the accounts behind a unit say, the mean of those that are told
    ages, followers, known_s = crowd.ages_d[places], crowd.followers[places], crowd.known_s[places]
    told = ages[~np.isnan(ages)]
    odds = 0.0
    if told.size:
        young, fresh, old = told < YOUNG_D, told < FRESH_D, told > OLD_D
        odds += float((1.0 * young + 1.0 * fresh - 1.0 * old).mean())
    counted = followers[followers != UNTOLD]
    if counted.size:
        odds += float((1.0 * (counted < FEW) - 1.0 * (counted > MANY)).mean())
    heard = known_s[~np.isnan(known_s)]
    if heard.size:  # that nobody heard of them proves nothing: a burst brings new people
        odds -= float((heard > KNOWN_HERE_S).mean())
    odds -= float(crowd.is_reply[places].mean())
    return max(-MOST_ACCOUNTS, min(MOST_ACCOUNTS, odds))


def _single_accounts(crowd: Crowd) -> list[float]:
    # of every post what ``_accounts`` says of it alone
    ages, followers, known_s = crowd.ages_d, crowd.followers, crowd.known_s
    odds = 1.0 * (ages < YOUNG_D) + 1.0 * (ages < FRESH_D) - 1.0 * (ages > OLD_D)
    is_counted = followers != UNTOLD
    odds += is_counted * (1.0 * (followers < FEW) - 1.0 * (followers > MANY))
    odds -= 1.0 * (known_s > KNOWN_HERE_S) + 1.0 * crowd.is_reply
    told: list[float] = odds.clip(-MOST_ACCOUNTS, MOST_ACCOUNTS).tolist()
    return told


def _chances(units: list[_Unit], n: int) -> NDArray[np.float64]:
    # how likely each unit is automated, with the share itself as the prior
    sizes = np.array([len(unit.places) for unit in units])
    odds = np.array([unit.odds for unit in units])
    share = PRIOR
    for _ in range(STEPS):
        bounded = min(MOST_ODDS, max(LEAST_ODDS, share))
        chances: NDArray[np.float64] = 1.0 / (
            1.0 + np.exp(-odds - math.log(bounded / (1.0 - bounded)))
        )
        share = (float(sizes @ chances) + PRIOR * PRIOR_POSTS) / (n + PRIOR_POSTS)
    return chances


def _interval(
    sizes: NDArray[np.int64], chances: NDArray[np.float64], n: int
) -> tuple[float, float]:
    # of the share, given how many posts of the sample may be automated (Jeffreys' interval)
    counts = np.zeros(n + 1)
    counts[0] = 1.0
    for size, chance in zip(sizes.tolist(), chances.tolist(), strict=True):
        moved = np.zeros(n + 1)
        moved[size:] = counts[: n + 1 - size]
        counts = (1.0 - chance) * counts + chance * moved
    below = counts @ _below(n)
    return float(np.interp(0.025, below, GRID)), float(np.interp(0.975, below, GRID))


@lru_cache(maxsize=8)  # up to 2 MB each
def _below(n: int) -> NDArray[np.float64]:
    # distribution functions of Beta(k + 1/2, n - k + 1/2) on the grid, k = 0..n
    middle = (GRID[1:] + GRID[:-1]) / 2
    k = np.arange(n + 1)[:, None]
    density = (k - 0.5) * np.log(middle) + (n - k - 0.5) * np.log1p(-middle)
    density = np.exp(density - density.max(axis=1, keepdims=True))
    below = np.cumsum(density, axis=1) / density.sum(axis=1, keepdims=True)
    whole: NDArray[np.float64] = np.concatenate([np.zeros((n + 1, 1)), below], axis=1)
    return whole


def _sentence(
    share: float,
    low: float,
    high: float,
    units: list[_Unit],
    chances: NDArray[np.float64],
    n: int,
) -> str:
    bounds = f"({100 * low:.0f} to {100 * high:.0f} %)"
    why = [
        unit.said
        for unit, chance in sorted(
            zip(units, chances.tolist(), strict=True), key=lambda pair: -len(pair[0].places)
        )
        if chance >= 0.5 and unit.said
    ]
    told = f"About {100 * share:.0f} % of the posts look automated {bounds}"
    if share < 0.05 and not why:
        told = f"Next to none of {n} posts looks automated {bounds}"
    return ": ".join([told, "; ".join(why[:2])] if why else [told]) + "."
