"""Settings as people write them: ``--set story_floor=5.5``, or a table of a sweep file."""

import math
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import get_type_hints

import msgspec

from rtm.errors import ConfigError
from rtm.remedies import one_line, shown
from rtm.trends.settings import Settings

Value = float | int | str | bool

KINDS = get_type_hints(Settings)
MOST_BITS = 28  # 2**28 rows fill a large machine
WORDS = {float: "a number of at least 0", int: "a whole number of at least 0"}


def with_given(settings: Settings, given: Sequence[str]) -> Settings:
    """Change settings as told by options ``name=value``.

    >>> with_given(Settings(), ["story_floor=6", "judge_s=5"]).story_floor
    6.0

    Raises
    ------
    ConfigError
        When a name is no setting, or a value no number that it can be.
    """
    table: dict[str, Value] = {}
    for each in given:
        name, equals, text = each.partition("=")
        if not equals:
            raise ConfigError(
                one_line(f"--set {shown(each)}; write name=value, such as story_floor=5.5")
            )
        table[name.strip()] = _parsed(name.strip(), text.strip())
    return with_table(settings, table, "--set")


def with_table(settings: Settings, table: Mapping[str, Value], place: str) -> Settings:
    """Change settings as a table says; ``place`` is where it stands, for messages."""
    # each value is checked against its own field there
    return settings._replace(
        **{name: _checked(name, value, place) for name, value in table.items()}  # type: ignore[arg-type]
    )


def _parsed(name: str, text: str) -> Value:
    kind = KINDS.get(name)
    try:
        if kind is bool:
            return {"true": True, "false": False}[text.lower()]
        if kind is int:
            return int(text)
        return float(text) if kind is float else text
    except (ValueError, KeyError):
        return text  # refused below, in words


def _checked(name: str, value: object, place: str) -> Value:
    kind = KINDS.get(name)
    said = f"{place} {name} = {shown(value)}"
    if kind is None:
        near = get_close_matches(name, KINDS, n=1)
        remedy = f"did you mean {near[0]}?" if near else f"settings are {', '.join(KINDS)}"
        raise ConfigError(one_line(f"{said}; no such setting; {remedy}"))
    if kind in (int, float):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if isinstance(value, int | float) and is_number and math.isfinite(value) and value >= 0:
            is_whole = float(value).is_integer()
            if kind is float:
                return float(value)
            if is_whole and not name.endswith("_bits"):
                return int(value)
            if is_whole and 4 <= value <= MOST_BITS:
                return int(value)
            if is_whole:
                raise ConfigError(one_line(f"{said}; write a whole number from 4 to {MOST_BITS}"))
        usual = shown(getattr(Settings(), name))
        raise ConfigError(one_line(f"{said}; expected {WORDS[kind]}; write e.g. {name} = {usual}"))
    try:
        converted: Value = msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        usual = shown(getattr(Settings(), name))
        raise ConfigError(one_line(f"{said}; {error}; write e.g. {name} = {usual}")) from error
    return converted
