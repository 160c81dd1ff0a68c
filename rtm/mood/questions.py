"""What to ask the team: at most three posts an hour, those from which most is learned.

The hour has three turns of twenty minutes. During each, the posts nearest to the threshold, and
of them the newest kinds, are kept; when the turn ends, the best whose text was never asked is the
question. Time is that of the posts, so a replay asks the same.

References
----------
Lewis and Gale (1994), A sequential algorithm for training text classifiers: uncertainty sampling.
"""

import re
from collections.abc import Callable, Sequence
from hashlib import blake2b

import msgspec
import numpy as np
from numpy.typing import NDArray

from rtm.errors import StoreError

TURN_S = 1200
CANDIDATES = 8  # of each turn: some will have been asked before, or in other words
REMEMBERED = 20_000  # texts asked; at three an hour, nine months
VERSION = 1
_NAMED = re.compile(r"https?://\S+|@\S+")
_SIGNS = re.compile(r"[\W\d_]+")


class Question(msgspec.Struct, frozen=True):
    """A post that the team is asked about."""

    tick: int
    id: str
    text: str
    probability: float
    worth: float


class _Kept(msgspec.Struct, frozen=True):
    version: int
    asked: list[int]
    turns: dict[int, list[Question]]
    asked_until: int


class Questions:
    """The turns that are open, and what was asked."""

    def __init__(self, is_rude: Callable[[str], bool] | None = None) -> None:
        self._is_rude = is_rude
        self._asked: dict[int, None] = {}
        self._turns: dict[int, list[Question]] = {}
        self._asked_until = 0  # turns below it have ended

    def offer(
        self,
        ticks: NDArray[np.int64],
        ids: Sequence[str],
        texts: Sequence[str],
        probabilities: NDArray[np.float64],
        novelty: NDArray[np.float64],
    ) -> None:
        """Consider posts about the brand, in any framing; those of turns that ended are late."""
        worth = worth_of(probabilities, novelty)
        turns = ticks // TURN_S
        for turn in np.unique(turns).tolist():
            if turn < self._asked_until:
                continue
            places = np.flatnonzero(turns == turn)
            for place in places[np.argsort(-worth[places], kind="stable")].tolist():
                kept = self._turns.setdefault(turn, [])
                if len(kept) == CANDIDATES and worth[place] < kept[-1].worth:
                    break
                text = texts[place]
                probability = float(probabilities[place])
                question = Question(
                    int(ticks[place]), ids[place], text, probability, float(worth[place])
                )
                self._consider(kept, question)

    def due(self, until: int) -> list[Question]:
        """Return the questions of all turns that ended by this tick, oldest first."""
        asked = []
        for turn in sorted(turn for turn in self._turns if (turn + 1) * TURN_S <= until):
            for question in self._turns.pop(turn):
                key = text_key(question.text)
                if key not in self._asked:
                    self._asked[key] = None
                    asked.append(question)
                    break
        self._asked_until = max(self._asked_until, until // TURN_S)
        while len(self._asked) > REMEMBERED:
            del self._asked[next(iter(self._asked))]
        return asked

    def snapshot(self) -> bytes:
        """Return the open turns and what was asked."""
        turns = dict(sorted(self._turns.items()))
        kept = _Kept(VERSION, list(self._asked), turns, self._asked_until)
        return msgspec.msgpack.encode(kept)

    def restore(self, snapshot: bytes) -> None:
        """Take up where a snapshot was made, or raise StoreError."""
        try:
            kept = msgspec.msgpack.decode(snapshot, type=_Kept)
        except msgspec.MsgspecError as error:
            raise StoreError("snapshot of questions: damaged; start without it") from error
        if kept.version != VERSION:
            raise StoreError("snapshot of questions: of another version; start without it")
        self._asked = dict.fromkeys(kept.asked)
        self._turns = kept.turns
        self._asked_until = kept.asked_until

    def _consider(self, kept: list[Question], question: Question) -> None:
        if len(kept) == CANDIDATES and _rank(kept[-1]) <= _rank(question):
            return
        key = text_key(question.text)
        if key in self._asked or (self._is_rude and self._is_rude(question.text)):
            return
        same = [other for other in kept if text_key(other.text) == key]
        if same and _rank(same[0]) <= _rank(question):
            return
        for other in same:
            kept.remove(other)
        kept.append(question)
        kept.sort(key=_rank)
        del kept[CANDIDATES:]


def worth_of(
    probabilities: NDArray[np.float64], novelty: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what an answer is worth, from 0 to 1: most at even odds, half of it for what is new.

    >>> worth_of(np.array([0.5, 0.5, 1.0]), np.array([1.0, 0.0, 1.0])).tolist()
    [1.0, 0.5, 0.0]
    """
    worth: NDArray[np.float64] = (1.0 - np.abs(2.0 * probabilities - 1.0)) * (1.0 + novelty) / 2.0
    return worth


def text_key(text: str) -> int:
    """Return the same number for texts that differ only in links, names, signs, digits and case.

    >>> text_key("Help! @oreo http://a.b") == text_key("help 2")
    True
    """
    words = _SIGNS.sub(" ", _NAMED.sub(" ", text.lower())).strip()
    digest = blake2b((words or text).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def _rank(question: Question) -> tuple[float, int, str]:
    return -question.worth, question.tick, question.id
