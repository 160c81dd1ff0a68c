"""Compile the hot loops, once, with stated types.

Every compiled function names its signature, so that importing it either finds the machine code in
numba's cache or makes it then and there: no call ever compiles. ``python -m rtm.compiled`` fills
the cache. With ``NUMBA_DISABLE_JIT=1`` the same functions run as plain Python: that is the form
they are checked against.
"""

import importlib
import sys
from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit, typeof

F = TypeVar("F", bound=Callable[..., Any])

MODULES = (
    "rtm.text.walker",
    "rtm.text.identify",
    "rtm.mood.features",
    "rtm.mood.rows",
    "rtm.mood.calibration",
    "rtm.mood.learner",
    "rtm.trends.echo",
    "rtm.trends.significance",
    "rtm.trends.table",
    "rtm.trends.trigger",
    "rtm.trends.regulars",
    "rtm.trends.state",
    "rtm.trends.admission",
    "rtm.trends.tally",
    "rtm.trends.judge",
    "rtm.trends.pairs",
    "rtm.trends.kernel",
    "rtm.score.alike",
    "rtm.tune.sightings",
    "rtm.tune.exact",
    "rtm.tune.hashed",
)


def type_of(record: Any) -> Any:
    """Return numba's type of a NamedTuple of arrays and numbers, for use in a signature."""
    return cast(Callable[[Any], Any], typeof)(record)


def compiled(signature: Any) -> Callable[[F], F]:
    """Compile a function for exactly these argument types.

    ``signature`` is numba's own notation, such as ``"int64(int64, uint64[::1])"``, or a return
    type called with argument types, where a record takes part. Compiled
    functions allocate nothing: whoever calls hands in every array. So numba need not count
    references (``_nrt``), which at 25 ns an array and call was most of the reader's time.
    """
    options: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
    return cast(Callable[[F], F], njit(signature, **options))


def main() -> None:
    """Compile everything that is not in the cache yet, telling each module."""
    for number, module in enumerate(MODULES, 1):
        sys.stderr.write(f"compiling {number}/{len(MODULES)}: {module}\n")
        importlib.import_module(module)


if __name__ == "__main__":
    main()
