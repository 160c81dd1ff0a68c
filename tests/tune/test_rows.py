"""Rows of the table of capabilities that tuning answers, on the night that ships with rtm."""

from datetime import timedelta
from io import StringIO

import polars as pl
import pytest
from rich.console import Console

from rtm import build
from rtm.clock import WallClock
from rtm.timeline import Timeline
from rtm.trends.settings import Settings
from rtm.tune.session import Asked, Run, Session
from rtm.types import StoryClosed


@pytest.fixture(scope="module")
def session() -> Session:
    told = build.demo(WallClock())
    asked = Asked(brand=told.brand, events=told.events)
    return Session(told.recording.posts, [], asked)


@pytest.fixture(scope="module")
def night(session: Session) -> Run:
    return session.told(Settings())


def test_0_19_intervals_are_told_from_the_past_and_their_coverage_is_reported(session, night):
    told = [one for story in night.stories for one in story.tellings if one.closes_at is not None]
    found = session.measured(night).measures.coverage

    assert told
    assert all(one.closes_at.low <= one.closes_at.high for one in told)
    assert all(one.closes_at.high > one.at for one in told)
    assert found.of == sum(story.over_at is not None for story in night.stories)
    assert found.value is not None


def test_0_19_what_an_interval_said_does_not_change_when_the_rest_of_the_night_is_unknown(
    session, night
):
    loudest = max(night.stories, key=lambda story: story.posts)
    cut = loudest.opened_at + timedelta(minutes=2)
    early = session.with_posts(session.posts.filter(pl.col("at") < cut)).told(Settings())

    before = [story for story in early.stories if story.id == loudest.id]

    assert before
    shown = [one.closes_at for one in loudest.tellings if one.at < cut - timedelta(seconds=5)]
    assert [one.closes_at for one in before[0].tellings][: len(shown)] == shown


def test_3_05_lead_time_from_first_warning_to_the_peak_is_reported(session, night):
    found = session.measured(night).measures

    leads = [
        (story.peak_at - story.opened_at).total_seconds()
        for story in night.stories
        if story.peak_at is not None
    ]
    assert leads
    assert found.lead_median_s.of == found.lead_positive.of == len(leads)
    assert found.lead_positive.value == round(sum(lead > 0 for lead in leads) / len(leads), 6)


def test_3_05_a_replay_closes_with_its_lead_time():
    told = build.demo(WallClock())
    timeline, closed = Timeline(), 0
    for event in told.replay(clock=WallClock()):
        timeline.told(event)
        closed += isinstance(event, StoryClosed) and event.peak_at is not None
    console = Console(file=StringIO(), width=100)

    console.print(timeline.closing(told.recording.posts.height))

    said = console.file.getvalue()  # type: ignore[attr-defined]
    assert closed
    assert "First warning " in said
    assert f"(median of {closed} closed " in said
