"""Made-up nights for tuning: everyday talk, planted happenings, and labels of them."""

from datetime import timedelta

import polars as pl

from rtm.estimates import Estimate
from rtm.tune.keywords import names_in
from rtm.tune.labels import Kind, Label
from rtm.tune.told import Telling, ToldStory
from rtm.types import Interval
from tests.planted import Said, happening, posts_of, talk
from tests.streams import SMALL, START

LAMPS, SINGER, SPAM = 600, 900, 1200  # seconds after START
SETTINGS = SMALL


def label(
    second: float,
    *keywords: str,
    title: str = "Lamps",
    kind: Kind = "event",
    lasts_s: float = 240,
    uncertain: bool = False,
) -> Label:
    start = START + timedelta(seconds=second)
    return Label(
        start=start,
        end=start + timedelta(seconds=lasts_s),
        keywords=keywords,
        title=title,
        kind=kind,
        uncertain=uncertain,
    )


def night(*more: list[Said]) -> pl.DataFrame:
    """Return half an hour with two happenings and one text that many copied."""
    copies = [Said(SPAM + n, "buy followers cheap today folks") for n in range(30)]
    lamps, singer = happening(LAMPS + 5, "lamps dark"), happening(SINGER + 9, "singer loudly")
    return posts_of(talk(1800), lamps, singer, copies, *more)


LABELS = (
    label(LAMPS, "lamps", "dark"),
    label(SINGER, "singer", "loudly", title="Singer", uncertain=True),
    label(1400, "nothing", "happened", title="Silence", lasts_s=120),
    label(SPAM, "followers", "cheap", title="Spam", kind="negative", lasts_s=60),
)


def story(
    second: float,
    *terms: str,
    id: str = "s1",
    later: tuple[float, tuple[str, ...]] | None = None,
    closes: tuple[float, float] | None = None,
    over: float | None = None,
    peak: float | None = None,
) -> ToldStory:
    """Return a story that opened with some terms and was perhaps told once more."""
    at = START + timedelta(seconds=second)
    shown = None
    if closes is not None:
        shown = Interval(low=_at(closes[0]), high=_at(closes[1]))
    tellings = [Telling(at, terms, names_in(terms), 6.0, shown)]
    if later is not None:
        tellings.append(Telling(_at(later[0]), later[1], names_in(later[1]), 6.0, None))
    told = ToldStory(id, at, "a title", 3, tellings)
    told.over_at = None if over is None else _at(over)
    told.peak_at = None if peak is None else _at(peak)
    return told


def bounds(estimate: Estimate) -> tuple[float, float, float]:
    """Return low, value and high of an estimate that has them."""
    assert estimate.low is not None
    assert estimate.value is not None
    assert estimate.high is not None
    return estimate.low, estimate.value, estimate.high


def _at(second: float):
    return START + timedelta(seconds=second)
