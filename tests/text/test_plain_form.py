"""The compiled modules against themselves as plain Python, on posts of the real night."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.text.plain_form import results

ROOT = Path(__file__).parents[2]
NIGHT = ROOT / "rtm" / "demo" / "superbowl-xlvii-2013.parquet"
POSTS = 300

if not NIGHT.exists():
    pytest.skip(f"{NIGHT.name} is not there", allow_module_level=True)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    kept = tmp_path_factory.mktemp("plain") / "results.npz"
    script = Path(__file__).with_name("plain_form.py")
    subprocess.run(
        [sys.executable, "-W", "error", str(script), str(NIGHT), str(POSTS), str(kept)],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT)},
        check=True,
        timeout=120,
    )
    with np.load(kept, allow_pickle=False) as arrays:
        return dict(arrays)


@pytest.fixture(scope="module")
def compiled():
    return results(NIGHT, POSTS)


@pytest.mark.parametrize(
    "column",
    ["terms", "starts", "sketches", "sizes", "marks", "authors", "weights", "sources", "told"],
)
def test_without_compiling_the_same_comes_out(plain, compiled, column):
    assert compiled[column].size > 0
    assert plain[column].dtype == compiled[column].dtype
    assert np.array_equal(plain[column], compiled[column])


def test_without_compiling_surprise_agrees_to_the_last_digits(plain, compiled):
    assert np.allclose(plain["levels"], compiled["levels"], rtol=1e-12, atol=1e-12)
    assert compiled["levels"].max() > 4.0


def test_the_posts_have_what_is_compared(compiled):
    assert compiled["marks"].any()
    assert (compiled["weights"] < 256).any()
    assert compiled["told"].any()
