"""Echo: copies weigh less, share one source, and memory is bounded."""

import random
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.text.lexicon import stop_words
from rtm.text.reader import Reading, read
from rtm.trends.echo import ALIVE_S, Echoes, echoes, resemblance, weigh, weight_of_copies
from tests.text.reading import NO_PATTERNS, frame_of, reading_of

START = 1_359_942_000
FIRSTS = "lamp stad goal cook milk dark crow band half snap fans pass kick roar"
LASTS = "er ium ie ness light board ing time song shot ville zone craft storm"
VOCABULARY = [first + last for first in FIRSTS.split() for last in LASTS.split()]
BLACKOUT = "Power went out inside the Superdome stadium during third quarter tonight"


class Weighed:
    """What echo says of posts, told in one call or in several."""

    def __init__(self, memory: Echoes | None = None) -> None:
        self.memory = memory or echoes(10)
        self.weights: list[int] = []
        self.sources: list[int] = []

    def tell(self, ticks: list[int], reading: Reading) -> "Weighed":
        weights, sources = np.zeros(len(ticks), np.int32), np.zeros(len(ticks), np.uint64)
        weigh(
            self.memory,
            np.array(ticks, np.int64) + START,
            reading.sketches,
            reading.sizes,
            reading.authors,
            weights,
            sources,
            np.zeros(len(ticks), np.uint64),
        )
        self.weights += weights.tolist()
        self.sources += sources.tolist()
        return self


def _weighed(*texts: str, ticks: list[int] | None = None, bits: int = 10) -> Weighed:
    return Weighed(echoes(bits)).tell(ticks or list(range(len(texts))), reading_of(*texts))


def _are_one(first: str, second: str) -> bool:
    return len(set(_weighed(first, second).sources)) == 1


def _texts(seed: int, n: int, words: int) -> list[str]:
    chosen = random.Random(seed)
    return [" ".join(chosen.sample(VOCABULARY, words)) for _ in range(n)]


def _with_one_word_changed(text: str, seed: int) -> str:
    chosen = random.Random(seed)
    words = text.split()
    words[chosen.randrange(len(words))] = "zzz" + chosen.choice(VOCABULARY)
    return " ".join(words)


@given(st.integers(1, 400))
@settings(deadline=None)
def test_the_weights_of_a_cluster_telescope(copies):
    weighed = _weighed(*[BLACKOUT] * copies, ticks=[0] * copies)

    assert sum(weighed.weights) == round(256 * copies**0.5)
    assert weighed.weights[0] == 256
    assert all(weight > 0 for weight in weighed.weights)


@given(st.integers(0, 10**12))
@settings(deadline=None)
def test_the_weight_of_copies_is_a_rounded_root(copies):
    assert weight_of_copies(copies) == int(256 * copies**0.5 + 0.5)


def test_copies_share_one_source_and_others_have_their_own():
    one, two, again = _weighed(BLACKOUT, "Go Ravens", BLACKOUT).sources

    assert one == again
    assert two not in (0, one)


def test_a_known_author_is_the_source_but_copies_still_weigh_less():
    frame = frame_of([BLACKOUT] * 4, ["u1", None, "u2", None])
    reading = read(frame, NO_PATTERNS)

    weighed = Weighed().tell([0, 1, 2, 3], reading)

    one, nobody, two, nobody_again = weighed.sources
    assert (one, two) == (reading.authors[0], reading.authors[2])
    assert nobody == nobody_again
    assert nobody not in (0, one, two)
    assert weighed.weights == [256, 106, 81, 69]


@pytest.mark.parametrize(
    "repost",
    [
        f"RT @oreo: {BLACKOUT}",
        f"RT @nfl: RT @oreo: {BLACKOUT}",
        f"{BLACKOUT} via @oreo",
        f'"{BLACKOUT}" http://t.co/abc',
        f"{BLACKOUT.upper()}!!!",
        f"{BLACKOUT} #Superdome",
    ],
)
def test_a_repost_echoes_its_original(repost):
    assert _are_one(BLACKOUT, repost)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Lights out", "RT @oreo: lights out"),
        ("Lights out", "RT @nfl: RT @oreo: Lights out!!"),
        ("Lights out", "LIGHTS OUT."),
        ("Lights out at 8:42", "lights out at 8:43"),
        ("Lights out @oreo", "Lights out @nfl"),
        ("Lights out http://t.co/a", "lights out http://t.co/b"),
        ("😀😀", "😀😀"),
        ("", ""),
    ],
)
def test_short_texts_that_say_the_same_are_one(first, second):
    assert _are_one(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Lights out", "out lights"),
        ("Yes", "No"),
        ("it is on", "is it on"),
        ("Lights out", "Lights out, wow"),
        ("😀", "😀😀"),
        ("!", ""),
        ("RT", "rt rt"),
        ("RT @oreo", "@oreo"),
        ("http://t.co/a", "http://t.co/b"),
        ("@oreo", "@nfl"),
    ],
)
def test_short_texts_that_differ_are_two(first, second):
    assert not _are_one(first, second)


@pytest.mark.parametrize("words", [8, 10, 14, 20])
def test_a_word_changed_is_still_an_echo_in_95_of_100_texts(words):
    originals = _texts(seed=words, n=1_000, words=words)

    found = sum(
        _are_one(text, _with_one_word_changed(text, seed)) for seed, text in enumerate(originals)
    )

    assert found >= 950


def test_other_digits_handles_and_links_are_an_echo_in_95_of_100_texts():
    originals = _texts(seed=5, n=1_000, words=7)

    found = sum(
        _are_one(
            f"@user{n} {text} at {n % 12}:{n % 60:02} http://t.co/{n}",
            f"RT @other{n}: {text} at {n % 7}:{n % 50:02} https://bit.ly/x{n}",
        )
        for n, text in enumerate(originals)
    )

    assert found >= 950


@pytest.mark.parametrize("words", [5, 8, 16])
def test_unrelated_texts_do_not_join(words):
    texts = _texts(seed=100 + words, n=1_000, words=words)

    weighed = _weighed(*texts, ticks=[0] * 1_000)

    assert len(set(weighed.sources)) >= 995


@pytest.mark.parametrize(
    "texts",
    [
        (
            "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ ต่างมีเหตุผลและมโนธรรม "
            "และควรปฏิบัติต่อกันด้วยเจตนารมณ์แห่งภราดรภาพ",
            "เมื่อคืนนี้ไฟฟ้าดับในสนามกีฬาระหว่างการแข่งขันฟุตบอลนัดสำคัญ ผู้ชมต้องรอคอยนานกว่าครึ่งชั่วโมง "
            "จึงจะเริ่มเล่นต่อได้",
        ),
        (
            "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。",
            "昨夜のスタジアムで停電があり、試合はおよそ三十分のあいだ中断されたのである。",
        ),
    ],
)
def test_unrelated_texts_without_spaces_do_not_join(texts):
    assert not _are_one(*texts)


def test_a_text_between_two_clusters_joins_the_older():
    words = VOCABULARY[:11]
    older, younger, between = " ".join(words[:8]), " ".join(words[3:]), " ".join(words[1:10])

    weighed = _weighed(older, younger, between)

    assert weighed.weights == [256, 256, 106]
    assert weighed.sources[2] == weighed.sources[0] != weighed.sources[1]


def test_a_cluster_lives_fifteen_minutes_after_its_latest_copy():
    weighed = _weighed(*[BLACKOUT] * 3, ticks=[0, ALIVE_S, 2 * ALIVE_S])

    assert len(set(weighed.sources)) == 1
    assert sum(weighed.weights) == round(256 * 3**0.5)


def test_a_cluster_ends_a_second_later():
    weighed = _weighed(BLACKOUT, BLACKOUT, ticks=[0, ALIVE_S + 1])

    assert len(set(weighed.sources)) == 2
    assert weighed.weights == [256, 256]


def test_beyond_capacity_the_oldest_cluster_gives_way():
    texts = [f"lights {'abcdefghij'[n % 10] * 2}{VOCABULARY[n // 10]}" for n in range(64)]

    weighed = _weighed(*texts, texts[-1], texts[0], bits=5)

    assert weighed.weights[:64] == [256] * 64
    assert weighed.weights[64:] == [106, 256]
    assert weighed.sources[64] == weighed.sources[63]
    assert weighed.sources[65] != weighed.sources[0]


def test_memory_keeps_its_size_whatever_is_told():
    weighed = Weighed(echoes(6))
    before = [part.nbytes for part in weighed.memory]

    weighed.tell(list(range(5_000)), reading_of(*_texts(seed=7, n=5_000, words=9)))

    assert [part.nbytes for part in weighed.memory] == before
    assert min(weighed.weights) > 0


def test_a_flood_of_short_texts_does_not_hide_a_cluster_within_capacity():
    flood = [f"gg {word}" for word in VOCABULARY[:150]]

    weighed = _weighed(BLACKOUT, *flood, BLACKOUT, bits=10)

    assert weighed.sources[0] == weighed.sources[-1]


POOL = [
    BLACKOUT,
    f"RT @oreo: {BLACKOUT}",
    BLACKOUT.replace("third", "fourth"),
    "Lights out",
    "",
    "😀",
]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(POOL + _texts(seed=3, n=6, words=7)),
        st.sampled_from([None, None, "u1", "u2"]),
        st.sampled_from([0, 0, 1, 30, 899, 901]),
    ),
    max_size=30,
)


@given(ROWS, st.lists(st.integers(0, 30), max_size=6), st.sampled_from([2, 10]))
@settings(deadline=None)
def test_any_framing_weighs_alike(rows, cuts, bits):
    frame = frame_of([text for text, _, _ in rows], [author for _, author, _ in rows])
    ticks = np.cumsum([step for _, _, step in rows], dtype=np.int64).tolist()
    bounds = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    whole = Weighed(echoes(bits)).tell(ticks, read(frame, NO_PATTERNS))

    cut = Weighed(echoes(bits))
    for low, high in pairwise(bounds):
        cut.tell(ticks[low:high], read(frame[low:high], NO_PATTERNS))

    assert (cut.weights, cut.sources) == (whole.weights, whole.sources)


@given(st.sets(st.sampled_from(VOCABULARY), min_size=5, max_size=16), st.data())
@settings(deadline=None)
def test_resemblance_of_whole_sketches_is_the_share_of_words_in_common(words, data):
    others = data.draw(st.sets(st.sampled_from(VOCABULARY), min_size=5, max_size=16))
    reading = reading_of(" ".join(sorted(words)), " ".join(sorted(others)))

    alike = resemblance(reading.sketches[0], reading.sketches[1])
    exact = len(words & others) / len(words | others)

    assert alike == pytest.approx(exact, abs=0.0 if len(words | others) <= 16 else 0.4)


def test_the_vocabulary_of_these_tests_has_no_stop_words():
    assert not stop_words() & set(VOCABULARY)
    assert pl.Series(VOCABULARY).is_unique().all()
