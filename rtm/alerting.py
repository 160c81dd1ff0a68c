"""Who is told what outside the board, and when: what an ``alerts.toml`` may say.

Addresses that are secrets do not stand here: ``url_env`` and ``password_env`` name the environment
variables that hold them.
"""

from datetime import time
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct, field

from rtm.phrases import listed, refuse_repeats
from rtm.remedies import shown, wrong

Kind = Literal[
    "opportunity",  # a new one, open to be claimed
    "approval",  # a draft waits for a person's answer
    "locked",  # the interlock holds a card
    "crisis",
    "moderator",  # none is on duty
    "rota",  # a shift ahead has nobody
    "stopped",
    "unknown",  # fired, and nobody knows whether it is out
    "source",  # a stream is lost
    "leak",  # a stranger's post gives a secret away
]
KINDS: tuple[Kind, ...] = get_args(Kind)
Service = Literal["slack", "discord", "webhook", "email", "apprise"]

Name = Annotated[
    str,
    Meta(
        pattern=r"\A[a-z][a-z0-9-]{0,39}\Z",
        description="a short name: letters a to z, digits and -",
        examples=["team"],
    ),
]
Variable = Annotated[
    str,
    Meta(
        pattern=r"\A[A-Z][A-Z0-9_]{0,79}\Z",
        description="the name of an environment variable, in capitals",
        examples=["RTM_ALERTS_SLACK"],
    ),
]
Mailbox = Annotated[
    str,
    Meta(
        max_length=254,
        pattern=r"\A[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+\Z",
        description="an e-mail address",
        examples=["team@example.org"],
    ),
]
Mailboxes = Annotated[
    tuple[Mailbox, ...], Meta(max_length=50, examples=[["team@example.org"]])
]  # who gets a mail
TimeOfDay = Annotated[
    str,
    Meta(
        pattern=r"\A([01][0-9]|2[0-3]):[0-5][0-9]\Z",
        description="a time of day in quotes, such as 08:00",
        examples=["08:00"],
    ),
]
Zone = Annotated[str, Meta(min_length=1, max_length=60, examples=["Europe/Tallinn"])]

MOST_TARGETS = 50
LOOPBACK = ("localhost", "127.0.0.1", "::1")
TLS_PORT = 465  # encrypted from the first byte (RFC 8314)


class Target(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One place where people are told; which keys it needs depends on its kind."""

    name: Name
    kind: Service
    url_env: Variable | None = None  # all but email: holds the address, which is a secret
    secret_env: Variable | None = None  # webhook: holds the key that signs, whsec_...
    to: Mailboxes = ()  # email

    def __post_init__(self) -> None:
        if self.kind == "email":
            if not self.to:
                raise wrong("to", list(self.to), 'write to = ["team@example.org"]')
            if self.url_env is not None:
                raise wrong("url_env", self.url_env, "delete it; mail goes by [smtp]")
        else:
            if self.url_env is None:
                example = f'"RTM_ALERTS_{self.kind.upper()}"'
                raise wrong("kind", self.kind, f"add url_env = {example}, which holds the address")
            if self.to:
                raise wrong("to", list(self.to), "delete it; only email has people to write to")
        if self.kind == "webhook" and self.secret_env is None:
            remedy = 'add secret_env = "RTM_ALERTS_WEBHOOK_SECRET", which holds the key that signs'
            raise wrong("kind", self.kind, remedy)
        if self.kind != "webhook" and self.secret_env is not None:
            raise wrong("secret_env", self.secret_env, "delete it; only a webhook is signed")


class Smtp(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The server that takes our mail; on port 465 all is encrypted from the start."""

    host: Annotated[str, Meta(min_length=1, max_length=253, examples=["smtp.example.org"])]
    port: Annotated[int, Meta(ge=1, le=65535, examples=[587])] = 587  # submission, RFC 6409
    sender: Annotated[Mailbox, Meta(examples=["rtm@example.org"])] = field(name="from")
    user: Annotated[str, Meta(max_length=254, examples=["rtm"])] = ""
    password_env: Variable | None = None
    starttls: bool = True

    def __post_init__(self) -> None:
        if bool(self.user) != (self.password_env is not None):
            raise wrong("user", self.user, "give user and password_env, or neither")
        if self.user and not self.is_encrypted and self.host not in LOOPBACK:
            raise wrong("starttls", self.starttls, "write true: a password goes out encrypted")

    @property
    def is_encrypted(self) -> bool:
        """Whether nobody on the way can read along."""
        return self.starttls or self.port == TLS_PORT


class Quiet(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Hours in which only what is critical is told; the rest waits for their end."""

    start: Annotated[TimeOfDay, Meta(examples=["22:00"])] = field(name="from")
    end: Annotated[TimeOfDay, Meta(examples=["07:00"])] = field(name="to")
    zone: Zone

    def __post_init__(self) -> None:
        refuse_unknown_zone(self.zone)
        if self.start == self.end:
            raise wrong("to", self.end, "write another time than from, or delete quiet")


class Route(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which targets are told of which kinds, and who is next where nobody answers.

    Without ``kinds`` it is reached from another route alone, by ``escalate_to``.
    """

    name: Name
    kinds: Annotated[
        tuple[Kind, ...], Meta(max_length=len(KINDS), examples=[["opportunity", "approval"]])
    ] = ()
    targets: Annotated[
        tuple[Name, ...], Meta(min_length=1, max_length=MOST_TARGETS, examples=[["team"]])
    ]
    escalate_to: Name | None = None
    quiet: Quiet | None = None

    def __post_init__(self) -> None:
        refuse_repeats("kinds", self.kinds)
        refuse_repeats("targets", self.targets)


class DigestTime(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the morning's digest is mailed, and to whom."""

    at: TimeOfDay = "08:00"  # before the first stand-up
    zone: Zone
    to: Annotated[Mailboxes, Meta(min_length=1)]

    def __post_init__(self) -> None:
        refuse_unknown_zone(self.zone)


class AlertsConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An ``alerts.toml``: targets, routes to them, and how patient rtm is."""

    # seconds that the first alert of a kind waits for others, so that several are one message
    group_wait_s: Annotated[float, Meta(ge=0, le=600, examples=[5.0])] = 5.0
    # seconds between two messages about one kind to one target
    group_every_s: Annotated[float, Meta(ge=1, le=86_400, examples=[60.0])] = 60.0
    # seconds that a told alert may stay unanswered before the next route is told: a moment is short
    escalate_after_s: Annotated[float, Meta(ge=10, le=86_400, examples=[120.0])] = 120.0
    targets: Annotated[tuple[Target, ...], Meta(max_length=MOST_TARGETS)] = field(
        default=(), name="target"
    )
    routes: Annotated[tuple[Route, ...], Meta(max_length=50)] = field(default=(), name="route")
    smtp: Smtp | None = None
    digest: DigestTime | None = None

    def __post_init__(self) -> None:
        refuse_repeats("[[target]] name", [target.name for target in self.targets])
        refuse_repeats("[[route]] name", [route.name for route in self.routes])
        targets = {target.name for target in self.targets}
        for number, route in enumerate(self.routes, 1):
            for name in route.targets:
                if name not in targets:
                    known = f"name one of the targets: {listed(sorted(targets)) or 'there is none'}"
                    raise wrong(f"[[route]] #{number} targets", name, known)
        self._refuse_lost_routes()
        by_mail = any(target.kind == "email" for target in self.targets) or self.digest is not None
        if by_mail and self.smtp is None:
            raise wrong("smtp", "", "add [smtp] with host and from, by which mail goes")

    def _refuse_lost_routes(self) -> None:
        following = {route.name: route.escalate_to for route in self.routes}
        for number, route in enumerate(self.routes, 1):
            key = f"[[route]] #{number} escalate_to"
            passed, there = [route.name], route.escalate_to
            while there is not None:
                if there not in following:
                    raise wrong(key, there, f"name one of the routes: {listed(list(following))}")
                if there in passed:
                    raise wrong(key, there, "it leads back to where it came from; end it somewhere")
                passed.append(there)
                there = following[there]
        reached = {route.escalate_to for route in self.routes}
        for number, route in enumerate(self.routes, 1):
            if not route.kinds and route.name not in reached:
                remedy = f"write kinds = [{shown(KINDS[0])}], or name it in another's escalate_to"
                raise wrong(f"[[route]] #{number} kinds", list(route.kinds), remedy)


def refuse_unknown_zone(zone: str) -> None:
    """Raise a ValueError when a time zone is not an IANA name that this machine knows."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        remedy = "write an IANA name such as Europe/Tallinn (where it is one, install tzdata)"
        raise wrong("zone", zone, remedy) from error


def time_of(said: str) -> time:
    """Return a time of day.

    >>> time_of("08:00")
    datetime.time(8, 0)
    """
    return time.fromisoformat(said)


def understood(config: AlertsConfig) -> list[str]:
    """Say in plain words what an ``alerts.toml`` means, a line for each part."""
    untold = [kind for kind in KINDS if not any(kind in route.kinds for route in config.routes)]
    return [
        *(_told(target) for target in config.targets),
        *(_routed(route, config.escalate_after_s) for route in config.routes),
        f"Told nobody: {', '.join(untold)}." if untold else "Every kind of alert is told somebody.",
        f"Alerts of a kind are gathered for {config.group_wait_s:g} s; "
        f"at most one message about it in {config.group_every_s:g} s to each target.",
        _mailed(config),
    ]


def _told(target: Target) -> str:
    if target.kind == "email":
        return f"Target {target.name}: e-mail to {listed(target.to)}."
    signed = f", signed with {target.secret_env}" if target.secret_env else ""
    return f"Target {target.name}: {target.kind}, address in {target.url_env}{signed}."


def _routed(route: Route, patience_s: float) -> str:
    kinds = ", ".join(route.kinds) or "only what is passed on to it"
    passed = (
        f"; unanswered after {patience_s:g} s, route {route.escalate_to} is told"
        if route.escalate_to
        else ""
    )
    quiet = route.quiet
    hours = (
        f"; from {quiet.start} to {quiet.end} ({quiet.zone}) only what is critical" if quiet else ""
    )
    return f"Route {route.name}: {kinds} to {listed(route.targets)}{passed}{hours}."


def _mailed(config: AlertsConfig) -> str:
    digest = config.digest
    if digest is None:
        return "No digest is mailed."
    return f"Digest at {digest.at} ({digest.zone}) to {listed(digest.to)}."
