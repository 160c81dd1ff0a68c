"""Labels: spans in which something truly happened, or only seemed to, as their file holds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from rtm.config import struct_of
from rtm.errors import ConfigError
from rtm.remedies import one_line, wrong

MAX_BYTES = 16 << 20  # a hundred thousand labels
DIGEST = 12  # bytes of a hash that is shown

Kind = Literal["event", "brand", "advert", "negative"]
Moment = Annotated[
    datetime,
    Meta(
        description='a time in quotes, such as "2013-02-04T01:38:00Z"',
        examples=["2013-02-04T01:38:00Z"],
    ),
]
Keyword = Annotated[str, Meta(min_length=1, max_length=100, examples=["blackout"])]


class Label(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One span; ``kind`` negative is what looks like a burst and must stay silent.

    ``uncertain`` is scored apart; ``matching_posts`` are those in the span with any keyword.
    """

    start: Moment
    end: Moment
    keywords: Annotated[tuple[Keyword, ...], Meta(min_length=1, examples=[["blackout", "lights"]])]
    title: Annotated[str, Meta(min_length=1, max_length=300, examples=["Power outage"])]
    kind: Annotated[Kind, Meta(examples=["event"])]
    basis: Annotated[str, Meta(examples=["public record"])] = ""
    uncertain: Annotated[bool, Meta(examples=[False])] = False
    matching_posts: Annotated[int, Meta(ge=0, examples=[15])] | None = None

    def __post_init__(self) -> None:
        if _utc(self.end) <= _utc(self.start):
            raise wrong("end", self.end, f"write a moment after start ({self.start.isoformat()})")

    @property
    def is_negative(self) -> bool:
        """Whether it must stay silent."""
        return self.kind == "negative"


class _File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    label: Annotated[tuple[Label, ...], Meta(examples=[[]])]


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of a file in order of their start, its hash, and remarks for a person."""

    labels: tuple[Label, ...]
    hash: str = ""
    notes: tuple[str, ...] = ()


def load_labels(path: Path) -> Labels:
    """Read a file of labels; times without zone are UTC, and noted.

    Raises
    ------
    ConfigError
        One line with file, label (counted from 1), key, value given and remedy.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a file name"
        problem = f"cannot be read ({reason}); name a file of labels (JSON)"
        raise ConfigError(one_line(f"{path}: {problem}")) from error
    return labels_of(raw, str(path))


def labels_of(raw: bytes, file: str) -> Labels:
    """Read the bytes of a file of labels; ``file`` is its name, for messages."""
    if len(raw) > MAX_BYTES:
        raise ConfigError(one_line(f"{file}: more than {MAX_BYTES:,} bytes; is it the right file?"))
    try:
        told = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError) as error:
        problem = f'not JSON: {error}; write a list of labels: [{{"start": ..., "end": ...}}]'
        raise ConfigError(one_line(f"{file}: {problem}")) from error
    if not isinstance(told, list):
        raise ConfigError(one_line(f"{file}: no list; write the labels as [{{...}}, {{...}}]"))
    try:
        labels = struct_of({"label": told}, _File, file).label
    except ConfigError as error:  # the words for a TOML file fit, but for its brackets
        raise ConfigError(str(error).replace("[[label]] #", "label #")) from error
    bare = sum(label.start.tzinfo is None or label.end.tzinfo is None for label in labels)
    note = f"{file}: {bare} of {len(labels)} labels have times without a zone, taken as UTC"
    return Labels(in_order(labels), digest(raw), (one_line(note),) if bare else ())


def in_order(labels: Sequence[Label]) -> tuple[Label, ...]:
    """Return labels with their times in UTC, by start, end and title."""
    replaced = (
        msgspec.structs.replace(one, start=_utc(one.start), end=_utc(one.end)) for one in labels
    )
    return tuple(sorted(replaced, key=lambda one: (one.start, one.end, one.title)))


def digest(*parts: bytes) -> str:
    """Return a short hash of some bytes, the same on every machine.

    >>> digest(b"a", b"b") == digest(b"ab")
    False
    """
    whole = blake2b(digest_size=DIGEST)
    for part in parts:
        whole.update(len(part).to_bytes(8, "little"))
        whole.update(part)
    return whole.hexdigest()


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
