"""The demo: the shipped night is the real one, and the blackout is found before Oreo's post."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from rtm import build
from rtm.clock import WallClock
from rtm.engine import Engine
from rtm.frame import POST_SCHEMA
from rtm.replay import replay
from rtm.types import OpportunityFound, event_of, line_of, schema

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "data" / "corpora" / "reddit_superbowl_xlvii_2013.parquet"
FIRST_POST = datetime(2013, 2, 4, 1, 42, 55, tzinfo=UTC)
OREO_POST = datetime(2013, 2, 4, 1, 48, 18, tzinfo=UTC)
BLACKOUT_POSTS = {"t3_17u854", "t3_17u86u", "t3_17u86x", "t3_17u8ez"}  # read one by one


def rtm(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rtm", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,  # the demo's own promise
        check=True,
    )


@pytest.fixture(scope="module")
def demo() -> list[str]:
    return rtm("demo", "--headless", "--json").stdout.splitlines()


@pytest.fixture(scope="module")
def night() -> build.Told:
    return build.demo(WallClock())


@pytest.fixture(scope="module")
def blackout(demo) -> OpportunityFound:
    return the_blackout([event_of(line) for line in demo])


def the_blackout(events) -> OpportunityFound:
    (found,) = [
        event
        for event in events
        if isinstance(event, OpportunityFound)
        and "lights" in event.opportunity.story.terms
        and FIRST_POST <= event.opportunity.story.opened_at < OREO_POST
    ]
    return found


def lines(night, posts, flush=False) -> list[str]:
    engine = Engine(night.brand, night.events)
    return [line_of(event) for event in replay(engine, posts, flush=flush)]


def test_every_line_is_an_event_that_reads_back(demo):
    assert demo
    assert [line_of(event_of(line)) for line in demo] == demo


def test_every_kind_of_event_is_in_the_schema(demo):
    tags = {
        kind["properties"]["event"]["enum"][0]
        for kind in schema()["$defs"].values()
        if "event" in kind["properties"]
    }

    assert {json.loads(line)["event"] for line in demo} <= tags


def test_events_come_in_order_of_time(demo):
    moments = [event_of(line).at for line in demo]

    assert moments == sorted(moments)


def test_the_blackout_is_found_from_real_posts_about_it(blackout):
    examples = {example.id for example in blackout.opportunity.story.examples}

    assert examples
    assert examples <= BLACKOUT_POSTS


def test_the_blackout_is_offered_before_oreo_posts(blackout):
    assert blackout.at < OREO_POST
    assert blackout.opportunity.closes_at.low > blackout.at


def test_a_team_gets_one_to_fifteen_opportunities_that_evening(demo):
    start, end = datetime(2013, 2, 3, 22, tzinfo=UTC), datetime(2013, 2, 4, 5, tzinfo=UTC)

    found = [
        event
        for event in map(event_of, demo)
        if isinstance(event, OpportunityFound) and start <= event.at <= end
    ]

    assert 1 <= len(found) <= 15


def test_the_file_cut_where_the_tick_closes_gives_the_same_line(night, demo, blackout):
    posts = night.recording.posts
    closes = posts["at"].search_sorted(blackout.at + timedelta(seconds=3))  # a lane's lag

    cut = lines(night, posts.head(closes + 1))

    assert cut[-1] == line_of(blackout)
    assert cut == demo[: len(cut)]


def test_the_file_cut_one_post_earlier_does_not_tell_it_yet(night, blackout):
    posts = night.recording.posts
    closes = posts["at"].search_sorted(blackout.at + timedelta(seconds=3))

    assert line_of(blackout) not in lines(night, posts.head(closes))


def test_the_file_cut_at_the_opportunity_and_flushed_gives_the_same_line(night, demo, blackout):
    posts = night.recording.posts.filter(pl.col("at") < blackout.at)

    cut = lines(night, posts, flush=True)

    assert cut[-1] == line_of(blackout)
    assert cut == demo[: len(cut)]


def test_a_louder_half_time_show_does_not_hide_the_blackout(night):
    show = datetime(2013, 2, 4, 1, 8, tzinfo=UTC)
    said = ["amazing", "boring", "stunning", "overrated", "iconic", "fierce", "short", "loud"]
    burst = pl.DataFrame(
        [
            {
                "id": f"made{n:03}",
                "at": show + timedelta(seconds=9 * n),
                "text": f"Beyonce {said[n % 8]}, best halftime show {said[n // 8 % 8]} number {n}",
                "is_repost": False,
                "source": "reddit",
            }
            for n in range(150)
        ],
        schema=POST_SCHEMA,
    )
    posts = pl.concat([night.recording.posts, burst]).sort("at", "id")

    found = the_blackout([event_of(line) for line in lines(night, posts)])

    assert found.at < OREO_POST


def test_a_replay_of_the_shipped_file_tells_what_the_demo_tells(demo):
    files = ["--brand", str(build.BRAND), "--event", str(build.EVENT)]

    told = rtm("replay", str(build.NIGHT), *files, "--json").stdout

    assert told.splitlines() == demo


def test_the_timeline_tells_the_night_and_says_what_is_known_today(blackout):
    told = rtm("demo", "--headless")

    text = " ".join(told.stdout.split())
    assert f"{blackout.at:%H:%M:%S} OPPORTUNITY" in text
    assert "01:48:18 known today Oreo posts its picture" in text
    assert "rtm had offered it" in text
    assert "8,672 posts read" in text


def test_the_engine_is_never_told_what_is_known_today(demo):
    assert not any("known today" in line or "Superdome loses" in line for line in demo)


def test_anchors_stand_in_the_night():
    anchors = build.anchors()

    assert OREO_POST in [anchor.at for anchor in anchors]
    assert all(datetime(2013, 2, 4, tzinfo=UTC) < anchor.at for anchor in anchors)


def test_oreos_own_moment_is_that_of_its_id():
    twitter_epoch_ms = 1_288_834_974_657
    oreo_id = 298246571718483968

    at_ms = (oreo_id >> 22) + twitter_epoch_ms

    assert datetime.fromtimestamp(at_ms // 1000, UTC) == OREO_POST


def test_the_shipped_night_holds_no_figure_from_later():
    columns = pl.read_parquet(build.NIGHT).columns

    assert columns == ["id", "created_at", "text", "source", "subreddit"]


def test_the_shipped_night_is_read_whole(night):
    assert night.recording.rows == night.recording.posts.height == 8_672
    assert night.recording.aside == {}
    assert night.recording.notes == ()


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus it was cut from is not here")
def test_the_shipped_night_is_the_corpus_less_some_columns():
    shipped = pl.read_parquet(build.NIGHT)

    corpus = pl.read_parquet(CORPUS)

    assert_frame_equal(shipped, corpus.select(shipped.columns))


def test_the_origin_of_the_night_is_stated():
    origin = (build.DEMO / "ORIGIN.md").read_text(encoding="utf-8")

    assert "umbrae/reddit-top-2.5-million" in origin
    assert "d0efcad" in origin
    assert "PDDL" in origin
    assert "no `author`" in origin
