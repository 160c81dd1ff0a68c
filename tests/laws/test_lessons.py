"""Laws of learning: the same steps and lessons give the same events, wherever a run is cut."""

import msgspec
import pytest

from rtm.engine import Engine
from rtm.score.lessons import Lesson
from rtm.taught import written
from rtm.types import OpportunityFound, line_of
from tests.laws.telling import Log, cuts_every, logged, small_engine
from tests.streams import stream

DISMISSAL = Lesson(opportunity="", kind="dismiss", is_wanted=False, weight=1.0)
CLAIM = Lesson(opportunity="", kind="claim", is_wanted=True, weight=0.5)
RESULT = Lesson(opportunity="", kind="result", is_wanted=True, weight=0.5)


def run(
    log: Log,
    engine: Engine,
    *,
    cut: int | None = None,
    teaches: bool = True,
    lessons: tuple[Lesson, ...] = (DISMISSAL,),
) -> list[str]:
    """Tell steps, and after each teach of whatever was found in it; at ``cut`` restart."""
    lines = []
    for number, (frame, closed) in enumerate(log):
        if number == cut:
            kept, engine = engine.snapshot(), small_engine()
            engine.restore(kept)
        events = engine.step(frame, closed)
        lines += [line_of(event) for event in events]
        for event in events:
            if teaches and isinstance(event, OpportunityFound):
                for lesson in lessons:
                    engine.teach(of(event.opportunity.id, lesson))
    return lines


def of(opportunity: str, lesson: Lesson) -> bytes:
    return written(msgspec.structs.replace(lesson, opportunity=opportunity))


@pytest.mark.parametrize("seed", range(3))
def test_steps_and_lessons_told_again_give_the_same_events(seed):
    posts = stream(seed)
    log = logged(posts, cuts_every(posts, 40))

    assert run(log, small_engine()) == run(log, small_engine())


@pytest.mark.parametrize("seed", range(3))
def test_a_restart_in_the_middle_changes_nothing(seed):
    posts = stream(seed)
    log = logged(posts, cuts_every(posts, 40))

    assert run(log, small_engine(), cut=len(log) // 2) == run(log, small_engine())


@pytest.mark.parametrize("seed", range(3))
def test_a_lesson_on_an_unknown_opportunity_changes_nothing(seed):
    log = logged(stream(seed), cuts_every(stream(seed), 40))
    told = small_engine()

    told.teach(of("o-unknown", DISMISSAL))

    assert run(log, told, teaches=False) == run(log, small_engine(), teaches=False)


def test_lessons_on_what_was_found_change_what_is_told_later():
    logs = [logged(stream(seed), cuts_every(stream(seed), 40)) for seed in range(8)]

    changed = [run(log, small_engine()) != run(log, small_engine(), teaches=False) for log in logs]

    assert any(changed)


def test_results_teach_beside_claims_and_alike_wherever_a_run_is_cut():
    logs = [logged(stream(seed), cuts_every(stream(seed), 40)) for seed in range(3)]
    both = (CLAIM, RESULT)

    whole = [run(log, small_engine(), lessons=both) for log in logs]

    assert whole == [run(log, small_engine(), lessons=both, cut=len(log) // 2) for log in logs]
    assert whole != [run(log, small_engine(), lessons=(CLAIM,)) for log in logs]


def test_verdicts_tell_of_open_stories_only_and_are_bounded():
    posts = stream(1)
    engine = small_engine()
    for frame, closed in logged(posts, cuts_every(posts, 40)):
        engine.step(frame, closed)
        assert len(engine.verdicts(2)) <= 2

    frame = logged(posts, [0, 1])[0][0]
    engine.step(frame.clear(), closed + 10**6)

    assert engine.verdicts(50) == []
