"""The pictures of drafts, each kept once under the SHA-256 of its bytes."""

import re
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from rtm.errors import StoreError
from rtm.store.files import PART, drop_parts, finish

HEAVIEST = 20_000_000  # bytes; a camera's best JPEG
MOST = 5_000_000_000  # bytes of all: years of a team's pictures, and not a disk

_ID = re.compile(r"[0-9a-f]{64}")


class Pictures:
    """A folder of pictures; what a crash left half written there is removed at first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        drop_parts(folder)

    def keep(self, content: bytes) -> str:
        """Keep a picture and return its id; when this returns, it outlasts a power cut.

        Raises StoreError when it is empty, too heavy, or cannot be written.
        """
        if not 0 < len(content) <= HEAVIEST:
            mega = f"{len(content) / 1e6:,.1f} MB of at most {HEAVIEST / 1e6:,.0f}"
            raise StoreError(f"The picture has {mega}; take a smaller one.")
        id_ = sha256(content).hexdigest()
        path = self._folder / id_
        try:
            if path.exists() and path.stat().st_size == len(content):
                return id_
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._size() + len(content) > MOST:
                problem = f"{self._folder}: holds {MOST / 1e9:g} GB of pictures, as many as may be"
                raise StoreError(f"{problem}; remove old ones that no draft needs")
            # a name of its own: the same picture may be kept twice at once
            with tempfile.NamedTemporaryFile(dir=self._folder, suffix=PART, delete=False) as part:
                part.write(content)
            finish(Path(part.name), path)
        except OSError as error:
            problem = f"{self._folder}: cannot be written ({error.strerror})"
            raise StoreError(f"{problem}; make room or rights") from error
        return id_

    def _size(self) -> int:
        total = 0
        for one in self._folder.iterdir():
            with suppress(FileNotFoundError):  # another is being finished, and has its name now
                total += one.stat().st_size
        return total

    def read(self, id_: str) -> bytes:
        """Return a picture's bytes; StoreError when it is not there any more, or damaged."""
        if not _ID.fullmatch(id_):
            raise StoreError("no picture has such an id")
        try:
            content = (self._folder / id_).read_bytes()
        except OSError as error:
            words = f"The picture {id_[:12]} is not there; add it to the draft again."
            raise StoreError(words) from error
        if sha256(content).hexdigest() != id_:
            raise StoreError(f"The picture {id_[:12]} is damaged; add it to the draft again.")
        return content
