"""The tables, the same on SQLite and on PostgreSQL. ``migrations`` makes them; a test compares.

``events`` is the record and only ever grows; all else but people and secrets
could be told again from it.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds_of(moment: datetime) -> int:
    """Return a moment as microseconds of Unix time."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(us: int) -> datetime:
    """Return the moment of so many microseconds of Unix time."""
    return _EPOCH + us * _MICROSECOND


class Moment(TypeDecorator[datetime]):
    """A moment as microseconds of Unix time: exact, in order, and without a zone to lose."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return what is kept for a moment."""
        return None if value is None else microseconds_of(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Return the moment that was kept."""
        return None if value is None else moment_of(value)


_NUMBER = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts up only an INTEGER

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

events = Table(
    "events",
    metadata,
    Column("seq", _NUMBER, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("about", Text, nullable=False, index=True),  # id of the opportunity, else of the story
    Column("line", Text, nullable=False),  # the record as JSON
    Column("told", _NUMBER, unique=True),  # number among the engine's own events, from 0
    Column("link", LargeBinary),  # see chain; null only where a writer forgot it
    sqlite_autoincrement=True,
)

keys = Table(
    "keys",
    metadata,
    Column("key", Text, primary_key=True),
    Column("seq", _NUMBER, ForeignKey("events.seq"), nullable=False),
    Column("at", Moment, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("name", Text, primary_key=True),
    Column("folded", Text, nullable=False, unique=True),  # in small letters: Ann and ann are one
    Column("password_hash", Text, nullable=False),
    Column("roles", Text, nullable=False),  # words, one space between
    Column("created_at", Moment, nullable=False),
    Column("is_off", Boolean, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("name", Text, ForeignKey("people.name"), nullable=False, index=True),
    Column("began_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
)

invites = Table(
    "invites",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("roles", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("used_at", Moment),
)

secrets = Table(
    "secrets",
    metadata,
    Column("label", Text, primary_key=True),
    Column("who", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("fingerprint", Text, nullable=False),  # as JSON; the secret itself stands nowhere
)

_NOT_REFUSED = text("state != 'refused'")

outbox = Table(
    "outbox",
    metadata,
    Column("id", _NUMBER, primary_key=True, autoincrement=True),
    Column("opportunity", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("state", Text, nullable=False),  # queued, firing, sent, refused, unknown
    Column("tries", Integer, nullable=False),
    Column("next_try_at", Moment),  # null: nobody has to look at it again by itself
    Column("uri", Text),
    Column("url", Text),
    Column("reason", Text),
    Column("message", Text),  # all that leaves, as JSON; null where that is the text alone
    UniqueConstraint("channel", "account", "key"),
    Index(  # a moment is answered once on an account, unless the network refused
        "ix_outbox_once",
        "opportunity",
        "channel",
        "account",
        unique=True,
        sqlite_where=_NOT_REFUSED,
        postgresql_where=_NOT_REFUSED,
    ),
    sqlite_autoincrement=True,
)
