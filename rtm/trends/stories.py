"""Stories: hot terms that the same posts speak of, with a name, a headline and examples.

A term that fires joins the story that many of its latest posts already speak of, unless that story
surges: far more posts than its own last minutes had are another happening in the same words. Else,
if it is surprising enough by itself, or linked to another hot term that shares none of its words,
it opens one. A story closes when nobody has spoken of it for a while.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rtm.text.terms import Term
from rtm.trends.admission import clear
from rtm.trends.headline import headline, most_central
from rtm.trends.recent import Post, Recent
from rtm.trends.settings import Settings
from rtm.trends.significance import surprise
from rtm.trends.state import AUTHOR_BITS, DUE, NO_STORY, SEQ, State
from rtm.trends.table import (
    MINUTES,
    MINUTES_AT,
    MINUTES_CELLS,
    RING,
    SECONDS_AT,
    SECONDS_CELLS,
    STORIES,
    STREAM,
    UNIT,
    WINDOW_S,
    advance,
)
from rtm.trends.tally import count_past, latest, voices
from rtm.trends.trigger import SINCE, UNTIL
from rtm.types import Example, Story, Tally, moment

SHOWN_TERMS = 10
SHOWN_EXAMPLES = 5
ALIKE = 0.6  # share of terms in common from which two examples say the same
COMPARED_POSTS = 16  # of a term's latest, enough to tell what it is linked to
LINKED_POSTS = 2  # posts that two terms must share at least, whatever their share
CODE = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: no letter that reads like a digit


@dataclass(slots=True)
class HotTerm:
    """A term above the floor; ``story`` is its story's slot, or NO_STORY while it waits.

    ``post`` is one in which it stands, and so tells its name.
    """

    key: int
    post: Post
    row: int
    surprise: float
    fired_at: int
    story: int = NO_STORY

    @property
    def term(self) -> Term:
        """The term with its name."""
        return self.post.term(self.key)


@dataclass(slots=True)
class OpenStory:
    """What a story needs beyond the counts in ``State``."""

    id: str
    slot: int
    opened: int
    first_at: int
    terms: dict[int, HotTerm] = field(default_factory=dict)
    told: int = 0
    title: str = ""
    surprise: float = 0.0


class Stories:
    """Gather hot terms into stories; told of each tick with news, in order."""

    def __init__(self, state: State, settings: Settings, recent: Recent) -> None:
        self._state = state
        self._settings = settings
        self._recent = recent
        self.hot: dict[int, HotTerm] = {}
        self.open: dict[int, OpenStory] = {}

    def overdue(self, tick: int) -> list[tuple[int, OpenStory]]:
        """Close stories that were quiet for long enough before a tick; (tick of closing, story)."""
        quiet = self._settings.story_quiet_s
        if tick <= self._state.numbers[DUE]:
            return []
        over = [
            (int(self._state.last[1 + slot]) + quiet, story)
            for slot, story in self.open.items()
            if self._state.last[1 + slot] + quiet < tick
        ]
        over.sort(key=lambda entry: (entry[0], entry[1].id))
        # no story can be over before this: its latest post only moves on
        ended = {story.slot for _, story in over}
        latest = (int(self._state.last[1 + slot]) for slot in self.open.keys() - ended)
        self._state.numbers[DUE] = min(latest, default=tick) + quiet
        return over

    def close(self, story: OpenStory) -> None:
        """Let go of a story and its terms."""
        for key, hot in story.terms.items():
            is_same = self._state.keys[hot.row] == key
            if is_same and self._state.story[hot.row] == story.slot:
                self._state.story[hot.row] = NO_STORY
            if hot.story == story.slot:  # else it was hot again, for another happening
                del self.hot[key]
        del self.open[story.slot]
        self._state.story_posts[story.slot] = 0

    def fire(self, tick: int, rows: Iterable[int], levels: Iterable[float]) -> list[OpenStory]:
        """Take the terms that fired in a tick; the stories that they opened or joined."""
        self._cool(tick)
        quoted = {hot.post.seq: hot.post for hot in self.hot.values()}
        fired = []
        for row, level in sorted(
            zip(rows, levels, strict=True), key=lambda pair: (-pair[1], self._state.keys[pair[0]])
        ):
            key = int(self._state.keys[row])
            hot = self.hot.get(key)
            if hot is None:
                # a post that names another term too is read for names once
                seqs = self._seqs(row, tick)
                seq = next((seq for seq in seqs if seq in quoted), seqs[0])
                post = quoted.get(seq) or self._recent.post(seq, int(self._state.numbers[SEQ]))
                if post is None:
                    continue  # gone already: nothing could be shown
                quoted[seq] = post
                hot = self.hot[key] = HotTerm(key, post, row, level, tick)
            hot.row, hot.fired_at = row, tick
            if self._state.triggers[row, SINCE] == tick:
                # hot again after it was cold: another happening, unless it is linked
                hot.surprise, hot.story = level, NO_STORY
            else:
                hot.surprise = max(hot.surprise, level)
            fired.append(hot)
        changed: dict[int, OpenStory] = {}
        spoken: dict[int, list[HotTerm] | None] = {}
        for hot in fired:
            story = self._placed(hot, tick, spoken)
            if story is not None:
                changed[story.slot] = story
        return list(changed.values())

    def _is_hot(self, hot: HotTerm, tick: int) -> bool:
        is_same = int(self._state.keys[hot.row]) == hot.key
        return bool(is_same and tick <= self._state.triggers[hot.row, UNTIL])

    def _placed(
        self, hot: HotTerm, tick: int, spoken: dict[int, list[HotTerm] | None]
    ) -> OpenStory | None:
        if hot.story != NO_STORY and not self._surges(self.open[hot.story], tick):
            story = self.open[hot.story]
            story.surprise = max(story.surprise, hot.surprise)
            return story
        if hot.story != NO_STORY:
            self.open[hot.story].terms.pop(hot.key, None)
            hot.story = NO_STORY
        posts = 0
        shares: Counter[int] = Counter()
        linked: Counter[int] = Counter()
        for seq in self._seqs(hot.row, tick)[:COMPARED_POSTS]:
            if seq not in spoken:
                spoken[seq] = self._hot_in(seq, tick)
            found = spoken[seq]
            if found is None:
                continue
            posts += 1
            linked.update(one.key for one in found)
            shares.update({one.story for one in found} - {NO_STORY})
        for slot in [slot for slot in shares if self._surges(self.open[slot], tick)]:
            del shares[slot]
        best = max(shares, key=lambda slot: (shares[slot], -self.open[slot].opened), default=None)
        if best is not None:
            story = self.open[best]
            if self._is_linked(shares[best], posts, 1 + best, tick):
                self._join(story, hot)
                return story
        if hot.surprise < self._settings.linked_floor:
            return None
        partners = [
            self.hot[key]
            for key, count in linked.items()
            if self.hot[key].story == NO_STORY
            and key != hot.key
            and self._is_linked(count, posts, self.hot[key].row, tick)
        ]
        if hot.surprise < self._settings.story_floor and not any(
            set(hot.term.words).isdisjoint(one.term.words) for one in partners
        ):
            return None
        return self._opened([hot, *partners], tick)

    def _hot_in(self, seq: int, tick: int) -> list[HotTerm] | None:
        # the hot terms of a recent post; None when it is gone
        terms = self._recent.terms(seq, int(self._state.numbers[SEQ]))
        if terms is None:
            return None
        known = [self.hot[key] for key in self.hot.keys() & terms.tolist()]
        return [hot for hot in known if self._is_hot(hot, tick)]

    def _is_linked(self, shared: int, posts: int, row: int, tick: int) -> bool:
        # the share above what any posts of these minutes would have in common with that row
        state = self._state
        minutes = slice(MINUTES_AT, MINUTES_AT + MINUTES_CELLS)
        cells = state.cells[row].copy()
        advance(cells, np.zeros(2), int(state.last[row]), tick)
        usual = cells[minutes].sum() / max(1, state.cells[STREAM, minutes].sum())
        share = (shared / posts - usual) / max(1 - usual, 1e-9)
        return shared >= LINKED_POSTS and bool(share >= self._settings.link_share)

    def _surges(self, story: OpenStory, tick: int) -> bool:
        # far more posts now than its own last minutes had: another happening in the same words
        age = tick - story.opened
        if age < self._settings.fresh_s:
            return False
        cells = self._state.cells[1 + story.slot].copy()
        advance(cells, np.zeros(2), int(self._state.last[1 + story.slot]), tick)
        now = cells[SECONDS_AT : SECONDS_AT + SECONDS_CELLS].sum() / UNIT
        past = cells[MINUTES_AT : MINUTES_AT + MINUTES_CELLS].sum() / UNIT - now
        mean = (past + 1.0) * SECONDS_CELLS / (min(age, 300) - SECONDS_CELLS)
        level = surprise(now, mean, 1.0 / self._settings.surge_dispersion)
        return bool(level >= self._settings.surge_floor)

    def _opened(self, members: list[HotTerm], tick: int) -> OpenStory | None:
        slot = next((slot for slot in range(STORIES) if slot not in self.open), None)
        if slot is None:
            return None
        posts = {seq for hot in members for seq in self._seqs(hot.row, tick)}
        story = OpenStory(
            _code(tick, min(hot.key for hot in members)),
            slot,
            tick + 1,
            self._tick_of(min(posts)),
        )
        self.open[slot] = story
        self._reset(slot)
        count_past(self._state, slot, np.array(sorted(posts)), WINDOW_S[-1])
        for hot in members:
            self._join(story, hot)
        return story

    def _reset(self, slot: int) -> None:
        state = self._state
        clear(state, 1 + slot)
        state.last[1 + slot] = 0
        state.story_posts[slot] = 0
        state.story_latest[slot] = -1
        state.story_next[slot] = 0
        state.story_stride[slot] = 1
        state.story_marks[slot] = 0
        state.story_known[slot] = 0
        state.story_authors[slot] = 0
        state.story_followers[slot] = 0

    def _join(self, story: OpenStory, hot: HotTerm) -> None:
        hot.story = story.slot
        story.terms[hot.key] = hot
        story.surprise = max(story.surprise, hot.surprise)
        self._state.story[hot.row] = story.slot

    def _cool(self, tick: int) -> None:
        quiet = self._settings.most_hold_s
        for key in [
            key
            for key, hot in self.hot.items()
            if hot.story == NO_STORY and tick - hot.fired_at > quiet
        ]:
            del self.hot[key]

    def _tick_of(self, seq: int) -> int:
        return int(self._state.recent_ticks[seq & (self._state.recent_ticks.size - 1)])

    def _seqs(self, row: int, tick: int) -> list[int]:
        # the row's latest posts within the longest window, latest first
        state, found = self._state, np.empty(RING, np.int64)
        since = tick - WINDOW_S[-1]
        seen, now = state.seen[row], state.numbers[SEQ]
        posts = latest(state.rings[row], seen, now, state.recent_ticks, since, found)
        return [int(seq) for seq in found[:posts].tolist()]

    def _terms(self, row: int, tick: int) -> dict[int, NDArray[np.uint64]]:
        now = int(self._state.numbers[SEQ])
        found = {seq: self._recent.terms(seq, now) for seq in self._seqs(row, tick)}
        return {seq: terms for seq, terms in found.items() if terms is not None}

    def told(self, story: OpenStory, tick: int) -> Story:
        """Return a story as people are shown it at a tick."""
        state, row = self._state, 1 + story.slot
        ranked = sorted(story.terms.values(), key=lambda hot: (-hot.surprise, hot.key))
        chosen = self._chosen(row, tick, {hot.key: hot.surprise for hot in ranked})
        if chosen:
            story.title = headline(chosen[0][0].text)
        known = int(state.story_known[story.slot])
        total = int(state.story_posts[story.slot])
        return Story(
            id=story.id,
            title=story.title,
            terms=tuple(_name(hot, chosen) for hot in ranked[:SHOWN_TERMS]),
            posts=total,
            authors=_distinct(state.story_authors[story.slot]) if known == total else None,
            sources=round(voices(state, row, tick - WINDOW_S[-1])[0], 1),
            surprise=round(story.surprise, 2),
            opened_at=moment(story.opened),
            examples=tuple(
                Example(id=post.id, at=post.at, text=post.text, author=post.author)
                for post in sorted((post for post, _ in chosen), key=lambda post: post.seq)
            ),
        )

    def _chosen(
        self, row: int, tick: int, weights: dict[int, float]
    ) -> list[tuple[Post, frozenset[int]]]:
        # posts with their terms, most central first, none like another
        posts = self._terms(row, tick)
        found: list[tuple[Post, frozenset[int]]] = []
        for seq in most_central(posts, weights):
            terms = frozenset(posts[seq].tolist())
            if any(len(terms & one) >= ALIKE * len(terms | one) for _, one in found):
                continue
            post = self._recent.post(seq, int(self._state.numbers[SEQ]))
            if post is not None:
                found.append((post, terms))
            if len(found) == SHOWN_EXAMPLES:
                break
        return found

    def tally(self, story: OpenStory, tick: int) -> Tally:
        """Return what has been counted of a story, as of a tick."""
        state, slot = self._state, story.slot
        followers, told = state.story_followers[slot].tolist()
        return Tally(
            posts=int(state.story_posts[slot]),
            marks=tuple(state.story_marks[slot].tolist()),
            followers=followers if told else None,
            age_s=max(1, tick + 1 - story.first_at),
        )

    def pace(self, story: OpenStory, tick: int) -> tuple[float, float, int]:
        """Return a story's weight of posts in the last minutes, in as many before, and seconds."""
        cells = self._state.cells[1 + story.slot].copy()
        advance(cells, np.zeros(2), int(self._state.last[1 + story.slot]), tick)
        minutes = [
            int(cells[MINUTES_AT + (tick // MINUTES - back) % MINUTES_CELLS]) / UNIT
            for back in range(MINUTES_CELLS - 1)
        ]
        half = len(minutes) // 2
        return sum(minutes[:half]), sum(minutes[half:]), half * MINUTES

    def posts(self, story: OpenStory) -> int:
        """Return how many posts a story has."""
        return int(self._state.story_posts[story.slot])

    def look_again_at(self, story: OpenStory, posts: int) -> None:
        """Ask for news when a story has so many posts."""
        self._state.story_next[story.slot] = posts

    def grown(self) -> list[OpenStory]:
        """Return the open stories that reached the size asked for."""
        due = self._state.story_posts >= self._state.story_next
        return [story for slot, story in sorted(self.open.items()) if due[slot]]


def _name(hot: HotTerm, chosen: list[tuple[Post, frozenset[int]]]) -> str:
    # any post that has it tells its name; those that are shown have most of a story's terms
    post = next((post for post, terms in chosen if hot.key in terms), hot.post)
    return post.term(hot.key).name


def _distinct(bits: NDArray[np.uint8]) -> int:
    # linear counting: how many authors set so many of the places
    free = AUTHOR_BITS - int(bits.sum())
    return round(-AUTHOR_BITS * math.log(max(free, 1) / AUTHOR_BITS))


def _code(tick: int, key: int) -> str:
    number = (tick << 20) ^ (key >> 24)
    code = ""
    for _ in range(12):
        code = CODE[number & 31] + code
        number >>= 5
    return "s" + code
