"""Why a label has no story: the detector's own numbers, and a sentence that is true."""

from datetime import timedelta

import pytest

from rtm.trends.kernel import run
from rtm.trends.monitor import Monitor
from rtm.trends.state import COUNT, DUE, FIRED, LAST_TICK, LEVEL, MEAN
from rtm.tune.keywords import keyword_of
from rtm.tune.result import LabelLine
from rtm.tune.session import Session
from rtm.tune.trace import seen
from tests.planted import Said, happening, posts_of, talk
from tests.streams import START
from tests.tune.nights import LABELS, SETTINGS, label, night

LATE = [label(1290, "kettle", "boils", lasts_s=100)]
DEAF = SETTINGS._replace(story_floor=250.0, linked_floor=250.0)


def line_of(session: Session, title: str = "Lamps", settings=SETTINGS) -> LabelLine:
    result = session.run(settings, is_explained=True)
    return next(line for line in result.labels if line.title == title)


def sentence(session: Session, settings=SETTINGS) -> str:
    line = line_of(session, settings=settings)
    assert line.story is None
    assert line.why is not None
    return line.why.sentence


def test_a_label_that_was_found_needs_no_reason():
    assert line_of(Session(night(), LABELS)).why is None


def test_nobody_spoke_of_it():
    said = sentence(Session(night(), [label(600, "nothing", "happened")]))

    assert said == "No post in the span holds a keyword."


def test_too_few_spoke_of_it():
    posts = night([Said(1300, "kettle boils"), Said(1320, "kettle again")])

    said = sentence(Session(posts, [label(1290, "kettle", "boils")]))

    assert said == "2 posts with a keyword in the span; at most 2 within an hour."


def test_it_was_below_the_floor_and_when_it_was_highest():
    session = Session(night(), LABELS)

    said = sentence(session, DEAF)

    assert said.startswith("Peak surprise ")
    assert " at +0 min in the " in said
    assert said.endswith("below 250.0.")


def test_the_floor_that_it_reached_is_not_blamed():
    # the broken twin: with the floor at its place the same label has a story and no reason
    assert line_of(Session(night(), LABELS), settings=SETTINGS).story is not None


def test_it_was_part_of_an_earlier_story():
    said = sentence(Session(night(), [label(612, "lamps", "dark")]))

    assert said.startswith('Part of story "lamps dark')
    assert "before the span." in said


def test_one_author_said_it_all():
    posts = night([Said(1300 + n, f"kettle boils w{n}x{n} z{n}y", "one") for n in range(30)])

    said = sentence(Session(posts, [label(1290, "kettle", "boils", lasts_s=100)]))

    assert said == "30 posts with a keyword in the span, but they repeat their authors' own words."


def test_it_came_from_too_few_sources():
    strict = SETTINGS._replace(min_sources=9.0)

    said = sentence(Session(night(happening(1300, "kettle boils")), LATE), strict)

    assert said.startswith("Peak surprise ")
    assert said.endswith("sources, fewer than 9.0.")


def test_the_same_happening_with_fewer_sources_asked_for_has_a_story():
    posts = night(happening(1300, "kettle boils"))

    assert Session(posts, LATE).run(SETTINGS).labels[0].story is not None


def test_counts_by_minute_are_those_of_the_span():
    line = line_of(Session(night(), LABELS), settings=DEAF)

    assert line.why is not None
    lamps = next(each for each in line.why.keywords if each.keyword == "lamps")
    assert lamps.posts == 8
    assert sum(minute.posts for minute in lamps.minutes) == 8
    assert all(START + timedelta(seconds=600) <= m.at for m in lamps.minutes)
    assert max(minute.surprise for minute in lamps.minutes) > 4


@pytest.mark.parametrize("second", [600, 900])
def test_what_is_traced_is_what_the_core_itself_judged(second):
    # the whole core on all terms, stopped wherever a term fires: its numbers are the reference
    posts = posts_of(talk(1800), happening(second, "lamps dark"))
    session = Session(posts, [])
    key = keyword_of("lamps").terms[0]
    fired = {}
    for tick, row_key, level in judged(session):
        if row_key == key:
            fired[tick] = level

    traced = {
        each.tick: (each.surprise, each.count, each.expected)
        for each in seen(SETTINGS, session.parts, [key], [(0, 1 << 40)])
    }

    assert fired
    assert {tick: traced[tick] for tick in fired} == fired


def judged(session: Session):

    monitor = Monitor(SETTINGS)
    state = monitor.state
    state.numbers[DUE] = 1 << 62
    for part in session.parts:
        rows = monitor._rows(part.frame, part.reading)
        post = 0
        while post < part.frame.height:
            post = int(run(state, SETTINGS, rows, monitor.given, post))
            for n in range(int(state.numbers[FIRED])):
                found = state.levels[n]
                numbers = (float(found[LEVEL]), float(found[COUNT]), float(found[MEAN]))
                yield int(state.numbers[LAST_TICK]), int(state.keys[state.fired[n]]), numbers
