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
tick        Int64                 no    second (Unix time) in which the engine counts the post
late        Boolean               no    came after its own second was closed
=========== ===================== ===== ==========================================================

``likes`` and ``reposts`` are never scored: in recorded files they are often final values, which
would leak the future.
"""

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
}

FRAME_SCHEMA: dict[str, pl.DataType] = {
    **POST_SCHEMA,
    "tick": pl.Int64(),
    "late": pl.Boolean(),
}


def empty_posts() -> pl.DataFrame:
    """Return posts without rows, for a source that has nothing to tell."""
    return pl.DataFrame(schema=POST_SCHEMA)


def empty_frame() -> pl.DataFrame:
    """Return a Frame without rows, for a tick in which nobody spoke."""
    return pl.DataFrame(schema=FRAME_SCHEMA)
