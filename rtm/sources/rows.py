"""From rows as a file has them to posts: one list of rules, the same for every format."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import polars as pl

from rtm.frame import POST_SCHEMA, empty_posts
from rtm.sources.labels import SENSITIVE, labels_in
from rtm.sources.times import instants

MAX_ROW = 1024 * 1024
MAX_TEXT = 20_000
MAX_WORD = 1_000
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)

# What a format's own module finds, before there are columns.
NOT_JSON = "not JSON"
NOT_OBJECT = "not an object"
TOO_DEEP = "nested too deep"
NOT_UTF8 = "not UTF-8"
TOO_LONG = "row too long"
WRONG_FIELDS = "wrong number of fields"
WRONG_QUOTES = "quotes do not match"
ENDS_EARLY = "file ends early"
WRONG_TYPE = "wrong type"
# What only the whole file shows.
REPEATED = "repeated id"


def rules(now: datetime) -> list[tuple[str, pl.Expr]]:
    """Return every cause that can be seen in one row's columns; the first that holds is told."""
    text, at = pl.col("text"), pl.col("at")
    return [
        (WRONG_TYPE, pl.col("text_given") & text.is_null()),
        (TOO_LONG, text.str.len_bytes() > MAX_ROW),
        ("no text", text.str.contains(r"\S").not_().fill_null(True)),
        ("no time", pl.col("at_given").not_()),
        ("time not understood", at.is_null()),
        ("time out of range", (at < EARLIEST) | (at > now + AHEAD)),
    ]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a file, as its format's module found them.

    ``rows`` has the columns ``row`` (Int64, place in the file from 1), ``cause`` (String, null
    where nothing is wrong yet) and those of ``POST_SCHEMA`` that the file has, each as String,
    integers, floats, Boolean or Datetime(us, UTC). ``raw`` tells the bytes of the n-th of them.
    """

    rows: pl.DataFrame
    raw: Callable[[int], bytes]
    remarks: Counter[str]


def checked(batch: pl.DataFrame, now: datetime) -> tuple[pl.DataFrame, Counter[str]]:
    """Bring the columns to their types and find what is wrong with each row.

    Control characters other than tab and line breaks, NUL among them, become spaces; text
    over ``MAX_TEXT`` characters is cut. A value of the wrong type in a column that may be null
    becomes null, and so does a time ``joined`` that is out of range.

    Returns
    -------
    tuple
        ``row``, ``cause`` (null for a post) and the columns of ``POST_SCHEMA``, where ``id`` and
        ``source`` may still be null; and remarks with their counts, over posts only.
    """
    unknown = [pl.lit(None, dtype).alias(name) for name, dtype in POST_SCHEMA.items()]
    whole = batch.with_columns(
        one for one in unknown if one.meta.output_name() not in batch.columns
    )
    at, naive = instants(whole["at"])
    joined = instants(whole["joined"])[0]
    is_likely = joined.is_between(EARLIEST, now + AHEAD)
    kinds = whole.schema
    found = whole.select(
        "row",
        pl.col("cause").cast(pl.String),
        at.alias("at"),
        joined.set(~is_likely, None).alias("joined"),
        *(_typed(n, kinds[n]).alias(n) for n in POST_SCHEMA if n not in ("at", "joined")),
        *(_given(name, kinds[name]).alias(f"{name}_given") for name in POST_SCHEMA),
    )
    first = [pl.when(wrong).then(pl.lit(cause)) for cause, wrong in rules(now)]
    found = found.with_columns(pl.coalesce("cause", *first).alias("cause"))
    lost = [(pl.col(f"{name}_given") & pl.col(name).is_null()).sum() for name in POST_SCHEMA]
    cut = (pl.col("text").str.len_chars() > MAX_TEXT).sum()
    *counts, cuts = found.filter(pl.col("cause").is_null()).select(*lost, cut.alias("cut")).row(0)
    remarks = Counter(
        {
            f"{name}: values of the wrong type, left empty": count
            for name, count in zip(POST_SCHEMA, counts, strict=True)
        }
    )
    remarks["times without a zone, taken as UTC"] = naive
    remarks[f"texts longer than {MAX_TEXT:,} characters, cut there"] = cuts
    repost = pl.col("is_repost").fill_null(pl.col("text").str.starts_with("RT @"))
    text = pl.col("text").str.slice(0, MAX_TEXT)
    return found.with_columns(repost, text).select("row", "cause", *POST_SCHEMA), remarks


def gathered(parts: list[pl.DataFrame], source: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Join the sound rows of a file into posts, and tell which repeat an earlier post's id.

    Parameters
    ----------
    parts
        What ``checked`` returned, rows without cause only, in file order.
    source
        Name for posts whose row names no source.

    Returns
    -------
    tuple
        Posts as ``POST_SCHEMA``, sorted by (at, id); and the repeated rows with their ``row``, in
        (at, row) order. A row without id gets one from its time, author and text. Where the
        author is unknown too, equal rows are numbered: they may well be different people.
    """
    if not parts:
        return empty_posts(), empty_posts().with_columns(row=pl.lit(0, pl.Int64))
    rows = pl.concat(parts).sort("at", "row")
    nameless = rows.filter(pl.col("id").is_null())
    if nameless.height:
        ids = pl.DataFrame({"row": nameless["row"], "made": _content_ids(nameless)})
        rows = rows.join(ids, on="row", how="left", maintain_order="left")
        rows = rows.with_columns(pl.col("id").fill_null(pl.col("made")))
    rows = rows.with_columns(pl.col("source").fill_null(pl.lit(source)))
    first = rows["id"].is_first_distinct()
    columns = [pl.col(name).cast(dtype) for name, dtype in POST_SCHEMA.items()]
    posts = rows.filter(first).select(columns).sort("at", "id")
    return posts, rows.filter(~first).select("row", *columns)


def _content_ids(rows: pl.DataFrame) -> list[str]:
    ids = []
    seen: Counter[str] = Counter()
    for at, author, text in zip(
        rows["at"].to_physical(), rows["author"], rows["text"], strict=True
    ):
        content = f"{at}\x1f{author or ''}\x1f{text}".encode()
        made = "content:" + blake2b(content, digest_size=12).hexdigest()
        if author is None:
            seen[made] += 1
            made += f"-{seen[made]}" if seen[made] > 1 else ""
        ids.append(made)
    return ids


_ABSENT = ["", "null", "NULL", "none", "None", "nan", "NaN", "NA", "N/A"]
_TRUE = ["true", "t", "yes", "y", "1", "1.0"]
_FALSE = ["false", "f", "no", "n", "0", "0.0"]
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"


def _given(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if name == "labels":  # an open "no" is no label, and none that was lost
        word = column.cast(pl.String).str.strip_chars().str.to_lowercase()
        return word.is_in([*_ABSENT, *_FALSE]).not_().fill_null(False)
    if dtype != pl.String:
        return column.is_not_null()
    if name in ("id", "text", "author"):  # a person may be called "none"
        return column.str.contains(r"\S").fill_null(False)
    return column.is_in(_ABSENT).not_().fill_null(False)


def _typed(name: str, dtype: pl.DataType) -> pl.Expr:
    column, wanted = pl.col(name), POST_SCHEMA[name]
    if dtype in (wanted, pl.Null) and wanted in (pl.Boolean, pl.Null):
        return column
    if wanted == pl.Int64:
        return _count(column, dtype)
    if wanted == pl.Boolean:
        word = column.cast(pl.String).str.strip_chars().str.to_lowercase()
        return pl.when(word.is_in(_TRUE)).then(True).when(word.is_in(_FALSE)).then(False)
    if name == "labels":
        word = column.cast(pl.String).str.strip_chars().str.to_lowercase()
        told = pl.when(word.is_in(_TRUE)).then(pl.lit(SENSITIVE)).otherwise(labels_in(word))
        return pl.when(word.is_in([*_ABSENT, *_FALSE]).not_()).then(told)
    if dtype == pl.String:
        clean = column.str.replace_all(_CONTROL, " ")
        return clean if name == "text" else _word(clean.str.strip_chars())
    if dtype.is_integer() and name != "text":
        return column.cast(pl.String)
    return pl.lit(None, pl.String)


def _word(word: pl.Expr) -> pl.Expr:
    is_word = word.is_in(_ABSENT).not_() & (word.str.len_bytes() <= MAX_WORD)
    return pl.when(is_word).then(word)


def _count(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Boolean:
        return pl.lit(None, pl.Int64)
    if dtype == pl.String:
        column = column.str.strip_chars()
    whole = column.cast(pl.Int64, strict=False)
    if not dtype.is_integer():
        broad = column.cast(pl.Float64, strict=False)
        exact = pl.when(broad == broad.floor()).then(broad).cast(pl.Int64, strict=False)
        whole = pl.coalesce(whole, exact) if dtype == pl.String else exact
    return pl.when(whole >= 0).then(whole)
