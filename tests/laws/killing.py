"""Kill an outbox again and again between a store and a real server, and keep count of where.

Be a kill: you have an aim, such as the instant at which a server has just taken a post. A fresh
outbox is started with drafts to send, and nothing on the way keeps it from your aim; when it has
come there, or your patience is over, its process ends at once. Afterwards it is read from the store
and from the proxy where you truly hit: the aim is only an aim.
"""

import asyncio
import multiprocessing
import signal
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from time import monotonic
from typing import Literal

from tests.laws.exactly_once import Post, breaches
from tests.outbox_child import Draft, Life, Manner, desk, drafts, live
from tests.servers.proxy import Call, Fault, Proxy, Stage

Step = Literal["sign in", "post", "look", "other"]
Phase = Literal["queued", "marked", "called", "taken", "answered", "unknown", "looking"]
Seen = tuple[Step, str | None, Stage]
Aim = tuple[Step, Stage] | Literal["at once", "any instant", "marked", "all settled"]

AIMS: Sequence[Aim] = (
    "at once",
    "any instant",
    "any instant",
    "marked",
    ("post", "came"),
    ("post", "taken"),
    ("post", "taken"),
    ("post", "answered"),
    ("post", "answered"),
    ("look", "came"),
)
PHASES: Sequence[Phase] = (
    "queued",
    "marked",
    "called",
    "taken",
    "answered",
    "unknown",
    "looking",
)
EARLY_S = 0.1  # a life has hardly begun
LONGEST_LIFE_S = 0.8  # since its first call
LONGEST_START_S = 5.0  # until then, on a busy machine
LONG_LIFE_S = 5.0
MOST_OPEN = 16  # drafts; while so many wait a life gets no new ones, but time to settle them
CALM_S = 90.0  # to settle everything, once nothing breaks any more
LATEST_S = 0.8  # that the proxy holds a call before it arrives; less than any ``sure_s``, since an
# outbox cannot but believe that after so long nothing comes any more

_processes = multiprocessing.get_context("forkserver")  # a life begins with all imported
_processes.set_forkserver_preload(["tests.outbox_child"])


@dataclass(frozen=True)
class Network:
    """A real server and an account there.

    ``step_of`` tells what a call is for, and the key of its post where it has one; ``posts`` what
    the server has; ``faults`` what calls may meet. ``may_refuse`` is of the law. Each life gets one
    to ``most_fired`` drafts, of which so many as ``twins`` are of the same words.
    """

    channel: str
    service: str
    account: str
    secret: str
    step_of: Callable[[Call], tuple[Step, str | None]]
    posts: Callable[[], list[Post]]
    faults: Mapping[Step, Mapping[Fault, float]]
    may_refuse: bool
    most_fired: int
    twins: int = 1


@dataclass(repr=False)
class Course:
    """What a course of kills came to.

    ``hit`` counts kills by where they found a post, ``met`` calls by what befell them; ``faults``
    are those that were to befall some. ``overdue`` are keys of posts that the server took later
    than an outbox is told to reckon with, as on a busy machine: of them the law says nothing.
    """

    seed: int
    faults: frozenset[Fault]
    kills: int = 0
    seconds: float = 0.0
    hit: Counter[Phase] = field(default_factory=Counter)
    met: Counter[Fault] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    overdue: set[str] = field(default_factory=set)
    breaches: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Tell whether a post was hit in every phase, and every fault met."""
        return set(self.hit) == set(PHASES) and self.faults <= set(self.met)

    def __repr__(self) -> str:
        return (
            f"RTM_SEED={self.seed}: {self.kills} kills in {self.seconds:.0f} s; posts found "
            f"{dict(self.hit)}; calls met {dict(self.met)}; drafts ended {dict(self.states)}; "
            f"{len(self.overdue)} overdue; "
            f"{len(self.breaches)} breaches {self.breaches[:5]}"
        )


async def killed(
    network: Network, life: Life, kills: int, seed: int, aims: Sequence[Aim] = AIMS
) -> Course:
    """Fire drafts and kill their outbox so often; then let it settle all.

    A sound one is killed on, up to twice as often, until a post was hit in every phase, and every
    fault met.
    """
    faults = frozenset(fault for fault, weight in network.faults["post"].items() if weight)
    rng, course, began = Random(seed), Course(seed, faults), monotonic()
    most = 2 * kills if life.manner == "sound" else kills
    aim: Aim = "at once"

    def weights(call: Call) -> Mapping[Fault, float]:
        step = network.step_of(call)[0]
        is_in_the_way = isinstance(aim, tuple) and step in ("sign in", "other", aim[0])
        return {"none": 1.0} if is_in_the_way else network.faults[step]

    proxy = Proxy(
        network.service,
        rng,
        weights,
        latest_s=LATEST_S,
        # a server spends a third of a second on each password, on purpose
        remembers=lambda call: network.step_of(call)[0] in ("sign in", "other"),
    )
    course.met = proxy.met
    await proxy.start()
    try:
        life = replace(life, service=proxy.url)
        left: list[Aim] = []
        while course.kills < kills or (not course.is_whole and course.kills < most):
            before = _fired(network, life, rng)
            left = left or rng.sample(aims, len(aims))
            aim = left.pop() if len(before) < MOST_OPEN else "all settled"
            seen = await _lived(network, proxy, life, aim, rng)
            course.kills += 1
            course.hit.update(_hit(before, _open(life), seen))
        proxy.calm()
        await _settled(network, life)
        await proxy.arrived()
    finally:
        await proxy.stop()
    ended = drafts(life.folder)
    course.states = Counter(draft.state for draft in ended)
    course.overdue = {
        key
        for step, key, took_s in ((*network.step_of(call), call.took_s) for call in proxy.calls)
        if step == "post" and key is not None and took_s > life.sure_s
    }
    skipped = {draft.text for draft in ended if draft.key in course.overdue}
    with desk(life.folder) as opened:
        course.breaches = breaches(
            [draft for draft in ended if draft.text not in skipped],
            opened.outcomes(),
            [post for post in network.posts() if post.text not in skipped],
            may_refuse=network.may_refuse,
        )
    course.seconds = monotonic() - began
    return course


def life_of(network: Network, folder, *, sure_s: float, manner: Manner = "sound") -> Life:
    """Return how an outbox of a network lives in a folder."""
    return Life(
        folder, network.channel, network.service, network.account, network.secret, sure_s, manner
    )


def _fired(network: Network, life: Life, rng: Random) -> list[Draft]:
    with desk(life.folder) as opened:
        found = drafts(life.folder)
        waiting = [draft for draft in found if draft.state not in ("sent", "refused")]
        for number in range(rng.randint(1, network.most_fired) if len(waiting) < MOST_OPEN else 0):
            place = len(found) + number
            waited_s = rng.choice([0.0, 0.0, 2 * life.sure_s])  # fired while rtm was down
            opened.fire(life, place, f"dunk {place // network.twins} in the dark", waited_s)
    return _open(life)


def _open(life: Life) -> list[Draft]:
    return [draft for draft in drafts(life.folder) if draft.state not in ("sent", "refused")]


async def _lived(network: Network, proxy: Proxy, life: Life, aim: Aim, rng: Random) -> list[Seen]:
    """Let an outbox live and die; the calls it made, as they stood when it died."""
    nth, late_s = rng.choice([1, 1, 2]), rng.choice([0.0, 0.0, rng.uniform(0, 0.01)])
    has_called, is_there = asyncio.Event(), asyncio.Event()
    counts = Counter[Aim]()
    came = len(proxy.calls)
    seen: list[Seen] = []

    def kill() -> None:
        process.kill()
        if not seen:
            seen.extend((*network.step_of(call), call.stage) for call in proxy.calls[came:])

    def watch(call: Call) -> None:
        step: Aim = (network.step_of(call)[0], call.stage)
        counts[step] += 1
        has_called.set()
        if step == aim and counts[step] >= nth:
            is_there.set() if late_s else kill()

    process = _processes.Process(
        target=live, args=(replace(life, marks=nth if aim == "marked" else None),)
    )
    proxy.watch = watch
    process.start()
    dead = asyncio.create_task(asyncio.to_thread(process.join))
    if aim in ("at once", "any instant"):
        wait_s = rng.uniform(0, EARLY_S if aim == "at once" else LONGEST_LIFE_S)
        await asyncio.wait([dead], timeout=wait_s)
    elif aim == "all settled":
        until = monotonic() + LONG_LIFE_S
        while _open(life) and monotonic() < until:
            await asyncio.wait([dead], timeout=0.1)
    else:
        await _first(dead, has_called, LONGEST_START_S)
        await _first(dead, is_there, LONGEST_LIFE_S)
        await asyncio.sleep(late_s)
    kill()
    await dead
    proxy.watch = lambda call: None
    assert process.exitcode == -signal.SIGKILL, "it ended by itself"
    return seen


async def _first(dead: asyncio.Task[None], event: asyncio.Event, wait_s: float) -> None:
    waiting = asyncio.create_task(event.wait())
    await asyncio.wait([dead, waiting], timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()


def _hit(before: Sequence[Draft], after: Sequence[Draft], seen: Sequence[Seen]) -> set[Phase]:
    tries = {draft.key: draft.tries for draft in before}
    posted = {key: stage for step, key, stage in seen if step == "post"}
    hit: set[Phase] = set()
    if any(step == "look" and stage != "answered" for step, _, stage in seen):
        hit.add("looking")
    for draft in after:
        if draft.state in ("queued", "unknown"):
            hit.add("queued" if draft.state == "queued" else "unknown")
        elif draft.tries > tries[draft.key]:
            hit.add(_PHASES[posted.get(draft.key)])
    return hit


_PHASES: dict[Stage | None, Phase] = {
    None: "marked",
    "came": "called",
    "taken": "taken",
    "answered": "answered",
}


async def _settled(network: Network, life: Life) -> None:
    process = _processes.Process(target=live, args=(replace(life, patience_s=10.0),))
    process.start()
    began = monotonic()
    while waiting := {draft.state for draft in _open(life)}:
        # of several alike some stay unknown, whoever looks
        is_over = network.twins > 1 and waiting == {"unknown"}
        if monotonic() - began > (4 * life.sure_s if is_over else CALM_S):
            break
        await asyncio.to_thread(process.join, 0.1)
    process.kill()
    await asyncio.to_thread(process.join)
