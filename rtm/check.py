"""Check a file of any kind, brand profile, watched event, rota or alerts, and say what it means."""

from pathlib import Path
from typing import Any, Literal

from msgspec import Struct, structs

from rtm import alerting, brand, event
from rtm.alerting import AlertsConfig
from rtm.brand import Brand
from rtm.config import read, struct_of
from rtm.desk import rota_file
from rtm.desk.rota_file import Rota
from rtm.errors import ConfigError
from rtm.event import WatchedEvent
from rtm.pictures import check_pictures
from rtm.remedies import one_line

Kind = Literal["brand", "event", "rota", "alerts"]

# where a table speaks as much for two of them, it is the first
_KINDS: dict[Kind, type[Struct]] = {
    "rota": Rota,
    "event": WatchedEvent,
    "brand": Brand,
    "alerts": AlertsConfig,
}


def kind_of(table: dict[str, Any], file: str) -> Kind:
    """Tell by its keys what a file describes, so that a person need not say.

    >>> kind_of({"name": "Oreo", "themes": ["milk"]}, "oreo.toml")
    'brand'
    """
    keys = {
        kind: {key.encode_name for key in structs.fields(struct)} for kind, struct in _KINDS.items()
    }
    told = {
        kind: len(table.keys() & own.difference(*(keys[other] for other in keys if other != kind)))
        for kind, own in keys.items()
    }
    likeliest = max(told, key=lambda kind: told[kind])
    if told[likeliest]:
        return likeliest
    remedy = (
        "a brand needs name; a watched event needs title, start, end and terms; "
        "a rota needs zone, and [[shift]] or [[weekly]]; alerts need [[target]] and [[route]]"
    )
    raise ConfigError(
        one_line(f"{file}: neither a brand, a watched event, a rota nor alerts; {remedy}")
    )


def check(path: Path) -> list[str]:
    """Read a file of any kind; return what it means in plain words, line by line.

    Raises
    ------
    ConfigError
        One line with file, key, value given and remedy.
    """
    table = read(path)
    match kind_of(table, str(path)):
        case "event":
            watched = struct_of(table, WatchedEvent, str(path))
            check_pictures(watched, path)
            return event.understood(watched)
        case "alerts":
            return alerting.understood(struct_of(table, AlertsConfig, str(path)))
        case "rota":
            return rota_file.understood(struct_of(table, Rota, str(path)))
        case "brand":
            return brand.understood(struct_of(table, Brand, str(path)))
