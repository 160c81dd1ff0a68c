"""Counting once more, in the plain form: dicts, lists, and a look at every post for every answer.

Nothing is evicted here and nothing is approximate, so it equals the compiled kernel wherever that
has room enough.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from rtm.text.keys import chain, mix
from rtm.trends.settings import Settings
from rtm.trends.significance import round_off, surprise

UNIT = 256
WINDOW_S = (15, 60, 300, 900, 3600)
LOOKS = 0.6989700043360189  # log10 of five windows
HALF_LIVES = HOUR_S, DAY_S = (3600, 86_400)
SIGHTINGS = 32
PAIRED_TERMS = 16


@dataclass(frozen=True, slots=True)
class Row:
    """A post as the kernel is told it; ``author`` 0 is unknown."""

    tick: int
    terms: tuple[int, ...]
    weight: int = UNIT
    source: int = 1
    author: int = 0
    language: int = 0
    is_late: bool = False


@dataclass(slots=True)
class Seen:
    """All sightings of a term, a language or the stream; and what came late.

    A sighting is (tick, weight, source, language).
    """

    sightings: list[tuple[int, int, int, int]] = field(default_factory=list)
    late: list[tuple[int, int]] = field(default_factory=list)

    def count(self, window: int, now: int) -> int:
        """Return the weight in a window: whole cells of its ring, the present one last."""
        width, cells = ((1, 15), (15, 4), (60, 5), (300, 3), (300, 12))[window]
        oldest = now // width - cells + 1
        return sum(weight for tick, weight, _, _ in self.sightings if tick // width >= oldest)

    def history(self, window: int, now: int, half_life_s: int) -> float:
        """Return the decayed weight of what came before a window; each block of 300 s decays once.

        Of the three short windows, what is in them is taken off undecayed.
        """
        block = now // 300
        youngest = (0, 0, 0, 3, 12)[window]
        parts = [(tick // 300, weight) for tick, weight, _, _ in self.sightings]
        aged = [(block - at, weight) for at, weight in parts if block - at >= youngest]
        aged += [(block - tick // 300, weight) for tick, weight in self.late]
        total: float = sum(weight * 2.0 ** (-300 * age / half_life_s) for age, weight in aged)
        return max(0.0, total - self.count(window, now)) if window < 3 else total

    def voices(self, since: int) -> tuple[float, float]:
        """Return effective sources of the latest sightings, and the loudest one's share."""
        latest = [one for one in self.sightings[-SIGHTINGS:] if one[0] >= since]
        posts = Counter(source for _, _, source, _ in latest)
        weights: Counter[int] = Counter()
        for _, weight, source, _ in latest:
            weights[source] += weight
        if not latest:
            return 0.0, 1.0
        effective = len(latest) ** 2 / sum(count**2 for count in posts.values())
        return effective, max(weights.values()) / sum(weights.values())


def pairs_of(terms: Sequence[int], share: float) -> list[int]:
    """Return the keys of those pairs of a post's terms that are in the sample."""
    mixed = [mix(chain(*sorted(two))) for two in combinations(terms[:PAIRED_TERMS], 2)]
    return [marked(key) for key in mixed if key % 65_536 < share * 65_536]


def marked(key: int) -> int:
    """Return a key with its lowest 16 bits such that the four quarters cancel each other out."""
    upper = key >> 16
    return upper << 16 | (upper ^ upper >> 16 ^ upper >> 32) % 65_536


@dataclass(slots=True)
class Heat:
    """When a term is hot."""

    peak: float = 0.0
    until: int = 0
    judged: int = 0


class Plain:
    """Count rows in order and tell what fired: (tick, term, surprise)."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.stream = Seen()
        self.languages: dict[int, Seen] = defaultdict(Seen)
        self.terms: dict[int, Seen] = defaultdict(Seen)
        self.paired = Seen()  # the posts whose pairs are counted
        self.paired_since: int | None = None
        self.pairs: set[int] = set()
        self.heat: dict[int, Heat] = defaultdict(Heat)
        self.noted: dict[tuple[int, int], int] = {}  # turn in which an (author, term) was noted
        self.first = 0
        self.last: int | None = None

    def fired(self, rows: Sequence[Row]) -> Iterator[tuple[int, int, float]]:
        """Yield what fires when these rows, all of their ticks, are told."""
        for tick in sorted({row.tick for row in rows}):
            now = [row for row in rows if row.tick == tick]
            self._teach([row for row in now if row.is_late])
            on_time = [row for row in now if not row.is_late]
            if on_time:
                yield from self._tick(tick, on_time)

    def _teach(self, rows: list[Row]) -> None:
        for row in rows:
            self.stream.late.append((self.last or 0, row.weight))
            for term in row.terms:
                if len(self.terms[term].sightings) >= 3:
                    self.terms[term].late.append((self.terms[term].sightings[-1][0], row.weight))

    def _tick(self, tick: int, rows: list[Row]) -> Iterator[tuple[int, int, float]]:
        if self.last is None or tick - self.last > self.settings.gap_s:
            self.first = tick
        self.last = tick
        pace = self.stream.count(2, tick) / UNIT / 300
        if pace >= self.settings.pair_rate:
            self.paired_since = None
        elif self.paired_since is None:
            self.paired_since = tick
        touched = set()
        for row in rows:
            sighting = (tick, row.weight, row.source, row.language)
            self.stream.sightings.append(sighting)
            self.languages[row.language].sightings.append(sighting)
            for term in [*row.terms, *self._pairs(row, sighting)]:
                if row.author and self._is_repeat(row.author, term, tick):
                    continue
                self.terms[term].sightings.append(sighting)
                touched.add(term)
        for term in sorted(touched):
            level = self._level_if_asked(term, tick)
            if level is not None:
                yield tick, term, level

    def _pairs(self, row: Row, sighting: tuple[int, int, int, int]) -> list[int]:
        if self.paired_since is None:
            return []
        self.paired.sightings.append(sighting)
        pairs = pairs_of(row.terms, self.settings.pair_share)
        self.pairs.update(pairs)
        return pairs

    def _is_repeat(self, author: int, term: int, tick: int) -> bool:
        turn = tick // 900
        before = self.noted.get((author, term), -9)
        self.noted[author, term] = turn
        return turn - before <= 1

    def _level_if_asked(self, term: int, tick: int) -> float | None:
        if len(self.terms[term].sightings) < 3:
            return None
        heat, settings = self.heat[term], self.settings
        if tick <= heat.until and tick < heat.judged + settings.judge_s:
            return None
        heat.judged = tick
        level, window = self.level(term, tick)
        if level < settings.hot_floor:
            return None
        is_cold = tick > heat.until
        held = int(settings.hold_windows * WINDOW_S[window])
        heat.until = tick + min(max(held, settings.least_hold_s), settings.most_hold_s)
        if is_cold or level >= settings.refire * heat.peak:
            heat.peak = level
            return level
        return None

    def level(self, term: int, tick: int) -> tuple[float, int]:
        """Return a term's surprise and the window it stems from; 0 when there is none."""
        best, where = 0.0, 0
        for window, seconds in enumerate(WINDOW_S):
            first = self.first
            if term in self.pairs:
                first = max(first, tick if self.paired_since is None else self.paired_since)
            if tick - first < 4 * seconds:
                break
            stream = self.paired if term in self.pairs else self.stream
            level = self._level(self.terms[term], stream, window, tick)
            if level > best:
                best, where = level, window
        return best, where

    def _level(self, seen: Seen, stream: Seen, window: int, tick: int) -> float:
        settings = self.settings
        count = seen.count(window, tick)
        if count < settings.min_sources * UNIT:
            return 0.0
        mean, known = self._expected(seen, stream, window, tick)
        above = count / UNIT - mean
        spread = UNIT / known + settings.dispersion
        if above <= 0 or above**2 < settings.min_z**2 * (mean + mean**2 * spread):
            return 0.0
        sources, loudest = seen.voices(tick - WINDOW_S[window] + 1)
        if sources < settings.min_sources:
            return 0.0
        heard = min(count, count * (1.0 - loudest) + UNIT)  # the loudest counts as one post
        usual = mean * UNIT / stream.count(window, tick)
        language = self._language(seen, tick - WINDOW_S[window] + 1)
        spoken = self.languages[language]
        if language and spoken.history(window, tick, DAY_S) >= settings.language_posts * UNIT:
            there = self._expected(seen, spoken, window, tick)
            usual = max(usual, there[0] * UNIT / max(spoken.count(window, tick), UNIT))
            mean, known = max((mean, known), there, key=lambda pair: pair[0])
            spread = UNIT / known + settings.dispersion
        if usual >= settings.common_share:
            return 0.0
        level = round_off(surprise(heard / UNIT, mean, 1.0 / spread) - LOOKS)
        return float(level) if level >= settings.hot_floor else 0.0

    def _expected(self, seen: Seen, stream: Seen, window: int, tick: int) -> tuple[float, float]:
        # posts, and the weight that the share rests on: the hour's prior is the day's share
        settings = self.settings
        prior = settings.prior_count * UNIT
        by_day = prior + seen.history(window, tick, DAY_S)
        total_by_day = settings.prior_total * UNIT + stream.history(window, tick, DAY_S)
        by_hour = prior + seen.history(window, tick, HOUR_S)
        total_by_hour = prior * total_by_day / by_day + stream.history(window, tick, HOUR_S)
        now = stream.count(window, tick) / UNIT
        found = [(now * by_hour / total_by_hour, by_hour), (now * by_day / total_by_day, by_day)]
        mean, known = max(found, key=lambda pair: pair[0])
        return mean + settings.background, known

    def _language(self, seen: Seen, since: int) -> int:
        latest = [one for one in seen.sightings[-SIGHTINGS:] if one[0] >= since]
        language, posts = Counter(one[3] for one in latest).most_common(1)[0]
        return language if posts >= 0.8 * len(latest) else 0
