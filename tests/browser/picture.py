"""A small picture, as bytes of a PNG."""

import struct
import zlib


def png(width: int = 32, height: int = 20, grey: int = 60) -> bytes:
    rows = (b"\0" + bytes((grey, grey, min(255, grey + 60))) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
