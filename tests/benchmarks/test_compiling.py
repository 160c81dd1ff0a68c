"""No call compiles: machine code is made at set-up, and every call finds it."""

import pytest

from tests.benchmarks.compiling import Compiling, compiling


@pytest.fixture(scope="module")
def found() -> Compiling:
    return compiling()


def test_a_process_after_set_up_compiles_nothing(found):
    assert found.functions > 0
    assert found.compiled == 0
    assert found.cached == found.functions


def test_no_call_has_types_other_than_those_stated(found):
    assert found.versions == found.functions
