"""A figure: what was measured, of how many, how sure, and what was aimed at."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from rtm.estimates import NOTHING, Estimate


class Figure(Struct, frozen=True, kw_only=True):
    """One measured value.

    ``part`` is whose figure it is, such as mood; ``name`` what was measured on what, such as
    "AUC at 50 labels, us_airlines_2015"; ``note`` says what a reader must know, or why there is
    no value.
    """

    part: str
    name: str
    estimate: Estimate = NOTHING
    aim: float | None = None
    better: Literal["more", "less"] = "more"
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Tell whether the aim is reached; None without an aim or a value."""
        value = self.estimate.value
        if value is None or self.aim is None:
            return None
        return value >= self.aim if self.better == "more" else value <= self.aim


Part = Callable[[Path], Iterator[Figure]]
"""Yields figures from the labelled sets in a folder; one for a set that is not there, saying so."""
