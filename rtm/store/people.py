"""People, their passwords, sessions and invitations. Only hashes of secrets are kept."""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from rtm.clock import WallClock
from rtm.desk.roles import ROLES, Person, Role
from rtm.errors import StoreError
from rtm.store.database import Database, beside
from rtm.store.tables import invites, people, sessions

SHORTEST_PASSWORD = 10  # characters
LONGEST_PASSWORD = 1_000  # more would only keep the machine busy
SECRET_BYTES = 32

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}")


class People:
    """Whoever may log in. ``hasher`` decides how dear it is to guess a password."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        hasher: PasswordHasher | None = None,
    ) -> None:
        self._database, self._now = database, now
        self._hasher = hasher or PasswordHasher()

    def add(self, name: str, password: str, roles: Iterable[Role]) -> Person:
        """Keep a new person.

        Raises
        ------
        StoreError
            When the name is no name or taken, the password too short, or a role unknown.
        """
        person, hashed = self._new(name, password, roles)
        with self._database.writing() as connection:
            self._insert(connection, person, hashed)
        return person

    def check(self, name: str, password: str) -> Person | None:
        """Return who logs in; None when name or password is wrong, after the same work."""
        with self._database.reading() as connection:
            row = _row(connection, name)
        is_right = self._is_right(row.password_hash if row else self._nobodys, password)
        return _person(row) if row and is_right and not row.is_off else None

    def begin(self, person: Person, days: int = 30) -> str:
        """Begin a session; return its token, which only the person's browser keeps."""
        token, now = secrets.token_urlsafe(SECRET_BYTES), self._now()
        with self._database.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.ends_at <= now))
            row = _row(connection, person.name)
            if row is None or row.is_off:
                raise StoreError(f'"{person.name}": nobody who may log in has this name')
            connection.execute(
                insert(sessions).values(
                    token_hash=_hashed(token),
                    name=row.name,
                    began_at=now,
                    ends_at=now + timedelta(days=days),
                )
            )
        return token

    def person(self, token: str) -> Person | None:
        """Return whose session it is; None when there is none or it is over."""
        query = select(people).join(sessions).where(
            sessions.c.token_hash == _hashed(token),
            sessions.c.ends_at > self._now(),
            people.c.is_off.is_(False),
        )  # fmt: skip
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return _person(row) if row else None

    def end(self, token: str) -> None:
        """End a session."""
        with self._database.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.token_hash == _hashed(token)))

    def invite(self, roles: Iterable[Role], hours: int = 24) -> str:
        """Return a token with which one new person may name themselves, once."""
        token, now = secrets.token_urlsafe(SECRET_BYTES), self._now()
        with self._database.writing() as connection:
            connection.execute(
                insert(invites).values(
                    token_hash=_hashed(token),
                    roles=_words(_known(roles)),
                    made_at=now,
                    ends_at=now + timedelta(hours=hours),
                )
            )
        return token

    def invited(self, token: str) -> frozenset[Role] | None:
        """Return to which roles a token invites; None when it does not, or no more."""
        query = select(invites.c.roles).where(*self._open_invite(token))
        with self._database.reading() as connection:
            words = connection.execute(query).scalar_one_or_none()
        return None if words is None else _roles(words)

    def accept(self, token: str, name: str, password: str) -> Person:
        """Keep the person who was invited; the invitation is used up.

        Raises
        ------
        StoreError
            As ``add``, and when nobody is invited by this token; then nothing is used up.
        """
        roles = self.invited(token)
        if roles is None:
            raise StoreError(_NOT_INVITED)
        person, hashed = self._new(name, password, roles)
        with self._database.writing() as connection:
            used = connection.execute(
                update(invites).where(*self._open_invite(token)).values(used_at=self._now())
            )
            if used.rowcount != 1:  # somebody else was quicker
                raise StoreError(_NOT_INVITED)
            self._insert(connection, person, hashed)
        return person

    def any(self) -> bool:
        """Tell whether there is anybody at all."""
        with self._database.reading() as connection:
            return bool(connection.execute(select(func.count()).select_from(people)).scalar_one())

    def all(self) -> list[Person]:
        """Return everybody who may log in, by name."""
        query = select(people).where(people.c.is_off.is_(False)).order_by(people.c.folded)
        with self._database.reading() as connection:
            return [_person(row) for row in connection.execute(query)]

    def set_password(self, name: str, password: str) -> None:
        """Give a person a new password; sessions begun with the old one end.

        Raises
        ------
        StoreError
            When nobody has the name, or the password is too short.
        """
        hashed = self._hasher.hash(_bytes(_long_enough(password)))
        self._change(name, password_hash=hashed)

    def switch_off(self, name: str) -> None:
        """Let a person in no more, from now on; their name stays in the record.

        Raises
        ------
        StoreError
            When nobody has the name.
        """
        self._change(name, is_off=True)

    def set_roles(self, name: str, roles: Iterable[Role]) -> Person:
        """Give a person these roles and no others; sessions go on, and know it in seconds.

        Raises
        ------
        StoreError
            When nobody who may log in has the name, or a role is unknown.
        """
        known = _known(roles)
        with self._database.writing() as connection:
            row = _row(connection, name)
            if row is None or row.is_off:
                raise StoreError(f'"{name[:60]}": nobody who may log in has this name')
            new = {"roles": _words(known)}
            connection.execute(update(people).where(people.c.name == row.name).values(new))
        return Person(name=row.name, roles=known)

    def _change(self, name: str, **values: object) -> None:
        with self._database.writing() as connection:
            row = _row(connection, name)
            if row is None:
                raise StoreError(f'"{name}": nobody has this name')
            connection.execute(update(people).where(people.c.name == row.name).values(**values))
            connection.execute(delete(sessions).where(sessions.c.name == row.name))

    def _new(self, name: str, password: str, roles: Iterable[Role]) -> tuple[Person, str]:
        if not _NAME.fullmatch(name):
            raise StoreError(
                f'name "{name[:60]}": write 1 to 40 letters a-z, digits, spaces or . _ -, '
                "beginning with a letter or digit"
            )
        person = Person(name=name, roles=_known(roles))
        return person, self._hasher.hash(_bytes(_long_enough(password)))

    def _insert(self, connection: Connection, person: Person, hashed: str) -> None:
        values = {
            "name": person.name,
            "folded": person.name.lower(),
            "password_hash": hashed,
            "roles": _words(person.roles),
            "created_at": self._now(),
            "is_off": False,
        }
        try:
            connection.execute(insert(people).values(values))
        except IntegrityError as error:
            raise StoreError(f'name "{person.name}": taken; choose another') from error

    def _is_right(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, _bytes(password[:LONGEST_PASSWORD]))
        except (VerificationError, InvalidHashError):
            return False

    @cached_property
    def _nobodys(self) -> str:
        # checked when nobody has the name, so that time does not tell who exists
        return self._hasher.hash(secrets.token_urlsafe(SECRET_BYTES))

    def _open_invite(self, token: str) -> tuple[ColumnElement[bool], ...]:
        return (
            invites.c.token_hash == _hashed(token),
            invites.c.ends_at > self._now(),
            invites.c.used_at.is_(None),
        )


@contextmanager
def people_of(
    folder: Path, *, url: str | None = None, now: Callable[[], datetime] | None = None
) -> Iterator[People]:
    """Give the people of a store, also while an rtm has it open."""
    with beside(folder, url) as database:
        yield People(database, now or WallClock().now)


_NOT_INVITED = "invitation: unknown, used or too old; ask an admin for a new one"


def _row(connection: Connection, name: str) -> Row[Any] | None:
    if not _NAME.fullmatch(name):
        return None
    query = select(people).where(people.c.folded == name.lower())
    return connection.execute(query).one_or_none()


def _person(row: Row[Any]) -> Person:
    return Person(name=row.name, roles=_roles(row.roles))


def _long_enough(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise StoreError(
            f"password: {len(password)} characters; write {SHORTEST_PASSWORD} "
            f"to {LONGEST_PASSWORD:,}"
        )
    return password


def _known(roles: Iterable[Role]) -> frozenset[Role]:
    known = frozenset(roles)
    if not known or not known <= set(ROLES):
        said = ", ".join(sorted(known)) or "none"
        raise StoreError(f"roles: {said[:60]}; write one or more of {', '.join(ROLES)}")
    return known


def _words(roles: frozenset[Role]) -> str:
    return " ".join(sorted(roles))


def _roles(words: str) -> frozenset[Role]:
    return frozenset(cast(Role, word) for word in words.split())


def _hashed(token: str) -> str:
    return sha256(_bytes(token)).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")  # whatever a stranger sends, it only has to differ
