"""Where we stand in a stream: what was told is known again, what is lost is seen."""

from rtm.sources.place import MEMORY, OTHER_HOST_US, SAME_HOST_US, Place

T = 1_764_000_000_000_000
S = 1_000_000


def heard(place: Place, stamps: list[int]) -> list[int | None]:
    holes = [place.passed(at) for at in stamps]
    place.reach(stamps, {})
    return [hole for hole in holes if hole is not None]


def dense(start: int, n: int = 40) -> list[int]:
    return [start + k * S // 10 for k in range(n)]


def test_the_first_start_asks_for_the_rewind_and_later_ones_for_what_was_reached():
    place = Place()
    place.begin(None, T)
    assert place.ask(is_other_host=True) == T

    place.reach([T + 99 * S], {})

    assert place.ask(is_other_host=False) == T + 99 * S - SAME_HOST_US
    assert place.ask(is_other_host=True) == T + 99 * S - OTHER_HOST_US


def test_a_present_message_among_older_ones_does_not_carry_the_cursor_past_them():
    place = Place()
    place.begin(None, T)

    place.reach([T + S, T + 3600 * S, T + 2 * S], {})

    assert place.reached_us == T + S


def test_a_batch_carries_the_cursor_to_its_latest_messages():
    place = Place()
    place.begin(None, T)

    place.reach([T + k * S for k in range(500)], {})

    assert place.reached_us == T + 484 * S


def test_a_post_told_by_two_hosts_with_other_clocks_is_told_once():
    place = Place()
    place.begin(T, 0)
    place.ask(is_other_host=False)
    assert not place.is_known("key", "id", T)
    place.reach([T], {"key": T})

    assert place.is_known("key", "id", T - 20 * S)
    assert place.is_known("key", "id", T + 20 * S)
    assert not place.is_known("other", "id", T)
    assert place.repeated == 2


def test_a_host_that_begins_an_hour_early_tells_nothing_old_again():
    place = Place()
    place.begin(T, 0)
    place.ask(is_other_host=False)

    assert place.is_known("never heard", "id", T - 3600 * S)
    assert not place.is_known("never heard", "id", T - 60 * S)


def test_posts_from_before_a_restart_are_known_by_their_ids():
    place = Place()
    place.already(["at://a"])
    place.begin(T, 0)
    place.ask(is_other_host=True)

    assert place.is_known("a#cid", "at://a", T - S)
    assert place.is_known("a#cid", "at://a", T - S)
    assert not place.is_known("b#cid", "at://b", T - S)


def test_memory_is_bounded_by_time_and_by_number():
    place = Place()
    place.reach([T], {f"k{n}": T for n in range(MEMORY + 1000)})
    place.ask(is_other_host=False)
    assert not place.is_known("k0", "id", T)
    assert place.is_known(f"k{MEMORY + 999}", "id", T)

    place.reach([T + 121 * S], {})
    place.ask(is_other_host=False)
    assert not place.is_known(f"k{MEMORY + 999}", "id", T + 100 * S)


def test_an_old_post_that_came_late_is_known_when_it_comes_again():
    place = Place()
    place.begin(None, T)
    place.ask(is_other_host=True)
    place.reach([T + 3600 * S], {})

    place.reach([T + 3600 * S], {"late": T})

    assert place.is_known("late", "id", T)


def test_a_stretch_that_the_host_has_forgotten_is_a_hole():
    place = Place()
    place.begin(None, T)
    place.ask(is_other_host=True)
    heard(place, dense(T))

    place.ask(is_other_host=False)

    assert heard(place, dense(T + 300 * S)) == [300 * S - 39 * S // 10]


def test_a_quiet_stream_has_no_holes():
    place = Place()
    place.begin(None, T)
    place.ask(is_other_host=True)
    heard(place, [T + k * 30 * S for k in range(40)])
    place.reach([T + 39 * 30 * S], {})

    place.ask(is_other_host=False)

    assert heard(place, [T + 39 * 30 * S + 300 * S]) == []


def test_after_a_restart_a_hole_is_judged_by_the_stream_that_follows():
    forgotten, quiet = Place(), Place()
    for place in (forgotten, quiet):
        place.begin(T, 0)
        place.ask(is_other_host=True)

    assert heard(forgotten, dense(T + 600 * S)) == [600 * S]
    assert heard(quiet, [T + 600 * S + k * 60 * S for k in range(40)]) == []


def test_a_short_absence_is_no_hole():
    place = Place()
    place.begin(None, T)
    place.ask(is_other_host=True)
    heard(place, dense(T))

    place.ask(is_other_host=False)

    assert heard(place, dense(T + 20 * S)) == []


def test_a_message_that_always_ends_the_connection_is_passed_in_growing_steps():
    place = Place()
    place.begin(T, 0)

    asked = []
    for _ in range(3):
        place.skip()
        asked.append(place.ask(is_other_host=True))
    place.reach([T + 9 * S], {})

    assert asked == [T + S, T + 2 * S, T + 4 * S]
    assert place.ask(is_other_host=False) == T + 9 * S - SAME_HOST_US
