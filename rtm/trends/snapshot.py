"""Put a monitor's whole state into bytes and back, so that a restart goes on as if nothing was."""

from datetime import datetime
from io import BytesIO
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from rtm.errors import StoreError
from rtm.trends.open_story import Asked, HotTerm, OpenStory
from rtm.trends.recent import Post
from rtm.trends.stories import Stories
from rtm.trends.table import STALE

SPARSE = 4  # an array with fewer than one place in four used is kept as places and values
SCRATCH = {
    "touched",
    "looked_up",
    "places",
    "stream",
    "pairs",
    "paired",
    "term",
    "language",
    "given",
    "noted_ticks",
    "noted_keys",
    "noted_levels",
    "heard_sources",
    "heard_weights",
    "fired",
    "levels",
    "memos",
}


class _Hot(msgspec.Struct):
    key: int
    seq: int
    id: str
    at: datetime
    text: str
    author: str | None
    row: int
    surprise: float
    fired_at: int
    parts: tuple[int, ...]
    story: int
    is_live: bool  # still stands in Stories.hot; else only shown by a story it left


class _Open(msgspec.Struct):
    id: str
    slot: int
    opened: int
    first_at: int
    told: int
    title: str
    surprise: float
    parent: str | None
    terms: list[int]  # places in the list of hot terms, in order
    asked: Asked | None


class _Gathered(msgspec.Struct):
    hot: list[_Hot]
    open: list[_Open]


def packed(arrays: dict[str, NDArray[Any]]) -> bytes:
    """Return arrays as compressed bytes; their zeros cost next to nothing."""
    kept: dict[str, NDArray[Any]] = {}
    for name, array in arrays.items():
        flat = array.reshape(-1)
        (used,) = flat.nonzero()
        if used.size * SPARSE < flat.size:
            kept[f"{name}.places"], kept[f"{name}.values"] = used, flat[used]
        else:
            kept[name] = array
    raw = BytesIO()
    np.savez(raw, allow_pickle=False, **kept)
    size = raw.getbuffer().nbytes
    return size.to_bytes(8, "big") + bytes(pa.compress(raw.getvalue(), codec="zstd", asbytes=True))


def unpack_into(arrays: dict[str, NDArray[Any]], content: bytes) -> None:
    """Fill arrays of the same names and shapes from bytes, or raise StoreError."""
    try:
        size = int.from_bytes(content[:8], "big")
        raw = pa.decompress(content[8:], decompressed_size=size, codec="zstd", asbytes=True)
        with np.load(BytesIO(raw), allow_pickle=False) as kept:
            for name, array in arrays.items():
                if name in kept:
                    array[...] = kept[name]
                    continue
                array[...] = 0
                array[np.unravel_index(kept[f"{name}.places"], array.shape)] = kept[
                    f"{name}.values"
                ]
    except (OSError, ValueError, KeyError, IndexError, pa.ArrowException) as error:
        raise StoreError("snapshot: damaged or of other settings; start without it") from error


def kept_arrays(record: Any) -> dict[str, NDArray[Any]]:
    """Return the arrays of a NamedTuple that must outlive a restart."""
    return {name: array for name, array in record._asdict().items() if name not in SCRATCH}


def stale_memos(memos: NDArray[np.float64]) -> None:
    """Have every row work out its memo again."""
    memos[...] = 0.0
    memos[:, 0] = STALE


def gathered(stories: Stories) -> bytes:
    """Return what stories know beyond the arrays."""
    hot: list[HotTerm] = list(stories.hot.values())
    live = len(hot)
    for story in stories.open.values():
        hot.extend(one for one in story.terms.values() if not any(one is h for h in hot))
    places = {id(one): place for place, one in enumerate(hot)}
    return msgspec.json.encode(
        _Gathered(
            [
                _Hot(
                    one.key,
                    one.post.seq,
                    one.post.id,
                    one.post.at,
                    one.post.text,
                    one.post.author,
                    one.row,
                    one.surprise,
                    one.fired_at,
                    one.parts,
                    one.story,
                    place < live,
                )
                for place, one in enumerate(hot)
            ],
            [
                _Open(
                    story.id,
                    story.slot,
                    story.opened,
                    story.first_at,
                    story.told,
                    story.title,
                    story.surprise,
                    story.parent,
                    [places[id(one)] for one in story.terms.values()],
                    story.asked,
                )
                for story in stories.open.values()
            ],
        )
    )


def gather(stories: Stories, content: bytes) -> None:
    """Give stories back what ``gathered`` kept."""
    kept = msgspec.json.decode(content, type=_Gathered)
    hot = [
        HotTerm(
            one.key,
            Post(one.seq, one.id, one.at, one.text, one.author),
            one.row,
            one.surprise,
            one.fired_at,
            one.parts,
            one.story,
        )
        for one in kept.hot
    ]
    stories.hot.clear()
    stories.open.clear()
    stories.hot.update({one.key: one for one, k in zip(hot, kept.hot, strict=True) if k.is_live})
    for told in kept.open:
        story = OpenStory(told.id, told.slot, told.opened, told.first_at)
        story.told, story.title, story.surprise = told.told, told.title, told.surprise
        story.parent, story.asked = told.parent, told.asked
        story.terms = {hot[place].key: hot[place] for place in told.terms}
        stories.open[told.slot] = story
