"""The leak guard in public: posts that name the brand and give a secret away are told, once."""

from pathlib import Path

import polars as pl
import pytest

from rtm import build
from rtm.brand import Brand
from rtm.desk.leaking import MOST_ALIKE, MOST_WAITING, GivenAway, Leaking
from rtm.desk.leaks import Fingerprint, fingerprint
from rtm.errors import StoreError
from tests.desk.secrets_told import CHOSEN_ON, HELD_BACK, INVENTED

OREO = Brand(name="Oreo", languages=("en", "et", "pl", "cs", "sl"))
CHEAP = 2  # the least cost that scrypt takes: what it finds is the same
SECRETS = (*(secret for secret, *_ in (*CHOSEN_ON, *HELD_BACK)), *INVENTED)
PRINTS = [
    fingerprint(secret, secret, b"sixteen bytes %02d" % number, CHEAP)
    for number, secret in enumerate(SECRETS)
]
SPRING = fingerprint("Spring", CHOSEN_ON[0][0], b"sixteen bytes of", CHEAP)
WALNUT = fingerprint("Walnut", "Project Walnut", b"another sixteen.", CHEAP)
SAID, SAID_SHORT = f"oreo: {CHOSEN_ON[0][1]}", "Oreo has a project called Walnut"
CORPORA = Path(__file__).resolve().parents[3] / "shared/data/corpora"


def posts(*texts: str, first: int = 0) -> pl.DataFrame:
    return pl.DataFrame(
        {"id": [f"p{first + n}" for n in range(len(texts))], "text": list(texts)},
        schema={"id": pl.String, "text": pl.String},
    )


def watching(*kept: Fingerprint, brand: Brand = OREO, **limits: float) -> Leaking:
    return Leaking(brand, lambda: kept, **{"most_per_s": 1e6, "slow_s": 1e6} | limits)


def told(leaking: Leaking, frame: pl.DataFrame, at_s: float = 0.0) -> list[tuple[str, str]]:
    leaking.heed(frame)
    return [(one.post, one.label) for one in leaking.alarms(at_s)]


def test_every_planted_secret_is_told_exactly():
    texts = [f"psst, oreo! {secret}" for secret in SECRETS]

    found = told(watching(*PRINTS), posts(*texts))

    assert set(found) >= {(f"p{n}", secret) for n, secret in enumerate(SECRETS)}


def test_of_the_paraphrases_held_back_nine_of_ten_are_told():
    ways = [(secret, f"Oreo: {way}") for secret, *ways in HELD_BACK for way in ways]

    found = told(watching(*PRINTS), posts(*(way for _, way in ways)))

    told_of = [(f"p{n}", secret) in found for n, (secret, _) in enumerate(ways)]
    assert sum(told_of) >= 0.9 * len(told_of)


def test_a_post_that_does_not_name_the_brand_is_let_go():
    assert told(watching(SPRING), posts(CHOSEN_ON[0][1], "oreo in milk")) == []
    assert told(watching(SPRING), posts(SAID)) == [("p0", "Spring")]


def test_a_watcher_of_another_secret_is_silent():
    assert told(watching(WALNUT), posts(SAID)) == []
    assert told(watching(), posts(SAID)) == []


def test_an_alarm_holds_the_posts_words_and_none_of_the_secrets():
    leaking = watching(SPRING)
    leaking.heed(posts(SAID))

    (alarm,) = leaking.alarms(0.0)

    assert alarm == GivenAway("p0", "Spring", alarm.share, SAID)
    assert 0 < alarm.share <= 1


def test_a_post_is_told_once_a_label_and_every_other_post_too():
    leaking = watching(SPRING, WALNUT)
    both = f"{SAID}. {SAID_SHORT}"

    first = told(leaking, posts(both, both))
    again = told(leaking, posts(both, both, both), 1.0)

    assert sorted(first) == [("p0", "Spring"), ("p0", "Walnut"), ("p1", "Spring"), ("p1", "Walnut")]
    assert sorted(again) == [("p2", "Spring"), ("p2", "Walnut")]


def test_no_more_posts_are_looked_at_than_there_is_time_for():
    leaking = watching(SPRING, most_per_s=2)
    leaking.heed(posts(*[SAID] * 7))

    found = [[one.post for one in leaking.alarms(at_s)] for at_s in (0.0, 0.1, 0.5, 1.5, 9.0, 10.0)]

    assert found == [["p0", "p1"], [], ["p2"], ["p3", "p4"], ["p5", "p6"], []]


def test_codenames_wait_for_time_and_sentences_do_not():
    leaking = watching(SPRING, WALNUT, slow_s=0.0)

    assert told(leaking, posts(SAID, SAID_SHORT)) == [("p0", "Spring")]
    assert told(watching(SPRING, WALNUT), posts(SAID_SHORT)) == [("p0", "Walnut")]


def test_time_that_was_overspent_is_paid_back():
    leaking = watching(WALNUT, slow_s=1e-9)
    leaking.heed(posts(SAID_SHORT, "Oreo has a second project, Walnut"))

    found = [len(leaking.alarms(at_s)) for at_s in (0.0, 1.0, 2.0)]

    assert found == [1, 0, 0]


def test_of_too_many_posts_the_oldest_are_let_go_and_counted():
    leaking = watching(SPRING)

    found = told(leaking, posts(*[SAID] * (MOST_WAITING + 5)))

    assert leaking.missed == 5
    assert found[0] == ("p5", "Spring")


def test_of_too_many_that_wait_for_a_codename_the_oldest_are_counted():
    leaking = watching(WALNUT, slow_s=0.0)
    leaking.heed(posts(SAID_SHORT))
    leaking.alarms(0.0)
    for hundred in range(MOST_WAITING // 100):
        leaking.heed(posts(*(f"oreo {hundred} {n}" for n in range(100)), first=1))
        leaking.alarms(0.0)

    assert leaking.missed == 1

    leaking.heed(posts(SAID_SHORT, first=9_999))
    leaking.alarms(0.0)

    assert leaking.missed == 2


def test_of_the_same_words_over_and_over_only_so_many_wait():
    leaking = watching(WALNUT)

    found = told(leaking, posts(*[SAID_SHORT] * (MOST_ALIKE + 7)))

    assert len(found) == MOST_ALIKE


def test_a_secret_that_is_added_counts_for_words_that_were_looked_at():
    kept = [WALNUT]
    leaking = Leaking(OREO, lambda: kept, most_per_s=1e6, slow_s=1e6)
    before = told(leaking, posts(SAID))

    kept.append(SPRING)

    assert before == []
    assert told(leaking, posts(SAID, first=1), 1.0) == [("p1", "Spring")]


def test_posts_wait_on_while_the_secrets_cannot_be_read():
    unreadable = [True]

    def fingerprints() -> list[Fingerprint]:
        if unreadable.pop():
            raise StoreError("fingerprint cannot be read")
        return [SPRING]

    leaking = Leaking(OREO, fingerprints, most_per_s=1e6)
    leaking.heed(posts(SAID))
    with pytest.raises(StoreError):
        leaking.alarms(0.0)

    unreadable.append(False)

    assert [one.post for one in leaking.alarms(1.0)] == ["p0"]


def test_nothing_is_told_of_a_night_of_posts():
    night = pl.read_parquet(build.NIGHT).select("id", text="oreo: " + pl.col("text"))

    assert told(watching(*PRINTS), night.gather_every(150)) == []


@pytest.mark.long
@pytest.mark.skipif(not CORPORA.is_dir(), reason="the corpora are not there")
@pytest.mark.parametrize(
    ("name", "corpus"),
    [("United", "us_airlines_2015"), ("Spotify", "spotify_support_2017")],
)
def test_of_real_posts_about_a_brand_one_in_a_thousand_at_most_is_told(name, corpus):
    brand = Brand(name=name, handles=(f"@{name.lower()}", "@SpotifyCares"))
    about = pl.read_parquet(CORPORA / f"{corpus}.parquet").select("id", "text").head(1_000)
    planted = posts(f"@{name.lower()} {CHOSEN_ON[0][1]}")

    found = told(watching(*PRINTS, brand=brand), pl.concat([about, planted]))

    assert found.pop() == ("p0", CHOSEN_ON[0][0])
    assert len(found) <= 0.001 * about.height
