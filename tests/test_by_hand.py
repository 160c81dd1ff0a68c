"""What the engine makes of a moment that a person opened: posts, an offer, a lock, an end."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

import pytest

from rtm.brand import Brand
from rtm.engine import Engine
from rtm.score.lessons import Lesson
from rtm.sources.lane import Lane
from rtm.taught import Opening, written
from rtm.text.spotting import MOST_LISTS
from rtm.trends.settings import Settings
from rtm.types import (
    Event,
    Example,
    OpportunityFound,
    OpportunityLocked,
    StoryClosed,
    StoryGrew,
    StoryOpened,
)
from tests.by_hand import COMET, closing, opening
from tests.planted import Said, happening, own_words, posts_of, talk
from tests.streams import GAMES, SMALL, START

OREO = Brand(name="Oreo", themes=("cookie",), no_go=("neighbours",), sensitive=("the old mill",))
QUIET = timedelta(seconds=SMALL.story_quiet_s)


class Evening:
    """An engine, and what is said to it."""

    def __init__(self, brand: Brand = OREO, settings: Settings = SMALL) -> None:
        self.engine, self.lane = Engine(brand, GAMES, settings), Lane()
        self.say(talk(900), until=900)

    def say(self, *parts: Iterable[Said], until: float) -> list[Event]:
        """Say posts, and let time go on to so many seconds."""
        frame = self.lane.stamp(posts_of(*parts))
        self.lane.close(int(START.timestamp() + until))
        return self._told(self.engine.step(frame, self.lane.closed))

    def open(self, *args: object, **kwargs: object) -> list[Event]:
        """Open a moment by hand."""
        return self._told(self.engine.teach(opening(*args, **kwargs)))  # type: ignore[arg-type]

    def teach(self, lesson: bytes) -> list[Event]:
        """Teach the engine."""
        return self._told(self.engine.teach(lesson))

    def _told(self, events: Sequence[object]) -> list[Event]:
        return [*events]  # type: ignore[list-item]


def posts(events: Sequence[Event], story: str = COMET) -> list[int]:
    """Return how many posts a story was told to have, each time."""
    kinds = (StoryOpened, StoryGrew, StoryClosed)
    told = [one.story for one in events if isinstance(one, kinds)]
    return [one.posts for one in told if one.id == story]


def of_kind(events: Sequence[Event], kind: type[Event]) -> list[Event]:
    return [one for one in events if isinstance(one, kind)]


def locks(events: Sequence[Event]) -> list[OpportunityLocked]:
    """Return the locks of the moment, not those of what was found beside it."""
    locked = [one for one in events if isinstance(one, OpportunityLocked)]
    return [one for one in locked if one.opportunity.id == "o" + COMET]


def test_posts_of_the_last_minutes_and_from_now_on_are_attached():
    evening = Evening()
    evening.say(own_words(910, "comet", posts=2, step=3), until=920)

    opened = evening.open()
    later = evening.say(own_words(930, "#Comet", posts=3, step=3), until=960)

    assert posts(opened) == [2]
    assert posts(later) == [4]
    assert posts(evening.say(until=960 + 2 * SMALL.story_quiet_s)) == [5]


def test_posts_without_the_terms_attach_nothing():
    evening = Evening()
    evening.say(own_words(910, "planet", posts=9, step=1), until=920)

    told = evening.open() + evening.say(own_words(930, "planets", posts=9, step=1), until=960)

    assert posts(told) == [0]


def test_what_was_said_a_quarter_of_an_hour_before_is_not_attached():
    evening = Evening()
    evening.say(
        own_words(950, "comet", 1, 1),
        own_words(1_000, "comet", 1, 1),
        talk(1_850)[226:],
        until=1_860,
    )

    assert posts(evening.open()) == [1]


def test_a_late_post_is_left_out_and_no_other_is_taken_for_it():
    evening = Evening()
    evening.open()

    late = evening.say([Said(890, "late comet", "a")], until=902)
    mixed = evening.say(
        [Said(891, "comet, but late", "b"), Said(905, "a planet", "c"), Said(906, "comet", "d")],
        until=910,
    )

    assert posts(late) == []
    assert posts(mixed) == [1]
    assert [one.text for one in mixed[0].story.examples] == ["comet"]  # type: ignore[union-attr]


def test_one_post_counts_once_whatever_it_says():
    evening = Evening()
    evening.open(terms=("comet", "falling star", "#comet"))

    told = evening.say([Said(930, "Comet! #comet a falling star, comet", "a")], until=940)

    assert posts(told) == [1]


def test_a_moment_is_offered_at_once_however_it_fits_and_nobody_spoke_yet():
    (opened, found) = Evening().open()

    assert isinstance(opened, StoryOpened)
    assert isinstance(found, OpportunityFound)
    assert (found.opportunity.id, found.opportunity.relevance) == ("o" + COMET, 0.0)
    assert found.opportunity.closes_at.high >= opened.at + timedelta(minutes=15)
    assert "Nobody was read to speak of it yet." in found.opportunity.reasons


def test_before_the_first_post_the_title_says_how_it_fits():
    (_, found) = Evening().open("A cookie for the comet")

    assert isinstance(found, OpportunityFound)
    assert found.opportunity.relevance == 0.7
    assert "Its title or terms touch the brand's themes (+0.70)." in found.opportunity.reasons


def test_a_moment_takes_nothing_from_the_budget_of_alarms():
    one = SMALL._replace(alarms_per_day=1, alarms_per_hour=1)
    beside, alone = Evening(settings=one), Evening(settings=one)
    spent = Evening(settings=one._replace(alarms_per_day=0, alarms_per_hour=0))
    burst = happening(1_000, "cookie jars giveway", posts=9)

    beside.open("A cookie for the comet")
    told, twin = (each.say(burst, until=1_100) for each in (beside, alone))

    assert of_kind(told, OpportunityFound) == of_kind(twin, OpportunityFound) != []
    assert of_kind(spent.open(), OpportunityFound)
    assert not of_kind(spent.say(burst, until=1_100), OpportunityFound)


def test_it_is_locked_when_its_posts_turn_out_grave():
    evening = Evening()
    evening.open()

    calm = evening.say(own_words(930, "comet", posts=4, step=2), until=940)
    grave = evening.say(own_words(950, "comet people killed", posts=4, step=2), until=970)

    assert not locks(calm)
    assert "speak of death" in locks(grave)[0].reason


@pytest.mark.parametrize(
    ("title", "term", "why"),
    [
        ("Comet kills five people", "comet", "speak of death"),
        ("Comet over town", "comet victims dead", "speak of death"),
        ("Our neighbours and the comet", "comet", "touch what Oreo never touches"),
        ("Comet over the old mill", "comet", "speak of what the profile calls sensitive"),
    ],
)
def test_it_is_locked_at_once_when_its_own_words_are_grave(title, term, why):
    evening = Evening()

    (_, locked) = evening.open(title, (term,))

    assert isinstance(locked, OpportunityLocked)
    assert locked.reason == f"Its title or terms {why}: locked."
    assert locked.opportunity.risk >= 0.75


def test_one_locked_by_its_title_is_locked_again_when_its_posts_turn_grave():
    evening = Evening()
    evening.open("Comet kills five people")

    calm = evening.say(own_words(930, "comet", posts=4, step=2), until=940)
    grave = evening.say(own_words(950, "comet people killed", posts=4, step=2), until=970)

    assert not locks(calm)
    assert locks(grave)


def test_quotes_are_its_most_central_posts_none_like_another():
    evening = Evening()
    evening.open()
    said = [Said(930 + n, "comet over the bridge now", f"a{n}") for n in range(6)]

    evening.say(said, [Said(940, "what a comet that is, my friends", "b")], until=950)

    (closed,) = of_kind(evening.teach(closing()), StoryClosed)
    assert isinstance(closed, StoryClosed)
    assert closed.story.title == "Comet over town"
    assert [one.author for one in closed.story.examples] == ["a0", "b"]


def complaint(reply_to: str, answers: Example | None = None) -> bytes:
    return written(
        Opening(
            story=COMET,
            title="Stale cookies",
            terms=("stale",),
            kind="complaint",
            tick=0,
            reply_to=reply_to,
            answers=answers,
        )
    )


def test_an_answer_to_a_complaint_begins_with_the_post_that_is_answered():
    evening = Evening()
    evening.say([Said(910, "my cookies came stale again", "ann")], until=920)
    told = Example(id="at://x", at=START, text="crumbs!", author=None)
    rude = Example(id="at://x", at=START, text="fuck these crumbs", author=None)

    (opened, _) = evening.teach(complaint("p0"))
    (other, _) = Evening().teach(complaint("at://x", told))
    (blurred, _) = Evening().teach(complaint("at://x", rude))
    (unread, _) = Evening().teach(complaint("at://x"))

    assert opened.story.examples[0].text == "my cookies came stale again"  # type: ignore[union-attr]
    assert other.story.examples == (told,)  # type: ignore[union-attr]
    assert blurred.story.examples[0].rude is not None  # type: ignore[union-attr]
    assert unread.story.examples == ()  # type: ignore[union-attr]


@pytest.mark.parametrize(("lesson", "lessons"), [(opening("My cookie"), 1), (complaint("p0"), 0)])
def test_a_click_teaches_what_fits_and_one_on_a_complaint_does_not(lesson, lessons):
    evening = Evening()
    evening.teach(lesson)

    click = Lesson(opportunity="o" + COMET, kind="claim", is_wanted=True, weight=1.0)
    evening.teach(written(click))

    assert (b'"lessons":0' not in evening.engine.learned()) == bool(lessons)


def test_it_ends_after_half_an_hour_of_silence_counted_from_its_opening():
    evening = Evening()
    (opened, _) = evening.open()

    before = evening.say(until=900 + SMALL.story_quiet_s - 5)
    (ended,) = evening.say(until=900 + SMALL.story_quiet_s + 5)

    assert before == []
    assert isinstance(ended, StoryClosed)
    assert ended.at - opened.at == QUIET
    assert ended.over_at is None


def test_its_first_post_makes_it_grow_and_it_opens_only_once():
    evening = Evening()
    evening.open()

    (grown,) = evening.say([Said(930, "comet", "a")], until=940)

    assert isinstance(grown, StoryGrew)


def test_posts_that_come_after_its_end_are_not_attached_though_they_are_told_in_one_go():
    evening = Evening()
    evening.open()
    after = 900 + SMALL.story_quiet_s + 60

    (ended,) = evening.say([Said(after, "comet", "a")], until=after + 10)

    assert isinstance(ended, StoryClosed)
    assert ended.story.posts == 0


def test_one_that_was_opened_is_not_opened_again_and_no_more_than_can_be_told_apart():
    evening = Evening()

    told = [evening.open(story=f"h{n:016x}") for n in (0, *range(MOST_LISTS + 1))]

    assert [len(one) for one in told] == [2, 0, *[2] * (MOST_LISTS - 1), 0]


def test_what_comes_before_anything_was_read_opens_at_its_own_time():
    engine = Engine(OREO, GAMES, SMALL)
    lesson = Opening(story=COMET, title="x", terms=("comet",), kind="moment", tick=1_000)

    (opened, _) = engine.teach(written(lesson))

    assert opened.at.timestamp() == 1_001
