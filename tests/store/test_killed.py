import os
import random
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from rtm.decisions import Claimed, Fired, Sent
from rtm.store.store import Store
from rtm.types import StoryOpened
from tests.store.archives import frames, planted
from tests.store.records import AT, opened
from tests.store.worker import HOURS_APART

SEED = int(os.environ.get("RTM_SEED", "1"))
ROOT = Path(__file__).parents[2]


def acknowledged_until_killed(folder: Path, lines: int, more_s: float) -> list[tuple[str, int]]:
    """Let a worker go on for so many lines and a moment, kill it, and return what it said."""
    worker = subprocess.Popen(
        [sys.executable, "-P", "-m", "tests.store.worker", str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    said = [worker.stdout.readline() for _ in range(lines)]
    try:
        worker.wait(more_s)
    except subprocess.TimeoutExpired:
        worker.send_signal(signal.SIGKILL)
    rest = worker.communicate()[0]
    assert worker.returncode == -signal.SIGKILL
    whole = "".join([*said, rest])
    return [
        (what, int(number))
        for what, number in (line.split() for line in whole.splitlines(keepends=True))
    ]


def kill_often(folder: Path, times: int) -> None:
    rng = random.Random(SEED)
    safe: dict[str, set[int]] = defaultdict(set)
    for _ in range(times):
        lines, more_s = rng.randint(1, 120), rng.uniform(0.0001, 0.05)
        for what, number in acknowledged_until_killed(folder, lines, more_s):
            safe[what].add(number)
        store = Store.open(folder)
        check(store, safe)
        store.close()
    assert safe["archived"]


def check(store: Store, safe: dict[str, set[int]]) -> None:
    records = [record for _, record in store.records()]
    seqs = [seq for seq, _ in store.records()]
    assert seqs == sorted(set(seqs))

    told = [record for record in records if isinstance(record, StoryOpened)]
    assert told == [opened(number) for number in range(store.told())]
    assert safe["told"] <= set(range(len(told)))

    for kind, name in ((Claimed, "claimed"), (Fired, "fired"), (Sent, "settled")):
        counts = Counter(int(r.opportunity) for r in records if isinstance(r, kind))
        assert safe[name] <= counts.keys()
        assert max(counts.values(), default=1) == 1

    fired = {record.opportunity for record in records if isinstance(record, Fired)}
    settled = {record.opportunity for record in records if isinstance(record, Sent)}
    assert {sending.opportunity for sending in store.sendings.due(AT)} == fired - settled

    pattern = planted(600, every=HOURS_APART)
    steps = list(store.archive.steps())
    assert [number for number, _, _ in steps] == list(range(1, store.archive.position + 1))
    assert max(safe["archived"], default=0) <= store.archive.position
    for number, (frame, _) in enumerate(frames(steps)):
        assert frame.equals(pattern[number % 600][0])

    snapshot = store.snapshots.latest()
    newest = max(safe["snapshot"], default=0)
    assert newest == 0 or (snapshot is not None and snapshot.position >= newest)
    assert snapshot is None or snapshot.position <= store.archive.position


def test_nothing_acknowledged_is_lost_or_doubled_when_killed(tmp_path):
    kill_often(tmp_path, 5)


@pytest.mark.long
def test_nothing_is_lost_or_doubled_when_killed_fifty_times(tmp_path):
    kill_often(tmp_path, 50)
