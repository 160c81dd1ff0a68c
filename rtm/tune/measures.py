"""What is measured of a run, each with its interval and the unit that is resampled for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec import Struct

from rtm.estimates import Estimate, quantile, ratio, share
from rtm.tune.activity import DAY_S, HOUR_S, Activity
from rtm.tune.matching import Sought
from rtm.tune.told import ToldStory

NOMINAL_COVERAGE = 0.8  # what ``closes_at`` promises: four times in five


class Measures(Struct, frozen=True, kw_only=True):
    """How well a setting did.

    =================== ==================================================== ==================
    measure             meaning                                              unit resampled
    =================== ==================================================== ==================
    recall              share of labels (not negatives) with a story         label
    recall_certain      the same without ``uncertain`` labels                label
    recall_alarmed      share of labels whose story was an alarm by the      label
                        span's end: within the budget of a day or hour
    alarms_a_day        stories within that budget in 24 active hours        hour or day of it
    precision           share of stories that match a label or were marked   story
                        real by a person; what nobody labelled counts as
                        wrong, so it is a lower bound
    delay_median_s      from a label's start to its story's opening          label that was found
    delay_p95_s         the same                                             label that was found
    stories_a_day       stories in 24 hours of active time                   hour or day of it
    stories_an_hour     the same in one hour                                 hour or day of it
    others_an_hour      stories about no label, not even a negative one      hour or day of it
    negatives_hit       share of negative labels with a story                negative label
    coverage            share of tellings whose story was over inside the    closed story
                        ``closes_at`` then shown (nominal 0.8)
    lead_median_s       from opening to the busiest minute                   closed story
    lead_positive       share of stories that opened before it               closed story
    =================== ==================================================== ==================
    """

    recall: Estimate
    recall_certain: Estimate
    recall_alarmed: Estimate
    alarms_a_day: Estimate
    precision: Estimate
    delay_median_s: Estimate
    delay_p95_s: Estimate
    stories_a_day: Estimate
    stories_an_hour: Estimate
    others_an_hour: Estimate
    negatives_hit: Estimate
    coverage: Estimate
    lead_median_s: Estimate
    lead_positive: Estimate


@dataclass(frozen=True, slots=True)
class Match:
    """A label and the stories about it, first opened first."""

    sought: Sought
    stories: tuple[ToldStory, ...]

    @property
    def delay_s(self) -> float | None:
        """Seconds from the label's start to its story; None when there is none."""
        if not self.stories:
            return None
        return (self.stories[0].opened_at - self.sought.label.start).total_seconds()

    @property
    def is_alarmed(self) -> bool:
        """Tell whether people were shown one of the stories before the label's span ended."""
        alarms = (story.alarmed_at for story in self.stories)
        return any(at is not None and at <= self.sought.until for at in alarms)


def measures(
    matches: Sequence[Match],
    stories: Sequence[ToldStory],
    real: frozenset[str],
    activity: Activity,
) -> Measures:
    """Measure a run: its stories, the labels' matches, and ids of stories marked real."""
    moments = [match for match in matches if not match.sought.label.is_negative]
    negatives = [match for match in matches if match.sought.label.is_negative]
    found = {story.id for match in moments for story in match.stories}
    about = found | {story.id for match in negatives for story in match.stories}
    others = [story for story in stories if story.id not in about]
    delays = [match.delay_s for match in moments if match.delay_s is not None]
    certain = [bool(one.stories) for one in moments if not one.sought.label.uncertain]
    alarms = [story.alarmed_at for story in stories if story.alarmed_at is not None]
    leads = [
        (story.peak_at - story.opened_at).total_seconds()
        for story in stories
        if story.peak_at is not None
    ]
    return Measures(
        recall=share([bool(match.stories) for match in moments], "recall"),
        recall_certain=share(certain, "recall_certain"),
        recall_alarmed=share([match.is_alarmed for match in moments], "recall_alarmed"),
        alarms_a_day=_rate(alarms, activity, DAY_S, "alarms"),
        precision=share([one.id in found or one.id in real for one in stories], "precision"),
        delay_median_s=quantile(delays, 0.5, "delay_median"),
        delay_p95_s=quantile(delays, 0.95, "delay_p95"),
        stories_a_day=_rate([one.opened_at for one in stories], activity, DAY_S, "stories"),
        stories_an_hour=_rate([one.opened_at for one in stories], activity, HOUR_S, "stories"),
        others_an_hour=_rate([one.opened_at for one in others], activity, HOUR_S, "others"),
        negatives_hit=share([bool(match.stories) for match in negatives], "negatives_hit"),
        coverage=coverage(stories),
        lead_median_s=quantile(leads, 0.5, "lead_median"),
        lead_positive=share([lead > 0 for lead in leads], "lead_positive"),
    )


def coverage(stories: Sequence[ToldStory]) -> Estimate:
    """Estimate how often a story was over inside the interval shown; by closed story.

    What was over already when it was told is inside an interval that begins at once.
    """
    inside, told = [], []
    for story in stories:
        shown = [(one.at, one.closes_at) for one in story.tellings if one.closes_at is not None]
        if story.over_at is None or not shown:
            continue
        inside.append(sum(one.low <= max(story.over_at, at) <= one.high for at, one in shown))
        told.append(len(shown))
    return ratio(inside, told, "coverage")


def _rate(moments: Sequence[datetime], activity: Activity, unit_s: int, name: str) -> Estimate:
    counts, lengths = activity.blocks(moments)
    return ratio(counts.tolist(), (lengths / unit_s).tolist(), name)
