"""Facets: which bytes of a text are a link, a tag or a mention, as Bluesky's own app sees them.

Bluesky draws no link by itself: a record states each one, from which to which UTF-8 byte. A facet
begins its word, or follows an opening bracket; the punctuation after it is not part of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import publicsuffixlist
import regex

LONGEST_TAG = 64  # graphemes, by the network's schema
LONGEST_TAG_BYTES = 640
LONGEST_HOST = 253

_WORD = regex.compile(r"\S+")
_LINK = regex.compile(r"https?://[^\s/]\S*", regex.IGNORECASE)
_BARE = regex.compile(r"([a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)+)(?:[/?#:]\S*)?", regex.IGNORECASE)
_MENTION = regex.compile(r"@([a-z0-9][a-z0-9.-]*)", regex.IGNORECASE)
_TAG = regex.compile(r"[#\uff03](?!\ufe0f)([^\s\u00ad\u2060\u200a\u200b\u20e2]+)")
_NO_TAG = regex.compile(r"[\d\p{P}]*")  # a number, or nothing but signs
_TAIL = regex.compile(r"\p{P}+\Z")


@dataclass(frozen=True, slots=True)
class Facet:
    """Bytes ``start`` to ``end`` of the UTF-8 text; ``value`` is the address, tag or handle."""

    start: int
    end: int
    kind: Literal["link", "tag", "mention"]
    value: str


def facets_of(text: str) -> list[Facet]:
    """Return the links, tags and mentions of a text, in order, none over another.

    >>> facets_of("Dunk it, @oreo.com! (oreo.com/dark) #SB47")  # doctest: +NORMALIZE_WHITESPACE
    [Facet(start=9, end=18, kind='mention', value='oreo.com'),
     Facet(start=21, end=34, kind='link', value='https://oreo.com/dark'),
     Facet(start=36, end=41, kind='tag', value='SB47')]
    """
    facets = []
    counted = bytes_before = 0
    for word in _WORD.finditer(text):
        opened = word.group().startswith("(")
        said = word.group()[opened:]
        found = _mention(said) or _link(said) or (_tag(said) if not opened else None)
        if found is None:
            continue
        kind, length, value = found
        first = word.start() + opened
        bytes_before += len(text[counted:first].encode())
        counted = first
        end = bytes_before + len(said[:length].encode())
        facets.append(Facet(bytes_before, end, kind, value))
    return facets


def written(facets: list[Facet], dids: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return facets as a record holds them; a mention whose handle is not in ``dids`` is left out.

    >>> written([Facet(0, 5, "tag", "SB47")], {})[0]["features"]
    [{'$type': 'app.bsky.richtext.facet#tag', 'tag': 'SB47'}]
    """
    return [
        {
            "index": {"byteStart": facet.start, "byteEnd": facet.end},
            "features": [
                {"$type": f"app.bsky.richtext.facet#{facet.kind}", **_feature(facet, dids)}
            ],
        }
        for facet in facets
        if facet.kind != "mention" or facet.value in dids
    ]


def _feature(facet: Facet, dids: Mapping[str, str]) -> dict[str, str]:
    match facet.kind:
        case "link":
            return {"uri": facet.value}
        case "tag":
            return {"tag": facet.value}
        case "mention":
            return {"did": dids[facet.value]}


_Found = tuple[Literal["link", "tag", "mention"], int, str]


def _mention(said: str) -> _Found | None:
    if (match := _MENTION.match(said)) is None:
        return None
    handle = match[1].rstrip(".-").lower()
    if not (_is_host(handle) or handle.endswith(".test")):
        return None
    return "mention", 1 + len(handle), handle


def _link(said: str) -> _Found | None:
    if match := _LINK.match(said):
        address = _trimmed(match.group())
        return ("link", len(address), address) if len(address) > len("https://") else None
    if (match := _BARE.match(said)) is None:
        return None
    address = _trimmed(match.group())
    host = _BARE.fullmatch(address)
    if host is None or not _is_host(host[1].lower()):
        return None
    return "link", len(address), f"https://{address}"


def _tag(said: str) -> _Found | None:
    if (match := _TAG.match(said)) is None:
        return None
    tag = _TAIL.sub("", match[1])
    if _NO_TAG.fullmatch(tag) or len(tag.encode()) > LONGEST_TAG_BYTES:
        return None
    if len(regex.findall(r"\X", tag)) > LONGEST_TAG:
        return None
    return "tag", 1 + len(tag), tag


def _trimmed(address: str) -> str:
    address = address.rstrip(".,;:!?'\"")
    if address.endswith(")") and "(" not in address:
        address = address.rstrip(").,;:!?'\"")
    return address


def _is_host(name: str) -> bool:
    labels = name.split(".")
    if len(name) > LONGEST_HOST or len(labels) < 2:
        return False
    if any(not 0 < len(label) <= 63 or label[0] == "-" or label[-1] == "-" for label in labels):
        return False
    return _suffixes().privatesuffix(name) is not None


@cache
def _suffixes() -> Any:  # the library states no types
    return publicsuffixlist.PublicSuffixList(accept_unknown=False, only_icann=True)
