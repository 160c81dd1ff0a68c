"""What the team is asked: little, what teaches most, nothing twice, nothing rude if told so."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.errors import StoreError
from rtm.mood.questions import TURN_S, Question, Questions

HOUR_S = 3600
WORDS = ("late", "lost", "thanks", "nice", "why", "seat", "crew", "meal")


def offer(
    questions: Questions, *posts: tuple[int, str, float], novelty: float | tuple[float, ...] = 0.0
) -> None:
    """Offer posts of a tick, a text and a probability; the text is the id too."""
    ticks = np.array([post[0] for post in posts], np.int64)
    texts = [post[1] for post in posts]
    new = np.broadcast_to(np.array(novelty), ticks.shape)
    questions.offer(ticks, texts, texts, np.array([post[2] for post in posts]), new)


def texts_of(questions: list[Question]) -> list[str]:
    return [question.text for question in questions]


def test_the_post_nearest_to_the_threshold_is_asked_when_the_turn_ends():
    questions = Questions()
    offer(questions, (1, "sure", 0.95), (2, "even", 0.52), (3, "nearly", 0.6))

    assert questions.due(TURN_S - 1) == []
    assert texts_of(questions.due(TURN_S)) == ["even"]
    assert questions.due(2 * TURN_S) == []


def test_of_two_as_near_the_newer_kind_is_asked():
    questions = Questions()
    offer(questions, (1, "known", 0.5), (2, "unknown", 0.5), novelty=(0.1, 0.9))

    assert texts_of(questions.due(TURN_S)) == ["unknown"]


def test_at_most_three_an_hour_are_asked_and_no_fewer_while_there_are_posts():
    questions = Questions()
    asked = []
    for tick in range(0, 6 * HOUR_S, 60):
        offer(questions, (tick, f"{WORDS[tick // 60 % 8]} {'x' * (tick // 60)}", 0.5))
        asked += [(tick, question) for question in questions.due(tick)]

    at = np.array([tick for tick, _ in asked])
    assert len(at) == 6 * 3 - 1  # the last turn is still open
    assert all(np.count_nonzero((at >= tick) & (at < tick + HOUR_S)) <= 3 for tick in at)


def test_a_text_is_never_asked_twice_but_another_is():
    questions = Questions()
    offer(questions, (1, "where is my bag @air", 0.5))
    first = questions.due(TURN_S)

    offer(questions, (TURN_S, "Where is my bag? @other 12 https://a.b/c", 0.5))
    again = questions.due(2 * TURN_S)
    offer(questions, (2 * TURN_S, "where is my seat", 0.5))
    other = questions.due(3 * TURN_S)

    assert (len(first), again, len(other)) == (1, [], 1)


def test_a_text_waiting_in_two_turns_is_asked_once():
    questions = Questions()
    offer(questions, (1, "same", 0.5), (TURN_S + 1, "same", 0.5), (TURN_S + 2, "other", 0.7))

    assert texts_of(questions.due(2 * TURN_S)) == ["same", "other"]


def test_rude_posts_are_not_asked_if_told_so_and_are_if_not():
    told, untold = Questions(lambda text: "damn" in text), Questions()
    for questions in (told, untold):
        offer(questions, (1, "damn it", 0.5), (2, "well", 0.8))

    assert texts_of(told.due(TURN_S)) == ["well"]
    assert texts_of(untold.due(TURN_S)) == ["damn it"]


def test_a_post_of_a_turn_that_ended_is_late():
    questions = Questions()
    questions.due(TURN_S)
    offer(questions, (TURN_S - 1, "late", 0.5))
    offer(questions, (TURN_S, "in time", 0.5))

    assert texts_of(questions.due(3 * TURN_S)) == ["in time"]


POSTS = st.lists(
    st.tuples(
        st.integers(0, 2 * HOUR_S), st.sampled_from(WORDS), st.sampled_from([0.1, 0.45, 0.5, 0.6])
    ),
    min_size=1,
    max_size=40,
)


@given(POSTS, st.integers(1, 40))
def test_any_framing_asks_the_same(posts, frame):
    posts = [(tick, f"{word} {i * 'y'}", p) for i, (tick, word, p) in enumerate(sorted(posts))]
    whole, parts = Questions(), Questions()

    offer(whole, *posts)
    asked = []
    for start in range(0, len(posts), frame):
        asked += parts.due(posts[start][0])
        offer(parts, *posts[start : start + frame])

    assert whole.due(3 * HOUR_S) == asked + parts.due(3 * HOUR_S)


def test_restored_questions_go_on_and_damaged_ones_say_so():
    first, second = Questions(), Questions()
    offer(first, (1, "one", 0.5), (TURN_S, "two", 0.5))
    first.due(TURN_S)
    second.restore(first.snapshot())

    offer(second, (TURN_S + 1, "one", 0.5))

    assert texts_of(second.due(2 * TURN_S)) == texts_of(first.due(2 * TURN_S)) == ["two"]
    with pytest.raises(StoreError, match="damaged"):
        second.restore(b"\x00")
