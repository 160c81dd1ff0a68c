"""Words for what is wrong in a TOML file: key, value given, what is expected, what to write.

msgspec says where a table does not fit its struct; the words come from the struct's annotations,
so a new key needs no line here. Lists are counted from 1, as people do: ``themes #3``.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any

import msgspec
from msgspec import inspect

SHOWN_CHARACTERS = 60  # of a value, in a message: enough to find it in the file

_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
_ANY_KEY = "[...]"  # in a path: some key of a table whose keys are anybody's
_PATH = re.compile(r" - at `\$([^`]*)`\Z")


def wrong(key: str, given: object, remedy: str) -> ValueError:
    """Word what is wrong with the value of a key, for a struct's ``__post_init__``.

    >>> str(wrong("languages #1", "cz", "write cs"))
    'languages #1 = "cz"; write cs'
    """
    return ValueError(f"{key} = {shown(given)}; {remedy}")


def one_line(message: str) -> str:
    r"""Escape what would break a message's line, or turn its letters around.

    >>> one_line("a\nb")
    'a\\nb'
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in message)


def shown(value: object) -> str:
    """Write a value as it would stand in TOML, cut when it is long.

    >>> shown(["cookie", True, 2.5])
    '["cookie", true, 2.5]'
    """
    match value:
        case str():
            text = json.dumps(value[:SHOWN_CHARACTERS], ensure_ascii=False)
            long = len(value) > SHOWN_CHARACTERS
            return f'{text[:-1]}…" ({len(value):,} characters)' if long else text
        case bool():
            return "true" if value else "false"
        case int():  # Python refuses to write out thousands of digits
            return str(value) if abs(value) < 10**30 else f"a number of {value.bit_length():,} bits"
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date() | time():
            return value.isoformat()
        case list() | tuple():
            firsts = ["…" if isinstance(v, list | dict) else shown(v) for v in value[:3]]
            return f"[{', '.join(firsts)}{', …' if len(value) > 3 else ''}]"
        case dict():
            return "{…}"
        case _:
            return repr(value)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A value in a file: where it stands, and what the struct expects there."""

    above: str  # the tables and lists around it, as written: "[voice]", "[[kit]] #2"
    name: str  # its own key, or "#3" in a list
    value: Any  # whatever TOML can hold
    kind: inspect.Type

    @property
    def place(self) -> str:
        return f"{self.above} {self.name}".strip()

    @property
    def inside(self) -> str:
        return f"{self.above} {_written(self.name, self.kind)}".strip()

    def within(self, step: str, number: str) -> "_Spot":
        if step:
            return _Spot(self.inside, step, self.value[step], _keys_of(self.kind)[step].type)
        kind = _bare(self.kind)
        assert isinstance(kind, inspect.VarTupleType)
        return _Spot(self.inside, f"#{int(number) + 1}", self.value[int(number)], kind.item_type)


def explanation(
    error: msgspec.ValidationError, table: dict[str, Any], kind: type[msgspec.Struct]
) -> str:
    """Say in words why `table` is not a struct of this kind, and what to write instead."""
    root = inspect.type_info(kind)
    spot = _Spot("", "", table, root)
    path = _PATH.search(str(error))
    for step, number in _STEP.findall(path[1].partition(_ANY_KEY)[0] if path else ""):
        spot = spot.within(step, number)

    if error.__cause__ is not None:  # a struct's own words, from its __post_init__
        return f"{spot.inside} {error.__cause__}".strip()
    if isinstance(_bare(spot.kind), inspect.StructType) and isinstance(spot.value, dict):
        return _wrong_keys(spot, root)
    return f"{spot.place} = {shown(spot.value)}; expected {_expected(spot.kind)}; {_remedy(spot)}"


def _wrong_keys(spot: _Spot, root: inspect.Type) -> str:
    keys = _keys_of(spot.kind)
    for name in spot.value:
        if name not in keys:
            given = name if re.fullmatch(r"[\w-]{1,40}", name) else shown(name)
            problem = f"{spot.inside} {given} = {shown(spot.value[name])}".strip()
            near = get_close_matches(name[:SHOWN_CHARACTERS].lower(), keys, n=1)
            remedy = f"did you mean {near[0]}?" if near else "delete it"
            for home, its_keys in _tables(root):
                if name in its_keys:
                    remedy = f"move it {home}"
            return f"{problem}; no such key here; {remedy} (keys here: {', '.join(keys)})"
    missing = next(name for name, key in keys.items() if key.required and name not in spot.value)
    return f"{spot.inside} {missing} is missing; add {_line(missing, keys[missing].type)}".strip()


def _tables(root: inspect.Type) -> Iterator[tuple[str, dict[str, inspect.Field]]]:
    for name, key in _keys_of(root).items():
        yield f"under {_written(name, key.type)}", _keys_of(key.type)
    yield "to the top, above the first line in [brackets]", _keys_of(root)


def _written(name: str, kind: inspect.Type) -> str:
    # a table's name stands in brackets in the file, a number in a list does not
    if not name or name.startswith("#") or not _keys_of(kind):
        return name
    return f"[{name}]" if isinstance(_bare(kind), inspect.StructType) else f"[[{name}]]"


def _keys_of(kind: inspect.Type) -> dict[str, inspect.Field]:
    bare = _bare(kind)
    if isinstance(bare, inspect.VarTupleType):
        bare = _bare(bare.item_type)
    return {f.encode_name: f for f in bare.fields} if isinstance(bare, inspect.StructType) else {}


def _bare(kind: inspect.Type) -> inspect.Type:
    return _unwrapped(kind)[-1]


def _unwrapped(kind: inspect.Type) -> list[inspect.Type]:
    match kind:
        case inspect.Metadata(type=inner) | inspect.UnionType(types=(inner, *_)):
            return [kind, *_unwrapped(inner)]
        case _:
            return [kind]


def _noted(kind: inspect.Type, word: str) -> Any:  # what Meta(description=, examples=) holds
    for layer in _unwrapped(kind):
        if isinstance(layer, inspect.Metadata) and word in (layer.extra_json_schema or {}):
            return (layer.extra_json_schema or {})[word]
    return None


def _expected(kind: inspect.Type) -> str:
    if description := _noted(kind, "description"):
        return str(description)
    match _bare(kind):
        case inspect.StrType(min_length=least, max_length=most):
            return f"text in quotes{_span(least, most, ' characters')}"
        case inspect.IntType(ge=least, le=most):
            return f"a whole number{_span(least, most)}"
        case inspect.FloatType(ge=least, le=most):
            return f"a number{_span(least, most)}"
        case inspect.LiteralType(values=values):
            return f"one of {', '.join(map(str, values))}"
        case inspect.DateTimeType():
            return "a date, a time and its zone, without quotes (Z is UTC, +02:00 two hours ahead)"
        case inspect.StructType():
            return "a table"
        case inspect.VarTupleType(item_type=one, min_length=least, max_length=most):
            return f"a list{_span(least, most, ' entries')}, each {_expected(one)}"
        case inspect.BoolType():
            return "true or false"
        case other:
            raise TypeError(f"no words for {other}")


def _span(least: float | None, most: float | None, unit: str = "") -> str:
    match least, most:
        case None, None:
            return ""
        case _, None:
            return f" of at least {least}{unit}"
        case None, _:
            return f" of at most {most:,}{unit}"
        case _:
            return f" from {least:,} to {most:,}{unit}"


def _remedy(spot: _Spot) -> str:
    kind = _bare(spot.kind)
    if spot.name.startswith("#"):
        table = isinstance(kind, inspect.StructType)
        return f"write {_header(spot.above) if table else f'e.g. {shown(_example(spot.kind))}'}"
    if isinstance(kind, inspect.LiteralType):
        given = str(spot.value)[:SHOWN_CHARACTERS].lower()
        if near := get_close_matches(given, map(str, kind.values), n=1):
            return f"did you mean {shown(near[0])}?"
    return f"write {_line(spot.name, spot.kind)}"


def _line(name: str, kind: inspect.Type) -> str:
    if _keys_of(kind):
        return _header(_written(name, kind))
    example = _example(kind)
    if isinstance(example, dict):
        inside = ", ".join(f"{key} = {shown(value)}" for key, value in example.items())
        return f"e.g. {name} = {{ {inside} }}"
    return f"e.g. {name} = {shown(example)}"


def _example(kind: inspect.Type) -> Any:
    match _bare(kind):
        case inspect.LiteralType(values=values):
            return values[0]
        case inspect.BoolType():
            return True
        case _:
            return _noted(kind, "examples")[0]


def _header(written: str) -> str:
    return f"{written} on a line of its own, and its keys below it"
