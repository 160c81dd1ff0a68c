"""Files that are whole or not there, whatever happens while they are written; and the lock."""

import fcntl
import os
from pathlib import Path
from typing import TextIO

from rtm.errors import StoreError

LOCK = "lock"

PART = ".part"  # what a file is called while it is written


def sync_folder(folder: Path) -> None:
    """Make sure that new names and removals in a folder survive a power cut."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def sync_file(path: Path) -> None:
    """Make sure that what was written to a file survives a power cut."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def finish(part: Path, path: Path) -> None:
    """Give a file that is wholly written its name, replacing what had it."""
    sync_file(part)
    part.replace(path)
    sync_folder(path.parent)


def part_of(path: Path) -> Path:
    """Return where a file is written until it is whole."""
    return path.with_name(path.name + PART)


def drop_parts(folder: Path) -> None:
    """Remove what a crash left half written."""
    for part in folder.glob(f"*{PART}"):
        part.unlink()


def lock_of(folder: Path) -> TextIO | None:
    """Make a folder and have it alone until the file returned is closed; None if another has it.

    Raises
    ------
    StoreError
        When it cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # hashes of passwords are inside
        lock = (folder / LOCK).open("a+", encoding="utf-8")
    except OSError as error:
        remedy = "name a folder that can be written"
        raise StoreError(f"{folder}: cannot be written ({error}); {remedy}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def holder_of(folder: Path) -> str:
    """Say which process has a folder, as far as its lock tells."""
    said = (folder / LOCK).read_text(encoding="utf-8", errors="replace").strip()
    return f" (process {said})" if said.isdecimal() else ""
