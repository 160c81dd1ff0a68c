"""Bounded: millions of new terms leave memory flat, and do not hide what comes after."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
ALLOWED = 1.05


def flooded(posts: int, *options: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tests.laws.flood", str(posts), *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def test_three_million_new_terms_leave_memory_flat():
    report = flooded(150_000)

    assert report["terms"] > 3_000_000
    assert report["end_mb"] < ALLOWED * report["warm_mb"]
    assert report["is_found"]


@pytest.mark.long  # pairs are not counted by default
def test_ten_million_new_pairs_leave_memory_flat():
    report = flooded(500_000, "paired")  # a quarter of the 120 pairs of each post: 15 million

    assert report["end_mb"] < ALLOWED * report["warm_mb"]
    assert report["is_found"]


def test_an_engine_that_keeps_what_it_is_told_breaks_the_law():
    report = flooded(150_000, "leaky")

    assert report["end_mb"] > ALLOWED * report["warm_mb"]


@pytest.mark.long
def test_ten_million_new_terms_leave_memory_flat():
    report = flooded(500_000)

    assert report["terms"] > 10_000_000
    assert report["end_mb"] < ALLOWED * report["warm_mb"]
    assert report["is_found"]
