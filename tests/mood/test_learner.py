"""Scores of many posts are river's own, one by one; nothing is learned but from labels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.mood.calibration import chance
from rtm.mood.learner import NO_PRIOR, Learner, Prior, told
from rtm.mood.rows import columns
from rtm.text.language import OTHER, UNKNOWN
from tests.mood.reading import BAD, CS, EN, GOOD, rows
from tests.text.texts import POSTS

PRIOR = Prior(-0.5, (1.25, -1.0, 0.4, 0.6, 0.3, 0.2))
LANGUAGES = st.sampled_from([EN, CS, UNKNOWN, OTHER, 184])


def learner_of(*labels: tuple[str, int, bool]) -> Learner:
    learner = Learner(PRIOR)
    for text, language, label in labels:
        learner.learn_one(rows(text, language=language), language, label)
    return learner


@settings(max_examples=40)
@given(st.lists(st.tuples(POSTS, LANGUAGES, st.booleans()), max_size=6), POSTS, LANGUAGES)
def test_scores_equal_rivers_probabilities(labels, text, language):
    learner = learner_of(*labels)
    row = rows(text, language=language)

    score = learner.scores(row, np.array([language], np.uint8))

    expected = learner.model.predict_proba_one(told(row, language))[True]
    assert chance(score)[0] == pytest.approx(expected, abs=1e-9)


def test_many_posts_score_as_each_alone():
    labels = [(text, EN, True) for text in BAD] + [(text, CS, False) for text in GOOD]
    learner = learner_of(*labels)
    texts = (*BAD, *GOOD, "", "plain words")

    together = learner.scores(rows(*texts), np.full(len(texts), EN, np.uint8))

    each = [learner.scores(rows(text), np.array([EN], np.uint8))[0] for text in texts]
    assert together.tolist() == each


def test_the_prior_speaks_before_any_label_and_without_it_nothing_does():
    texts = rows(BAD[0], GOOD[0])
    languages = np.full(2, EN, np.uint8)

    bad, good = Learner(PRIOR).scores(texts, languages)

    assert bad > 0.5 > -0.5 > good
    assert Learner(NO_PRIOR).scores(texts, languages).tolist() == [0.0, 0.0]


def test_what_is_learned_in_one_language_moves_the_others_a_little_less():
    row, czech = rows("zzz qqq"), rows("zzz qqq", language=CS)
    learner = learner_of(*[("zzz qqq", EN, True)] * 20)

    own = learner.scores(row, np.array([EN], np.uint8))[0]
    other = learner.scores(czech, np.array([CS], np.uint8))[0]
    never = Learner(PRIOR).scores(czech, np.array([CS], np.uint8))[0]

    assert never < other < own


def test_a_number_without_a_language_learns_for_all_only():
    learner = learner_of(("zzz", UNKNOWN, True), ("zzz", OTHER, True))

    assert max(learner.model.weights) < columns()


def test_scoring_changes_nothing():
    learner = learner_of(*[(text, EN, True) for text in BAD])
    before = learner.learned()

    learner.scores(rows(*GOOD), np.full(len(GOOD), EN, np.uint8))
    learner.is_new(rows(*GOOD))

    assert learner.learned() == before


def test_what_no_label_had_is_new():
    learner = learner_of(("zzz qqq", EN, True))

    new = learner.is_new(rows("zzz qqq", "other words here", ""))

    assert new[0] == 0.0
    assert new[1] > 0.9
    assert new[2] == 0.0


def test_a_restored_learner_goes_on_bit_for_bit():
    labels = [(text, EN, True) for text in BAD] + [(text, CS, False) for text in GOOD]
    first = learner_of(*labels)
    second = Learner(PRIOR)
    second.restore(first.learned())

    for learner in (first, second):
        learner.learn_one(rows("late and rude"), EN, True)

    assert first.learned() == second.learned()
    one = rows(*BAD)
    languages = np.full(len(BAD), EN, np.uint8)
    assert first.scores(one, languages).tolist() == second.scores(one, languages).tolist()


def test_weights_with_names_can_be_read():
    learner = learner_of(("late late", EN, True))

    told_of = learner.readable()

    assert told_of["all"]["negative words"] > 1.25
    assert told_of[str(EN)]["late="] > 0
