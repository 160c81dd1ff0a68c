"""The desk's policy, as a brand's profile states it: channels and their owners, who must agree.

What the rules of the house say in words is another matter: those are Markdown, see ``rtm rules``.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from rtm.phrases import Phrase

MAX_CHANNELS = 20


class Outlet(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A channel of the brand: one account on one network, and the team that answers for it.

    ``env`` begins the names of the environment variables with its account and secrets; without it
    that is RTM_ and the network in capitals.
    """

    name: Annotated[
        str, Meta(pattern=r"\A[a-z][a-z0-9-]{0,39}\Z", examples=["bluesky"])
    ]  # as in --publish
    owner: Annotated[Phrase, Meta(examples=["Marketing department"])]
    network: Annotated[str, Meta(min_length=1, max_length=40, examples=["bluesky"])] = ""
    env: Annotated[str, Meta(pattern=r"\A[A-Z][A-Z0-9_]{0,59}\Z", examples=["RTM_BLUESKY"])] = ""
    # people who must agree before a post leaves here; without it, as [desk] says
    approvals: Annotated[int, Meta(ge=1, le=5, examples=[2])] | None = None

    @property
    def on(self) -> str:
        """The network's name."""
        return self.network or self.name

    @property
    def prefix(self) -> str:
        """What the names of its environment variables begin with."""
        return self.env or f"RTM_{self.on.upper().replace('-', '_')}"


class Desk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who must agree, who may answer, and what a draft is checked for."""

    approvals: Annotated[int, Meta(ge=1, le=5, examples=[1])] = 1
    # a team of one must be able to work; a team of two had better say false
    own_approval: bool = True
    # seconds until a silent approver is passed over to the next on duty
    answer_within_s: Annotated[int, Meta(ge=10, le=3600, examples=[60])] = 60
    # every employee may answer customers, inside the same policy
    open_responders: bool = False
    named_rivals: Literal["stop", "allow"] = "stop"
    look_up_links: bool = True
    # when the rota must have no hole: while watched events are on, or around the clock
    reachable: Literal["events", "always"] = "events"
    # what a thousand impressions cost where they are bought, EUR; compared with the desk's own
    paid_eur_per_thousand: Annotated[float, Meta(gt=0, le=10_000, examples=[8.0])] | None = None
