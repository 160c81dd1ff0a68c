"""Check a file of any kind, brand profile, watched event or alerts, and say what it means."""

from pathlib import Path
from typing import Any, Literal

from msgspec import structs

from rtm import alerting, brand, event
from rtm.alerting import AlertsConfig
from rtm.brand import Brand
from rtm.config import read, struct_of
from rtm.errors import ConfigError
from rtm.event import WatchedEvent
from rtm.remedies import one_line

Kind = Literal["brand", "event", "alerts"]


def kind_of(table: dict[str, Any], file: str) -> Kind:
    """Tell by its keys what a file describes, so that a person need not say.

    >>> kind_of({"name": "Oreo", "themes": ["milk"]}, "oreo.toml")
    'brand'
    """
    brand_keys, event_keys, alert_keys = (
        {key.encode_name for key in structs.fields(kind)}
        for kind in (Brand, WatchedEvent, AlertsConfig)
    )
    for_brand = len(table.keys() & (brand_keys - event_keys))
    for_event = len(table.keys() & (event_keys - brand_keys))
    for_alerts = len(table.keys() & alert_keys)  # none of them is a key of the others
    if for_alerts > max(for_brand, for_event):
        return "alerts"
    if for_event and for_event >= for_brand:
        return "event"
    if for_brand:
        return "brand"
    remedy = (
        "a brand needs name; a watched event needs title, start, end and terms; "
        "alerts need [[target]] and [[route]]"
    )
    raise ConfigError(
        one_line(f"{file}: neither a brand, nor a watched event, nor alerts; {remedy}")
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
            return event.understood(struct_of(table, WatchedEvent, str(path)))
        case "alerts":
            return alerting.understood(struct_of(table, AlertsConfig, str(path)))
        case "brand":
            return brand.understood(struct_of(table, Brand, str(path)))
