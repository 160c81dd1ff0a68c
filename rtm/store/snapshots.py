"""Snapshots of the engine, so that a restart is warm: the last two, each whole or not there."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from struct import Struct

from rtm.errors import StoreError
from rtm.store.files import drop_parts, finish, part_of

KEPT = 2  # the one before, too: should the last be damaged
_HEAD = Struct("<8sqqq")  # magic, position, told, length of the content
_MAGIC = b"rtmsnap1"
_SEAL = 32


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An engine's state after ``position`` entries of the archive, when it had told ``told``."""

    content: bytes
    position: int
    told: int


class Snapshots:
    """The snapshots in a folder; ``before`` is called ahead of each writing.

    It makes the archive safe, so that no snapshot ever knows more than the archive does.
    """

    def __init__(self, folder: Path, before: Callable[[], None] = lambda: None) -> None:
        self._folder, self._before = folder, before
        folder.mkdir(parents=True, exist_ok=True)
        drop_parts(folder)

    def write(self, content: bytes, position: int, told: int) -> None:
        """Keep a snapshot, then forget the oldest."""
        self._before()
        paths = self._paths()
        number = int(paths[-1].stem) + 1 if paths else 1
        path = self._folder / f"{number:08}.snapshot"
        head = _HEAD.pack(_MAGIC, position, told, len(content))
        try:
            with part_of(path).open("wb") as file:
                file.writelines([head, _seal(head, content), content])
            finish(part_of(path), path)
            for old in self._paths()[:-KEPT]:
                old.unlink()
        except OSError as error:
            raise StoreError(f"{path}: cannot be written ({error}); look at the disk") from error

    def latest(self) -> Snapshot | None:
        """Return the newest snapshot that is whole; None when there is none."""
        return next(filter(None, map(_read, reversed(self._paths()))), None)

    def _paths(self) -> list[Path]:
        return sorted(path for path in self._folder.glob("*.snapshot") if path.stem.isdecimal())


def _read(path: Path) -> Snapshot | None:
    try:
        whole = path.read_bytes()
    except OSError:
        return None
    head, seal = whole[: _HEAD.size], whole[_HEAD.size : _HEAD.size + _SEAL]
    content = whole[_HEAD.size + _SEAL :]
    if len(head) < _HEAD.size or seal != _seal(head, content):
        return None
    _, position, told, _ = _HEAD.unpack(head)
    return Snapshot(content, position, told)


def _seal(head: bytes, content: bytes) -> bytes:
    return blake2b(content, digest_size=_SEAL, key=head).digest()
