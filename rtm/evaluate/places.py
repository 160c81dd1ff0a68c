"""Where the labelled sets and the source documents stand in a folder of data."""

from pathlib import Path


def corpus(data: Path, name: str) -> Path | None:
    """Return a labelled set's Parquet file; None where it is not there."""
    for folder in (data / "corpora", data / "data" / "corpora"):
        path = folder / f"{name}.parquet"
        if path.is_file():
            return path
    return None


def sources(data: Path) -> list[Path]:
    """Return the source documents, in order of their names; none where the folder is not there."""
    for folder in (data / "sources", data.parent / "sources"):
        if folder.is_dir():
            return sorted(path for path in folder.iterdir() if path.is_file())
    return []
