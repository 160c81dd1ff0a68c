"""Who may do what: roles, several a person, and the steps that each of them opens."""

from typing import Literal, get_args

import msgspec

Role = Literal["writer", "approver", "moderator", "responder", "analyst", "employee", "admin"]
Step = Literal[
    "claim",
    "release",
    "draft",
    "submit",
    "return",
    "approve",
    "fire",
    "recall",
    "settle",
    "withdraw",
    "dismiss",
    "unlock",
]

ROLES: tuple[Role, ...] = get_args(Role)
STEPS: tuple[Step, ...] = get_args(Step)

_WRITING: tuple[Step, ...] = ("claim", "release", "draft", "submit", "dismiss")
_APPROVING: tuple[Step, ...] = (
    "claim",
    "release",
    "return",
    "approve",
    "fire",
    "recall",
    "settle",
    "withdraw",
    "dismiss",
)
MAY: dict[Role, frozenset[Step]] = {
    "writer": frozenset((*_WRITING, "recall")),
    "approver": frozenset(_APPROVING),
    # whether it may be joked about, not how
    "moderator": frozenset(("dismiss", "unlock", "recall", "settle", "withdraw")),
    "responder": frozenset(),
    "analyst": frozenset(),
    "employee": frozenset(),  # somebody of another trade, an engineer say
    "admin": frozenset(),  # looks after people; a step of the desk needs a role of the desk
}
ANSWERING: frozenset[Step] = frozenset(_WRITING)
"""What a responder may do where somebody is answered, and everybody where the house is open."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is logged in: ``name`` is unique and stands in the record."""

    name: str
    roles: frozenset[Role]

    def may(self, step: Step, *, is_answer: bool = False, is_open: bool = False) -> bool:
        """Tell whether one of the person's roles opens a step.

        Parameters
        ----------
        is_answer
            Whether the work answers somebody: then a responder may write.
        is_open
            Whether every employee may answer (``open_responders``).
        """
        if any(step in MAY[role] for role in self.roles):
            return True
        return is_answer and step in ANSWERING and (is_open or "responder" in self.roles)
