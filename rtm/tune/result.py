"""What a run of tune answers with: numbers, labels, stories nobody labelled, and hashes."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from rtm.estimates import Estimate
from rtm.tune.hashes import Hashes
from rtm.tune.labels import Kind
from rtm.tune.measures import Measures

Value = float | int | str | bool

OURS = "rtm"  # the variant that is this engine; other ways of telling stories have other names


class Minute(Struct, frozen=True, kw_only=True):
    """A keyword in one minute of a label's span, as the detector saw it at its most surprising.

    ``posts`` hold it in this minute; ``count`` and ``expected`` are weights of posts in the window
    of ``window_s`` seconds; ``sources`` the effective independent voices in it.
    """

    at: datetime
    posts: int
    count: float
    expected: float
    surprise: float
    window_s: int
    sources: float


class Traced(Struct, frozen=True, kw_only=True):
    """A keyword over a label's span, minutes without a post left out."""

    keyword: str
    posts: int
    minutes: tuple[Minute, ...]


class Why(Struct, frozen=True, kw_only=True):
    """Why no story matched a label: one sentence, and what the keywords did."""

    sentence: str
    keywords: tuple[Traced, ...]


class StoryLine(Struct, frozen=True, kw_only=True):
    """A story in short; ``real`` is what a person marked it as."""

    id: str
    opened_at: datetime
    title: str
    terms: tuple[str, ...]
    posts: int
    real: bool | None = None


class LabelLine(Struct, frozen=True, kw_only=True):
    """A label and the first story about it, or why there is none.

    For a negative ``story`` is what should not have been told, and ``delay_s`` is null.
    """

    title: str
    kind: Kind
    start: datetime
    uncertain: bool
    story: StoryLine | None
    delay_s: float | None
    why: Why | None = None


class SpikeLine(Struct, frozen=True, kw_only=True):
    """A label with a louder burst of other words before it; ``posts`` is how many were planted."""

    title: str
    posts: int
    is_found_without: bool
    is_found_with: bool
    delay_without_s: float | None
    delay_with_s: float | None


class Spiked(Struct, frozen=True, kw_only=True):
    """Recall with a louder burst 15 minutes before each label, and without."""

    without: Estimate
    with_spike: Estimate
    labels: tuple[SpikeLine, ...]


class Null(Struct, frozen=True, kw_only=True):
    """Stories a day when post times are permuted, a number for each seed, beside the real."""

    real: float | None
    mean: float | None
    most: float | None
    by_seed: tuple[float, ...]


class Result(Struct, frozen=True, kw_only=True):
    """One setting on one recording.

    ``changed`` holds the settings that are not the default; ``active_hours`` is the time over which
    rates are stated, ``block_hours`` the length of the blocks by which they are resampled;
    ``unmatched`` are stories about no label.
    """

    variant: str
    hashes: Hashes
    changed: Mapping[str, Value]
    posts: int
    active_hours: float
    block_hours: int
    stories: int
    measures: Measures
    labels: tuple[LabelLine, ...]
    unmatched: tuple[StoryLine, ...]
    notes: tuple[str, ...] = ()
    spiked: Spiked | None = None
    null: Null | None = None


def words(changed: Mapping[str, Value], otherwise: str = "the default") -> str:
    """Write changed settings as people do, or ``otherwise`` where nothing is changed.

    >>> words({"story_floor": 6.0, "judge_s": 5}), words({})
    ('judge_s = 5, story_floor = 6.0', 'the default')
    """
    return ", ".join(f"{key} = {value}" for key, value in sorted(changed.items())) or otherwise


def shared(results: Sequence[Result]) -> dict[str, Value]:
    """Return the changed settings that all results have in common."""
    if len(results) < 2:
        return {}
    first, *others = (dict(one.changed) for one in results)
    return {
        key: value for key, value in first.items() if all(one.get(key) == value for one in others)
    }


def words_apart(result: Result, common: Mapping[str, Value]) -> str:
    """Write the changed settings of a result that are not among those in common."""
    return words(apart(result, common), "nothing else" if common else "the default")


def apart(result: Result, common: Mapping[str, Value]) -> dict[str, Value]:
    """Return the changed settings of a result that are not among those in common."""
    return {key: value for key, value in result.changed.items() if key not in common}
