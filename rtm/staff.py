"""Who of the people that may log in is on duty now, and in which roles."""

from collections.abc import Callable, Sequence
from datetime import datetime

from rtm.desk.newsroom import Newsroom
from rtm.desk.roles import Person, Role


class Staff:
    """The people, as they were looked up last; whoever was switched off is on duty no more.

    ``look`` returns everybody who may log in. It blocks, so ``refresh`` is called in a thread.
    """

    def __init__(self, look: Callable[[], Sequence[Person]], newsroom: Newsroom) -> None:
        self._look = look
        self._newsroom = newsroom
        self._people: dict[str, Person] = {}

    def refresh(self) -> None:
        """Look the people up again."""
        self._people = {person.name: person for person in self._look()}

    def person(self, name: str) -> Person | None:
        """Return who may log in under a name, None when nobody may."""
        return self._people.get(name)

    def all(self) -> list[Person]:
        """Return everybody who may log in."""
        return list(self._people.values())

    def on_duty(self, now: datetime) -> list[tuple[Person, datetime]]:
        """Return who is on duty, each with since when, longest first."""
        on_duty = self._newsroom.on_duty(now, self._people)
        return [(self._people[name], since) for name, since in on_duty.items()]

    def in_role(self, role: Role, now: datetime) -> tuple[str, ...]:
        """Return the names of those on duty who have a role, longest on duty first."""
        return tuple(person.name for person, _ in self.on_duty(now) if role in person.roles)
