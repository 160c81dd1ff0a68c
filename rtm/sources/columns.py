"""Which column of a strange file holds what: by option, by memory, or by its usual names."""

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from difflib import get_close_matches
from pathlib import Path

from rtm.errors import ConfigError, SourceError
from rtm.sources.beside import one_line, put

# The first name that a file has wins. Compared without case, "_", "-" and blanks; a dot steps into
# an object, as in Twitter's user.screen_name.
USUAL_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "idstr", "postid", "tweetid", "statusid", "uri", "guid"),
    "at": (
        *("at", "createdat", "createdutc", "timeus", "timestamp", "timestampms", "publishedat"),
        *("published", "datetime", "date", "time", "created", "postedat", "tweetcreated"),
    ),
    "text": (
        *("text", "fulltext", "body", "content", "message", "rawcontent", "post", "tweet"),
        *("comment", "title", "selftext", "description", "commit.record.text"),
    ),
    "lang": ("lang", "language", "tweetlang"),
    "author": (
        *("author", "username", "screenname", "userscreenname", "handle", "user.screenname"),
        *("user", "authorid", "userid", "did", "account.acct", "account"),
    ),
    "followers": (
        *("followers", "authorfollowers", "followerscount", "followercount", "userfollowers"),
        *("userfollowerscount", "user.followerscount", "account.followerscount"),
    ),
    "reply_to": (
        *("replyto", "inreplyto", "inreplytostatusidstr", "inreplytostatusid", "inreplytoid"),
        *("inresponsetotweetid", "parentid"),
    ),
    "is_repost": ("isrepost", "isretweet", "isreblog"),
    "likes": ("likes", "likecount", "likescount", "favoritecount", "favouritescount", "ups"),
    "reposts": ("reposts", "repostcount", "retweetcount", "retweets", "reblogscount", "shares"),
    "source": ("source", "lane", "network"),
    "joined": (
        *("joined", "joinedat", "user.createdat", "usercreatedat", "usercreated"),
        *("account.createdat", "accountcreatedat", "authorcreatedat", "authorcreatedutc"),
    ),
    "labels": (
        *("labels", "record.labels", "commit.record.labels", "possiblysensitive", "sensitive"),
        *("issensitive", "over18", "nsfw", "isnsfw"),
    ),
}
NEEDED = ("at", "text")
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Columns:
    """Say which column of a file holds which of ours; None leaves it to the usual names."""

    id: str | None = None
    at: str | None = None
    text: str | None = None
    lang: str | None = None
    author: str | None = None
    followers: str | None = None
    reply_to: str | None = None
    is_repost: str | None = None
    likes: str | None = None
    reposts: str | None = None
    source: str | None = None
    joined: str | None = None
    labels: str | None = None

    def given(self) -> dict[str, str]:
        """Return only the columns that were named, ours to theirs."""
        return {ours: theirs for ours, theirs in asdict(self).items() if theirs is not None}


def columns_of(options: Sequence[str]) -> Columns:
    """Read options such as ``at=created_at``.

    Raises
    ------
    ConfigError
        For an option without ``=``, a column that rtm does not have, or one that is named twice.

    Examples
    --------
    >>> columns_of(["at=created_at", "text=body"]).given()
    {'at': 'created_at', 'text': 'body'}
    """
    told: dict[str, str] = {}
    for option in options:
        ours, equals, theirs = (part.strip() for part in option.partition("="))
        if not equals or not theirs:
            raise ConfigError(
                f'column option "{one_line(option)}": write OURS=THEIRS, such as at=created_at'
            )
        if ours in told:
            raise ConfigError(f'column option "{one_line(option)}": {ours} is already {told[ours]}')
        told[ours] = theirs
    return _columns(told, "column option")


def found(columns: Columns, there: Sequence[str], path: Path) -> dict[str, str]:
    """Choose the file's column for each of ours that it has.

    Parameters
    ----------
    there
        The file's columns in its own order; nested ones with a dot.

    Returns
    -------
    dict
        Our name to the file's name; ``at`` and ``text`` are always among them.

    Raises
    ------
    SourceError
        When a column asked for is not there, or neither option nor usual name gives time or text.
    """
    chosen = columns.given()
    for ours, theirs in chosen.items():
        if theirs not in there:
            near = nearest(theirs, there)
            raise SourceError(
                f'{one_line(path)}: no column "{one_line(theirs)}" for {ours}{near}; '
                f"there are: {_listed(there)}"
            )
    folded: dict[str, str] = {}
    for name in there:
        folded.setdefault(_folded(name), name)
    for ours, usual in USUAL_NAMES.items():
        known = next((folded[name] for name in usual if name in folded), None)
        if known is not None:
            chosen.setdefault(ours, known)
    missing = [ours for ours in NEEDED if ours not in chosen]
    if missing:
        options = " and ".join(f"{ours}=NAME" for ours in missing)
        raise SourceError(
            f"{one_line(path)}: no column found for {' and '.join(missing)}; name it by the column "
            f"option {options}; there are: {_listed(there)}"
        )
    return {ours: chosen[ours] for ours in USUAL_NAMES if ours in chosen}


def memory_path(path: Path) -> Path:
    """Return where the options for a file are remembered."""
    return path.with_name(path.name + ".columns.toml")


def remembered(path: Path) -> Columns | None:
    """Return the options that were given for this file before, or None.

    Raises
    ------
    ConfigError
        When what stands beside the file cannot be understood.
    """
    memory = memory_path(path)
    if not memory.is_file():
        return None
    try:
        told = tomllib.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"{one_line(memory)}: cannot be read as TOML ({one_line(error)}); mend it or delete it"
        ) from error
    return _columns(told, one_line(memory))


def remember(path: Path, columns: Columns) -> str:
    """Keep the options beside the file for the next call; return a remark on how that went."""
    memory = memory_path(path)
    lines = [f"# Which columns of {one_line(path.name)} hold what: ours = theirs. Kept by rtm."]
    lines += [f"{ours} = {_quoted(theirs)}" for ours, theirs in columns.given().items()]
    try:
        put(memory, "\n".join(lines) + "\n")
    except (OSError, UnicodeError) as error:
        return f"columns not remembered: {one_line(error)}"
    return f"columns remembered in {one_line(memory)}"


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint such as ``, did you mean "text"?``, or nothing when no name is near."""
    by_fold = {_folded(one): one for one in known}
    near = get_close_matches(_folded(name), by_fold, n=1)
    return f'; did you mean "{one_line(by_fold[near[0]])}"?' if near else ""


def _columns(told: Mapping[str, object], where: str) -> Columns:
    ours = [field.name for field in fields(Columns)]
    for name, theirs in told.items():
        if name not in ours:
            raise ConfigError(
                f'{where}: unknown column "{one_line(name)}"{nearest(name, ours)}; '
                f"known: {', '.join(ours)}"
            )
        if not isinstance(theirs, str) or not theirs:
            raise ConfigError(f'{where}: {name} must name a column, such as "created_at"')
    return Columns(**{name: str(theirs) for name, theirs in told.items()})


def _folded(name: str) -> str:
    return "".join(char for char in name.lower() if char not in "_- ")


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(one_line(name)[:60] for name in names[:_SHOWN])
    rest = len(names) - _SHOWN
    return f"{shown} and {rest} more" if rest > 0 else shown or "none"


def _quoted(text: str) -> str:
    # JSON strings are TOML strings, but for DEL, which TOML wants escaped
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
