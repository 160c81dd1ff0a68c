"""The brand's temper: what is told of mood does not depend on framing, and labels move it."""

import numpy as np
import polars as pl
import pytest

from rtm.brand import Brand
from rtm.taught import Label
from rtm.temper import ASKED, WINDOW_S, Temper, Told
from rtm.text.mentions import brand_patterns
from rtm.text.reader import read
from rtm.text.screening import screening_of
from tests.streams import START, posts_frame

OREO = Brand(name="Oreo")
FIRST = int(START.timestamp()) - int(START.timestamp()) % WINDOW_S
BAD = ("@oreo my pack was broken and stale, worst ever", "oreo refund please, this is terrible")
GOOD = ("love my oreo, best cookie ever", "thank you oreo, so happy today", "Oreo and milk, great")


def posts(texts: list[str], every_s: int = 20) -> pl.DataFrame:
    rows = posts_frame({"at": START, "text": text} for text in texts)
    ticks = pl.Series("tick", [FIRST + every_s * n for n in range(len(texts))], dtype=pl.Int64)
    return rows.with_columns(ticks, late=pl.lit(False))


def heeded(frame: pl.DataFrame, cuts: int, temper: Temper | None = None) -> Temper:
    temper = temper or Temper(screening_of(OREO, ()))
    patterns = brand_patterns(OREO)
    for low in range(0, frame.height, cuts):
        part = frame[low : low + cuts]
        temper.heed(part, read(part, patterns), int(part["tick"][-1]))
    temper.heed(frame.clear(), read(frame.clear(), patterns), FIRST + WINDOW_S - 1)
    return temper


def mixed(count: int = 120) -> pl.DataFrame:
    rng = np.random.default_rng(4)
    said = [*BAD, *GOOD, "nothing about anybody here"]
    return posts([f"{said[rng.integers(len(said))]} {n}" for n in range(count)])


@pytest.mark.parametrize("cuts", [1, 7, 50])
def test_what_is_told_does_not_depend_on_framing(cuts):
    frame = mixed()

    told = heeded(frame, frame.height).told()

    assert heeded(frame, cuts).told() == told
    assert told.negative is not None
    assert told.complaint is not None
    assert len(told.questions) > 0


def test_only_posts_that_name_the_brand_are_counted():
    assert heeded(posts(["nobody here", *GOOD]), 2).told().posts == len(GOOD)


def share(texts: tuple[str, ...]) -> float:
    told = heeded(posts([f"{texts[n % len(texts)]} {n}" for n in range(100)]), 10).told()
    assert told.negative is not None
    return told.negative.negative


def test_complaints_raise_the_negative_share_and_praise_does_not():
    assert share(BAD) > 0.6
    assert share(GOOD) < 0.35


def test_too_few_posts_tell_no_mood():
    told = heeded(posts(list(BAD)), 2).told()

    assert told.posts == len(BAD)
    assert told.negative is None


def label(text: str, is_so: bool) -> Label:
    return Label(what="negative", is_so=is_so, text=text, lang="en")


def test_labels_change_what_later_posts_are_thought_to_be():
    text = "the new oreo flavour is quite something"
    before = share((text,))
    temper = Temper(screening_of(OREO, ()))
    for n in range(20):
        temper.learn(label(f"{text} {n}", is_so=True))
        temper.learn(label(f"{GOOD[n % 3]} {n}", is_so=False))

    told = heeded(posts([f"{text} {n}" for n in range(100)]), 10, temper).told()

    assert told.negative is not None
    assert told.negative.negative > before + 0.2
    assert told.labels == 40


def test_a_question_that_was_answered_is_asked_no_more():
    temper = heeded(mixed(), 10)
    asked = temper.told().questions

    temper.learn(label(asked[0].text, is_so=True))

    assert temper.told().questions == asked[1:]
    assert len(asked) <= ASKED


def test_a_snapshot_in_the_middle_changes_nothing():
    frame, middle = mixed(), 60
    whole = heeded(frame, 10)
    first = Temper(screening_of(OREO, ()))
    for low in range(0, middle, 10):
        part = frame[low : low + 10]
        first.heed(part, read(part, brand_patterns(OREO)), int(part["tick"][-1]))

    second = Temper(screening_of(OREO, ()))
    second.restore(first.snapshot())
    heeded(frame[middle:], 10, second)

    assert second.told() == whole.told()
    assert second.snapshot() == whole.snapshot()


def test_what_is_forgotten_is_as_if_it_had_not_been_taught():
    frame = mixed()
    temper = Temper(screening_of(OREO, ()))
    for n in range(10):
        temper.learn(label(f"anything {n}", is_so=n % 2 == 0))
    temper.unlearn()

    assert _shares(heeded(frame, 10, temper).told()) == _shares(heeded(frame, 10).told())


def _shares(told: Told) -> tuple[object, object, int]:
    return told.negative, told.complaint, told.labels
