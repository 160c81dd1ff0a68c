"""Frozen maps answer as the mappings they were made from."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.text.lookup import found, lookup_of

KEYS = (
    st.integers(1, 40)
    | st.integers(1, 2**64 - 1)
    | st.integers(1, 2**35 - 1).map(lambda n: n << 29)
)
ENTRIES = st.dictionaries(KEYS, st.integers(1, 2**32 - 1), max_size=60)


@given(ENTRIES, st.lists(KEYS, max_size=60))
@settings(deadline=None)
def test_a_lookup_finds_what_the_mapping_holds_and_nothing_else(entries, others):
    lookup = lookup_of(entries)

    answers = {key: int(found(*lookup, np.uint64(key))) for key in (*entries, *others)}

    assert answers == {key: entries.get(key, 0) for key in answers}


@given(ENTRIES)
@settings(deadline=None)
def test_a_lookup_does_not_depend_on_the_order_of_entries(entries):
    backwards = dict(reversed(list(entries.items())))

    forward, backward = lookup_of(entries), lookup_of(backwards)

    assert forward.keys.tolist() == backward.keys.tolist()
    assert forward.values.tolist() == backward.values.tolist()


def test_an_empty_lookup_finds_nothing():
    assert found(*lookup_of({}), np.uint64(7)) == 0


def test_entries_that_begin_at_one_place_and_run_past_the_end_are_all_found():
    entries = {key: key for key in range(7, 7 + 8 * 64, 64)}

    lookup = lookup_of(entries)

    assert [int(found(*lookup, np.uint64(key))) for key in entries] == list(entries)
