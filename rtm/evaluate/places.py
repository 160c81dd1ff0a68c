"""Where the labelled sets and the source documents lie, for a folder that a person names."""

from pathlib import Path


def corpus(data: Path, name: str) -> Path | None:
    """Return the file of a corpus, or None where it is not there."""
    places = (data / "corpora", data / "data" / "corpora")
    return next((file for place in places if (file := place / f"{name}.parquet").is_file()), None)


def sources(data: Path) -> list[Path]:
    """Return the source documents in order of their names; none where they are not there."""
    places = (data / "sources", data.parent / "sources")
    return next((files for place in places if (files := sorted(place.glob("*.txt")))), [])
