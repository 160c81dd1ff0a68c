"""Who may do what: roles, several a person, and the steps that each of them opens."""

from typing import Literal, get_args

import msgspec

Role = Literal["writer", "approver", "moderator", "admin"]
Step = Literal[
    "claim", "release", "draft", "submit", "return", "approve", "fire", "dismiss", "unlock"
]

ROLES: tuple[Role, ...] = get_args(Role)
STEPS: tuple[Step, ...] = get_args(Step)

_WRITING: tuple[Step, ...] = ("claim", "release", "draft", "submit", "dismiss")
_APPROVING: tuple[Step, ...] = ("claim", "release", "return", "approve", "fire", "dismiss")
MAY: dict[Role, frozenset[Step]] = {
    "writer": frozenset(_WRITING),
    "approver": frozenset(_APPROVING),
    "moderator": frozenset(("dismiss", "unlock")),  # whether it may be joked about, not how
    "admin": frozenset(),  # looks after people; a step of the desk needs a role of the desk
}


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is logged in: ``name`` is unique and stands in the record."""

    name: str
    roles: frozenset[Role]

    def may(self, step: Step) -> bool:
        """Tell whether one of the person's roles opens a step."""
        return any(step in MAY[role] for role in self.roles)
