"""Be a message of Jetstream: bytes come in; a row leaves if you are a new post.

A row has what a file's row would have after the same cleaning, so that a replay of the archive
reads the same posts. What an author claims (``createdAt``) is not used.
"""

import re
from typing import Any, NamedTuple, TypeVar

import msgspec

from rtm.sources.labels import labels_of
from rtm.sources.rows import NOT_JSON, NOT_UTF8, TOO_DEEP
from rtm.sources.stream import Row

POST = "app.bsky.feed.post"
SOURCE = "bluesky"
LONGEST_FRAME = 1024 * 1024  # bytes; a post of 300 letters needs about a thousand
LONGEST_TEXT = 10_000  # characters
EARLIEST_US = 1_640_995_200_000_000  # 2022-01-01: the network did not exist before
AHEAD_US = 86_400_000_000
TOLERANCE_US = 1_000_000  # how much the server's clock may be ahead before ``at`` is ours

TOO_LONG = "too long"
UNKNOWN_SHAPE = "unknown shape"
NO_TEXT = "no text"
LONE_SURROGATE = "lone surrogate"
OUT_OF_RANGE = "time out of range"


class SenselessError(Exception):
    """Say in a few words why a message makes no sense; counted by its source, never passed on."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class Message(NamedTuple):
    """A message that makes sense.

    ``stamp_us`` is the server's own time and ``at_us`` the same, but never after the arrival;
    ``row`` is None for what is no new post; ``key`` is the same for the same record, whoever
    relays it, and empty without a row.
    """

    stamp_us: int
    at_us: int
    row: Row | None
    key: str


def decode(message: bytes | str, now_us: int) -> Row | None:
    """Read a message that arrived at ``now_us``; None when it is known but no new post.

    Raises
    ------
    SenselessError
        When it cannot be understood; ``cause`` says why.

    Examples
    --------
    >>> decode('{"did": "did:plc:a", "time_us": 1732206349000167, "kind": "account"}', 2 * 10**15)
    """
    return read(message, now_us).row


def read(message: bytes | str, now_us: int) -> Message:
    """Read a message with what is needed to know it again; as ``decode`` otherwise."""
    if len(message) > LONGEST_FRAME:
        raise SenselessError(TOO_LONG)
    frame = _decoded(_FRAMES, message)
    if not EARLIEST_US <= frame.time_us <= now_us + AHEAD_US:
        raise SenselessError(OUT_OF_RANGE)
    at_us = frame.time_us if frame.time_us <= now_us + TOLERANCE_US else now_us
    commit = frame.commit
    if frame.kind == "commit" and commit is None:
        raise SenselessError(UNKNOWN_SHAPE)
    row = None
    if commit is not None and commit.operation == "create" and commit.collection == POST:
        row = _row(frame.did, commit, at_us)
    key = f"{row.id}#{commit.cid}" if row is not None and commit is not None else ""
    return Message(frame.time_us, at_us, row, key)


class _Commit(msgspec.Struct):
    operation: str
    collection: str
    rkey: str
    cid: str = ""
    record: msgspec.Raw = msgspec.Raw(b"null")  # each collection's own: read for posts only


class _Frame(msgspec.Struct):
    did: str
    time_us: int
    kind: str
    commit: _Commit | None = None


class _Ref(msgspec.Struct):
    uri: str


class _Reply(msgspec.Struct):
    parent: _Ref


class _Post(msgspec.Struct):
    text: str | None = None
    langs: list[str] | None = None
    reply: _Reply | None = None
    labels: Any = None  # an open union: one that is unknown must not cost the post


_FRAMES = msgspec.json.Decoder(_Frame)
_POSTS = msgspec.json.Decoder(_Post)

_NAME = r"did:[a-z]+:[A-Za-z0-9.:%_-]{1,256}"
_URI = re.compile(rf"at://{_NAME}/[A-Za-z0-9.-]{{1,253}}/[A-Za-z0-9.:~_-]{{1,300}}")
_CID = re.compile(r"[A-Za-z0-9]{0,128}")
_LANG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")
_HALF_PAIR = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    rb"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

_T = TypeVar("_T")


def _decoded(decoder: "msgspec.json.Decoder[_T]", raw: bytes | str | msgspec.Raw) -> _T:
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        raise SenselessError(UNKNOWN_SHAPE) from error
    except msgspec.DecodeError as error:
        whole = raw.encode("utf-8", "replace") if isinstance(raw, str) else bytes(raw)
        is_half = _HALF_PAIR.search(whole)  # JSON's grammar lets them through, no text may hold one
        raise SenselessError(LONE_SURROGATE if is_half else NOT_JSON) from error
    except UnicodeDecodeError as error:
        raise SenselessError(NOT_UTF8) from error
    except UnicodeEncodeError as error:
        raise SenselessError(LONE_SURROGATE) from error
    except RecursionError as error:
        raise SenselessError(TOO_DEEP) from error


def _row(did: str, commit: _Commit, at_us: int) -> Row | None:
    post = _decoded(_POSTS, commit.record)
    uri = f"at://{did}/{commit.collection}/{commit.rkey}"
    if _URI.fullmatch(uri) is None or _CID.fullmatch(commit.cid) is None:
        raise SenselessError(UNKNOWN_SHAPE)
    if post.text is None:
        raise SenselessError(NO_TEXT)
    if len(post.text) > LONGEST_TEXT:
        raise SenselessError(TOO_LONG)
    text = _CONTROL.sub(" ", post.text)
    if not text.strip():
        return None  # a picture without words: usual, and nothing to read
    lang = post.langs[0] if post.langs else None
    parent = post.reply.parent.uri if post.reply else None
    return Row(
        id=uri,
        at=at_us,
        text=text,
        lang=lang if lang and _LANG.fullmatch(lang) else None,
        author=did,
        followers=None,
        reply_to=parent if parent and _URI.fullmatch(parent) else None,
        is_repost=False,
        likes=None,
        reposts=None,
        source=SOURCE,
        labels=labels_of(post.labels),
    )
