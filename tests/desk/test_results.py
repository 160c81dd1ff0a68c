"""What is known of posts after they were sent: by their networks, and by whoever looked."""

from datetime import timedelta

import pytest

from rtm.decisions import Measured
from rtm.desk.deciding import NotAllowed
from rtm.desk.results import KEPT, Results, amplified, entered, views_of
from rtm.desk.roles import ROLES, Person
from rtm.errors import IllegalMove
from tests.board.test_fold import FOUND
from tests.desk.test_looks import AT, measured, sent, withdrawn

ANN = Person(name="ann", roles=frozenset({"analyst"}))


def results_of(*records) -> Results:
    results = Results()
    for record in records:
        results.tell(record)
    return results


def test_the_latest_count_of_each_stands():
    results = results_of(
        sent(), measured(60, likes=5, replies=1, followers=100), measured(300, likes=9, views=50)
    )

    (result,) = results.of("o1")
    assert (result.likes, result.replies, result.views, result.after_s) == (9, 1, 50, 300)
    assert result.amplification == 0.5


def test_a_network_that_is_silent_on_views_takes_none_away():
    results = results_of(sent(), measured(70, views=3_000, who="ann"), measured(300, likes=2))

    (result,) = results.of("o1")
    assert (result.views, result.views_by, result.likes) == (3_000, "ann", 2)


def test_what_a_person_entered_makes_the_counts_of_the_network_no_newer():
    results = results_of(sent(), measured(60, likes=2), measured(5_000, views=3_000, who="ann"))

    (result,) = results.of("o1")
    assert (result.after_s, result.likes, result.views) == (60, 2, 3_000)


def test_a_network_that_tells_views_outdoes_what_was_entered_before():
    results = results_of(sent(), measured(70, views=3_000, who="ann"), measured(300, views=4_000))

    (result,) = results.of("o1")
    assert (result.views, result.views_by) == (4_000, None)


def test_posts_of_several_channels_are_told_apart_and_together():
    there = sent(5, channel="mastodon")
    results = results_of(
        sent(),
        there,
        measured(60, views=100, followers=10),
        measured(60, there, views=20, followers=10),
    )

    posts = results.of("o1")
    assert [one.sent.channel for one in posts] == ["bluesky", "mastodon"]
    assert views_of(posts) == 120
    assert amplified(posts) == 6


def test_what_nobody_told_is_not_nothing():
    (result,) = results_of(sent(), measured(60, likes=3, followers=0)).of("o1")

    assert views_of([result]) is None
    assert result.amplification is None


def test_a_post_without_followers_known_is_left_out_of_amplification():
    there = sent(5, channel="mastodon")
    results = results_of(
        sent(), there, measured(60, views=100, followers=10), measured(60, there, views=900)
    )

    assert amplified(results.of("o1")) == 10


def test_a_post_that_was_taken_back_is_marked_and_keeps_what_it_had():
    (result,) = results_of(sent(), measured(60, likes=3), withdrawn()).of("o1")

    assert (result.is_withdrawn, result.likes) == (True, 3)


def test_what_is_of_no_post_changes_nothing():
    assert results_of(measured(60, likes=1), withdrawn()).of("o1") == []


def test_it_knows_when_a_card_was_found_first():
    results = results_of(*FOUND)

    assert results.found_at("o1") == FOUND[1].at
    assert results.found_at("o2") is None


def test_posts_are_forgotten_after_the_longest_event_and_no_earlier():
    later = (KEPT + timedelta(seconds=1)).total_seconds()

    gone = results_of(sent(), sent(later, "new"))
    kept = results_of(sent(), sent(later - 1, "new"))

    assert [len(one.of("o1")) for one in (gone, kept)] == [1, 2]


def test_posts_sent_from_a_moment_on_are_found():
    results = results_of(sent(), sent(10, "new"))

    assert [one.sent.key for one in results.sent_since(AT + timedelta(seconds=10))] == ["new"]


def test_a_person_enters_what_the_network_does_not_tell():
    results = results_of(sent(), sent(30, "again"))

    record = entered(
        results, ANN, "o1", AT + timedelta(hours=1), channel="bluesky", views=3_000, followers=9
    )

    assert record == Measured(
        at=AT + timedelta(hours=1), opportunity="o1", channel="bluesky", account="oreo",
        key="again", after_s=3_570, views=3_000, followers=9, who="ann",
    )  # fmt: skip


@pytest.mark.parametrize("role", ["writer", "approver", "analyst"])
def test_who_works_with_posts_may_enter(role):
    person = Person(name="p", roles=frozenset({role, "employee"}))

    record = entered(results_of(sent()), person, "o1", AT, channel="bluesky", views=1)

    assert record.who == "p"


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"writer", "approver", "analyst"}))
def test_nobody_else_may_enter(role):
    person = Person(name="p", roles=frozenset({role}))

    with pytest.raises(NotAllowed, match="one of writer, approver, analyst may"):
        entered(results_of(sent()), person, "o1", AT, channel="bluesky", views=1)


def test_nothing_is_entered_where_nothing_was_sent():
    with pytest.raises(IllegalMove, match="nothing was sent on mastodon; it was sent on: bluesky"):
        entered(results_of(sent()), ANN, "o1", AT, channel="mastodon", views=1)
