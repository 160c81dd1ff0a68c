"""Where we stand in the stream, how long to wait, and whether it lives: without a network."""

import random
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from rtm.sources import frames_aside
from rtm.sources.backoff import Backoff
from rtm.sources.frames_aside import KEPT, MAX_RAW, FramesAside
from rtm.sources.liveness import Liveness
from rtm.sources.place import MEMORY, OTHER_HOST_US, SAME_HOST_US, Place
from rtm.sources.stream import Health

T = 1_764_000_000_000_000
S = 1_000_000


def heard(place: Place, stamps: list[int]) -> list[int | None]:
    holes = [place.passed(at) for at in stamps]
    place.reach(min(stamps), {})
    return [hole for hole in holes if hole is not None]


def dense(start: int, n: int = 40) -> list[int]:
    return [start + k * S // 10 for k in range(n)]


# -- place


def test_the_first_start_asks_for_the_rewind_and_later_ones_for_what_was_reached():
    place = Place()
    place.begin(None, T)
    assert place.ask(is_other_host=True) == T

    place.reach(T + 99 * S, {})

    assert place.ask(is_other_host=False) == T + 99 * S - SAME_HOST_US
    assert place.ask(is_other_host=True) == T + 99 * S - OTHER_HOST_US


def test_a_post_told_by_two_hosts_with_other_clocks_is_told_once():
    place = Place()
    place.begin(T, 0)
    place.ask(is_other_host=False)
    assert not place.is_known("key", "id", T)
    place.reach(T, {"key": T})

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
    place.reach(T, {f"k{n}": T for n in range(MEMORY + 1000)})
    place.ask(is_other_host=False)
    assert not place.is_known("k0", "id", T)
    assert place.is_known(f"k{MEMORY + 999}", "id", T)

    place.reach(T + 121 * S, {})
    place.ask(is_other_host=False)
    assert not place.is_known(f"k{MEMORY + 999}", "id", T + 100 * S)


def test_a_stretch_that_the_host_has_forgotten_is_a_hole():
    place = Place()
    place.begin(None, T)
    place.ask(is_other_host=True)
    heard(place, dense(T))

    place.ask(is_other_host=False)

    assert heard(place, dense(T + 300 * S)) == [300 * S]


def test_a_quiet_stream_has_no_holes():
    place = Place()
    place.begin(None, T)
    place.ask(is_other_host=True)
    heard(place, [T + k * 30 * S for k in range(40)])
    place.reach(T + 39 * 30 * S, {})

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
    place.reach(T + 9 * S, {})

    assert asked == [T + S, T + 2 * S, T + 4 * S]
    assert place.ask(is_other_host=False) == T + 9 * S - SAME_HOST_US


# -- waits


@given(st.integers(), st.integers(1, 60))
def test_waits_stay_within_their_bounds(seed, tries):
    backoff = Backoff(random.Random(seed))

    assert all(0.5 <= backoff.next_s() <= 30 for _ in range(tries))


def test_waits_grow_and_begin_anew_after_success():
    backoff = Backoff(random.Random(1))
    waits = [backoff.next_s() for _ in range(200)]

    assert max(waits[:2]) <= 2
    assert max(waits) > 29
    backoff.reset()
    assert backoff.next_s() <= 1


def test_two_sources_do_not_knock_in_step():
    one, other = (Backoff(random.Random(seed)) for seed in (1, 2))

    assert [one.next_s() for _ in range(5)] != [other.next_s() for _ in range(5)]


# -- signs of life


def shown(liveness: Liveness, now_us: int) -> Health:
    health = Health()
    liveness.show(health, "HOST", now_us)
    return health


def test_fresh_posts_make_it_live_and_old_ones_catching_up():
    liveness = Liveness()
    liveness.connected(T, T)

    liveness.heard(T, [T - 40 * S, T])
    assert shown(liveness, T).state == "catching up"
    assert shown(liveness, T).note == "catching up, 40 s behind"
    liveness.heard(T, [T - 9 * S])
    assert shown(liveness, T).state == "live"
    liveness.heard(T, [T - 3 * 3600 * S])
    assert shown(liveness, T).note == "catching up, 3 h 0 min behind"


def test_a_host_with_nothing_to_tell_is_live_after_three_seconds_or_six_when_it_may_search():
    known, unknown = Liveness(), Liveness()
    known.connected(T, T - S)
    unknown.connected(T, T - 3600 * S)

    assert shown(known, T + 2 * S).state == "connecting"
    assert shown(known, T + 3 * S).state == "live"
    known.heard(T, [T - 40 * S])
    assert shown(known, T + 4 * S).state == "catching up"
    assert shown(unknown, T + 4 * S).state == "connecting"


def test_without_an_answer_it_is_lost():
    liveness = Liveness()
    liveness.connected(T, T)
    liveness.heard(T, [T])

    assert shown(liveness, T + 5 * S).state == "live"
    assert shown(liveness, T + 6 * S).state == "lost"
    assert shown(liveness, T + 6 * S).note == "no answer from HOST for 6 s"


def test_what_is_told_ends_where_the_last_sign_of_life_was():
    liveness = Liveness()
    liveness.connected(T, T)
    liveness.heard(T, [T - S // 5])
    liveness.heard(T, [T - S // 2])

    assert liveness.told_until_us(T) == T - S // 5
    assert liveness.told_until_us(T + 4 * S) == T - S // 5
    assert liveness.told_until_us(T - S) == T - S - S // 5


def test_a_server_whose_clock_is_ahead_moves_nothing_beyond_the_present():
    liveness = Liveness()
    liveness.connected(T, T)
    liveness.heard(T, [T + 30 * S])

    assert liveness.told_until_us(T) == T


def test_a_small_lag_is_forgotten_after_two_minutes():
    liveness = Liveness()
    liveness.connected(T, T)
    liveness.heard(T, [T])
    for k in (1, 61, 122, 183):
        liveness.heard(T + k * S, [T + k * S - 2 * S])

    assert liveness.told_until_us(T + 183 * S) == T + 181 * S


def test_a_gap_is_shown_for_ten_minutes():
    liveness = Liveness()
    liveness.connected(T, T)
    liveness.gap("300 s are lost", T)
    liveness.heard(T, [T])
    assert shown(liveness, T).note == "300 s are lost"

    liveness.heard(T + 601 * S, [T + 601 * S])
    assert shown(liveness, T + 601 * S).note == ""


# -- frames aside


def test_the_last_frames_without_sense_are_kept_short(tmp_path: Path):
    causes: dict[str, int] = {}
    aside = FramesAside(causes, tmp_path / "aside.ndjson")

    for n in range(KEPT + 5):
        aside.add(T, "not JSON", b"%d\xff" % n + b"x" * 9_999)
    aside.add(T, "lone surrogate", "\ud83d")

    assert causes == {"not JSON": KEPT + 5, "lone surrogate": 1}
    assert len(aside.kept) == KEPT
    assert aside.kept[0][2] == b"6\xff" + b"x" * (MAX_RAW - 2)
    lines = (tmp_path / "aside.ndjson").read_text().splitlines()
    assert len(lines) == KEPT + 6
    assert '"cause": "not JSON", "raw": "0\\\\xffxxx' in lines[0]


def test_the_file_of_frames_aside_is_bounded(tmp_path: Path):
    path = tmp_path / "aside.ndjson"
    path.write_bytes(b"x" * (frames_aside.MAX_FILE - 100))
    aside = FramesAside({}, path)

    aside.add(T, "not JSON", b"short")
    aside.add(T, "not JSON", b"y" * 500)

    assert frames_aside.MAX_FILE - 100 < path.stat().st_size <= frames_aside.MAX_FILE


def test_a_file_that_cannot_be_written_stops_nothing(tmp_path: Path):
    causes: dict[str, int] = {}
    aside = FramesAside(causes, tmp_path)

    aside.add(T, "not JSON", b"a")
    aside.add(T, "not JSON", b"b")

    assert causes == {"not JSON": 2}
