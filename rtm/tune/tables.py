"""Results as tables that a person reads: pure, from results to what rich can draw."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from rtm.estimates import Estimate
from rtm.timeline import plain
from rtm.tune.measures import NOMINAL_COVERAGE
from rtm.tune.result import LabelLine, Null, Result, Spiked, StoryLine, shared, words, words_apart

TITLE, SENTENCE = 60, 200  # characters shown
MOST_UNMATCHED = 30  # stories shown; all are in --json and in --write-marks
QUIET, GOOD, WARN = "dim", "green", "yellow"

# measure, its name for people, digits, unit, what is counted
ROWS = (
    ("recall", "recall", 2, "", "labels"),
    ("recall_certain", "recall, certain labels only", 2, "", "labels"),
    ("recall_alarmed", "recall within the budget of alarms", 2, "", "labels"),
    ("alarms_a_day", "alarms a day", 1, "", "blocks"),
    ("precision", "precision (what nobody labelled counts as wrong)", 2, "", "stories"),
    ("delay_median_s", "delay, median", 0, " s", "found labels"),
    ("delay_p95_s", "delay, 95 of 100", 0, " s", "found labels"),
    ("stories_a_day", "stories a day", 1, "", "blocks"),
    ("stories_an_hour", "stories an hour", 2, "", "blocks"),
    ("others_an_hour", "stories an hour about no label", 2, "", "blocks"),
    ("negatives_hit", "negatives hit", 2, "", "negatives"),
    ("coverage", f"closes_at holds (nominal {NOMINAL_COVERAGE})", 2, "", "closed stories"),
    ("lead_median_s", "lead time before the peak, median", 0, " s", "closed stories"),
    ("lead_positive", "stories opened before their peak", 2, "", "closed stories"),
)


def shown(result: Result, title: str) -> Iterator[RenderableType]:
    """Yield the parts of one result."""
    yield Group(Text(plain(title), "bold"), _about(result))
    yield _measures(result)
    yield _labels(result.labels)
    if result.spiked is not None:
        yield _spiked(result.spiked)
    if result.null is not None:
        yield _null(result.null)
    if result.unmatched:
        yield _unmatched(result.unmatched)
    for note in result.notes:
        yield Text(f"Note: {plain(note)}", QUIET)


def compared(results: Sequence[Result], title: str) -> RenderableType:
    """Return the results of a sweep, best recall first, then fewest stories."""
    common = shared(results)
    table = Table(box=None, pad_edge=False)
    for name in ("recall", "delay", "stories a day", "others/h", "negatives hit"):
        table.add_column(name, justify="right")
    table.add_column("settings", overflow="fold")
    for one in sorted(results, key=_goodness):
        told = one.measures
        table.add_row(
            _value(told.recall, 2, ""),
            _value(told.delay_median_s, 0, " s"),
            _value(told.stories_a_day, 1, ""),
            _value(told.others_an_hour, 1, ""),
            _value(told.negatives_hit, 2, ""),
            Text(words_apart(one, common)),
        )
    said = f"All with {words(common)}." if common else "All else is the default."
    return Group(Text(plain(title), "bold"), Text(said, QUIET), table)


def _goodness(result: Result) -> tuple[float, float, list[tuple[str, str]]]:
    recall, rate = result.measures.recall.value, result.measures.stories_a_day.value
    changed = sorted((key, str(value)) for key, value in result.changed.items())
    return -(recall or 0.0), rate or 0.0, changed


def _about(result: Result) -> RenderableType:
    hashes = result.hashes
    block = "hour" if result.block_hours == 1 else f"{result.block_hours} hours"
    grid = Table.grid(padding=(0, 2))
    for name, text in (
        ("Setting", words(result.changed)),
        (
            "Read",
            f"{result.posts:,} posts in {result.active_hours:,.1f} active hours; "
            f"{result.stories:,} stories; rates by blocks of one {block}",
        ),
        (
            "Hashes",
            f"data {hashes.data}, labels {hashes.labels}, setting {hashes.settings}, "
            f"code {hashes.code}, rtm {hashes.version}",
        ),
    ):
        grid.add_row(Text(name, QUIET), Text(plain(text)))
    return grid


def _measures(result: Result) -> RenderableType:
    table = Table(box=None, pad_edge=False)
    table.add_column("measure")
    table.add_column("value", justify="right")
    table.add_column("95 % interval", justify="right")
    table.add_column("of", justify="right")
    for name, said, digits, unit, units in ROWS:
        one: Estimate = getattr(result.measures, name)
        interval = "" if one.low is None else f"{one.low:,.{digits}f} to {one.high:,.{digits}f}"
        of = f"{one.of:,} {units}" if one.of else f"no {units}"
        table.add_row(said, _value(one, digits, unit), interval, Text(of, QUIET))
    return table


def _labels(labels: Sequence[LabelLine]) -> RenderableType:
    table = Table(box=None, pad_edge=False)
    table.add_column("start (UTC)", no_wrap=True)
    table.add_column("label", max_width=34)
    table.add_column("delay", justify="right", no_wrap=True)
    table.add_column("story, or why none", overflow="fold")
    for one in labels:
        mark = " (uncertain)" if one.uncertain else ""
        table.add_row(
            Text(f"{one.start:%Y-%m-%d %H:%M}", QUIET),
            Text(plain(one.title, TITLE) + mark),
            *_outcome(one),
        )
    return table


def _outcome(one: LabelLine) -> tuple[Text, Text]:
    if one.kind == "negative":
        if one.story is None:
            return Text("silent", GOOD), Text("")
        return Text("HIT", WARN), Text(_told(one.story))
    if one.story is not None:
        return Text(f"{one.delay_s:,.0f} s", GOOD), Text(_told(one.story))
    return Text("none", WARN), Text(plain(one.why.sentence, SENTENCE) if one.why else "", QUIET)


def _unmatched(stories: Sequence[StoryLine]) -> RenderableType:
    title = f"{len(stories):,} stories about no label"
    if len(stories) > MOST_UNMATCHED:
        title += f", the largest {MOST_UNMATCHED} here; --json or --write-marks tell all"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("opened (UTC)", no_wrap=True)
    table.add_column("posts", justify="right")
    table.add_column("real")
    table.add_column("story", overflow="fold")
    largest = sorted(stories, key=lambda one: (-one.posts, one.id))[:MOST_UNMATCHED]
    for one in sorted(largest, key=lambda one: (one.opened_at, one.id)):
        real = {None: "?", True: "yes", False: "no"}[one.real]
        opened = Text(f"{one.opened_at:%Y-%m-%d %H:%M:%S}", QUIET)
        table.add_row(opened, f"{one.posts:,}", real, Text(_told(one)))
    return table


def _spiked(spiked: Spiked) -> RenderableType:
    recalls = f"{_value(spiked.with_spike, 2, '')} with, {_value(spiked.without, 2, '')} without"
    lines = [Text(f"A louder burst 15 minutes before: recall {recalls}.", "bold")]
    for one in spiked.labels:
        if one.is_found_with != one.is_found_without:
            verb = "found only with it" if one.is_found_with else "lost"
            lines.append(Text(f"  {verb}: {plain(one.title, TITLE)} ({one.posts} posts planted)"))
    return Group(*lines)


def _null(null: Null) -> RenderableType:
    said = (
        f"Permuted times, {len(null.by_seed)} seeds: {null.mean or 0.0:,.1f} stories a day, "
        f"{null.most or 0.0:,.1f} at most; the real stream {null.real or 0.0:,.1f}."
    )
    return Text(said, "bold")


def _told(story: StoryLine) -> str:
    terms = ", ".join(plain(term) for term in story.terms[:5])
    return f'"{plain(story.title, TITLE)}" ({terms})'


def _value(one: Estimate, digits: int, unit: str) -> str:
    return "unknown" if one.value is None else f"{one.value:,.{digits}f}{unit}"
