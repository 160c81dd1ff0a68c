"""Stories: what joins, what opens one, when it closes, and how it is told."""

import random
from datetime import timedelta
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.engine import Engine
from rtm.text.terms import terms_of
from rtm.trends.state import NO_STORY
from rtm.trends.table import FIRST_TERM, STORIES
from rtm.types import OpportunityFound, Story, StoryClosed, StoryGrew, StoryOpened
from tests.laws.telling import cuts_every, logged
from tests.planted import Said, about, events_of, happening, stories_of, talk
from tests.streams import BRAND, GAMES, SMALL, START, WORDS, stream

LINKED_ONLY = SMALL._replace(story_floor=250.0)  # no term opens a story by itself
RESTLESS = SMALL._replace(
    story_quiet_s=240, least_hold_s=20, most_hold_s=40, hot_floor=2.0, story_floor=4.0, min_z=2.0
)


def test_terms_of_the_same_posts_are_one_story():
    events = events_of(talk(900), happening(600, "lamps went dark"))

    assert len(about(events, "lamps")) == 1
    assert about(events, "lamps") == about(events, "dark")


def test_terms_of_other_posts_are_another_story():
    events = events_of(
        talk(900), happening(600, "lamps went dark"), happening(601, "singer sings loudly")
    )

    assert len(about(events, "lamps")) == len(about(events, "singer")) == 1
    assert about(events, "lamps") != about(events, "singer")


def test_a_term_that_everybody_uses_links_nothing():
    # both happenings are told with a word that most posts of these minutes have in common
    crowd = talk(900, every=1, word="game")
    events = events_of(crowd, happening(600, "game lamps dark"), happening(601, "game singer loud"))

    assert about(events, "lamps") != about(events, "singer")


def test_two_linked_terms_open_a_story_below_the_floor_of_one():
    events = events_of(talk(900), happening(600, "lamps dark"), settings=LINKED_ONLY)

    assert len(about(events, "lamps")) == 1


def test_two_linked_terms_that_share_a_word_do_not():
    # "lamps" and "lamps bowl" are news together, but they are one observation, not two
    everyday = talk(900, every=2, word="bowl")

    events = events_of(everyday, happening(600, "lamps bowl"), settings=LINKED_ONLY)

    assert about(events, "lamps") == []
    assert about(events_of(everyday, happening(600, "lamps bowl")), "lamps")


def test_a_story_closes_when_nobody_spoke_of_it_for_a_while():
    posts = happening(600, "lamps went dark")
    last = START + timedelta(seconds=int(posts[-1].second))
    quiet = SMALL.story_quiet_s

    still = events_of(talk(900), posts, silence_s=quiet - 900 + 600 + 14)
    ended = events_of(talk(4_000), posts)

    assert not [event for event in still if isinstance(event, StoryClosed)]
    assert [event.at for event in ended if isinstance(event, StoryClosed)] == [
        last + timedelta(seconds=quiet + 1)
    ]


def test_a_story_closes_in_silence_at_the_same_second():
    posts = happening(600, "lamps went dark")

    in_silence = events_of(talk(620), posts, silence_s=3_600)
    in_talk = events_of(talk(4_000), posts)

    closed = [event.at for event in in_silence if isinstance(event, StoryClosed)]
    assert closed == [event.at for event in in_talk if isinstance(event, StoryClosed)]


def test_a_story_keeps_its_id_while_it_grows():
    events = events_of(talk(900), happening(600, "lamps went dark", posts=60), silence_s=4_000)

    told = [event for event in events if isinstance(event, (StoryOpened, StoryGrew, StoryClosed))]

    assert len({event.story.id for event in told if "lamps" in event.story.terms}) == 1
    assert len(told) >= 4


def test_the_same_happening_hours_later_is_another_story():
    events = events_of(
        talk(900),
        talk_later(9_000, 900),
        happening(600, "lamps dark"),
        happening(9_600, "lamps dark", posts=20),
    )

    assert len(about(events, "lamps")) == 2


def talk_later(since: int, seconds: int) -> list[Said]:
    return [Said(one.second + since, one.text) for one in talk(seconds)]


def test_beyond_256_open_stories_no_more_open_and_none_is_lost():
    subjects = [f"{first}{second}x" for first in WORDS[:20] for second in WORDS[500:515]]
    crowd = [
        one for n, subject in enumerate(subjects) for one in happening(600 + 5 * n, subject, 5)
    ]
    later = happening(6_600, "lamps went dark")

    events = events_of(
        talk(7_000, every=1), crowd, later, settings=SMALL._replace(row_bits=14, probation_bits=14)
    )

    opened = [event for event in events if isinstance(event, StoryOpened)]
    assert (
        len([event for event in opened if event.at < START + timedelta(seconds=2_200)]) == STORIES
    )
    assert len(about(events, "lamps")) == 1


def test_a_headline_is_a_posts_first_line():
    posts = [
        Said(one.second, f"\n  {one.text} &amp; more \nsecond line", one.author)
        for one in happening(600, "lamps went dark")
    ]

    (story,) = about(events_of(talk(900), posts), "lamps")

    assert story.title in {
        one.text.strip().splitlines()[0].replace("&amp;", "&").strip() for one in posts
    }


def test_examples_are_diverse_and_in_order_of_time():
    same = [Said(600 + n, "lamps went dark in the hall right now", f"a{n}") for n in range(6)]
    others = happening(601, "lamps dark", posts=8)

    (story,) = about(events_of(talk(900), same, others), "lamps")

    terms = [{term.key for term in terms_of(one.text)} for one in story.examples]
    assert 2 <= len(story.examples) <= 5
    assert all(len(a & b) < 0.6 * len(a | b) for a, b in combinations(terms, 2))
    assert [one.at for one in story.examples] == sorted(one.at for one in story.examples)


def test_authors_are_counted_when_all_are_known_and_null_when_one_is_not():
    known = happening(600, "lamps went dark", posts=16)
    unknown = [*known[:-1], Said(known[-1].second, known[-1].text)]

    all_known = [one for one in told_about(known) if one.posts == 16]
    one_unknown = [one for one in told_about(unknown) if one.posts == 16]

    assert [one.authors for one in all_known] == [16]
    assert [one.authors for one in one_unknown] == [None]


def told_about(posts: list[Said]) -> list[Story]:
    events = events_of(talk(900), posts, silence_s=4_000)
    return [
        event.story
        for event in events
        if isinstance(event, StoryClosed) and "lamps" in event.story.terms
    ]


def test_the_audience_is_the_followers_of_each_author_once():
    posts = [Said(600 + n, f"cookie lamps dark {WORDS[n]}", f"a{n % 4}", 1_000) for n in range(12)]

    events = events_of(talk(900), posts, happening(600.5, "cookie lamps dark", posts=3))

    (found,) = [event for event in events if isinstance(event, OpportunityFound)]
    assert found.opportunity.audience is not None
    assert found.opportunity.audience % 1_000 == 0
    assert found.opportunity.audience <= 4_000


def marked_rows(engine: Engine) -> dict[int, int]:
    """Return the story slot of each term that has one, by key."""
    state = engine._monitor.state
    (rows,) = np.nonzero(state.story[FIRST_TERM:] != NO_STORY)
    return {int(state.keys[FIRST_TERM + row]): int(state.story[FIRST_TERM + row]) for row in rows}


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=25)
def test_only_terms_of_an_open_story_count_for_it(seed):
    posts = stream(seed, posts=300, bursts=8)
    engine = Engine(BRAND, GAMES, RESTLESS)

    for frame, closed in logged(posts, cuts_every(posts, 6)):
        engine.step(frame, closed)
        stories = engine._monitor.stories.open
        strays = {
            key: slot
            for key, slot in marked_rows(engine).items()
            if slot not in stories or key not in stories[slot].terms
        }
        assert strays == {}


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=10)
def test_what_is_told_of_stories_keeps_its_bounds(seed):
    rng = random.Random(seed)
    parts = [
        happening(rng.uniform(200, 1_500), f"{rng.choice(WORDS)} {rng.choice(WORDS)}", posts)
        for posts in rng.choices([4, 9, 30], k=4)
    ]

    for story in stories_of(events_of(talk(1_800), *parts)):
        assert 1 <= len(story.terms) <= 10
        assert len(set(story.terms)) == len(story.terms)
        assert 1 <= story.sources <= story.posts
        assert story.title
        assert 1 <= len(story.examples) <= 5
        assert story.surprise >= SMALL.linked_floor


@pytest.mark.parametrize("copies", [3, 40])
def test_copies_of_one_text_by_nobody_known_are_no_story(copies):
    posts = [Said(600 + n, "lamps went dark in the hall tonight folks") for n in range(copies)]

    assert about(events_of(talk(900), posts), "lamps") == []
