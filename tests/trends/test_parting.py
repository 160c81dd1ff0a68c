"""Stories that turn out to be two, and two that turn out to be one."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.engine import Engine
from rtm.trends.open_story import OpenStory
from rtm.trends.settings import Settings
from rtm.trends.state import NO_STORY
from rtm.trends.stories import Stories
from rtm.types import (
    Event,
    OpportunityFound,
    OpportunityLocked,
    StoryClosed,
    StoryGrew,
    StoryMerged,
    StoryOpened,
    StorySplit,
)
from tests.laws.telling import Log, cuts_every, logged
from tests.planted import Said, events_of, own_words, posts_of, talk
from tests.streams import BRAND, GAMES, SMALL, START, stream, turning
from tests.trends.test_stories import RESTLESS, marked_rows

QUIET = own_words(600, "lamps dark", posts=30, step=10)
SURGE = own_words(900, "lamps dark", posts=160, step=0.05)
# as many posts in all, more and more each half minute
GROWTH = [
    one
    for n in range(19)
    for one in own_words(600 + 25 * n, "lamps dark", posts=1 + n, step=25 / (1 + n))
]
TURNED = (StoryMerged, StorySplit)
ABOUT = (StoryOpened, StoryGrew, StoryClosed, StoryMerged, StorySplit)


def heard(*parts: list[Said], chosen: Settings = SMALL) -> list[Event]:
    return events_of(talk(1_500), *parts, settings=chosen, silence_s=6_000)


def splits(events: list[Event]) -> list[StorySplit]:
    return [event for event in events if isinstance(event, StorySplit)]


def merges(events: list[Event]) -> list[StoryMerged]:
    return [event for event in events if isinstance(event, StoryMerged)]


def openings(events: list[Event]) -> dict[str, StoryOpened | StorySplit]:
    return {
        event.story.id: event for event in events if isinstance(event, (StoryOpened, StorySplit))
    }


def closings(events: list[Event]) -> dict[str, StoryClosed]:
    return {event.story.id: event for event in events if isinstance(event, StoryClosed)}


# --- two in one ------------------------------------------------------------------------------


def test_a_surge_in_the_words_of_a_quiet_story_is_told_as_another():
    events = heard(QUIET, SURGE)

    (opened,) = [event for event in events if isinstance(event, StoryOpened)]
    (split,) = splits(events)
    assert split.parent == opened.story.id != split.story.id
    assert "lamps" in opened.story.terms
    assert "lamps" in split.story.terms
    assert START + timedelta(seconds=900) < split.at < START + timedelta(seconds=908)


def test_slow_growth_in_the_words_of_a_quiet_story_is_that_story():
    events = heard(GROWTH)

    assert len(GROWTH) == len(QUIET) + len(SURGE)
    assert splits(events) == []
    assert [event for event in events if isinstance(event, StoryOpened)]


def test_a_story_by_itself_does_not_surge_when_it_opens():
    assert splits(heard(SURGE)) == []
    assert len(openings(heard(SURGE))) == 1


@pytest.mark.parametrize("change", [{"surge_floor": 400.0}, {"fresh_s": 10_000}])
def test_without_a_sense_for_surges_the_two_are_one(change):
    events = heard(QUIET, SURGE, chosen=SMALL._replace(**change))

    assert splits(events) == []
    assert max(event.story.posts for event in closings(events).values()) >= len(SURGE)


def test_with_a_floor_too_low_slow_growth_is_parted():
    # the guard is needed: any quarter of a minute may be louder than the minutes before
    easy = SMALL._replace(story_floor=3.5, linked_floor=3.5)

    assert splits(heard(GROWTH, chosen=easy)) == []
    assert splits(heard(GROWTH, chosen=easy._replace(surge_floor=0.3)))


def test_parent_and_child_both_go_on_and_both_close():
    events = heard(QUIET, SURGE)
    (split,) = splits(events)

    closed = closings(events)

    assert set(closed) == {split.parent, split.story.id}
    assert all(event.at > split.at for event in closed.values())
    assert all(event.over_at is not None for event in closed.values())


def test_a_parent_whose_terms_all_left_keeps_a_name():
    told = [event.story for event in heard(QUIET, SURGE) if isinstance(event, ABOUT)]

    assert all(story.terms for story in told)
    assert all(story.title for story in told)


def test_what_surged_counts_for_the_child_alone_once_it_is_parted():
    events = heard(QUIET, SURGE)
    (split,) = splits(events)

    parent, child = closings(events)[split.parent].story, closings(events)[split.story.id].story

    assert child.posts >= 100
    assert parent.posts < len(QUIET) + len(SURGE) - 50


# --- one in two ------------------------------------------------------------------------------

LAMPS = own_words(600, "lamps dark", posts=20, step=6)
TOWER = own_words(603, "tower closed", posts=20, step=6)
BOTH = own_words(720, "lamps dark tower closed", posts=40, step=1)
LATER = own_words(760, "lamps dark tower closed blackout", posts=30, step=1)
APART = [
    *own_words(720, "lamps dark", posts=20, step=2),
    *own_words(721, "tower closed", posts=20, step=2),
    *own_words(760, "lamps dark blackout", posts=15, step=2),
    *own_words(761, "tower closed", posts=15, step=2),
]


def test_stories_whose_posts_turn_out_to_be_the_same_are_one():
    events = heard(LAMPS, TOWER, BOTH, LATER)

    (merged,) = merges(events)
    assert {merged.merged, merged.story.id} == set(openings(events))
    assert merged.at > START + timedelta(seconds=720)


def test_stories_with_posts_of_their_own_stay_two():
    events = heard(LAMPS, TOWER, APART)

    assert len(LAMPS + TOWER + APART) == len(LAMPS + TOWER + BOTH + LATER)
    assert merges(events) == []
    assert len(openings(events)) == len(closings(events)) == 2
    assert all(event.over_at is not None for event in closings(events).values())


def test_the_one_that_is_taken_in_closes_at_once_and_has_no_end():
    events = heard(LAMPS, TOWER, BOTH, LATER)
    (merged,) = merges(events)

    ended, goes_on = closings(events)[merged.merged], closings(events)[merged.story.id]

    assert ended.at == merged.at < goes_on.at
    assert (ended.over_at, ended.peak_at) == (None, None)
    assert goes_on.over_at is not None
    assert goes_on.peak_at is not None
    assert events.index(ended) == events.index(merged) - 1


def test_the_one_with_more_posts_goes_on_with_the_terms_of_both():
    more = own_words(605, "tower closed", posts=10, step=10)

    events = heard(LAMPS, [*TOWER, *more], BOTH, LATER)

    (merged,) = merges(events)
    closed = closings(events)
    assert merged.story.posts >= closed[merged.merged].story.posts
    assert {"lamps", "tower"} <= set(closed[merged.story.id].story.terms)


class Greedy(Stories):
    """Wrong on purpose: takes stories for one whatever their posts say."""

    def _is_within(self, gone: OpenStory, story: OpenStory, tick: int) -> bool:
        return True

    def _is_linked(self, shared: int, posts: int, row: int, tick: int) -> bool:
        return shared >= 1


def test_stories_that_are_taken_for_one_too_easily_break_the_twin():
    bridge = [Said(750 + n, "lamps dark tower closed blackout", f"b{n}") for n in range(3)]
    engine = Engine(BRAND, GAMES, SMALL)
    greedy = Engine(BRAND, GAMES, SMALL)
    monitor = greedy._monitor
    monitor.stories = Greedy(monitor.state, SMALL, monitor.recent)
    (entry,) = logged(posts_of(talk(1_500), LAMPS, TOWER, APART, bridge), [0, 10**6])

    assert merges(engine.step(*entry)) == []
    assert merges(greedy.step(*entry))


# --- whatever comes --------------------------------------------------------------------------


def law_log(seed: int) -> Log:
    posts = turning(seed)
    log = logged(posts, cuts_every(posts, 9))
    return [*log, (log[0][0].clear(), log[-1][1] + 8_000)]


def told_by(log: Log, chosen: Settings = SMALL) -> list[Event]:
    engine = Engine(BRAND, GAMES, chosen)
    return [event for frame, closed in log for event in engine.step(frame, closed)]


@pytest.mark.parametrize("seed", range(4))
def test_turning_streams_have_stories_that_part_and_that_merge(seed):
    kinds = Counter(type(event) for event in told_by(law_log(seed)))

    assert kinds[StorySplit] >= 1
    assert kinds[StoryMerged] >= 1


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("chosen", [SMALL, RESTLESS])
def test_every_story_opens_once_is_told_while_open_and_closes_once(seed, chosen):
    open_now: set[str] = set()
    ever: set[str] = set()

    events = told_by(law_log(seed), chosen)

    for event in events:
        story = event.opportunity.story if hasattr(event, "opportunity") else event.story
        is_opening = isinstance(event, (StoryOpened, StorySplit))
        assert is_opening == (story.id not in open_now), event
        assert not (is_opening and story.id in ever), "opened again"
        assert not isinstance(event, StorySplit) or event.parent in open_now
        assert not isinstance(event, StoryMerged) or event.merged in ever - open_now
        ever.add(story.id)
        open_now.add(story.id)
        open_now -= {story.id} if isinstance(event, StoryClosed) else set()
    assert open_now == set()
    assert ever


@pytest.mark.parametrize("seed", range(4))
def test_events_of_turning_streams_come_in_order_and_posts_only_grow(seed):
    events = told_by(law_log(seed))

    posts: dict[str, list[int]] = {}
    for event in events:
        story = event.opportunity.story if hasattr(event, "opportunity") else event.story
        posts.setdefault(story.id, []).append(story.posts)

    assert [event.at for event in events] == sorted(event.at for event in events)
    assert all(before <= after for counts in posts.values() for before, after in pairwise(counts))


CRAMPED = RESTLESS._replace(row_bits=8, probation_bits=8, surge_floor=3.0, fresh_s=30)


@given(st.integers(0, 2**32), st.sampled_from([SMALL, RESTLESS, CRAMPED]), st.booleans())
@settings(deadline=None, max_examples=12)
def test_no_term_counts_for_two_stories_nor_for_one_that_is_over(seed, chosen, is_turning):
    posts = turning(seed) if is_turning else stream(seed, posts=300, bursts=8)
    engine = Engine(BRAND, GAMES, chosen)

    for frame, closed in logged(posts, cuts_every(posts, 8)):
        engine.step(frame, closed)
        stories = engine._monitor.stories
        owned = Counter(
            key
            for slot, story in stories.open.items()
            for key, hot in story.terms.items()
            if hot.story == slot
        )
        assert set(owned.values()) <= {1}
        assert all(stories.hot[key].story in stories.open for key in owned)
        assert {hot.story for hot in stories.hot.values()} <= {NO_STORY, *stories.open}
        strays = {
            key: slot
            for key, slot in marked_rows(engine).items()
            if slot not in stories.open or key not in stories.open[slot].terms
        }
        assert strays == {}
        assert all(story.terms for story in stories.open.values())


def test_an_opportunity_of_a_story_that_was_taken_in_is_not_found_again():
    events = heard(
        own_words(600, "cookie lamps", posts=20, step=6),
        own_words(603, "cookie tower", posts=20, step=6),
        own_words(720, "cookie lamps tower", posts=60, step=1),
        own_words(780, "cookie lamps tower blackout", posts=30, step=1),
    )

    found = [
        event.opportunity.id
        for event in events
        if isinstance(event, (OpportunityFound, OpportunityLocked))
    ]

    assert found
    assert len(found) == len(set(found))
