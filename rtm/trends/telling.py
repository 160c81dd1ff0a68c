"""What people are told of a story: its name, its voices, its pace, and how it went."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
import numpy as np
from numpy.typing import NDArray

from rtm.crowd import Crowd
from rtm.text.language import code_of
from rtm.text.manners import NOT_FIT
from rtm.text.screening import Screening
from rtm.text.terms import terms_of
from rtm.trends.headline import headline, most_central
from rtm.trends.open_story import HotTerm, OpenStory
from rtm.trends.recent import Post, Recent
from rtm.trends.regulars import DAY_S, DAYS, FIRST, HOURS, POSTS, REPLIES, met
from rtm.trends.state import AUTHOR_BITS, CROWD, LOG, SEQ, State
from rtm.trends.table import (
    BLOCKS,
    BLOCKS_AT,
    BLOCKS_CELLS,
    MINUTES,
    MINUTES_AT,
    MINUTES_CELLS,
    UNIT,
    WINDOW_S,
    advance,
)
from rtm.trends.tally import latest_posts, voices
from rtm.types import Example, Pace, Story, Tally, moment

SHOWN_TERMS = 10
SHOWN_EXAMPLES = 5
TITLE_TERMS = 4  # in a title where no post is fit to give one
ALIKE = 0.6  # share of terms in common from which two examples say the same
# cells of a ring in one stretch of time, for the paces told: 2, 10 and 30 minutes
STRETCHES = (
    (MINUTES, MINUTES_AT, MINUTES_CELLS, 2),
    (BLOCKS, BLOCKS_AT, BLOCKS_CELLS, 2),
    (BLOCKS, BLOCKS_AT, BLOCKS_CELLS, 6),
)
OVER = 0.9  # of a story's posts, when it is over
PEAKED = 10  # posts from which a story has a peak
EPOCH = moment(0)
PEAK_S = 60  # seconds of which the busiest are a story's peak


@dataclass(frozen=True, slots=True)
class Course:
    """How a story went, in ticks: when nine in ten of its posts had come; the middle of its peak.

    The peak is its busiest minute, the last of equals; a story of few posts has none.
    """

    over: int
    peak: int | None


class Telling:
    """Look at open stories; changes nothing but a story's title.

    Titles and shown terms are fit for a public screen, by ``screening``; examples say so.
    """

    def __init__(self, state: State, recent: Recent, screening: Screening | None = None) -> None:
        self._state = state
        self._recent = recent
        self._screening = screening or Screening()

    def told(self, story: OpenStory, tick: int) -> Story:
        """Return a story as people are shown it at a tick."""
        state, row = self._state, 1 + story.slot
        ranked = sorted(story.terms.values(), key=lambda hot: (-hot.surprise, hot.key))
        weights = {hot.key: hot.surprise for hot in ranked}
        for hot in ranked:  # no post holds a pair's own key
            for part in hot.parts:
                weights.setdefault(part, hot.surprise / 2)
        asked = story.asked
        if asked:  # its words, each as much
            weights |= {term.key: 1.0 for said in asked.terms for term in terms_of(said)}
        chosen = self._chosen(row, tick, weights)
        why = {
            post.seq: self._screening.why_post(post.text, post.author, post.labels)
            for post, _ in chosen
        }
        names = [name for hot in ranked if self._is_fit(name := _name(hot, chosen))]
        if chosen and not asked:
            story.title = self._title([post for post, _ in chosen], why, names)
        known = int(state.story_known[story.slot])
        total = int(state.story_posts[story.slot])
        return Story(
            id=story.id,
            title=story.title,
            terms=asked.terms if asked else tuple(names[:SHOWN_TERMS]),
            posts=total,
            authors=_distinct(state.story_authors[story.slot]) if known == total else None,
            sources=round(voices(state, row, tick - WINDOW_S[-1])[0], 1),
            surprise=round(story.surprise, 2),
            opened_at=moment(story.opened),
            examples=_answered_first(
                self._judged(asked.answers) if asked else None,
                [
                    Example(
                        id=post.id,
                        at=post.at,
                        text=post.text,
                        author=post.author,
                        rude=why[post.seq],
                    )
                    for post in sorted((post for post, _ in chosen), key=lambda post: post.seq)
                ],
            ),
        )

    def _title(self, posts: list[Post], why: dict[int, str | None], names: list[str]) -> str:
        # the most central post that is fit, else the terms that are
        title = next((headline(post.text) for post in posts if why[post.seq] is None), "")
        return title or ", ".join(names[:TITLE_TERMS]) or NOT_FIT

    def _judged(self, post: Example | None) -> Example | None:
        if post is None:
            return None
        rude = self._screening.why_post(post.text, post.author)
        return msgspec.structs.replace(post, rude=rude)

    def _is_fit(self, text: str) -> bool:
        return self._screening.why(text) is None

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
            language=self._language(1 + slot, tick),
        )

    def paces(self, story: OpenStory, tick: int) -> tuple[Pace, ...]:
        """Return how many posts the last minutes had and those before, shortest stretch first."""
        cells = self._state.cells[1 + story.slot].copy()
        advance(cells, np.zeros(2), int(self._state.last[1 + story.slot]), tick)
        return tuple(_pace(cells, tick, *stretch) for stretch in STRETCHES)

    def course(self, story: OpenStory) -> Course:
        """Return how a story went until now."""
        state, slot = self._state, story.slot
        if not state.story_posts[slot]:
            return Course(story.opened - 1, None)
        posts, stride = int(state.story_posts[slot]), int(state.story_stride[slot])
        ticks = state.story_log[slot, : min(LOG, -(-posts // stride))]
        over = ticks[(math.ceil(OVER * posts) - 1) // stride]
        behind = ticks.searchsorted(ticks + PEAK_S)
        crowds = behind - np.arange(ticks.size)
        busiest = ticks.size - 1 - int(crowds[::-1].argmax())
        middle = int(ticks[busiest] + ticks[behind[busiest] - 1]) // 2
        return Course(int(over), middle if posts >= PEAKED else None)

    def crowd(self, story: OpenStory, tick: int) -> Crowd:
        """Return the latest posts of a story and what is known of their authors, as of a tick."""
        state, posts = self._state, int(self._state.story_posts[story.slot])
        places = np.arange(max(0, posts - CROWD), posts) % CROWD
        now, kept = int(state.numbers[SEQ]), state.recent_ticks.size
        seqs = state.story_crowd[story.slot, places]
        seqs = seqs[now - seqs <= kept]
        at = seqs & (kept - 1)
        authors = state.recent_authors[at]
        known = met(state.regulars, authors)
        rows = [self._recent.row(int(seq), now) or {} for seq in seqs]
        written = [
            row.get("at") or moment(int(state.recent_ticks[place]))
            for row, place in zip(rows, at, strict=True)
        ]
        joined = [row.get("joined") for row in rows]
        return Crowd(
            at_us=np.array(
                [(one - EPOCH) // timedelta(microseconds=1) for one in written], np.int64
            ),
            authors=authors,
            followers=state.recent_followers[at],
            clusters=state.recent_clusters[at],
            ages_d=np.array([_days(one, back) for one, back in zip(written, joined, strict=True)]),
            known_s=np.where(known[:, POSTS] > 0, tick - known[:, FIRST], np.nan),
            heard=known[:, [POSTS, REPLIES, HOURS, DAYS]],
            marks=state.recent_marks[at],
            is_reply=np.array([row.get("reply_to") is not None for row in rows], bool),
            is_repost=np.array([bool(row.get("is_repost")) for row in rows], bool),
            texts=tuple(row.get("text") for row in rows),
            posts=posts,
        )

    def posts(self, story: OpenStory) -> int:
        """Return how many posts a story has."""
        return int(self._state.story_posts[story.slot])

    def look_again_at(self, story: OpenStory, posts: int) -> None:
        """Ask for news when a story has so many posts."""
        self._state.story_next[story.slot] = posts

    def _language(self, row: int, tick: int) -> str | None:
        # of its latest posts; the smaller number of equals
        places = self._state.recent_ticks.size - 1
        numbers = [
            int(self._state.recent_languages[seq & places])
            for seq in latest_posts(self._state, row, tick)
        ]
        told = sorted(number for number in numbers if number)
        return code_of(max(told, key=told.count)) if told else None

    def _terms(self, row: int, tick: int) -> dict[int, NDArray[np.uint64]]:
        now = int(self._state.numbers[SEQ])
        posts = latest_posts(self._state, row, tick)
        found = {seq: self._recent.terms(seq, now) for seq in posts}
        return {seq: terms for seq, terms in found.items() if terms is not None}


def _answered_first(answers: Example | None, examples: list[Example]) -> tuple[Example, ...]:
    if answers is None:
        return tuple(examples)
    return (answers, *(one for one in examples if one.id != answers.id))[:SHOWN_EXAMPLES]


def _days(at: datetime, joined: datetime | None) -> float:
    return math.nan if joined is None else (at - joined).total_seconds() / DAY_S


def _pace(cells: NDArray[np.int64], tick: int, width: int, at: int, count: int, half: int) -> Pace:
    present = tick // width
    ages = [int(cells[at + (present - back) % count]) / UNIT for back in range(2 * half)]
    return Pace(
        latest=sum(ages[:half]),
        latest_s=(half - 1) * width + tick % width + 1,
        before=sum(ages[half:]),
        before_s=half * width,
    )


def _name(hot: HotTerm, chosen: list[tuple[Post, frozenset[int]]]) -> str:
    # any post that has it tells its name; those that are shown have most of a story's terms
    post = next((post for post, terms in chosen if hot.key in terms), hot.post)
    return post.term(hot.key).name


def _distinct(bits: NDArray[np.uint8]) -> int:
    # linear counting: how many authors set so many of the places
    free = AUTHOR_BITS - int(bits.sum())
    return round(-AUTHOR_BITS * math.log(max(free, 1) / AUTHOR_BITS))
