"""One brand's mood, from the first label to a drift, a snapshot and back to the word lists."""

import json

import numpy as np
import pytest

from rtm.errors import StoreError
from rtm.mood.drift import KEPT, ErrorWatch
from rtm.mood.mood import Mood
from rtm.mood.rows import rows_of
from tests.mood.reading import BAD, CS, EN, GOOD, read

LANGUAGES = np.full(2, EN, np.uint8)
PAIR = (BAD[0], GOOD[0])


def teach(mood: Mood, rounds: int, turned: bool = False) -> list[str]:
    """Teach bad and good posts in turn, or the other way round; return what was told of drift."""
    notes = []
    for _ in range(rounds):
        for bad, good in zip(BAD, GOOD, strict=True):
            notes.append(mood.learn_one(bad, EN, not turned))
            notes.append(mood.learn_one(good, EN, turned))
    return [note for note in notes if note]


def test_before_any_label_the_word_lists_speak_and_labels_make_it_surer():
    mood = Mood()
    bad, good = mood.score(read(*PAIR), LANGUAGES)
    teach(mood, 10)
    surer_bad, surer_good = mood.score(read(*PAIR), LANGUAGES)

    assert surer_good < good < 0.5 < bad < surer_bad


def test_without_a_prior_nothing_is_known_before_labels():
    assert Mood(has_prior=False).score(read(*PAIR), LANGUAGES).tolist() == [0.5, 0.5]


def test_the_two_targets_are_learned_apart():
    mood = Mood()
    before = mood.score(read(*PAIR), LANGUAGES)

    for _ in range(20):
        mood.learn_one(PAIR[0], EN, False, "complaint")

    assert mood.score(read(*PAIR), LANGUAGES).tolist() == before.tolist()
    assert mood.score(read(*PAIR), LANGUAGES, "complaint")[0] < 0.3
    assert (mood.labels(), mood.labels("complaint")) == (0, 20)


def test_a_language_without_labels_borrows_and_its_own_labels_then_rule():
    mood = Mood()
    for _ in range(30):
        mood.learn_one("zzz", EN, True)
        mood.learn_one("qqq", EN, False)
    czech = np.array([CS], np.uint8)
    borrowed = mood.score(read("zzz"), czech)[0]
    for _ in range(30):
        mood.learn_one("zzz", CS, False)

    assert borrowed > 0.6
    assert mood.score(read("zzz"), czech)[0] < 0.4
    assert mood.score(read("zzz"), np.array([EN], np.uint8))[0] > 0.5


def test_a_mood_that_stays_tells_of_no_drift():
    assert teach(Mood(), 60) == []


def test_a_mood_that_turns_is_told_and_learned_anew():
    mood = Mood()
    teach(mood, 40)

    notes = teach(mood, 40, turned=True)

    assert len(notes) >= 1
    assert "changed" in notes[0]
    assert mood.labels() < 640  # what came before is forgotten
    bad, good = mood.score(read(*PAIR), LANGUAGES)
    assert bad < 0.3 < 0.7 < good


def test_errors_that_fall_are_no_drift_and_errors_that_rise_are():
    falling, rising = ErrorWatch(), ErrorWatch()

    fell = [falling.step(error) for error in [0.9] * 200 + [0.1] * 200]
    rose = [rising.step(error) for error in [0.1] * 200 + [0.9] * 200]

    assert not any(fell)
    assert 0 < max(rose) < 200


def test_a_watch_has_bounded_memory_and_goes_on_from_its_errors():
    errors = np.random.default_rng(5).random(3 * KEPT) * 0.5
    first = ErrorWatch(errors.tolist())
    second = ErrorWatch(first.errors)

    assert len(first.errors) <= 2 * KEPT
    later = [0.95] * 100
    assert [first.step(error) for error in later] == [second.step(error) for error in later]
    assert first.errors == second.errors


def test_the_same_labels_give_the_same_bytes_and_a_restored_mood_goes_on():
    first, same, restored = Mood(), Mood(), Mood()
    for mood in (first, same):
        teach(mood, 5)
        mood.learn_one("hrozný let", CS, True)
        mood.learn_one(BAD[0], EN, True, "complaint")
    restored.restore(first.snapshot())

    assert first.snapshot() == same.snapshot() == restored.snapshot()
    for mood in (first, restored):
        teach(mood, 30, turned=True)
    assert first.snapshot() == restored.snapshot()
    assert (first.score(read(*PAIR), LANGUAGES) == restored.score(read(*PAIR), LANGUAGES)).all()


def test_a_damaged_snapshot_says_so_and_changes_nothing():
    mood = Mood()
    teach(mood, 3)
    before = mood.snapshot()

    with pytest.raises(StoreError, match="damaged"):
        mood.restore(before[: len(before) // 2])
    with pytest.raises(StoreError, match="damaged"):
        mood.restore(b"")

    assert mood.snapshot() == before


def test_reset_leads_back_to_the_word_lists():
    mood = Mood()
    teach(mood, 5)

    mood.reset()

    assert mood.snapshot() == Mood().snapshot()


def test_an_export_names_labels_and_words():
    mood = Mood()
    teach(mood, 5)

    told = json.loads(mood.export())

    negative = told["targets"]["negative"]
    assert told["version"] == 1
    assert negative["labels"] == 40
    assert negative["weights"]["all"]["negative words"] > 1.0
    assert negative["weights"]["en"]["late="] > 0.0


def test_posts_unlike_any_label_are_novel():
    mood = Mood()
    teach(mood, 1)

    known, unknown = mood.novelty(rows_of(read(BAD[0], "Zebras juggle"), LANGUAGES))

    assert known == 0.0
    assert unknown > 0.5
