"""Keys are the same on every machine, in every version, and in both forms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.text import keys

STATES = st.integers(0, 2**64 - 1)


@pytest.mark.parametrize(
    ("text", "state"),
    [("", 0xCBF29CE484222325), ("a", 0xAF63DC4C8601EC8C), ("foobar", 0x85944171F73967E8)],
)
def test_ascii_has_the_published_fnv_1a_hash(text, state):
    assert keys.raw(text) == state


def test_the_mixer_gives_its_published_value():
    assert keys.mix(1) == 0xB456BCFC34C2CB2C


@pytest.mark.parametrize(
    ("key", "golden"),
    [
        (keys.word_key("lights"), 0x65F5C7B93A101C5E),
        (keys.pair_key("lights", "out"), 0x93F66CFB0E6234BE),
        (keys.tag_key("superbowl"), 0x7FDE22D4DED4473F),
        (keys.name_key("oreo"), 0xDB05DF7CECFC0FB8),
        (keys.link_key("bbc.co.uk"), 0xE76C74EE63522BB4),
        (keys.word_key("õnnetus"), 0x723B2635A52C9A79),
        (keys.pair_key("京", "都"), 0xA974F57D9AA16E27),
    ],
)
def test_a_key_never_changes(key, golden):
    assert key == golden


def test_the_order_of_a_pair_matters():
    assert keys.pair_key("lights", "out") != keys.pair_key("out", "lights")


def test_kinds_do_not_meet():
    made = [
        keys.word_key("oreo"),
        keys.tag_key("oreo"),
        keys.name_key("oreo"),
        keys.link_key("oreo"),
    ]

    assert len(set(made)) == 4


@given(STATES)
@settings(deadline=None)
def test_both_mixers_agree(state):
    assert int(keys.mixed(np.uint64(state))) == keys.mix(state)


@given(STATES, STATES)
@settings(deadline=None)
def test_both_chains_agree(before, state):
    assert int(keys.chained(np.uint64(before), np.uint64(state))) == keys.chain(before, state)


@given(st.text())
@settings(deadline=None)
def test_growing_code_by_code_gives_the_raw_state(text):
    state = keys.OFFSET

    for char in text:
        state = np.uint64(keys.grown(state, np.uint64(ord(char))))

    assert int(state) == keys.raw(text)


@given(STATES, STATES)
@settings(deadline=None)
def test_mixing_loses_nothing(first, second):
    assert (keys.mix(first) == keys.mix(second)) == (first == second)
