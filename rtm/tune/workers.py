"""Run settings in processes of their own: each reads the data once, then takes one after another.

Spawned, never forked: whatever threads the caller has are none of theirs. They end with the caller,
however it ended.
"""

import multiprocessing
import os
import signal
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Thread

import msgspec

from rtm.errors import RtmError, SourceError
from rtm.sources.files import read_file
from rtm.trends.settings import Settings
from rtm.tune.hashes import code_hash, object_hash
from rtm.tune.labels import Label
from rtm.tune.result import Result
from rtm.tune.session import Asked, Session


@dataclass(frozen=True, slots=True)
class Job:
    """What every worker needs to read the same data the same way."""

    data: Path
    labels: tuple[Label, ...]
    asked: Asked
    now: datetime

    def session(self) -> Session:
        """Read the data."""
        posts = read_file(self.data, now=self.now, until=self.asked.until).posts
        return Session(posts, self.labels, self.asked)

    def key(self, settings: Settings) -> str:
        """Return the hash of all that the result of a setting depends on."""
        asked = self.asked
        return object_hash(
            (asked.data_hash, asked.labels_hash, asked.hash, settings._asdict(), code_hash())
        )


# of a worker, which runs one setting at a time: its session, or why it has none
_session: list[Session] = []
_trouble: list[RtmError] = []


def results(job: Job, settings: Mapping[str, Settings], jobs: int) -> Iterator[tuple[str, Result]]:
    """Yield the results of settings by key, as they are finished, by so many workers at once.

    Lists of unmatched stories are left out: a thousand settings would repeat them.

    Raises
    ------
    SourceError
        When a worker was ended from outside, as when memory runs out.
    """
    pool = ProcessPoolExecutor(
        max_workers=min(jobs, len(settings)),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(job,),
    )
    try:
        running = {pool.submit(_run, each): key for key, each in settings.items()}
        for done in as_completed(running):
            yield running[done], msgspec.json.decode(done.result(), type=Result)
    except BrokenProcessPool as error:
        remedy = "try --jobs 1, or --from and --to for less data; finished settings are kept"
        raise SourceError(f"a worker ended before its setting was run; {remedy}") from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin(job: Job) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller decides what happens then
    Thread(target=_end_with_caller, daemon=True).start()
    try:
        _session.append(job.session())
    except RtmError as error:  # raised here it would be lost with the worker
        _trouble.append(error)


def _end_with_caller() -> None:
    caller = multiprocessing.parent_process()
    if caller is not None:
        caller.join()
        os._exit(1)  # killed: nobody waits for results, and nobody would end us


def _run(settings: Settings) -> bytes:
    for trouble in _trouble:
        raise trouble
    result = _session[0].run(settings)
    return msgspec.json.encode(msgspec.structs.replace(result, unmatched=()))
