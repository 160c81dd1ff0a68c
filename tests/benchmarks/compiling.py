"""Count what numba takes from its cache and what it compiles, in a process of its own.

``python -m tests.benchmarks.compiling`` reads, counts and judges a few posts, then prints the
counts as one line of JSON.
"""

import importlib
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from types import ModuleType

import polars as pl
from numba.core.dispatcher import Dispatcher

from rtm.compiled import MODULES
from rtm.frame import POST_SCHEMA
from rtm.replay import replay
from tests.benchmarks.recorded import fresh_engine


@dataclass(frozen=True, slots=True)
class Compiling:
    """Compiled functions of one process, signatures found in the cache, and signatures compiled.

    ``versions`` counts signatures after a run; more than one a function means that a call was
    made with types other than those stated.
    """

    functions: int
    cached: int
    compiled: int
    versions: int


def compiling() -> Compiling:
    """Tell of a fresh process; the cache is filled by a first one where it was not."""
    asked = [sys.executable, "-P", "-m", __name__]
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "0"}
    for _ in range(2):
        told = subprocess.run(
            asked, check=True, stdout=subprocess.PIPE, text=True, env=environment
        ).stdout
    return Compiling(**json.loads(told))


def counted() -> Compiling:
    """Import all compiled modules, run an engine, and count."""
    for name in MODULES:
        importlib.import_module(name)
    run_once()
    functions = {
        id(one): one
        for name, module in sys.modules.items()
        if name.startswith("rtm.") and isinstance(module, ModuleType)
        for one in vars(module).values()
        if isinstance(one, Dispatcher)
    }.values()
    stats = [one.stats for one in functions]
    return Compiling(
        len(functions),
        sum(sum(one.cache_hits.values()) for one in stats),
        sum(sum(one.cache_misses.values()) for one in stats),
        sum(len(one.signatures) for one in functions),
    )


def run_once() -> None:
    """Take a burst of posts, with authors and late ones among them, through a whole engine."""
    start = datetime(2020, 1, 1, tzinfo=UTC)
    rows = [
        {
            "id": f"{number:05}",
            "at": start + timedelta(seconds=number if number % 50 else number - 20),
            "text": f"word{number % 97} word{number % 89} the lights went out #dark @oreo"
            if number > 900
            else f"word{number % 97} word{number % 89} and nothing else",
            "author": f"u{number}" if number % 3 else None,
            "followers": number,
            "is_repost": False,
            "source": "made",
        }
        for number in range(50, 1200)
    ]
    posts = pl.DataFrame(rows, schema=POST_SCHEMA)
    for _ in replay(fresh_engine(), posts, flush=True, frame_rows=100):
        pass


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(counted())) + "\n")
