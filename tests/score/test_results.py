"""What the result of a post teaches, and what is usual for an account."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.decisions import Measured
from rtm.score.learner import Learner
from rtm.score.lessons import FEWEST, OUTSTANDING, WEIGHTS, interactions_of, lesson_of
from rtm.score.memory import Memory
from rtm.score.standing import KEPT, Standing
from rtm.taught import read, written
from tests.desk.test_looks import measured, sent

USUAL = [10, 20, 30]
COUNTS = st.integers(0, 10**6)


def result(likes: int | None = 0, key: str = "k", after_s: int = 3_600, **told) -> Measured:
    return measured(after_s, sent(key=key), likes=likes, **told)


def weight(likes: int, before=USUAL) -> float:
    lesson = lesson_of(result(likes), before)
    return 0.0 if lesson is None else lesson.weight


def standing_of(*records: Measured) -> Standing:
    standing = Standing()
    for record in records:
        standing.tell(record)
    return standing


def test_a_post_that_did_better_than_usual_teaches_in_favour_of_its_story():
    lesson = lesson_of(result(60), USUAL)

    assert lesson is not None
    assert (lesson.opportunity, lesson.kind, lesson.is_wanted) == ("o1", "result", True)
    assert 0 < lesson.weight < WEIGHTS["result"]


@pytest.mark.parametrize("likes", [0, 10, 20])
def test_a_post_that_did_no_better_than_usual_teaches_nothing(likes):
    assert lesson_of(result(likes), USUAL) is None


def test_even_the_best_result_says_no_more_than_a_claim():
    assert weight(10**6) == weight(10**9) == WEIGHTS["result"] <= WEIGHTS["claim"]


@pytest.mark.parametrize("before", [[], [10], [10, 20]])
def test_before_three_posts_nobody_knows_what_is_usual(before):
    assert len(before) < FEWEST
    assert lesson_of(result(10**6), before) is None
    assert lesson_of(result(10**6), [*before, 10, 10, 10]) is not None


@given(COUNTS, COUNTS, st.lists(COUNTS, min_size=FEWEST, max_size=9))
def test_the_better_it_did_the_more_it_says_and_never_below_nothing(one, other, before):
    less, more = sorted((one, other))

    assert 0.0 <= weight(less, before) <= weight(more, before) <= WEIGHTS["result"]


def test_what_friends_give_any_post_says_little_where_nothing_is_usual():
    assert weight(1, [0, 0, 0]) < 0.1 * WEIGHTS["result"]
    assert weight(5 * int(OUTSTANDING), [0, 0, 0]) == WEIGHTS["result"]


def test_replies_reposts_and_likes_count_alike_and_views_do_not():
    record = result(3, replies=1, reposts=2, views=10**6)

    assert interactions_of(record) == 6


@pytest.mark.parametrize("after_s", [3_600, 5_399])
def test_a_post_is_compared_after_an_hour(after_s):
    assert interactions_of(result(9, after_s=after_s)) == 9


@pytest.mark.parametrize(
    "record",
    [
        result(9, after_s=3_599),
        result(9, after_s=5_400),  # after a restart: it had more time than others
        result(9, after_s=86_400),
        result(9, who="ann"),
        result(None, views=10**6),
    ],
)
def test_what_cannot_be_compared_teaches_nothing(record):
    assert interactions_of(record) is None
    assert lesson_of(record, [0, 0, 0]) is None
    assert standing_of(record).before(result(0, "other")) == []


def test_the_usual_is_of_the_account_s_own_posts_before():
    elsewhere = measured(3_600, sent(channel="mastodon"), likes=99)
    standing = standing_of(result(1, "a"), result(2, "b"), elsewhere, result(3, "c"))

    assert standing.before(result(9, "d")) == [1, 2, 3]
    assert standing.before(result(9, "b")) == [1, 3]
    assert standing.before(elsewhere) == []


def test_a_post_counts_once_however_often_it_is_told():
    standing = standing_of(result(1, "a"), result(2, "a", after_s=3_700))

    assert standing.before(result(9, "d")) == [1]


def test_what_was_usual_long_ago_is_forgotten():
    standing = standing_of(*(result(n, f"k{n}") for n in range(KEPT + 10)))

    assert standing.before(result(9, "new")) == list(range(10, KEPT + 10))


def test_a_result_teaches_once_an_opportunity_and_moves_relevance():
    memory, learner = Memory(), Learner("Oreo")
    memory.keep("o1", {"category food": 1.0}, 0.3)
    lesson = lesson_of(result(10**6), USUAL)
    assert lesson is not None

    for _ in range(2):
        memory.teach(lesson, learner)

    assert learner.lessons == 1
    assert learner.relevance(0.3, [one for _, one in learner.terms({"category food": 1.0})]) > 0.3


def test_a_result_travels_in_the_log_as_it_was():
    lesson = lesson_of(result(60), USUAL)

    assert lesson is not None
    assert read(written(lesson)) == lesson
