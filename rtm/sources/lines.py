"""A text file as lines of bytes, unpacked on the way."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from rtm.errors import SourceError
from rtm.sources.beside import one_line
from rtm.sources.rows import MAX_ROW

PACKED = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_BLOCK = 8 * 1024 * 1024
# A damaged stream loses the read in which the damage shows, so reads are small where it may be.
_PACKED_READ = 1024
_BOM = b"\xef\xbb\xbf"


def packing_of(head: bytes) -> str | None:
    """Return ``gzip`` or ``zstd`` when a file that begins like this is packed."""
    return next((name for magic, name in PACKED.items() if head.startswith(magic)), None)


class Lines:
    """Read a file's lines in blocks, without their line breaks.

    A line longer than ``MAX_ROW`` is cut to one byte more than that, so its length tells. After
    the last block, ``ends_early`` says whether the packed stream broke off, and ``rest`` holds the
    piece of a line that it left.
    """

    def __init__(self, path: Path) -> None:
        self.ends_early = False
        self.rest = b""
        self._path = path

    def blocks(self) -> Iterator[list[bytes]]:
        """Yield lists of lines, about eight megabytes each, in file order."""
        held, fresh = bytearray(), True
        for piece in self._pieces(_BLOCK):
            if fresh:
                piece, fresh = piece.removeprefix(_BOM), False
            end = piece.rfind(b"\n")
            if end < 0:
                held += piece[: MAX_ROW + 1 - len(held)] if len(held) <= MAX_ROW else b""
                continue
            lines = piece[:end].split(b"\n")
            if held:
                lines[0] = bytes(held) + lines[0]
            yield [line.removesuffix(b"\r")[: MAX_ROW + 1] for line in lines]
            held = bytearray(piece[end + 1 :][: MAX_ROW + 1])
        if self.ends_early:
            self.rest = bytes(held)
        elif held:
            yield [bytes(held) if len(held) > MAX_ROW else bytes(held).removesuffix(b"\r")]

    def beginning(self) -> bytes:
        """Return the first bytes, unpacked."""
        return next(self._pieces(_PACKED_READ), b"")

    def _pieces(self, size: int) -> Iterator[bytes]:
        try:
            with self._path.open("rb") as plain:
                packing = packing_of(plain.read(4))
                plain.seek(0)
                if packing is None:
                    while piece := plain.read(size):
                        yield piece
                else:
                    yield from self._unpacked(plain, packing, size)
        except OSError as error:
            raise SourceError(
                f"{one_line(self._path)}: cannot be read: {error.strerror}"
            ) from error

    def _unpacked(self, packed: BinaryIO, packing: str, size: int) -> Iterator[bytes]:
        stream = pa.CompressedInputStream(pa.PythonFile(packed, mode="r"), packing)
        block, got_any = bytearray(), False
        while True:
            try:
                piece = stream.read(_PACKED_READ)
            except (OSError, pa.ArrowException) as error:
                if not got_any:
                    raise SourceError(
                        f"{one_line(self._path)}: cannot be unpacked ({one_line(error)}); "
                        "fetch it again, or unpack it with another tool first"
                    ) from error
                self.ends_early = True
                piece = b""
            block += piece
            got_any = got_any or bool(piece)
            if not piece or len(block) >= size:
                yield bytes(block)
                block.clear()
            if not piece:
                return
