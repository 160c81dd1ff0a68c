"""Peak memory of one engine over repeats of the same posts, in a process of its own.

``python -m tests.benchmarks.memory FILE REPEATS`` prints one line of JSON after each repeat.
"""

import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from rtm.replay import replay
from tests.benchmarks.recorded import FRAME_ROWS, enough, fresh_engine, posts_of, repeated

REPEATS = 10
SETTLED = 3  # repeat from which on memory may no longer grow
ALLOWED_PERCENT = 5.0
STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes (1,000,000 bytes) after each repeat: the peak so far, and what is held then."""

    posts_a_repeat: int
    peak_mb: list[float]
    held_mb: list[float]
    growth_percent: float
    held_growth_percent: float
    allowed_percent: float = ALLOWED_PERCENT


def memory(path: Path, sample: int | None, repeats: int = REPEATS) -> Memory:
    """Measure in a fresh process, so that nothing else is counted."""
    told = subprocess.run(
        [sys.executable, "-P", "-m", __name__, str(path), str(sample or 0), str(repeats)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    lines = [json.loads(line) for line in told.splitlines()]
    peak = [line["peak_mb"] for line in lines]
    held = [line["held_mb"] for line in lines]
    settled = min(SETTLED, repeats) - 1
    return Memory(
        lines[0]["posts"],
        peak,
        held,
        100 * (peak[-1] / peak[settled] - 1),
        100 * (held[-1] / held[settled] - 1),
    )


def used_mb() -> tuple[float, float]:
    """Return the peak of this process's memory, and what it holds now."""
    if STATUS.exists():
        # not getrusage: its peak begins with that of the process which started this one
        lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines() if ":" in line)
        peak, held = (int(lines[name].split()[0]) * 1024 / 1e6 for name in ("VmHWM", "VmRSS"))
        return peak, held
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # macOS tells bytes
    return peak, peak


def main() -> None:
    """Repeat the posts and tell of memory after each time."""
    path, sample, repeats = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    posts = posts_of(path)
    posts = posts.head(sample) if sample else enough(posts)
    engine = fresh_engine()
    for part in islice(repeated(posts), repeats):
        for _ in replay(engine, part, frame_rows=FRAME_ROWS):
            pass
        peak, held = used_mb()
        line = {"posts": part.height, "peak_mb": peak, "held_mb": held}
        sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
