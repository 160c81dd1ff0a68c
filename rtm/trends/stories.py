"""Stories: hot terms that the same posts speak of, with a name, a headline and examples.

A term that fires joins the story that many of its latest posts already speak of, unless that story
surges: far more posts than its own last minutes had are another happening in the same words. Else,
if it is surprising enough by itself, or linked to another hot term that shares none of its words,
it opens one. A story closes when nobody has spoken of it for a while. A pair of terms counts as a
term does, unless something hot says one of its parts already.
"""

from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from rtm.trends.admission import clear, move_on
from rtm.trends.open_story import Asked, HotTerm, OpenStory, code_of
from rtm.trends.pairs import is_pair
from rtm.trends.recent import Recent
from rtm.trends.settings import Settings
from rtm.trends.significance import surprise
from rtm.trends.state import DUE, LAST_TICK, NO_STORY, SEQ, State
from rtm.trends.table import (
    MINUTES_AT,
    MINUTES_CELLS,
    SECONDS_AT,
    SECONDS_CELLS,
    STORIES,
    STREAM,
    UNIT,
    WINDOW_S,
    advance,
)
from rtm.trends.tally import count_past, latest_posts
from rtm.trends.trigger import SINCE, UNTIL

COMPARED_POSTS = 16  # of a term's latest, enough to tell what it is linked to
LINKED_POSTS = 2  # posts that two terms must share at least, whatever their share


class Stories:
    """Gather hot terms into stories; told of each tick with news, in order."""

    def __init__(self, state: State, settings: Settings, recent: Recent) -> None:
        self._state = state
        self._settings = settings
        self._recent = recent
        self._counts_pairs = settings.pair_rate > 0.0
        self.hot: dict[int, HotTerm] = {}
        self.open: dict[int, OpenStory] = {}
        self._alike: list[tuple[OpenStory, OpenStory]] = []

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
                seqs = latest_posts(self._state, row, tick)
                seq = next((seq for seq in seqs if seq in quoted), seqs[0])
                post = quoted.get(seq) or self._recent.post(seq, int(self._state.numbers[SEQ]))
                if post is None:
                    continue  # gone already: nothing could be shown
                quoted[seq] = post
                parts = post.parts(key) if self._counts_pairs and is_pair(np.uint64(key)) else ()
                hot = self.hot[key] = HotTerm(key, post, row, level, tick, parts)
            hot.row, hot.fired_at = row, tick
            if self._state.triggers[row, SINCE] == tick:
                # hot again after it was cold: another happening, unless it is linked
                hot.surprise, hot.story = level, NO_STORY
            else:
                hot.surprise = max(hot.surprise, level)
            fired.append(hot)
        fired = [hot for hot in fired if not self._is_old_news(hot, tick)]
        changed: dict[int, OpenStory] = {}
        spoken: dict[int, list[HotTerm] | None] = {}
        for hot in fired:
            story = self._placed(hot, tick, spoken)
            if story is not None:
                changed[story.slot] = story
        return list(changed.values())

    def open_by_hand(
        self, id: str, asked: Asked, tick: int, seqs: NDArray[np.int64]
    ) -> OpenStory | None:
        """Open a story that a person asked for, as of a closed tick, with these recent posts.

        None when there is no place for another.
        """
        # from the last place down, so that stories that are found have theirs as without it
        slot = next((slot for slot in reversed(range(STORIES)) if slot not in self.open), None)
        if slot is None:
            return None
        first_at = self._tick_of(int(seqs[0])) if seqs.size else tick
        story = OpenStory(id, slot, tick + 1, first_at, title=asked.title, asked=asked)
        self.open[slot] = story
        self._reset(slot)
        self.count(story, seqs)
        move_on(self._state, 1 + slot, tick)  # quiet only from its opening on
        return story

    def count(self, story: OpenStory, seqs: NDArray[np.int64]) -> None:
        """Count recent posts, in order, for a story that no hot term counts for."""
        count_past(self._state, story.slot, seqs, self._settings.story_quiet_s)

    def merging(self) -> list[tuple[OpenStory, OpenStory]]:
        """Return pairs of stories that turned out to be one in this tick: (who goes on, who ends).

        The one with more posts goes on, as ``absorb`` must be told for each pair in order.
        """
        pairs, self._alike = self._alike, []
        found: list[tuple[OpenStory, OpenStory]] = []
        ended: set[int] = set()
        tick = int(self._state.numbers[LAST_TICK])
        for pair in pairs:
            size = self._state.story_posts
            gone, stays = sorted(pair, key=lambda one: (int(size[one.slot]), -one.opened, one.id))
            if (
                gone is stays
                or {gone.slot, stays.slot} & ended
                or not self._is_within(gone, stays, tick)
            ):
                continue
            ended.add(gone.slot)
            found.append((stays, gone))
        return found

    def absorb(self, story: OpenStory, gone: OpenStory) -> None:
        """Let a story go on with the terms of another, which ends; its own count goes on."""
        for hot in list(gone.terms.values()):
            if hot.story == gone.slot:  # else it was hot again, for another happening
                del gone.terms[hot.key]
                self._join(story, hot)
        self.close(gone)

    def _is_within(self, gone: OpenStory, story: OpenStory, tick: int) -> bool:
        # most of the latest posts of the one speak of the other, too
        posts = shared = 0
        for seq in latest_posts(self._state, 1 + gone.slot, tick)[:COMPARED_POSTS]:
            found = self._hot_in(seq, tick)
            if found is not None:
                posts += 1
                shared += any(one.story == story.slot for one in found)
        return posts > 0 and self._is_linked(shared, posts, 1 + story.slot, tick)

    def _is_hot(self, hot: HotTerm, tick: int) -> bool:
        is_same = int(self._state.keys[hot.row]) == hot.key
        return bool(is_same and tick <= self._state.triggers[hot.row, UNTIL])

    def _is_old_news(self, hot: HotTerm, tick: int) -> bool:
        # lets go of a pair that is of one word twice, or of which something hot says a part
        if not hot.parts or hot.story != NO_STORY:
            return False
        words = set(hot.term.words)
        others = [one for one in self._hot_in(hot.post.seq, tick) or () if one is not hot]
        is_old = len(words) < len(hot.term.words) or any(
            words.issuperset(one.term.words) for one in others
        )
        if is_old:
            del self.hot[hot.key]
        return is_old

    def _placed(
        self, hot: HotTerm, tick: int, spoken: dict[int, list[HotTerm] | None]
    ) -> OpenStory | None:
        if hot.story == NO_STORY:
            return self._found(hot, tick, spoken, None)
        story = self.open[hot.story]
        if self._surges(story, tick):
            hot.story = NO_STORY
            other = self._found(hot, tick, spoken, story.id)
            if other is not None:
                if len(story.terms) > 1:  # the last one goes on to name it
                    del story.terms[hot.key]
                return other
            hot.story = story.slot
        story.surprise = max(story.surprise, hot.surprise)
        return story

    def _found(
        self,
        hot: HotTerm,
        tick: int,
        spoken: dict[int, list[HotTerm] | None],
        parent: str | None,
    ) -> OpenStory | None:
        # the story that a term without one joins or opens
        posts = 0
        shares: Counter[int] = Counter()
        together: Counter[int] = Counter()
        for seq in latest_posts(self._state, hot.row, tick)[:COMPARED_POSTS]:
            if seq not in spoken:
                spoken[seq] = self._hot_in(seq, tick)
            found = spoken[seq]
            if found is None:
                continue
            posts += 1
            together.update(one.key for one in found)
            shares.update({one.story for one in found} - {NO_STORY})
        linked = [
            self.open[slot]
            for slot, _ in sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))
            if self._is_linked(shares[slot], posts, 1 + slot, tick)
        ]
        surging = [story for story in linked if self._surges(story, tick)]
        calm = [story for story in linked if story not in surging]
        if calm:
            self._join(calm[0], hot)
            self._alike += [(calm[0], other) for other in calm[1:]]
            return calm[0]
        if surging:
            parent = surging[0].id
        if hot.surprise < self._settings.linked_floor:
            return None
        partners = [
            self.hot[key]
            for key, count in together.items()
            if self.hot[key].story == NO_STORY
            and key != hot.key
            and self._is_linked(count, posts, self.hot[key].row, tick)
        ]
        if hot.surprise < self._settings.story_floor and not any(
            set(hot.term.words).isdisjoint(one.term.words) for one in partners
        ):
            return None
        return self._opened([hot, *partners], tick, parent)

    def _hot_in(self, seq: int, tick: int) -> list[HotTerm] | None:
        # the hot terms of a recent post; None when it is gone
        terms = self._recent.terms(seq, int(self._state.numbers[SEQ]))
        if terms is None:
            return None
        said = set(terms.tolist())
        known = [self.hot[key] for key in self.hot.keys() & said]
        if self._counts_pairs:
            pairs = (hot for hot in self.hot.values() if hot.parts)
            known += [hot for hot in pairs if said.issuperset(hot.parts)]
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

    def _opened(self, members: list[HotTerm], tick: int, parent: str | None) -> OpenStory | None:
        slot = next((slot for slot in range(STORIES) if slot not in self.open), None)
        if slot is None:
            return None
        posts = {seq for hot in members for seq in latest_posts(self._state, hot.row, tick)}
        story = OpenStory(
            code_of(tick, min(hot.key for hot in members)),
            slot,
            tick + 1,
            self._tick_of(min(posts)),
        )
        story.parent = parent
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
        if self._state.keys[hot.row] == hot.key:  # else its row is another's by now
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

    def grown(self) -> list[OpenStory]:
        """Return the open stories that reached the size asked for."""
        return [story for _, story in sorted(self.open.items()) if self.is_due(story)]

    def is_due(self, story: OpenStory) -> bool:
        """Tell whether a story reached the size at which it was to be looked at again."""
        return bool(self._state.story_posts[story.slot] >= self._state.story_next[story.slot])
