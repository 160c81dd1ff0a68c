"""Words that are grave only sometimes: settled by what else stands in the same post."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.text.grave import weighed
from rtm.text.lexicon import risk_entries
from rtm.text.patterns import WEAK_BITS, Mark, patterns_of
from tests.text import plain
from tests.text.reading import marks_of

PATTERNS = patterns_of({})
SAYING = st.sampled_from(sorted(risk_entries())).flatmap(
    lambda name: st.sampled_from(risk_entries()[name])
)
SHOT, DEAD, KID = (
    mark << WEAK_BITS for mark in (Mark.ATTACK, Mark.DEATH, Mark.MINORS)
)  # said by a weak word


@given(st.lists(SAYING, min_size=1, max_size=4))
@settings(deadline=None, max_examples=60)
def test_any_entries_together_have_the_marks_of_the_plain_form(entries):
    text = ", ".join(entry.rstrip("*=") for entry in entries)

    assert marks_of(text, PATTERNS) == Mark(plain.marks_of(text, {}))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (SHOT, Mark(0)),
        (SHOT | KID, Mark(0)),
        (KID | Mark.SCENE, Mark(0)),
        (Mark.SCENE, Mark(0)),
        (SHOT | DEAD, Mark.GRAVE | Mark.ATTACK | Mark.DEATH),
        (SHOT | Mark.SCENE, Mark.GRAVE | Mark.ATTACK),
        (SHOT | DEAD | Mark.SCENE | Mark.PLAY, Mark(0)),
        (Mark.GRAVE | Mark.DEATH | Mark.PLAY | KID, Mark.GRAVE | Mark.DEATH | Mark.MINORS),
        (Mark.GRAVE, Mark.GRAVE),
        (Mark.THEME | Mark.MAYBE_RIVAL | SHOT, Mark.THEME | Mark.MAYBE_RIVAL),
    ],
)
def test_a_weak_word_needs_a_witness_and_no_game(said, told):
    assert weighed(np.array([said], np.uint32)).tolist() == [told]


@given(st.lists(st.integers(0, 2**26 - 1), max_size=20))
def test_what_is_told_of_a_post_is_nobody_elses_and_holds_no_scratch(marks):
    together = weighed(np.array(marks, np.uint32))

    assert together.tolist() == [int(weighed(np.array([one], np.uint32))[0]) for one in marks]
    assert not any(one >> (WEAK_BITS + 7) for one in together.tolist())
