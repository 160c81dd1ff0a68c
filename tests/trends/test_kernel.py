"""The compiled kernel against the plain form: the same terms fire, at once and as loud."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.text.keys import word_key
from rtm.trends.settings import Settings
from rtm.trends.state import FIRST_TICK
from tests.trends.plain import Plain, Row
from tests.trends.telling import ROOMY, fired, fired_in_frames, state_of

START = 1_359_928_800
TERMS = [word_key(f"word{n}") for n in range(60)]
SUBJECTS = [word_key(f"subject{n}") for n in range(9)]
LOUD = ROOMY._replace(
    prior_count=0.5, prior_total=60.0, dispersion=0.03, judge_s=0, language_posts=30.0
)  # a small stream fires more often so


def rows_by(seed: int, ticks: int = 260) -> list[Row]:
    """Return a small stream with bursts, silences, known authors, copies and late rows."""
    rng = random.Random(seed)
    second = START + rng.randrange(900)
    rows: list[Row] = []
    for _ in range(ticks):
        second += (
            rng.choice([1, 1, 1, 2, 4, 9, 40])
            if rng.random() > 0.01
            else rng.choice([400, 1000, 2000, 4000, 22_000, 2_419_200])
        )
        languages = [0, *[1 + second // 700 % 3] * 9]
        subject = SUBJECTS[(second - START) // 300 % len(SUBJECTS)]
        made = []
        for _ in range(rng.choice([1, 1, 2, 5])):
            terms = rng.sample(TERMS, k=rng.randint(0, 4))
            terms += [subject] * (rng.random() < 0.25)
            made.append(
                Row(
                    second,
                    tuple(terms),
                    rng.choice([256, 256, 106, 81, 3]),
                    rng.randrange(1, 12),
                    rng.choice([0, 0, rng.randrange(1, 40)]),
                    rng.choice(languages),
                    bool(rows) and rng.random() < 0.05,
                )
            )
        rows += sorted(made, key=lambda row: not row.is_late)
    return rows


def check(rows: list[Row], chosen: Settings) -> int:
    expected = list(Plain(chosen).fired(rows))
    assert fired(rows, state_of(chosen), chosen) == expected
    return len(expected)


@pytest.mark.parametrize("seed", range(6))
def test_the_kernel_fires_as_the_plain_form_does(seed):
    assert check(rows_by(seed, ticks=600), LOUD) > 3


@pytest.mark.parametrize("seed", range(4))
def test_a_longer_stream_at_default_numbers_fires_as_the_plain_form_does(seed):
    rows = rows_by(100 + seed, ticks=500)

    assert check(rows, ROOMY._replace(hot_floor=2.0, min_z=2.0)) > 0


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=12)
def test_any_small_stream_fires_as_in_the_plain_form(seed):
    check(rows_by(seed, ticks=120), LOUD)


@given(st.integers(0, 2**32), st.lists(st.integers(0, 300), max_size=12))
@settings(deadline=None, max_examples=20)
def test_frames_cut_between_ticks_fire_alike(seed, cuts):
    rows = rows_by(seed, ticks=120)

    assert fired_in_frames(rows, cuts, LOUD) == fired(rows, state_of(LOUD), LOUD)


def quiet_talk(seconds: int, every: int = 2) -> list[Row]:
    rng = random.Random(1)
    return [
        Row(START + n, tuple(rng.sample(TERMS, 3)), source=1 + n) for n in range(0, seconds, every)
    ]


def burst(second: int, posts: int, source: int | None = None) -> list[Row]:
    return [
        Row(START + second + n, (SUBJECTS[0],), source=source or 1_000_000 + n)
        for n in range(posts)
    ]


def told(*parts: list[Row], chosen: Settings = LOUD) -> list[tuple[int, int, float]]:
    rows = sorted((row for part in parts for row in part), key=lambda row: row.tick)
    return [one for one in fired(rows, state_of(chosen), chosen) if one[1] in SUBJECTS]


def test_no_window_speaks_before_four_of_its_lengths():
    early, in_time = burst(40, 6), burst(60, 6)

    assert told(quiet_talk(120), early) == []
    assert told(quiet_talk(120), in_time)


def test_the_stream_warms_up_again_after_a_gap():
    gap = LOUD.gap_s + 1
    later = [Row(row.tick + 600 + gap, row.terms, source=row.source) for row in quiet_talk(200)]

    state = state_of(LOUD)
    fired([*quiet_talk(600), *later], state, LOUD)

    assert state.numbers[FIRST_TICK] == later[0].tick
    assert told(quiet_talk(600), later, burst(600 + gap + 20, 6)) == []
    assert told(quiet_talk(600), later, burst(600 + gap + 100, 6))


def test_one_source_is_no_burst_however_loud():
    assert told(quiet_talk(300), burst(200, 30, source=7)) == []
    assert told(quiet_talk(300), burst(200, 30))


def test_two_sources_are_no_burst():
    two = [row for n in (7, 8) for row in burst(200 + n, 12, source=n)]

    assert told(quiet_talk(300), two) == []


def test_the_loudest_source_counts_as_one_post():
    crowd = burst(200, 4)
    shouted = burst(200, 3, source=7)

    alone, with_shouting = told(quiet_talk(300), crowd), told(quiet_talk(300), crowd, shouted)

    assert alone
    assert max(one[2] for one in with_shouting) <= max(one[2] for one in alone) + 0.5


def test_a_term_that_stays_loud_fires_again_only_when_much_louder():
    louder = burst(200, 6) + [
        Row(START + 210 + n // 8, (SUBJECTS[0],), source=2_000_000 + n) for n in range(120)
    ]

    levels = [level for _, _, level in told(quiet_talk(300), louder)]

    assert len(levels) >= 2
    assert all(after >= 1.5 * before for before, after in pairwise(levels))


def test_a_late_post_teaches_but_does_not_fire():
    known = burst(100, 5)
    late = [Row(START + 250, (SUBJECTS[0],), source=n, is_late=True) for n in range(40)]

    assert told(quiet_talk(300), late) == []
    assert told(quiet_talk(900), known, late, burst(800, 4)) != told(
        quiet_talk(900), known, burst(800, 4)
    )


def soon(rows: list[Row]) -> list[Row]:
    return [Row(row.tick + 500, row.terms, source=row.source, author=row.author) for row in rows]


def test_an_author_counts_again_after_a_silence():
    # the filters turn only when somebody speaks; what they hold may be weeks old by then
    first = [Row(START + 200 + n, (SUBJECTS[0],), source=n, author=n) for n in range(1, 7)]
    again = [
        Row(row.tick + 7_200, row.terms, source=row.source, author=row.author) for row in first
    ]
    later = [Row(row.tick + 7_000, row.terms, source=row.source) for row in quiet_talk(200)]

    loud = told(quiet_talk(300), first, later, again)

    assert loud[-1][0] > START + 7_200
    assert told(quiet_talk(900), first, soon(first)) == told(quiet_talk(900), first)


def test_a_constant_series_is_no_surprise():
    steady = [
        Row(START + n, (SUBJECTS[0], *TERMS[n % 5 : n % 5 + 2]), source=n) for n in range(3_000)
    ]

    after_warm_up = [one for one in told(steady) if one[0] > START + 600]

    assert after_warm_up == []
