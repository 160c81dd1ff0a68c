"""HTML attributes with a hyphen, which are no Python names."""

from typing import Any


def aria(**names: str) -> dict[str, Any]:
    """Return what screen readers are told. ``Any``: Dash types every keyword of its own.

    >>> aria(label="Moments")
    {'aria-label': 'Moments'}
    """
    return {f"aria-{name}": value for name, value in names.items()}


def data(**names: str) -> dict[str, Any]:
    """Return what scripts are told.

    >>> data(brand="Oreo")
    {'data-brand': 'Oreo'}
    """
    return {f"data-{name}": value for name, value in names.items()}
