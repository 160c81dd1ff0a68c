"""What is usual for an account: how its latest posts did after an hour, by its own network."""

from collections import deque
from collections.abc import Sequence

from rtm.decisions import Measured, Record
from rtm.score.lessons import interactions_of

KEPT = 50  # latest posts of an account: an account grows, and what was usual last year is not now


class Standing:
    """Told the record in order, it knows how the posts of each account did before."""

    def __init__(self) -> None:
        self._did: dict[tuple[str, str], deque[tuple[str, int]]] = {}

    def tell(self, record: Record) -> None:
        """Fold one record; only the first comparable measurement of a post counts."""
        if not isinstance(record, Measured) or (count := interactions_of(record)) is None:
            return
        did = self._did.setdefault((record.channel, record.account), deque(maxlen=KEPT))
        if all(key != record.key for key, _ in did):
            did.append((record.key, count))

    def before(self, record: Measured) -> Sequence[int]:
        """Return the interactions of the account's other posts that were measured before."""
        did = self._did.get((record.channel, record.account), ())
        return [count for key, count in did if key != record.key]
