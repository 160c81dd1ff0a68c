"""Drafts and scenes of one brand, and short ways to have them checked."""

from datetime import UTC, datetime
from functools import cache

from rtm.brand import Brand
from rtm.desk.checks import CHECKS, Checker, Complaint, Scene
from rtm.draft import Draft
from rtm.policy import Desk

NOW = datetime(2026, 2, 8, 23, 30, tzinfo=UTC)
PICTURE = "0" * 64
OREO = Brand(
    name="Oreo",
    aliases=("Oreo Thins",),
    handles=("@oreo", "oreo.bsky.social"),
    languages=("en", "et", "pl", "cs", "sl"),
    rivals=("Keebler", "Famous Amos", "Żabka"),
    no_go=("election", "matused", "pogrzeb", "volby", "volitve"),
    sensitive=("28. september", "the 2009 recall"),
    rude=("stale crumbs",),
    not_rude=("Dick's",),
    markets=("EE",),
)
KILLER = Brand(name="Massacre Records", desk=Desk(named_rivals="allow"), rivals=("Keebler",))


@cache
def checker(brand: str = "Oreo", without: str = "") -> Checker:
    """Return a brand's checker, or one that forgot a check."""
    checks = [one for one in CHECKS if one.__name__ != without]
    return Checker({"Oreo": OREO, "Massacre": KILLER}[brand], checks=checks)


def scene(*channels: str, **told) -> Scene:
    """Return a quiet scene, but for what is told."""
    return Scene(**{"now": NOW, "channels": channels or ("bluesky",), **told})


def complaints(draft: Draft, at: Scene | None = None, brand: str = "Oreo") -> list[Complaint]:
    """Return what a draft is told in a scene."""
    return checker(brand).complaints_of(draft, at or scene())


def said(text: str, at: Scene | None = None, brand: str = "Oreo", **more) -> list[tuple[str, bool]]:
    """Return rule and weight of each complaint about a text."""
    found = complaints(Draft(text=text, **more), at, brand)
    return [(one.rule, one.stops) for one in found]
