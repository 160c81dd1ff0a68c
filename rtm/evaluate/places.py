"""Where labelled sets and source texts lie in a folder that a person names."""

from pathlib import Path


def corpus(data: Path, name: str) -> Path | None:
    """Return the Parquet file of a set by its name, or None when it is not there."""
    places = (data / "corpora", data / "data" / "corpora")
    return next((found for at in places if (found := at / f"{name}.parquet").is_file()), None)


def sources(data: Path) -> list[Path]:
    """Return the source texts, in order of name; none when they are not there."""
    places = (data / "sources", data.parent / "sources")
    return next((found for at in places if (found := sorted(at.glob("*.txt")))), [])
