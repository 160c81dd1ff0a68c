"""Ours against other statistics, as a table that a person reads."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from rtm.timeline import plain
from rtm.tune.against import Against, Equal

WORDS = {"stories_a_day": "stories a day", "others_an_hour": "stories an hour about no label"}


def table_of(against: Against, title: str) -> RenderableType:
    """Return what each variant finds at equally many stories, a row each."""
    columns = list(dict.fromkeys(one.most for one in against.equal))
    unit = next((WORDS[one.unit] for one in against.equal), "")
    table = Table(box=None, pad_edge=False)
    table.add_column("statistic")
    for most in columns:
        table.add_column(f"at most {most:g}", justify="right")
    for variant in dict.fromkeys(one.variant for one in against.equal):
        row = {one.most: one for one in against.equal if one.variant == variant}
        table.add_row(variant, *(_said(row[most]) for most in columns))
    said = f"Recall (median delay) while it tells so many {unit}; each swept over its own floors."
    return Group(Text(plain(title), "bold"), Text(said, "dim"), table)


def _said(one: Equal) -> str:
    if one.recall is None:
        return "never so few"
    return f"{one.recall:.2f}" + ("" if one.delay_s is None else f" ({one.delay_s:,.0f} s)")
