"""Spots: the walker's marks again, each with the words that gave it."""

from functools import reduce
from operator import or_

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.brand import Brand
from rtm.text.columns import laid_out
from rtm.text.lexicon import risk_entries
from rtm.text.mentions import brand_patterns
from rtm.text.patterns import Mark, Patterns
from rtm.text.spots import Spots
from rtm.text.walker import walk
from tests.text.reading import frame_of
from tests.text.texts import TEXTS

PATTERNS = brand_patterns(
    Brand(
        name="Dr. Pepper", themes=("cookie",), no_go=("#tax", "night of wonders"), rivals=("Kia",)
    )
)
SPOTS = Spots(PATTERNS)
TOLD = sorted({word.rstrip("*=") for words in risk_entries().values() for word in words})
JOINED = st.lists(
    st.sampled_from(
        [*TOLD, "Dr. Pepper", "dr", "pepper", "#tax", "cookies", "kia", ".", "!", "@a"]
    ),
    max_size=8,
).map(" ".join)


def bits_of(spots: Spots, text: str) -> int:
    return reduce(or_, (spot.bits for spot in spots.of(text)), 0)


def walked(text: str, patterns: Patterns) -> int:
    return int(walk(*laid_out(frame_of([text])["text"]), patterns)[-1][0])


@settings(max_examples=300, deadline=None)
@given(TEXTS | JOINED)
def test_the_spots_of_a_text_are_the_marks_that_the_walker_gives(text):
    assert bits_of(SPOTS, text) == walked(text, PATTERNS)


def test_spots_that_know_no_stems_find_too_little():
    blind = Spots(PATTERNS._replace(stems=type(PATTERNS.stems)(*[np.zeros(8, np.uint64)] * 2)))

    assert bits_of(blind, "a massacre") != walked("a massacre", PATTERNS)


def test_a_spot_has_its_words_and_their_places():
    (spot,) = (one for one in SPOTS.of("Milk! A night of wonders") if one.bits & Mark.NO_GO)

    assert spot == ("night of wonders", Mark.NO_GO, 2, 5)


def test_a_long_text_is_looked_at_to_its_end():
    text = "milk " * 400 + "massacre"

    assert bits_of(SPOTS, text) & Mark.GRAVE
    assert not walked(text, PATTERNS) & Mark.GRAVE
