"""The address that a record has by its content (CID), known before any server says it.

A post of a thread names the one before by this address, so a thread can go out in one commit.
"""

from base64 import b32decode, b32encode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

DAG_CBOR, SHA_256 = 0x71, 0x12


def cid_of(record: dict[str, Any]) -> str:
    """Return the CID of a record of texts, whole numbers, lists and objects.

    References
    ----------
    CIDv1 of the SHA-256 of DAG-CBOR: ipld.io/specs/codecs/dag-cbor, atproto.com/specs/data-model.

    >>> cid_of({"text": "dark"})
    'bafyreicj7gct32gmdblkaevlphdgg3c5etj5apmz7u2a6wyms5chgjh5aq'
    """
    digest = sha256(b"".join(_cbor(record))).digest()
    number = bytes((1, DAG_CBOR, SHA_256, len(digest))) + digest
    return "b" + b32encode(number).decode().lower().rstrip("=")


def _cbor(value: object) -> Iterator[bytes]:
    match value:
        case dict() if value.keys() == {"$link"}:
            link = str(value["$link"])[1:].upper()
            padded = link + "=" * (-len(link) % 8)
            content = b"\0" + b32decode(padded)
            yield _head(6, 42) + _head(2, len(content)) + content
        case bool():
            yield b"\xf5" if value else b"\xf4"
        case int() if value >= 0:
            yield _head(0, value)
        case str():
            text = value.encode()
            yield _head(3, len(text)) + text
        case list():
            yield _head(4, len(value))
            for one in value:
                yield from _cbor(one)
        case dict():
            yield _head(5, len(value))
            for name in sorted(value, key=lambda name: (len(name.encode()), name.encode())):
                yield from _cbor(name)
                yield from _cbor(value[name])
        case _:
            raise TypeError(f"no part of a post's record: {type(value).__name__}")


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes((kind << 5 | number,))
    for code, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << 8 * width:
            return bytes((kind << 5 | code,)) + number.to_bytes(width, "big")
    raise TypeError("no part of a post's record: a number beyond 64 bits")
