"""Languages as numbers: one each, whatever the network writes."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.languages import LANGUAGES
from rtm.text.language import OTHER, UNKNOWN, language_numbers, number_of
from rtm.trends.table import LANGUAGES as ROWS


def test_every_language_has_a_number_of_its_own():
    numbers = {number_of(code) for code in LANGUAGES}

    assert len(numbers) == len(LANGUAGES)
    assert UNKNOWN not in numbers
    assert OTHER not in numbers
    assert max(numbers) < ROWS > OTHER


@pytest.mark.parametrize("code", ["pt-BR", "PT", "pt_br", "pt-Latn-BR"])
def test_region_and_case_are_no_matter(code):
    assert number_of(code) == number_of("pt")


@given(st.lists(st.none() | st.text(max_size=4) | st.sampled_from(sorted(LANGUAGES))))
def test_a_column_reads_as_its_codes_do(codes):
    column = pl.Series(codes, dtype=pl.String())

    assert language_numbers(column).tolist() == [number_of(code) for code in codes]
