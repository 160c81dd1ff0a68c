"""Pictures of kits: each must be there, and be a picture, before a night begins.

This opens the files that a watched event names, and no others.
"""

from collections.abc import Callable
from pathlib import Path

from msgspec import structs

from rtm.config import load
from rtm.errors import ConfigError
from rtm.event import Kit, WatchedEvent
from rtm.remedies import one_line, wrong

LARGEST = 20_000_000  # bytes; networks take less, and say so when a post is made
_HEAD = 12  # bytes that tell what a file is


def load_event(path: Path) -> WatchedEvent:
    """Read a watched event and look at the pictures of its kits.

    Raises
    ------
    ConfigError
        One line with file, key, value given and remedy.
    """
    event = load(path, WatchedEvent)
    check_pictures(event, path)
    return event


def check_pictures(event: WatchedEvent, path: Path) -> None:
    """Raise ConfigError for the first picture that cannot be posted; ``path`` is the event's."""
    for number, kit in enumerate(event.kits, 1):
        try:
            _look_at(kit, path.parent)
        except ValueError as error:
            raise ConfigError(one_line(f"{path}: [[kit]] #{number} {error}")) from error


def kept(event: WatchedEvent, folder: Path, keep: Callable[[bytes], str]) -> WatchedEvent:
    """Return an event whose kits name their pictures by what ``keep`` returned for the bytes.

    ``folder`` is the one of the event's file.
    """
    kits = tuple(
        kit
        if kit.image is None
        else structs.replace(kit, image=keep((folder / kit.image).read_bytes()))
        for kit in event.kits
    )
    return structs.replace(event, kits=kits)


def kind_of(head: bytes) -> str | None:
    r"""Tell by its first bytes which kind of picture a file is; None for what posts do not hold.

    >>> kind_of(b"\x89PNG\r\n\x1a\n...."), kind_of(b"RIFF\0\0\0\0WEBP"), kind_of(b"<html>")
    ('image/png', 'image/webp', None)
    """
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return None


def _look_at(kit: Kit, folder: Path) -> None:
    image = kit.image
    if image is None:
        return
    if Path(image).is_absolute():
        raise wrong("image", image, "write its path as seen from this file")
    try:
        with (folder / image).open("rb") as file:
            head = file.read(_HEAD)
            size = file.seek(0, 2)
    except FileNotFoundError as error:
        raise wrong("image", image, "no such file; put the picture there") from error
    except IsADirectoryError as error:
        raise wrong("image", image, "this is a folder; name a picture in it") from error
    except (OSError, ValueError) as error:  # ValueError: NUL in the name
        raise wrong("image", image, "cannot be read; put a picture there that can") from error
    if kind_of(head) is None:
        raise wrong("image", image, "not a picture; save it as PNG, JPEG, GIF or WebP")
    if size > LARGEST:
        remedy = f"{size / 1e6:,.1f} MB; save it smaller, up to {LARGEST / 1e6:.0f} MB"
        raise wrong("image", image, remedy)
