"""The monitor: posts are numbered on, late ones teach but are not quoted, news come in order."""

import polars as pl
import pytest

from rtm.text.reader import read
from rtm.trends.monitor import Monitor, News
from rtm.trends.state import SEQ
from tests.planted import Said, happening, posts_of, talk
from tests.streams import SMALL, START
from tests.text.reading import NO_PATTERNS

FIRST = int(START.timestamp())


def frame_of(*parts: list[Said], late: set[str] = frozenset()) -> pl.DataFrame:  # type: ignore[assignment]
    """Return what was said as a Frame; posts with these words are late."""
    posts = posts_of(*parts)
    return posts.with_columns(
        tick=pl.col("at").dt.epoch("s"), late=pl.col("text").is_in(sorted(late))
    ).sort("tick", pl.col("late").not_(), "at", "id")


def step(monitor: Monitor, frame: pl.DataFrame, closed: int) -> list[News]:
    return list(monitor.step(frame, read(frame, NO_PATTERNS), FIRST + closed))


def test_posts_are_numbered_on_and_late_ones_have_no_number():
    monitor, late = Monitor(SMALL), {"late one", "late two"}
    said = [Said(1, "late one"), Said(1, "one"), Said(2, "two"), Said(3, "late two")]

    step(monitor, frame_of(said, late=late), 5)
    step(monitor, frame_of([Said(7, "three")]), 8)

    assert monitor.state.numbers[SEQ] == 3
    texts = [monitor.recent.post(seq, 3).text for seq in range(3)]  # type: ignore[union-attr]
    assert texts == ["one", "two", "three"]


def test_a_late_post_is_never_quoted():
    posts = happening(600, "lamps went dark")
    late = happening(602, "lamps went dark indeed", posts=3)
    frame = frame_of(talk(900), posts, late, late={one.text for one in late})
    monitor = Monitor(SMALL)

    quoted = [
        example.text
        for news in monitor.step(frame, read(frame, NO_PATTERNS), FIRST + 900)
        for example in monitor.telling.told(news.story, news.tick).examples
    ]

    assert quoted
    assert not set(quoted) & {one.text for one in late}


def test_news_come_in_order_of_time_opened_first_and_closed_last():
    parts = [
        happening(600 + 400 * n, f"{name} went dark", posts=20) for n, name in enumerate(NAMES)
    ]

    news = step(Monitor(SMALL), frame_of(talk(3_000), *parts), 9_000)

    assert [one.tick for one in news] == sorted(one.tick for one in news)
    by_story = {one.story.id: [n.kind for n in news if n.story is one.story] for one in news}
    assert all(kinds[0] == "opened" and kinds[-1] == "closed" for kinds in by_story.values())
    assert all(kinds.count("closed") == kinds.count("opened") == 1 for kinds in by_story.values())


NAMES = ("lamps", "boats", "trains")


def test_a_frame_without_posts_is_no_news():
    monitor = Monitor(SMALL)

    assert step(monitor, frame_of(), 10) == []
    assert step(monitor, frame_of(), 10_000) == []


@pytest.mark.parametrize("rows", [1, 500])
def test_more_posts_in_one_second_than_are_remembered_are_counted(rows):
    # files stamped by the minute or by the day bring such seconds
    monitor = Monitor(SMALL._replace(recent_bits=6, quoted_posts=50))
    crowd = [
        Said(650, f"{text.text} again", text.author) for text in happening(0, "lamps dark", 30)
    ]
    flood = [Said(650, f"other words {n}") for n in range(rows)]

    news = step(monitor, frame_of(talk(640), crowd, flood), 700)

    assert monitor.state.numbers[SEQ] == 160 + 30 + rows
    assert all(one.kind == "opened" for one in news)


def test_a_whole_number_serves_where_a_setting_has_a_fraction():
    said = talk(30)
    whole = Monitor(SMALL._replace(story_floor=6, refire=2))
    exact = Monitor(SMALL._replace(story_floor=6.0, refire=2.0))

    for monitor in (whole, exact):
        step(monitor, frame_of(said), 100)

    assert whole.settings == exact.settings
    assert isinstance(whole.settings.story_floor, float)
    assert whole.state.numbers[SEQ] == exact.state.numbers[SEQ] > 0
