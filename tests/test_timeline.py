"""What a person reads: complete, calm, and safe from the words of strangers."""

import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from rtm.event import WatchedEvent
from rtm.timeline import Anchor, Timeline, heading, plain, with_anchors, zone_of
from rtm.types import (
    Event,
    Example,
    Interval,
    Opportunity,
    OpportunityFound,
    OpportunityLocked,
    OpportunityTried,
    Story,
    StoryClosed,
    StoryGrew,
    StoryOpened,
)

AT = datetime(2013, 2, 4, 1, 43, 35, tzinfo=UTC)
NEW_ORLEANS = timezone(timedelta(hours=-6))
HOSTILE = (
    "\x1b[2J\x1b]0;mine\x07[bold red]x[/bold red] [link=http://evil]y[/link]"
    "\u202egnp.exe\r\nnew :fire: \x9b31m"
)


def story(id: str = "s1", title: str = "The lights went out", posts: int = 3, **more) -> Story:
    example = Example(id="t1", at=AT, text="Who turned the lights off?", author=None)
    fields: dict[str, Any] = {
        "id": id,
        "title": title,
        "terms": ("lights", "superdome"),
        "posts": posts,
        "authors": None,
        "sources": 3.0,
        "surprise": 5.5,
        "opened_at": AT,
        "examples": (example,),
    }
    return Story(**(fields | more))


def offer(told: Story | None = None, **more) -> Opportunity:
    fields: dict[str, Any] = {
        "id": "o1",
        "story": told or story(),
        "brand": "Oreo",
        "score": 45.7,
        "relevance": 0.6,
        "risk": 0.05,
        "audience": None,
        "closes_at": Interval(low=AT + timedelta(minutes=5), high=AT + timedelta(minutes=20)),
        "reasons": ("3 of 3 posts speak of the game (+0.60).", "Still rising after 3 min."),
    }
    return Opportunity(**(fields | more))


def drawn(*shown, terminal: bool = False) -> str:
    console = Console(
        file=StringIO(),
        width=100,
        highlight=False,
        force_terminal=terminal,
        color_system="standard" if terminal else None,
    )
    with console.capture() as capture:
        for one in shown:
            console.print(one)
    return capture.get()


def account(*entries, zone=UTC) -> str:
    timeline = Timeline(zone)
    told = [timeline.told(entry) for entry in entries]
    return drawn(*(one for one in told if one is not None))


def found(at: datetime = AT, **more) -> OpportunityFound:
    return OpportunityFound(at=at, opportunity=offer(**more))


def test_a_story_that_is_tried_is_one_line_and_no_opportunity():
    timeline = Timeline()

    text = drawn(timeline.told(OpportunityTried(at=AT, opportunity=offer(is_trial=True))))

    assert 'unsure       "The lights went out": 3 of 3 posts speak of the game (+0.60).' in text
    assert "0 opportunities" in drawn(timeline.closing(9))


def test_an_opportunity_says_score_window_reasons_and_posts():
    text = account(found())

    assert '01:43:35  OPPORTUNITY  46 of 100 for Oreo: "The lights went out"' in text
    assert "between 01:48:35 and 02:03:35, in 5 min to 20 min" in text
    assert "3 of 3 posts speak of the game (+0.60)." in text
    assert "Still rising after 3 min." in text
    assert '01:43:35 "Who turned the lights off?"' in text


def test_an_opportunity_has_blank_lines_around_it():
    lines = account(found()).splitlines()

    block = [n for n, line in enumerate(lines) if line.strip()]

    assert lines[block[1] - 1].strip() == ""
    assert lines[-1].strip() == ""


def test_a_story_that_is_not_offered_takes_one_line():
    opened = StoryOpened(at=AT, story=story())
    grew = StoryGrew(at=AT, story=story(posts=6))
    closed = StoryClosed(at=AT, story=story(posts=7))

    lines = account(opened, grew, closed).split()

    assert " ".join(lines) == (
        "Monday 4 February 2013 01:43:35 story "
        '"The lights went out" (3 posts; terms: lights, superdome)'
    )


def test_an_offered_story_is_followed_to_its_end():
    closed = StoryClosed(at=AT + timedelta(hours=1), story=story(posts=7))

    text = account(found(), StoryGrew(at=AT, story=story(posts=6)), closed)

    assert 'grew to 6 posts: "The lights went out"' in text
    assert 'over after 7 posts in 1 h: "The lights went out"' in text


def test_a_locked_story_says_why():
    locked = OpportunityLocked(at=AT, opportunity=offer(), reason="2 of 3 posts speak of grief.")

    text = account(locked)

    assert '01:43:35  locked       "The lights went out": 2 of 3 posts speak of grief.' in text


def test_a_new_day_is_announced_once():
    late = AT - timedelta(hours=2)

    text = account(*(StoryOpened(at=at, story=story()) for at in (late, late, AT)))

    assert text.count("Sunday 3 February 2013") == 1
    assert text.count("Monday 4 February 2013") == 1


def test_times_stand_in_the_zone_of_the_event_too():
    text = account(found(), zone=NEW_ORLEANS)

    assert "01:43:35 (19:43)  OPPORTUNITY" in text
    assert "between 01:48:35 (19:48) and 02:03:35 (20:03)" in text


@pytest.mark.parametrize(("zone", "own"), [(UTC, UTC), (NEW_ORLEANS, NEW_ORLEANS)])
def test_the_zone_is_the_one_that_an_event_is_written_in(zone, own):
    start = AT.astimezone(zone)
    event = WatchedEvent(title="Game", start=start, end=start + timedelta(hours=1), terms=("game",))

    assert zone_of([event]) == own


def test_without_events_times_are_utc():
    assert zone_of([]) is UTC


def test_the_heading_names_the_zone():
    text = drawn(heading("The night", [("For", "Oreo")], NEW_ORLEANS))

    assert "The night" in text
    assert "For    Oreo" in text
    assert "in brackets UTC-06:00" in text


def test_the_summary_counts_posts_stories_and_opportunities():
    timeline = Timeline()
    grave = OpportunityLocked(at=AT, opportunity=offer(story("s2")), reason="Grief.")

    for event in (StoryOpened(at=AT, story=story()), found(), grave):
        timeline.told(event)

    assert "8,672 posts read, 1 story, 1 opportunity, 1 locked." in drawn(timeline.closing(8672))


def test_the_closing_tells_how_long_before_the_peak_the_first_warning_came():
    timeline = Timeline()
    for lead_s in (100, 20, 60):
        peak = story().opened_at + timedelta(seconds=lead_s)
        timeline.told(StoryClosed(at=AT, story=story(), peak_at=peak))

    said = drawn(timeline.closing(8672))

    assert "First warning 1 min 0 s before the peak (median of 3 closed stories)." in said


def test_a_warning_after_the_peak_is_told_as_such():
    timeline = Timeline()
    peak = story().opened_at - timedelta(seconds=5)
    timeline.told(StoryClosed(at=AT, story=story(), peak_at=peak))

    assert "5 s after the peak (median of 1 closed story)." in drawn(timeline.closing(1))


def test_stories_whose_peak_is_unknown_say_nothing_of_lead_time():
    timeline = Timeline()
    timeline.told(StoryClosed(at=AT, story=story()))

    assert "First warning" not in drawn(timeline.closing(1))


def test_an_anchor_is_marked_as_known_today():
    text = account(Anchor(at=AT, text="The power failed."))

    assert "01:43:35  known today  The power failed." in text
    assert "rtm had" not in text


def test_an_anchor_says_how_long_before_rtm_had_offered_its_story():
    anchor = Anchor(at=AT + timedelta(seconds=108), text="Oreo posts.", terms=("lights",))

    assert "Oreo posts. rtm had offered it 1 min 48 s before." in account(found(), anchor)


@pytest.mark.parametrize("entries", [[], [found(told=story(terms=("ravens",)))]])
def test_an_anchor_admits_that_rtm_had_offered_nothing_on_it(entries):
    anchor = Anchor(at=AT, text="Oreo posts.", terms=("lights",))

    assert "rtm had offered nothing on it by then." in account(*entries, anchor)


def test_anchors_stand_among_events_in_order_of_time():
    events = [StoryOpened(at=AT + timedelta(minutes=m), story=story()) for m in (0, 10)]
    anchors = [Anchor(at=AT + timedelta(minutes=m), text="x") for m in (20, 5, 0)]

    order = list(with_anchors(iter(events), anchors))

    assert [entry.at for entry in order] == sorted(entry.at for entry in order)
    assert isinstance(order[0], StoryOpened)


def hostile_entries() -> list[Event | Anchor]:
    bad = story(
        title=HOSTILE,
        terms=(HOSTILE,),
        examples=(Example(id="t1", at=AT, text=HOSTILE, author=HOSTILE),),
    )
    offered = offer(bad, brand=HOSTILE, reasons=(HOSTILE,))
    return [
        StoryOpened(at=AT, story=bad),
        OpportunityFound(at=AT, opportunity=offered),
        StoryGrew(at=AT, story=bad),
        StoryClosed(at=AT, story=bad),
        OpportunityLocked(at=AT, opportunity=offered, reason=HOSTILE),
        Anchor(at=AT, text=HOSTILE),
    ]


@pytest.mark.parametrize("entry", hostile_entries(), ids=lambda entry: type(entry).__name__)
def test_hostile_words_cannot_steer_a_terminal(entry):
    text = account(found(), entry)

    unsafe = [char for char in text if unicodedata.category(char) in ("Cc", "Cf") and char != "\n"]
    assert unsafe == []


def test_hostile_words_are_never_read_as_markup():
    timeline = Timeline()

    text = drawn(timeline.told(hostile_entries()[-1]), terminal=True)

    assert "[bold red]x[/bold red]" in text
    assert ":fire:" in text
    assert "\x1b]8" not in text  # no link was made
    assert "\x1b[31m" not in text
    assert "\x1b[1;31m" not in text


def test_a_hostile_heading_is_plain():
    text = drawn(heading(HOSTILE, [("Reads", HOSTILE)]))

    assert "\x1b" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("two\nlines\r\n\tand more", "two lines and more"),
        ("a\x1b[31mb", "a [31mb"),
        ("a\x00b\x7fc\x9bd", "a b c d"),
        ("user\u202eexe.png\u2066x\u2069", "userexe.pngx"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("para\u2029graph\u2028line", "para graph line"),
        (
            "\U0001f468\u200d\U0001f469\u200d\U0001f467",
            "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        ),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("half \ud83d of a pair", "half of a pair"),
        ("õäöü žščř łąę", "õäöü žščř łąę"),
    ],
)
def test_plain_keeps_words_and_drops_what_steers(words, shown):
    assert plain(words) == shown


def test_plain_cuts_long_words_with_a_sign():
    assert plain("word " * 100, 20) == "word word word word\u2026"


@given(st.text(), st.integers(1, 50))
def test_plain_is_always_one_short_printable_line(words, longest):
    line = plain(words, longest)

    assert len(line) <= longest
    assert {unicodedata.category(char) for char in line}.isdisjoint({"Cc", "Cs", "Zl", "Zp"})
    assert plain(line) == line
    line.encode()
