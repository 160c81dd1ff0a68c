"""The records of a post on Bluesky, as its schema has them, and the addresses that posts have."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rtm.publish.cid import cid_of
from rtm.publish.facets import Facet, facets_of, written
from rtm.publish.http import Answer
from rtm.publish.publisher import Attached

COLLECTION = "app.bsky.feed.post"

_AT = re.compile(rf"at://([^/\s]+)/{re.escape(COLLECTION)}/([A-Za-z0-9._:~-]+)")
_PAGE = re.compile(r"https://bsky\.app/profile/([^/\s]+)/post/([A-Za-z0-9._:~-]+)/?(?:[?#]\S*)?")

Record = dict[str, Any]
Ref = dict[str, str]
"""Where a record is and what it says: ``uri`` and ``cid``."""


def place_in(address: str) -> tuple[str, str] | None:
    """Return whose repository a post is in (handle or DID), and its key; None where it is no post.

    >>> place_in("https://bsky.app/profile/oreo.com/post/3aovl6s6b622b")
    ('oreo.com', '3aovl6s6b622b')
    """
    match = _AT.fullmatch(address) or _PAGE.fullmatch(address)
    return (match[1], match[2]) if match else None


def uri_of(did: str, key: str) -> str:
    """Return the address of the post at a key of an account."""
    return f"at://{did}/{COLLECTION}/{key}"


def mentioned(texts: Sequence[str]) -> list[str]:
    """Return the handles that texts mention, each once, in order."""
    found = (facet for text in texts for facet in facets_of(text) if facet.kind == "mention")
    return list(dict.fromkeys(facet.value for facet in found))


def record_of(
    text: str, at: datetime, langs: Sequence[str], dids: Mapping[str, str], embed: Record | None
) -> Record:
    """Return a post's record; ``dids`` are those of the handles that it mentions."""
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    record: Record = {"$type": COLLECTION, "text": text, "createdAt": moment}
    facets: list[Facet] = facets_of(text)
    if langs:
        record["langs"] = list(langs)
    if points := written(facets, dids):
        record["facets"] = points
    if embed is not None:
        record["embed"] = embed
    return record


def embedded(pictures: Sequence[Attached], blobs: Sequence[Record]) -> Record | None:
    """Return pictures that were uploaded as a post shows them."""
    images = [
        {
            "image": blob,
            "alt": picture.alt,
            "aspectRatio": {"width": picture.width, "height": picture.height},
        }
        for picture, blob in zip(pictures, blobs, strict=True)
    ]
    return {"$type": "app.bsky.embed.images", "images": images} if images else None


def threaded(
    records: Sequence[Record],
    uris: Sequence[str],
    cids: Sequence[str | None],
    reply: Mapping[str, Ref] | None,
) -> list[Record]:
    """Let each record answer the one before, the first what it replies to, if anything.

    ``cids`` are what the network has at each of ``uris``; None is computed from the record.
    """
    linked = []
    for record, uri, known in zip(records, uris, cids, strict=True):
        whole = {**record, "reply": dict(reply)} if reply else record
        linked.append(whole)
        here = {"uri": uri, "cid": known or cid_of(whole)}
        reply = {"root": reply["root"] if reply else here, "parent": here}
    return linked


def reply_to(answer: Answer | Record) -> dict[str, Ref] | None:
    """Return how to answer a post, of what ``getRecord`` or ``getPosts`` says of it."""
    told = answer.fields if isinstance(answer, Answer) else answer
    said = told.get("value") or told.get("record")
    if (parent := _ref(told)) is None or not isinstance(said, dict):
        return None
    above = said.get("reply")
    root = _ref(above.get("root")) if isinstance(above, dict) else None
    return {"root": root or parent, "parent": parent}


def _ref(told: object) -> Ref | None:
    if not isinstance(told, dict):
        return None
    uri, cid = told.get("uri"), told.get("cid")
    return {"uri": uri, "cid": cid} if isinstance(uri, str) and isinstance(cid, str) else None
