"""Hashes by which a result says what it came from: data, labels, settings and code."""

from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

import rtm
from rtm import __version__
from rtm.errors import SourceError
from rtm.remedies import one_line
from rtm.trends.settings import Settings
from rtm.tune.labels import DIGEST, digest

CHUNK = 1 << 20
# what decides which stories are told, and how they are measured
MEASURING = (
    "activity",
    "keywords",
    "marks",
    "matching",
    "measures",
    "reading",
    "told",
)
CODE = (
    *("text", "trends", "score", "engine.py", "estimates.py", "sources/lane.py"),
    "tune/session.py",
    *(f"tune/{name}.py" for name in MEASURING),
)


class Hashes(Struct, frozen=True, kw_only=True):
    """What a result came from; equal hashes mean equal numbers on one machine and lock file.

    ``asked`` covers what else was given: brand, watched events, marks, the span.
    """

    data: str
    labels: str
    settings: str
    asked: str
    code: str
    version: str = __version__


def file_hash(path: Path) -> str:
    """Return the hash of a file's bytes.

    Raises
    ------
    SourceError
        When it cannot be read.
    """
    whole = blake2b(digest_size=DIGEST)
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                whole.update(chunk)
    except OSError as error:
        problem = f"cannot be read ({error.strerror}); name a file of recorded posts"
        raise SourceError(one_line(f"{path}: {problem}")) from error
    return whole.hexdigest()


def settings_hash(settings: Settings) -> str:
    """Return the hash of a setting's numbers."""
    return object_hash(settings._asdict())


def object_hash(content: Any) -> str:
    """Return the hash of whatever msgspec can write; order of keys does not matter.

    >>> object_hash({"a": 1, "b": 2}) == object_hash({"b": 2, "a": 1})
    True
    """
    return digest(msgspec.json.encode(content, order="deterministic"))


@lru_cache(maxsize=1)
def code_hash() -> str:
    """Return the hash of the source of all that decides which stories are told and matched."""
    home = Path(rtm.__file__).parent
    files = sorted(
        file
        for part in CODE
        for file in [home / part, *(home / part).rglob("*.py")]
        if file.is_file()
    )
    return digest(*(part for file in files for part in _named(file, home)))


def _named(file: Path, home: Path) -> tuple[bytes, bytes]:
    return file.relative_to(home).as_posix().encode(), file.read_bytes()
