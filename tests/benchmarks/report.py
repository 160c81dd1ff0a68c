"""What a bench run found, as tables for people and as one JSON object for machines."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks import firehose
from tests.benchmarks.compiling import Compiling
from tests.benchmarks.firehose import Firehose
from tests.benchmarks.memory import Memory
from tests.benchmarks.recorded import FRAME_ROWS
from tests.benchmarks.speed_run import SpeedRun
from tests.benchmarks.stages import PLAIN, TEXTCLUST, TEXTCLUST_S, Run, Timing
from tests.benchmarks.ticks import QUIET_TICKS, WARM_POSTS, TickCost

if TYPE_CHECKING:
    from tests.benchmarks.board import BoardCost

CLICK_MS = 150  # 95 % of clicks must stand on the wall by then, at the highest load
CORE = 5  # per cent of one core that a live tick may cost, at the usual load
WIDTH = 118  # columns where there is no terminal to ask


@dataclass(slots=True)
class Findings:
    """Everything one run found; what was not asked for stays None."""

    machine: dict[str, Any]
    recording: dict[str, Any] | None = None
    rounds: int | None = None
    stages: list[Timing] | None = None
    textclust: Run | None = None
    ticks: list[TickCost] | None = None
    memory: Memory | None = None
    compiling: Compiling | None = None
    speed_run: SpeedRun | None = None
    board: "list[BoardCost] | None" = None
    firehose: Firehose | None = None


def machine() -> dict[str, Any]:
    """Return the facts without which a rate says nothing."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    libraries = ("polars", "numba", "numpy", "river")
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": load,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: version(name) for name in libraries},
    }


def as_json(findings: Findings) -> str:
    """Return the findings as one line; what was not asked for is left out."""
    return json.dumps({key: value for key, value in asdict(findings).items() if value is not None})


def show(findings: Findings, console: Console) -> None:
    """Print the findings as tables."""
    facts = findings.machine
    libraries = ", ".join(f"{name} {facts[name]}" for name in ("polars", "numba", "numpy"))
    console.print(
        f"{facts['processor']}, {facts['cores']} cores, load {facts['load']:.1f}; "
        f"{facts['system']}, Python {facts['python']}, {libraries}"
    )
    if recording := findings.recording:
        console.print(
            f"{recording['file']}: {recording['posts']:,} posts, "
            f"{recording['characters']:.0f} characters each; {recording['events']} events"
        )
    if findings.stages:
        console.print(_stages_table(findings.stages, findings.textclust))
        for stage in findings.stages:
            console.print(f"  {stage.stage}: {stage.what}")
        if findings.textclust:
            console.print(
                f"  {TEXTCLUST}: as many posts as it learns in {TEXTCLUST_S:g} s, not paired"
            )
        console.print(
            f"Frames of {FRAME_ROWS:,}; medians of {findings.rounds} rounds, each running every "
            f"stage once; x plain = posts/s against the {PLAIN} of the same round (lowest to "
            "highest). Engines and tables are made before the clock starts."
        )
    if findings.ticks:
        console.print(_ticks_table(findings.ticks))
        console.print(
            f"Engine.step alone (sort, read, weigh, count, judge), after {WARM_POSTS:,} posts and "
            f"{QUIET_TICKS} quiet seconds; posts in the order recorded, one second's worth a tick."
        )
    if findings.memory:
        console.print(_memory_table(findings.memory))
    if one := findings.compiling:
        console.print(
            f"First call after set-up: {one.functions} compiled functions, {one.cached} taken from "
            f"the cache, {one.compiled} compiled, {one.versions} versions after a run: "
            + _verdict(one.compiled == 0 and one.versions == one.functions)
        )
    if findings.speed_run:
        _show_speed_run(findings.speed_run, console)
    if findings.firehose:
        _show_firehose(findings.firehose, console)
    if findings.board:
        console.print(_board_table(findings.board))
        console.print(
            "The whole program, fed over a websocket; a click is timed from before its request to "
            "the wall's next frame. Feed and browser share the machine; CPU is the program's own."
        )


def _show_firehose(one: Firehose, console: Console) -> None:
    console.print(
        f"{one.seconds} one-second frames of {one.load:,} posts: {one.rate:,.0f} posts/s sustained "
        f"(must > {one.load:,} {_verdict(one.rate > one.load)}), {one.ratio:.2f} x the {PLAIN} "
        f"(must > {firehose.REQUIRED_RATIO} {_verdict(one.ratio > firehose.REQUIRED_RATIO)}); "
        f"slowest second {one.slowest_s:.2f} s, {one.cpu_s:.0f} CPU-s in all, {one.events} events."
    )
    console.print(
        f"Memory {one.held_mb:,.0f} MB at the end, {one.growth_percent:+.1f} % since second "
        f"{firehose.SETTLED_S} (must < {firehose.ALLOWED_PERCENT:g} % "
        f"{_verdict(one.growth_percent < firehose.ALLOWED_PERCENT)}); with ten times the words a "
        f"post costs {one.vocabulary_cost:.2f} times as much (must < "
        f"{firehose.ALLOWED_VOCABULARY} "
        f"{_verdict(one.vocabulary_cost < firehose.ALLOWED_VOCABULARY)})."
    )


def _board_table(costs: "list[BoardCost]") -> Table:
    table = Table(title="The board", title_justify="left")
    headings = ("posts/s sent", "read", "% of a core", "must", "clicks", "p50 ms", "p95 ms")
    for heading in (*headings, "max ms", "must"):
        table.add_column(heading, justify="right")
    for one in costs:
        is_usual, is_most = one.load == costs[0].load, one.load == costs[-1].load
        table.add_row(
            f"{one.load:,}",
            f"{one.posts_a_s:,.0f}",
            f"{one.core:.1f}",
            f"< {CORE} {_verdict(one.core < CORE)}" if is_usual else "",
            str(one.clicks),
            f"{one.p50_ms:.0f}",
            f"{one.p95_ms:.0f}",
            f"{one.max_ms:.0f}",
            f"< {CLICK_MS} {_verdict(one.p95_ms < CLICK_MS)}" if is_most else "",
        )
    return table


def _stages_table(timings: list[Timing], clusters: Run | None) -> Table:
    table = Table(title="Stages", title_justify="left")
    table.add_column("stage")
    for heading in (
        "posts",
        "posts/s",
        "posts/CPU-s",
        "us/post",
        "x plain (wall)",
        "x plain (CPU)",
        "must",
    ):
        table.add_column(heading, justify="right")
    for one in timings:
        is_plain = one.stage == PLAIN
        table.add_row(
            one.stage,
            f"{one.posts:,}",
            f"{one.rate_per_s:,.0f}",
            f"{one.rate_per_cpu_s:,.0f}",
            f"{1e6 / one.rate_per_s:.1f}",
            "1" if is_plain else _ratio(one.ratio, one.ratio_low, one.ratio_high),
            "1" if is_plain else _ratio(one.cpu_ratio),
            _required(one),
        )
    if clusters:
        plain = timings[0]
        table.add_row(
            TEXTCLUST,
            f"{clusters.posts:,}",
            f"{clusters.rate_per_s:,.0f}",
            f"{clusters.rate_per_cpu_s:,.0f}",
            f"{1e6 / clusters.rate_per_s:,.1f}",
            _ratio(clusters.rate_per_s / plain.rate_per_s),
            _ratio(clusters.rate_per_cpu_s / plain.rate_per_cpu_s),
            "",
        )
    return table


def _ticks_table(costs: list[TickCost]) -> Table:
    table = Table(title="One live tick", title_justify="left")
    for heading in (
        "posts/tick",
        "ticks",
        "p50 ms",
        "p95 ms",
        "max ms",
        "p95 CPU ms",
        "p95 must ms",
    ):
        table.add_column(heading, justify="right")
    table.add_column("times the same posts came", justify="right")
    for one in costs:
        required = one.required_ms
        table.add_row(
            f"{one.posts:,}",
            f"{one.ticks:,}",
            f"{one.p50_ms:.2f}",
            f"{one.p95_ms:.2f}",
            f"{one.max_ms:.2f}",
            f"{one.p95_cpu_ms:.2f}",
            "" if required is None else f"< {required:g} {_verdict(one.p95_ms < required)}",
            f"{one.repeats:.1f}",
        )
    return table


def _memory_table(memory: Memory) -> Table:
    table = Table(
        title=f"Memory of one engine over repeats of {memory.posts_a_repeat:,} posts",
        title_justify="left",
    )
    table.add_column("after repeat")
    for number in range(1, len(memory.peak_mb) + 1):
        table.add_column(f"{number}", justify="right")
    table.add_column("3 to last, %", justify="right")
    table.add_column("must", justify="right")
    is_flat = memory.growth_percent < memory.allowed_percent
    table.add_row(
        "peak MB",
        *(f"{peak:.0f}" for peak in memory.peak_mb),
        f"{memory.growth_percent:+.1f}",
        f"< {memory.allowed_percent:g} {_verdict(is_flat)}",
    )
    table.add_row(
        "held MB",
        *(f"{held:.0f}" for held in memory.held_mb),
        f"{memory.held_growth_percent:+.1f}",
        "",
    )
    return table


def _show_speed_run(run: SpeedRun, console: Console) -> None:
    table = Table(title=f"Whole replay of {run.file}", title_justify="left")
    headings = ("posts", "ticks", "ticks with posts", "read s", "engine s", "engine CPU s")
    for heading in (*headings, "posts/s", "with reading s", "engine must s"):
        table.add_column(heading, justify="right")
    required = run.required_s
    table.add_row(
        f"{run.posts:,}",
        f"{run.ticks:,}",
        f"{run.ticks_with_posts:,}",
        f"{run.reading_s:.2f}",
        f"{run.engine_s:.2f}",
        f"{run.engine_cpu_s:.2f}",
        f"{run.posts_per_s:,.0f}",
        f"{run.reading_s + run.engine_s:.2f}",
        "" if required is None else f"< {required:g} {_verdict(run.engine_s < required)}",
    )
    console.print(table)
    console.print("events: " + ", ".join(f"{n:,} {kind}" for kind, n in run.events.items()))


def _ratio(middle: float, *ends: float) -> str:
    digits = 3 if middle < 0.1 else 2 if middle < 10 else 1 if middle < 100 else 0
    span = "-".join(f"{end:.{digits}f}" for end in ends)
    return f"{middle:.{digits}f}" + (f" ({span})" if span else "")


def _required(one: Timing) -> str:
    if one.required is None:
        return ""
    return f">= {one.required:g} {_verdict(one.ratio >= one.required)}"


def _verdict(holds: bool) -> str:
    return "ok" if holds else "NOT YET"


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    if told.exists():
        for line in told.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown processor"
