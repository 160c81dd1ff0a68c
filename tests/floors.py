"""Read who imports whom in rtm, and name what points up or sideways.

A floor may import the floors below it. On its own floor a part may import itself; floor 1 may also
import text, whose words all others speak; board shows what desk rules, alerts call as publish does
and wait between tries as sources do, the watch speaks in the room, and tune shows people's words as
the timeline does; the single modules of floor 0 (words) and floor 5 (door) make one part each.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

FLOORS = (
    {"types", "errors", "clock", "frame", "config", "brand", "event", "compiled", "words"}
    | {
        "alerting",
        "crowd",
        "decisions",
        "draft",
        "orders",
        "estimates",
        "languages",
        "lexicons",
        "markets",
        "phrases",
        "policy",
        "pictures",
        "remedies",
    },
    {"text", "mood", "trends", "series", "score", "care", "desk", "board"},
    {"engine", "signs", "taught", "temper"},
    {"sources", "publish", "store", "alerts"},
    {
        "house_view",
        "live",
        "lookups",
        "new",
        "review",
        "room",
        "staff",
        "steps",
        "playhead",
        "replay",
        "timeline",
        "progress",
        "outbox",
        "reckoning",
        "results",
        "tune",
        "evaluate",
        "report",
        "scale",
    },
    {
        "web",
        "away",
        "serve",
        "houses",
        "build",
        "check",
        "preview",
        "terminal",
        "cli",
        "cli_alerts",
        "cli_audit",
        "cli_cost",
        "cli_evaluate",
        "cli_live",
        "cli_new",
        "cli_people",
        "cli_rota",
        "cli_rules",
        "cli_secret",
        "cli_tune",
        "cli_tune_nab",
        "__main__",
        "demo",
    },
)
WORDS, DOOR = 0, 5
SIDEWAYS = {
    ("alerts", "publish"),
    ("alerts", "sources"),
    ("board", "desk"),
    ("engine", "signs"),
    ("engine", "taught"),
    ("engine", "temper"),
    ("temper", "taught"),
    ("live", "room"),
    ("house_view", "staff"),
    ("room", "house_view"),
    ("room", "staff"),
    ("steps", "review"),
    ("steps", "room"),
    ("tune", "timeline"),
}


def floor_of(part: str) -> int | None:
    """Return the floor on which a part of rtm stands; None when the table does not know it."""
    return next((floor for floor, parts in enumerate(FLOORS) if part in parts), None)


def misplaced_imports(package: Path) -> list[str]:
    """Return one line for each import in ``package`` that does not point down, sorted."""
    complaints = {
        f"{path.relative_to(package.parent)}:{line}: {part} imports {other}"
        for path in package.rglob("*.py")
        for part in [_part(path.relative_to(package))]
        for line, other in _imported_parts(path, package)
        if not _may_import(part, other)
    }
    return sorted(complaints)


def _part(path: Path) -> str:
    return path.parts[0].removesuffix(".py")


def _may_import(part: str, other: str) -> bool:
    here, there = floor_of(part), floor_of(other)
    if part == other:
        return True
    if here is None or there is None:
        return False
    return there < here or (
        here == there and (here in (WORDS, DOOR) or other == "text" or (part, other) in SIDEWAYS)
    )


def _imported_parts(path: Path, package: Path) -> Iterator[tuple[int, str]]:
    home = path.relative_to(package.parent).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = list(home[: len(home) - node.level + 1]) if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            modules = [f"{origin}.{alias.name}" for alias in node.names]
        else:
            continue
        for module in modules:
            names = module.split(".")
            # `from rtm import __version__` names no part
            if names[0] == package.name and len(names) > 1 and names[1] != "__version__":
                yield node.lineno, names[1]
