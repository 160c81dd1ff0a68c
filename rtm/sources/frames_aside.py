"""Frames of a live stream that made no sense: counted by cause, the latest kept to be looked at."""

import json
import logging
from collections import deque
from pathlib import Path

log = logging.getLogger(__name__)

KEPT = 100
MAX_RAW = 2_000  # bytes of each
MAX_FILE = 10_000_000  # bytes


class FramesAside:
    """Count in ``causes`` (the source's own), keep the last in ``kept``, and append to a file.

    The file holds one object a line: ``at_us`` (arrival), ``cause`` and ``raw`` (the frame's first
    ``MAX_RAW`` bytes, those that are no UTF-8 escaped). It grows to ``MAX_FILE`` and no further.
    """

    def __init__(self, causes: dict[str, int], path: Path | None) -> None:
        self.kept: deque[tuple[int, str, bytes]] = deque(maxlen=KEPT)
        self._causes = causes
        self._path = path

    def add(self, now_us: int, cause: str, raw: bytes | str) -> None:
        """Set a frame aside."""
        whole = raw.encode("utf-8", "surrogatepass") if isinstance(raw, str) else raw
        cut = whole[:MAX_RAW]
        self._causes[cause] = self._causes.get(cause, 0) + 1
        self.kept.append((now_us, cause, cut))
        if self._path is not None:
            shown = cut.decode("utf-8", "backslashreplace")
            line = json.dumps({"at_us": now_us, "cause": cause, "raw": shown}, ensure_ascii=False)
            self._append(self._path, f"{line}\n".encode())

    def _append(self, path: Path, line: bytes) -> None:
        try:
            with path.open("ab") as file:
                if file.tell() + len(line) <= MAX_FILE:
                    file.write(line)
        except OSError as error:
            log.warning("frames aside are not written any more path=%s cause=%s", path, error)
            self._path = None
