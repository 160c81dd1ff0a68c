"""What the team wants kept secret: fingerprints under labels, never the texts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_bytes

import msgspec
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from rtm.clock import WallClock
from rtm.desk.leaks import LEAST_SALT, Fingerprint, Leak, fingerprint, leak_in
from rtm.errors import StoreError
from rtm.store.database import Database, beside
from rtm.store.tables import secrets

LONGEST_LABEL = 60  # characters
LONGEST_SECRET = 100_000


@dataclass(frozen=True, slots=True)
class Kept:
    """That a secret is kept: its label, who said so, and when."""

    label: str
    who: str
    at: datetime


class Secrets:
    """Fingerprints of secrets; each call reads what is kept now, whoever added it."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database, self._now = database, now

    def add(self, label: str, secret: str, who: str) -> Kept:
        """Keep the fingerprint of a secret under a label, which everybody at the desk may read.

        Raises
        ------
        StoreError
            When the label is none, taken, or gives the secret away; or the secret has no word.
        """
        label = " ".join(label.split())
        if not 0 < len(label) <= LONGEST_LABEL or not label.isprintable():
            raise StoreError(f"label: write 1 to {LONGEST_LABEL} characters on one line")
        if len(secret) > LONGEST_SECRET:
            raise StoreError(f"secret: {len(secret):,} characters; at most {LONGEST_SECRET:,}")
        try:
            made = fingerprint(label, secret, token_bytes(LEAST_SALT))
        except ValueError as error:
            raise StoreError(f"secret: {error}; write what must not be said") from error
        if leak_in(label, [made]) is not None:
            raise StoreError("label: it gives the secret away; choose another, it is shown to all")
        kept = Kept(label, who, self._now())
        values = {
            "label": label,
            "who": who,
            "at": kept.at,
            "fingerprint": msgspec.json.encode(made).decode(),
        }
        try:
            with self._database.writing() as connection:
                connection.execute(insert(secrets).values(values))
        except IntegrityError as error:
            raise StoreError(
                f'label "{label}": taken; remove it first or choose another'
            ) from error
        return kept

    def all(self) -> list[Kept]:
        """Return what is kept, by label."""
        query = select(secrets.c.label, secrets.c.who, secrets.c.at).order_by(secrets.c.label)
        with self._database.reading() as connection:
            return [Kept(row.label, row.who, row.at) for row in connection.execute(query)]

    def remove(self, label: str) -> None:
        """Guard a secret no more.

        Raises
        ------
        StoreError
            When there is no such label.
        """
        label = " ".join(label.split())
        with self._database.writing() as connection:
            gone = connection.execute(delete(secrets).where(secrets.c.label == label))
        if gone.rowcount != 1:
            raise StoreError(f'label "{label[:LONGEST_LABEL]}": no secret has it')

    def leak_in(self, text: str) -> Leak | None:
        """Return which secret a text gives away, or None. May take a second: call in a thread.

        Raises
        ------
        StoreError
            When a fingerprint cannot be read: then nothing may leave.
        """
        return leak_in(text, self.fingerprints())

    def fingerprints(self) -> list[Fingerprint]:
        """Return what is guarded now.

        Raises
        ------
        StoreError
            When one cannot be read.
        """
        with self._database.reading() as connection:
            lines = connection.execute(select(secrets.c.fingerprint)).scalars().all()
        try:
            return [msgspec.json.decode(line, type=Fingerprint) for line in lines]
        except msgspec.DecodeError as error:
            remedy = "remove that secret and add it again"
            raise StoreError(f"fingerprint cannot be read ({error}); {remedy}") from error


@contextmanager
def secrets_of(
    folder: Path, *, url: str | None = None, now: Callable[[], datetime] | None = None
) -> Iterator[Secrets]:
    """Give the secrets of a store, also while an rtm has it open."""
    with beside(folder, url) as database:
        yield Secrets(database, now or WallClock().now)
