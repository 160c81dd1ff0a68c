"""The reader over frames: no state, any slice, any order, any gaps."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.text.patterns import Mark, patterns_of
from rtm.text.reader import read
from rtm.text.terms import terms_of
from tests.text import plain
from tests.text.reading import NO_PATTERNS, frame_of, reading_of, rows_of
from tests.text.texts import POSTS

PATTERNS = patterns_of({Mark.THEME: ["lights", "oreo"], Mark.EVENT: ["#SuperBowl"]})
ROWS = st.lists(
    st.tuples(POSTS | st.text(max_size=20), st.none() | st.text(max_size=5)), max_size=12
)


def _frame(rows: list[tuple[str, str | None]]) -> pl.DataFrame:
    return frame_of([text for text, _ in rows], [author for _, author in rows])


@given(ROWS, st.data())
@settings(deadline=None)
def test_any_slice_reads_as_within_the_whole(rows, data):
    frame = _frame(rows)
    low = data.draw(st.integers(0, len(rows)))
    high = data.draw(st.integers(low, len(rows)))
    whole = rows_of(read(frame, PATTERNS))

    part = rows_of(read(frame[low:high], PATTERNS))

    assert part == whole[low:high]


@given(ROWS, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_any_order_of_rows_reads_alike(rows, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    whole = rows_of(read(_frame(rows), PATTERNS))

    shuffled = rows_of(read(_frame([rows[place] for place in order]), PATTERNS))

    assert shuffled == [whole[place] for place in order]


@given(ROWS, st.integers(0, 12))
@settings(deadline=None)
def test_a_frame_in_several_chunks_reads_as_in_one(rows, cut):
    frame = _frame(rows)
    chunks = pl.concat([frame[:cut], frame[cut:]], rechunk=False)

    assert rows_of(read(chunks, PATTERNS)) == rows_of(read(frame, PATTERNS))


def test_reading_twice_gives_the_same():
    frame = _frame([("Lights out #SuperBowl", "u1"), ("oreo", None)])

    assert rows_of(read(frame, PATTERNS)) == rows_of(read(frame, PATTERNS))


def test_a_frame_without_rows_reads_as_nothing():
    reading = read(_frame([]), PATTERNS)

    assert rows_of(reading) == []
    assert reading.starts.tolist() == [0]
    assert reading.terms.size == 0


def test_a_frame_of_empty_texts_has_rows_without_terms():
    reading = reading_of("", "", "")

    assert reading.starts.tolist() == [0, 0, 0, 0]
    assert reading.sizes.tolist() == [0, 0, 0]
    assert len({sketch[0] for sketch in reading.sketches.tolist()}) == 1


def test_unknown_authors_have_no_key_and_known_ones_their_own():
    frame = frame_of(["a"] * 5, [None, "u1", "u2", "u1", ""])

    none, one, two, one_again, nameless = read(frame, NO_PATTERNS).authors.tolist()

    assert none == 0
    assert one == one_again
    assert len({0, one, two, nameless}) == 4


def test_nobody_known_at_all_is_no_author():
    assert not reading_of("a", "b").authors.any()


def test_a_very_long_text_is_read_up_to_what_is_enough():
    text = "lights went out at the stadium " * 700

    terms, sketch, size, marks, _ = rows_of(reading_of(text, patterns=PATTERNS))[0]

    assert len(text) > 20_000
    assert terms == [term.key for term in terms_of(text)]
    assert (sketch, size) == plain.signature_of(text)
    assert marks == Mark.THEME


def test_a_very_long_text_of_one_sign_is_read():
    texts = ["a" * 20_000, "京" * 20_000, "&" * 20_000, "@" * 20_000, "#" * 20_000, "." * 20_000]

    readings = rows_of(reading_of(*texts))

    assert [row[0] for row in readings] == [[term.key for term in terms_of(text)] for text in texts]


def test_columns_have_their_stated_types():
    reading = reading_of("lights out")

    assert reading.terms.dtype == np.uint64
    assert reading.starts.dtype == np.int64
    assert reading.sketches.dtype == np.uint64
    assert reading.sizes.dtype == np.int32
    assert reading.marks.dtype == np.uint32
    assert reading.authors.dtype == np.uint64
    assert reading.sketches.shape == (1, 16)
    assert reading.spoken.dtype == np.uint8
    assert reading.spoken.shape == (1,)
