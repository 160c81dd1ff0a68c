"""The other statistics by their definitions, slowly: what the compiled ones are checked against."""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from rtm.trends.table import RING, UNIT, WINDOW_S
from rtm.tune.exact import EWMA, HOUR_S, LAG, RATIO, SIGNITREND, TAIL, WIDE, Rule
from rtm.tune.hashed import TABLES


@dataclass(frozen=True)
class Seen:
    """A post: its tick, weight, source and terms."""

    tick: int
    weight: int
    source: int
    terms: tuple[int, ...]


@dataclass(frozen=True)
class Twin:
    """How the reference is broken, to see that a test would tell."""

    lag: int = LAG
    is_loudest_counted: bool = True
    longer_by: int = 0  # seconds of each window
    ring: int = RING
    warm: int = 4


WHOLE = Twin()


def found(
    posts: list[Seen], rule: Rule, gap_s: int, size: int, twin: Twin = WHOLE
) -> dict[tuple[int, int], tuple[float, int]]:
    """Return the largest score and its window for each tick and term that scores."""
    often = Counter(term for post in posts for term in post.terms)
    kept = {term for term, times in often.items() if times > 2}
    findings = {}
    for stretch in _stretches(posts, gap_s):
        for tick in sorted({post.tick for post in stretch}):
            heard = [post for post in stretch if post.tick <= tick]
            latest = {term for post in heard if post.tick == tick for term in post.terms}
            for term in sorted(latest & kept):
                best = (0.0, -1)
                for window in range(len(WINDOW_S)):
                    score = _score(heard, kept, term, window, rule, size, stretch[0].tick, twin)
                    if score >= rule.least and score > best[0]:
                        best = (score, window)
                if best[1] >= 0:
                    findings[tick, term] = best
    return findings


def _stretches(posts: list[Seen], gap_s: int) -> list[list[Seen]]:
    stretches: list[list[Seen]] = []
    for before, post in zip([None, *posts], posts, strict=False):
        if before is None or post.tick - before.tick > gap_s:
            stretches.append([])
        stretches[-1].append(post)
    return stretches


def _score(
    heard: list[Seen],
    kept: set[int],
    term: int,
    window: int,
    rule: Rule,
    size: int,
    first: int,
    twin: Twin,
) -> float:
    tick, width = heard[-1].tick, WINDOW_S[window]
    mine = [post for post in heard if term in post.terms]
    inside = [post for post in mine if post.tick > tick - width - twin.longer_by]
    count = sum(post.weight for post in inside) / UNIT
    if tick - first < twin.warm * width or count < max(rule.min_sources, rule.least_count):
        return 0.0
    score = _scored(heard, kept, mine, term, window, rule, size, first, twin)
    sources, loudest = _voices(inside[-twin.ring :])
    alone = min(count, count * (1 - loudest) + 1) if twin.is_loudest_counted else count
    if sources < rule.min_sources or score(count) < rule.least or alone < rule.least_count:
        return 0.0
    return score(alone)


def _voices(posts: list[Seen]) -> tuple[float, float]:
    by_source = {
        one: [post for post in posts if post.source == one] for one in {p.source for p in posts}
    }
    same = sum(len(each) ** 2 for each in by_source.values())
    loudest = max(sum(post.weight for post in each) for each in by_source.values())
    return len(posts) ** 2 / same, loudest / sum(post.weight for post in posts)


def _scored(
    heard: list[Seen],
    kept: set[int],
    mine: list[Seen],
    term: int,
    window: int,
    rule: Rule,
    size: int,
    first: int,
    twin: Twin,
) -> Callable[[float], float]:
    tick, width = heard[-1].tick, WINDOW_S[window]
    epochs = range(first // width, tick // width - twin.lag + 1)
    before = [post for post in mine if post.tick <= tick - width]
    seconds = tick - width + 1 - first
    if rule.kind == EWMA:
        counts = [_weight(mine, one, width) for one in epochs]
        mean, spread = _moments(counts, float(rule.decays[window]))
        return lambda count: (count - mean) / max(spread, rule.bias)
    if rule.kind == RATIO:
        hour = sum(post.weight for post in before if post.tick > tick - width - HOUR_S) / UNIT
        usual = max(hour * width / min(HOUR_S, seconds), rule.bias)
        return lambda count: count / usual
    if rule.kind == SIGNITREND:
        cells = []
        for table in range(TABLES):
            alike = [one for one in kept if _cell(one, table, size) == _cell(term, table, size)]
            shares = [
                max(_weight([p for p in heard if one in p.terms], epoch, width) for one in alike)
                / (_weight(heard, epoch, width) or 1.0)
                for epoch in epochs
            ]
            cells.append(_moments(shares, float(rule.decays[window])))
        total = sum(post.weight for post in heard if post.tick > tick - width) / UNIT
        mean, spread = min(cells, key=lambda cell: cell[0])
        top = max(mean * total, rule.bias)
        return lambda count: (count - top) / (spread * total + rule.bias)
    mean = (sum(post.weight for post in before) / UNIT + rule.bias) * width / seconds
    if rule.kind == TAIL:
        return lambda count: _tail(count, mean)
    return lambda count: (count - mean) / max(WIDE * math.sqrt(mean), 1.0)


def _weight(posts: list[Seen], epoch: int, width: int) -> float:
    return sum(post.weight for post in posts if post.tick // width == epoch) / UNIT


def _moments(counts: list[float], decay: float) -> tuple[float, float]:
    weights = [decay**age for age in reversed(range(len(counts)))]
    total = sum(weights)
    mean = sum(w * c for w, c in zip(weights, counts, strict=True)) / total
    spread = sum(w * (c - mean) ** 2 for w, c in zip(weights, counts, strict=True)) / total
    return mean, math.sqrt(spread)


def _tail(count: float, mean: float) -> float:
    # P(X >= count) of a Poisson X is the lower incomplete gamma function, here by its series
    if count <= mean:
        return 0.0
    term, total, step = 1.0, 1.0, 0
    while term > 1e-17 * total:
        step += 1
        term *= mean / (count + step)
        total += term
    chance = count * math.log(mean) - mean - math.lgamma(count + 1) + math.log(total)
    return -chance / math.log(10)


def _cell(key: int, table: int, size: int) -> int:
    return (key >> (24 * table)) % size
