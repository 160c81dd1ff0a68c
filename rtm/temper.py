"""How people speak of the brand: mood and complaints in aggregate, and what to ask the team.

Be a post that names the brand: your language is told or identified, your words are read, and two
probabilities are yours, of being negative and of being a complaint. They are added to the five
minutes in which you came, and there nobody can tell you apart. If a label of yours would teach
much, the team may be asked about you, at most three times an hour of all.
"""

from collections import deque
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import polars as pl

from rtm.mood.features import features_of
from rtm.mood.gauge import Gauge, MoodShare
from rtm.mood.mood import TARGETS, Mood, Target
from rtm.mood.questions import Question, Questions
from rtm.mood.rows import rows_of
from rtm.series.vitals import Amount
from rtm.taught import Label
from rtm.text.identify import spoken_in
from rtm.text.language import number_of
from rtm.text.patterns import Mark
from rtm.text.reader import Reading
from rtm.text.screening import Screening
from rtm.trends.volume import BUCKET_S

WINDOW_S = 3600  # of which the mood is told
ASKED = 3  # questions that stand open; an older one gives way
SIGNS: dict[str, Target] = {"mood": "negative", "complaints": "complaint"}
_MENTION = np.uint32(Mark.MENTION)


@dataclass(frozen=True, slots=True)
class Told:
    """The last hour's mood; shares are None where too few posts name the brand to tell.

    ``until`` is the tick at which the hour ended; ``posts`` name the brand; ``labels`` are how many
    the team gave, of both kinds.
    """

    until: int
    posts: int
    negative: MoodShare | None
    complaint: MoodShare | None
    labels: int
    questions: tuple[Question, ...]


class Temper:
    """One brand's; told of readings of closed ticks in order."""

    def __init__(self, screening: Screening) -> None:
        self._mood = Mood()
        self._gauges = {target: Gauge() for target in TARGETS}
        self._questions = Questions(lambda text: screening.why(text) is not None)
        self._open: deque[Question] = deque(maxlen=ASKED)
        self._closed = -1

    def heed(self, frame: pl.DataFrame, reading: Reading, closed: int) -> None:
        """Take posts of ticks that are over; all ticks up to ``closed`` are."""
        (places,) = np.nonzero(reading.marks & _MENTION)
        if places.size:
            self._heed(frame[places], reading.languages[places])
        self._closed = closed
        self._open.extend(self._questions.due(closed + 1))

    def learn(self, label: Label) -> str | None:
        """Learn what the team said of a post; a sentence for the board where the mood drifted."""
        number = number_of(label.lang)
        language = int(spoken_in(pl.Series([label.text]), np.array([number], np.uint8))[0])
        answered = [one for one in self._open if one.text != label.text]
        self._open = deque(answered, maxlen=ASKED)
        return self._mood.learn_one(label.text, language, label.is_so, label.what)

    def unlearn(self) -> None:
        """Forget all labels."""
        self._mood.reset()

    def export(self) -> str:
        """Return what labels taught, as JSON that a person may read."""
        return self._mood.export()

    def told(self) -> Told:
        """Return the mood of the last hour that is over, and what the team is asked."""
        until = self._closed + 1
        return Told(
            until=until,
            posts=self._gauges["negative"].posts(until, WINDOW_S),
            negative=self._share("negative", until),
            complaint=self._share("complaint", until),
            labels=sum(self._mood.labels(target) for target in TARGETS),
            questions=tuple(self._open),
        )

    def amounts(self, start: int) -> dict[str, Amount]:
        """Return each sign of the bucket that begins at ``start``; none where nobody spoke."""
        until = start + BUCKET_S
        told = {
            sign: self._gauges[target].amount(until, BUCKET_S) for sign, target in SIGNS.items()
        }
        return {sign: Amount(round(x, 3), of) for sign, (x, of) in told.items() if of}

    def snapshot(self) -> bytes:
        """Return all that is remembered."""
        return msgspec.msgpack.encode(
            (
                self._mood.snapshot(),
                {target: gauge.snapshot() for target, gauge in self._gauges.items()},
                self._questions.snapshot(),
                list(self._open),
                self._closed,
            )
        )

    def restore(self, content: bytes) -> None:
        """Take up where a snapshot was made, or raise StoreError."""
        mood, gauges, questions, open_, self._closed = msgspec.msgpack.decode(
            content, type=tuple[bytes, dict[Any, bytes], bytes, list[Question], int]
        )
        self._mood.restore(mood)
        for target, gauge in self._gauges.items():
            gauge.restore(gauges[target])
        self._questions.restore(questions)
        self._open = deque(open_, maxlen=ASKED)

    def _heed(self, posts: pl.DataFrame, languages: np.ndarray[Any, np.dtype[np.uint8]]) -> None:
        texts, ticks = posts["text"], posts["tick"].to_numpy()
        spoken = spoken_in(texts, languages)
        rows = rows_of(features_of(texts), spoken)
        chances = {target: self._mood.score_rows(rows, spoken, target) for target in TARGETS}
        for target, gauge in self._gauges.items():
            gauge.add(ticks, chances[target])
        ids, novelty = posts["id"].to_list(), self._mood.novelty(rows)
        self._questions.offer(ticks, ids, texts.to_list(), chances["negative"], novelty)

    def _share(self, target: Target, until: int) -> MoodShare | None:
        return self._gauges[target].read(until, WINDOW_S, self._mood.fit(target))
