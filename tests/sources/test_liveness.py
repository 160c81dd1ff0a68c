"""Signs of life: live, behind, quiet and dead are told apart, and nothing is told too early."""

from rtm.sources.liveness import Liveness
from rtm.sources.stream import Health

T = 1_764_000_000_000_000
S = 1_000_000


def shown(liveness: Liveness, now_us: int) -> Health:
    health = Health()
    liveness.show(health, "HOST", now_us)
    return health


def test_fresh_posts_make_it_live_and_old_ones_catching_up():
    liveness = Liveness()
    liveness.connected(T, T)

    liveness.heard(T, [T - 40 * S, T], T)
    assert shown(liveness, T).state == "catching up"
    assert shown(liveness, T).note == "catching up, 40 s behind"
    liveness.heard(T, [T - 9 * S], T)
    assert shown(liveness, T + S).state == "live"
    liveness.heard(T, [T - 3 * 3600 * S], T)
    assert shown(liveness, T).note == "catching up, 3 h 0 min behind"


def test_one_present_message_in_a_backlog_is_not_yet_the_present():
    liveness = Liveness()
    liveness.connected(T, T - 300 * S)

    liveness.heard(T, [T], T)
    assert shown(liveness, T).state == "catching up"
    liveness.heard(T + S // 2, [T - 200 * S], T + S // 2)
    assert shown(liveness, T + S).state == "catching up"
    liveness.heard(T + S, [T + S], T + S)
    assert shown(liveness, T + 2 * S).state == "live"


def test_after_a_blink_the_first_fresh_message_is_the_present():
    liveness = Liveness()
    liveness.connected(T, T - 2 * S)

    liveness.heard(T, [T], T)

    assert shown(liveness, T).state == "live"


def test_a_host_with_nothing_to_tell_is_live_after_three_seconds_or_six_when_it_may_search():
    known, unknown = Liveness(), Liveness()
    known.connected(T, T - S)
    unknown.connected(T, T - 3600 * S)

    assert shown(known, T + 2 * S).state == "connecting"
    assert shown(known, T + 3 * S).state == "live"
    known.heard(T, [T - 40 * S], T)
    assert shown(known, T + 4 * S).state == "catching up"
    assert shown(unknown, T + 4 * S).state == "connecting"


def test_without_an_answer_it_is_lost():
    liveness = Liveness()
    liveness.connected(T, T)
    liveness.heard(T, [T], T)

    assert shown(liveness, T + 5 * S).state == "live"
    assert shown(liveness, T + 6 * S).state == "lost"
    assert shown(liveness, T + 6 * S).note == "no answer from HOST for 6 s"


def test_what_is_told_ends_where_the_last_sign_of_life_was():
    liveness = Liveness()
    liveness.connected(T, T)
    liveness.heard(T, [T - S // 5], T)
    liveness.heard(T, [T - S // 2], T)

    assert liveness.told_until_us(T) == T - S // 5
    assert liveness.told_until_us(T + 4 * S) == T - S // 5
    assert liveness.told_until_us(T - S) == T - S - S // 5


def test_a_server_whose_clock_is_ahead_moves_nothing_beyond_the_present():
    liveness = Liveness()
    liveness.connected(T, T)
    liveness.heard(T, [T + 30 * S], T)

    assert liveness.told_until_us(T) == T


def test_a_small_lag_is_forgotten_after_two_minutes():
    liveness = Liveness()
    liveness.connected(T, T)
    liveness.heard(T, [T], T)
    for k in (1, 61, 122, 183):
        liveness.heard(T + k * S, [T + k * S - 2 * S], T + k * S)

    assert liveness.told_until_us(T + 183 * S) == T + 181 * S


def test_a_gap_is_shown_for_ten_minutes():
    liveness = Liveness()
    liveness.connected(T, T)
    liveness.gap("300 s are lost", T)
    liveness.heard(T, [T], T)
    assert shown(liveness, T).note == "300 s are lost"

    liveness.heard(T + 601 * S, [T + 601 * S], T + 601 * S)
    assert shown(liveness, T + 601 * S).note == ""
