"""Keep, decide, settle, append and snapshot until somebody kills this; print what is safe.

Each line on standard output says that something was acknowledged: what it was, and its number.
"""

import sys
from pathlib import Path

from rtm.store.store import Store
from tests.store.archives import planted
from tests.store.records import AT, claimed, fired, opened, sent

HOURS_APART = 97  # seconds between entries: an hour is over after 37 of them


def work(folder: Path) -> None:
    """Go on where the last one was killed."""
    store = Store.open(folder)
    acknowledge("begun", 0)
    for sending in store.sendings.due(AT):
        place = {"opportunity": sending.opportunity, "key": sending.key}
        store.settle(sending.id, sent(**place))
        acknowledge("settled", int(sending.opportunity))
    told, number = planted(600, every=HOURS_APART), store.archive.position
    for turn in range(store.told(), 10_000):
        frame, closed = told[number % 600]
        closed += number // 600 * 600 * HOURS_APART
        store.archive.append(frame, closed)
        number = store.archive.position
        acknowledge("archived", number)
        store.keep([opened(n) for n in range(max(0, turn - 1), turn + 1)], first=max(0, turn - 1))
        acknowledge("told", turn)
        if store.decide(claimed(str(turn)), key=f"claim {turn}"):
            acknowledge("claimed", turn)
        if store.decide(fired(opportunity=str(turn), key=f"k{turn}"), key=f"fire {turn}"):
            acknowledge("fired", turn)
        (sending,) = store.sendings.due(AT)
        store.sendings.firing(sending.id)
        store.settle(sending.id, sent(opportunity=str(turn), key=f"k{turn}"))
        acknowledge("settled", turn)
        if turn % 5 == 0:
            store.snapshots.write(b"engine" * 1_000, number, turn)
            acknowledge("snapshot", number)


def acknowledge(what: str, number: int) -> None:
    """Say that it is safe."""
    sys.stdout.write(f"{what} {number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    work(Path(sys.argv[1]))
