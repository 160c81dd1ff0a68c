"""Measure speed and memory, stage by stage: what ``scripts/bench`` runs."""

import argparse
import sys
from pathlib import Path

from rich.console import Console

from rtm.errors import RtmError
from tests.benchmarks import report
from tests.benchmarks.compiling import compiling
from tests.benchmarks.firehose import firehose
from tests.benchmarks.memory import memory
from tests.benchmarks.recorded import REDDIT, enough, posts_of, usual_file
from tests.benchmarks.speed_run import speed_run
from tests.benchmarks.stages import PLAIN, STAGES, textclust, timings, told
from tests.benchmarks.ticks import RATES, tick_cost

PARTS = ("textclust", "ticks", "memory", "compiling")
ROUNDS = 7
RUNS = (
    "reddit: --speed-run on half a million posts; board: clicks to pixels, with a browser; "
    "firehose: a minute at 100,000 posts a second"
)


def main() -> int:
    """Measure what was asked for and print it."""
    asked = _asked()
    console = Console()
    if not console.is_terminal:
        console = Console(width=report.WIDTH)
    try:
        findings = _findings(asked)
    except RtmError as error:
        sys.stderr.write(f"scripts/bench: {error}\n")
        return 2
    if asked.json:
        sys.stdout.write(report.as_json(findings) + "\n")
    else:
        report.show(findings, console)
    return 0


def _findings(asked: argparse.Namespace) -> report.Findings:
    findings = report.Findings(report.machine())
    if asked.speed_run:
        findings.speed_run = speed_run(asked.speed_run, asked.sample)
        return findings
    if asked.run == "board":
        from tests.benchmarks.board import board_cost  # a browser, which nothing else needs

        findings.board = board_cost()
        return findings
    path = asked.data or usual_file()
    if asked.run == "firehose":
        findings.firehose = firehose(path)
        return findings
    only: list[str] = asked.only or [*STAGES, *PARTS]
    stages = [stage for stage in STAGES if stage in only]
    posts = posts_of(path)
    posts = posts.head(asked.sample) if asked.sample else enough(posts)
    given = told(posts)
    findings.recording = {
        "file": path.name,
        "posts": posts.height,
        "characters": posts["text"].str.len_chars().mean(),
        "events": given.events,
    }
    if stages or "textclust" in only:
        findings.rounds = asked.repeats
        findings.stages = timings(given, stages or [PLAIN], asked.repeats)
    if "textclust" in only:
        findings.textclust = textclust(posts)
    if "ticks" in only:
        findings.ticks = [tick_cost(posts, posts_a_tick) for posts_a_tick in RATES]
    if "memory" in only:
        findings.memory = memory(path, asked.sample)
    if "compiling" in only:
        findings.compiling = compiling()
    return findings


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description="Measure speed and memory, stage by stage and whole."
    )
    parser.add_argument("run", nargs="?", choices=["reddit", "board", "firehose"], help=RUNS)
    parser.add_argument(
        "--data", type=Path, metavar="FILE", help=f"posts to measure on ({usual_file().name})"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--only",
        action="append",
        choices=[*STAGES, *PARTS],
        metavar="PART",
        help="measure only this; may be given again: " + ", ".join([*STAGES, *PARTS]),
    )
    parser.add_argument(
        "--repeats", type=_positive, default=ROUNDS, metavar="N", help=f"rounds ({ROUNDS})"
    )
    parser.add_argument("--sample", type=_positive, metavar="N", help="only the first N posts")
    parser.add_argument(
        "--speed-run", type=Path, metavar="FILE", help="time one whole replay of a file instead"
    )
    asked = parser.parse_args()
    if asked.run == "reddit":
        asked.speed_run = REDDIT
    return asked


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return number


if __name__ == "__main__":
    raise SystemExit(main())
