"""Measures of a run: what counts as found, as right, as other, and as held."""

import numpy as np
import pytest

from rtm.tune.activity import Activity
from rtm.tune.keywords import keywords_of
from rtm.tune.matching import Sought
from rtm.tune.measures import Match, Measures, coverage, measures
from rtm.tune.told import ToldStory
from tests.streams import START
from tests.tune.nights import LABELS, story

START_US = int(START.timestamp()) * 1_000_000
HOURS = Activity(np.arange(START_US, START_US + 4 * 3_600_000_000 + 1, 60_000_000))
LAMPS = story(613, "lamps", "dark", id="lamps")
SPAM = story(1210, "followers", "cheap", id="spam")
OTHER = story(2000, "else", id="other")
SOUGHT = [
    Sought(label, label.start, label.end, keywords_of(label), frozenset()) for label in LABELS
]


def matched(*stories: ToldStory) -> list[Match]:
    return [Match(one, tuple(s for s in stories if one.is_matched_by(s))) for one in SOUGHT]


def measured(*stories: ToldStory, real: frozenset[str] = frozenset()) -> Measures:
    return measures(matched(*stories), stories, real, HOURS)


def test_recall_is_over_labels_that_are_no_negatives():
    found = measured(LAMPS, SPAM, OTHER)

    assert found.recall.value == pytest.approx(1 / 3, abs=1e-6)
    assert found.recall.of == 3
    assert (found.recall_certain.value, found.recall_certain.of) == (0.5, 2)


def test_precision_counts_negatives_and_unlabelled_stories_as_wrong():
    assert measured(LAMPS, SPAM, OTHER).precision.value == pytest.approx(1 / 3, abs=1e-6)


def test_a_story_marked_real_is_right_and_still_about_no_label():
    found = measured(LAMPS, SPAM, OTHER, real=frozenset({"other"}))

    assert found.precision.value == pytest.approx(2 / 3, abs=1e-6)
    assert found.others_an_hour.value == 0.25


def test_others_are_about_no_label_not_even_a_negative_one():
    assert measured(LAMPS, SPAM, OTHER).others_an_hour.value == 0.25
    assert measured(LAMPS, SPAM).others_an_hour.value == 0.0


def test_delay_is_from_the_labels_start_to_its_first_story():
    again = story(700, "lamps", "dark", id="again")

    found = measured(LAMPS, again)

    assert found.delay_median_s.value == 13.0
    assert found.delay_median_s.of == 1


def test_rates_are_over_active_time():
    found = measured(LAMPS, SPAM, OTHER)

    assert found.stories_an_hour.value == 0.75
    assert found.stories_a_day.value == 18.0
    assert found.stories_an_hour.of == 4


def test_a_negative_is_hit_or_silent():
    assert measured(SPAM).negatives_hit.value == 1.0
    assert measured(LAMPS).negatives_hit.value == 0.0


@pytest.mark.parametrize(
    ("over", "held"), [(1000, 1.0), (2000, 1.0), (1500, 1.0), (999, 0.0), (2001, 0.0)]
)
def test_an_interval_holds_when_the_story_was_over_inside_it(over, held):
    assert coverage([story(600, "x", closes=(1000, 2000), over=over)]).value == held


def test_an_open_story_says_nothing_of_its_interval():
    found = coverage([story(600, "x", closes=(1000, 2000)), story(600, "x", over=5)])

    assert found.of == 0


def test_lead_is_from_opening_to_the_busiest_minute():
    early, late = story(600, "x", id="a", peak=720), story(600, "x", id="b", peak=590)

    found = measured(early, late)

    assert found.lead_median_s.value == 55.0
    assert found.lead_positive.value == 0.5
    assert measured(LAMPS).lead_median_s.value is None
