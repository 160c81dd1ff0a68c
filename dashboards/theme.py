"""Colours, read from the one place where they stand: the style sheet of tokens."""

import re
from pathlib import Path

ASSETS = Path(__file__).parent / "assets"
_TOKEN = re.compile(r"--([a-z-]+):\s*(#[0-9A-Fa-f]{6});")


def tokens_of(sheet: str) -> dict[str, str]:
    """Return the colours that a style sheet names.

    >>> tokens_of(":root { --ground: #0F141B; --u: 1px; }")
    {'ground': '#0F141B'}
    """
    return dict(_TOKEN.findall(sheet))


COLOURS = tokens_of((ASSETS / "00-tokens.css").read_text(encoding="utf-8"))
