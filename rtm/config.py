"""Configuration: a TOML file becomes a frozen struct, or one clear line says why not.

``read`` is the one function of this floor that opens a file, and only the one it is told; the rest
is pure. The structs are msgspec ones with ``forbid_unknown_fields``: their annotations state types,
bounds and an example for each key; what concerns several keys stands in ``__post_init__``, as a
ValueError worded by ``remedies.wrong``.
"""

import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from rtm.errors import ConfigError
from rtm.remedies import explanation, one_line

T = TypeVar("T", bound=msgspec.Struct)

MAX_BYTES = 1 << 20  # four full lists of phrases in the widest script take 0.8 MB
MAX_DOTS = 400  # in one line; tomllib's time for a key grows with the square of its parts


def load(path: Path, kind: type[T]) -> T:
    """Read a TOML file into a struct of this kind.

    Raises
    ------
    ConfigError
        One line with file, key, value given and remedy, whatever is wrong with the file.
    """
    return struct_of(read(path), kind, str(path))


def read(path: Path) -> dict[str, Any]:
    """Read a TOML file into a table, before anything is known about its keys."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: NUL in the name
        raise ConfigError(one_line(f"{path}: {_unreadable(error)}")) from error
    return table_of(raw, str(path))


def table_of(raw: bytes, file: str) -> dict[str, Any]:
    """Parse the bytes of a TOML file; `file` is its name, for messages.

    >>> table_of(b'name = "Oreo"', "oreo.toml")
    {'name': 'Oreo'}
    """
    try:
        return tomllib.loads(_text_of(raw))
    except tomllib.TOMLDecodeError as error:
        said = str(error) if len(str(error)) <= 200 else f"{str(error)[:120]} … {str(error)[-40:]}"
        problem = f'not TOML: {said}; write key = "text" there, or a table as [voice] or [[kit]]'
        raise ConfigError(one_line(f"{file}: {problem}")) from error
    except RecursionError as error:
        problem = "lists or tables stand too deep in each other; write lists of plain words"
        raise ConfigError(one_line(f"{file}: {problem}")) from error
    except ValueError as error:  # ours from _text_of; numbers of thousands of digits
        raise ConfigError(one_line(f"{file}: {error}; write plain, short TOML")) from error


def struct_of(table: dict[str, Any], kind: type[T], file: str) -> T:
    """Turn a parsed table into a struct of this kind; `file` is its name, for messages."""
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        raise ConfigError(one_line(f"{file}: {explanation(error, table, kind)}")) from error


def _text_of(raw: bytes) -> str:
    if len(raw) > MAX_BYTES:
        raise ValueError(f"more than {MAX_BYTES:,} bytes; is this the right file?")
    try:
        text = raw.decode("utf-8-sig")  # some editors put a mark first
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ValueError(f"line {line} is not UTF-8 text; save the file as UTF-8") from error
    for number, line_text in enumerate(text.split("\n"), 1):
        if "\0" in line_text:
            raise ValueError(f"line {number} holds a NUL byte; save the file as text in UTF-8")
        if line_text.count(".") > MAX_DOTS:
            raise ValueError(f"line {number} holds more than {MAX_DOTS} dots; shorten it")
    return text


def _unreadable(error: OSError | ValueError) -> str:
    match error:
        case FileNotFoundError():
            return "no such file; check the path (rtm/demo/oreo.toml shows one that works)"
        case IsADirectoryError():
            return "this is a directory; name the TOML file in it"
        case PermissionError():
            return "may not be read; give yourself the right to read it"
        case OSError():
            return f"cannot be read ({error.strerror}); check the path"
        case _:
            return "not a file name; check the path"
