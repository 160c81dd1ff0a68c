"""The Frame: posts in columns, any number of rows and of ticks, each row knowing its tick.

=========== ===================== ===== ==========================================================
column      dtype                 null  meaning
=========== ===================== ===== ==========================================================
id          String                no    the network's own id; content hash where it gives none
at          Datetime(us, UTC)     no    when the server stamped the post
text        String                no    the words, as written
lang        String                yes   the network's language code, unverified
author      String                yes   whoever wrote it; null means unknown, never one person
followers   Int64                 yes   the author's followers when the post was seen
reply_to    String                yes   id of the post that this one answers
is_repost   Boolean               no    somebody else's words passed on
likes       Int64                 yes   as told by the source; may be a later, final figure
reposts     Int64                 yes   as told by the source; may be a later, final figure
source      String                no    name of the lane that the post came through
joined      Datetime(us, UTC)     yes   when the author's account was made
labels      String                yes   the network's own content labels, lower case, blanks between
tick        Int64                 no    second (Unix time) in which the engine counts the post
late        Boolean               no    came after its own second was closed
=========== ===================== ===== ==========================================================

``likes`` and ``reposts`` are never scored: in recorded files they are often final values, which
would leak the future.

``labels`` are what a network or the author says of the content, such as ``porn``, ``nudity`` or
``graphic-media``; ``sensitive`` where there is but a flag. Records of before ``joined`` and
``labels`` lack them.
"""

from collections.abc import Mapping

import polars as pl

UTC_US = pl.Datetime("us", "UTC")

POST_SCHEMA: dict[str, pl.DataType] = {
    "id": pl.String(),
    "at": UTC_US,
    "text": pl.String(),
    "lang": pl.String(),
    "author": pl.String(),
    "followers": pl.Int64(),
    "reply_to": pl.String(),
    "is_repost": pl.Boolean(),
    "likes": pl.Int64(),
    "reposts": pl.Int64(),
    "source": pl.String(),
    "joined": UTC_US,
    "labels": pl.String(),
}
LATER = ("joined", "labels")

FRAME_SCHEMA: dict[str, pl.DataType] = {
    **POST_SCHEMA,
    "tick": pl.Int64(),
    "late": pl.Boolean(),
}


def empty_posts() -> pl.DataFrame:
    """Return posts without rows, for a source that has nothing to tell."""
    return pl.DataFrame(schema=POST_SCHEMA)


def completed(frame: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return what was recorded before there were the columns ``LATER``, with nulls for them.

    A frame that lacks any other column of ``schema`` is returned as it is.
    """
    lacking = schema.keys() - set(frame.columns)
    if not lacking or not lacking <= set(LATER):
        return frame
    nothing = [pl.lit(None, schema[name]).alias(name) for name in lacking]
    return frame.with_columns(nothing).select(
        *schema, *(name for name in frame.columns if name not in schema)
    )


def empty_frame() -> pl.DataFrame:
    """Return a Frame without rows, for a tick in which nobody spoke."""
    return pl.DataFrame(schema=FRAME_SCHEMA)
