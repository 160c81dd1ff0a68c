"""Check a file of either kind, brand profile or watched event, and say what it means."""

from pathlib import Path
from typing import Any, Literal

from msgspec import structs

from rtm import brand, event
from rtm.brand import Brand
from rtm.config import read, struct_of
from rtm.errors import ConfigError
from rtm.event import WatchedEvent
from rtm.pictures import check_pictures
from rtm.remedies import one_line


def kind_of(table: dict[str, Any], file: str) -> Literal["brand", "event"]:
    """Tell by its keys what a file describes, so that a person need not say.

    >>> kind_of({"name": "Oreo", "themes": ["milk"]}, "oreo.toml")
    'brand'
    """
    brand_keys = {key.encode_name for key in structs.fields(Brand)}
    event_keys = {key.encode_name for key in structs.fields(WatchedEvent)}
    for_brand = len(table.keys() & (brand_keys - event_keys))
    for_event = len(table.keys() & (event_keys - brand_keys))
    if for_event and for_event >= for_brand:
        return "event"
    if for_brand:
        return "brand"
    remedy = "a brand needs name; a watched event needs title, start, end and terms"
    raise ConfigError(one_line(f"{file}: neither a brand nor a watched event; {remedy}"))


def check(path: Path) -> list[str]:
    """Read a file of either kind; return what it means in plain words, line by line.

    Raises
    ------
    ConfigError
        One line with file, key, value given and remedy.
    """
    table = read(path)
    if kind_of(table, str(path)) == "event":
        watched = struct_of(table, WatchedEvent, str(path))
        check_pictures(watched, path)
        return event.understood(watched)
    return brand.understood(struct_of(table, Brand, str(path)))
