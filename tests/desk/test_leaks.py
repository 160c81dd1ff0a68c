"""The leak guard: what is secret is found in drafts, and ordinary posts are let go."""

import msgspec
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm import build
from rtm.desk.leaks import Fingerprint, fingerprint, leak_in
from rtm.desk.words import readings
from tests.desk.secrets_told import CHOSEN_ON, HELD_BACK, INVENTED

SALT = b"sixteen bytes of"
CHEAP = 2  # the least cost that scrypt takes: what it finds is the same
SECRETS = (*(secret for secret, *_ in (*CHOSEN_ON, *HELD_BACK)), *INVENTED)
PRINTS = {secret: fingerprint(secret, secret, SALT, CHEAP) for secret in SECRETS}
PAGE = " ".join(secret for secret, *_ in CHOSEN_ON[:10])
SURROUNDING = st.text(max_size=60)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(SECRETS), SURROUNDING, SURROUNDING)
def test_an_exact_secret_is_found_in_any_surrounding(secret, before, after):
    draft = f"{before} {secret} {after}"

    assert leak_in(draft, [PRINTS[secret]]) is not None


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=80), SURROUNDING, SURROUNDING)
def test_whatever_has_a_word_can_be_a_secret(secret, before, after):
    if not readings(secret)[0]:
        with pytest.raises(ValueError, match="no word"):
            fingerprint("s", secret, SALT, CHEAP)
        return

    assert leak_in(f"{before} {secret} {after}", [fingerprint("s", secret, SALT, CHEAP)])


def test_of_the_paraphrases_held_back_nine_of_ten_are_found():
    told = [(PRINTS[secret], way) for secret, *ways in HELD_BACK for way in ways]

    found = [leak_in(way, [kept]) is not None for kept, way in told]

    assert sum(found) >= 0.9 * len(found)


def test_a_guard_that_forgets_the_order_free_shingles_finds_too_few_of_them():
    told = [(PRINTS[secret], way) for secret, *ways in HELD_BACK for way in ways]

    found = [leak_in(way, [_in_order_only(kept)]) is not None for kept, way in told]

    assert sum(found) < 0.9 * len(found)


def test_a_guard_that_knows_another_salt_finds_none_of_them():
    told = [(PRINTS[secret], way) for secret, *ways in HELD_BACK for way in ways]

    blind = [msgspec.structs.replace(kept, salt=b"another sixteen.") for kept, _ in told]

    assert not any(leak_in(way, [kept]) for kept, (_, way) in zip(blind, told, strict=True))


def test_posts_of_a_night_give_nothing_away():
    posts = pl.read_parquet(build.NIGHT)["text"].gather_every(150)

    told = [post for post in posts if leak_in(post, PRINTS.values())]

    assert len(SECRETS) == 50
    assert told == []


def test_one_sentence_of_a_page_is_found():
    kept = fingerprint("page", PAGE, SALT, CHEAP)

    leak = leak_in(f"Guess what! {CHOSEN_ON[3][1]}", [kept])

    assert leak is not None


@pytest.mark.parametrize(
    "draft",
    ["WALNUT\u200b   project", "projects: walnuts", "prójęct-wálnut", "\uff30roject \uff37alnut"],
)
def test_a_codename_is_found_however_it_is_written(draft):
    assert leak_in(draft, [PRINTS["Project Walnut"]]) is not None


def test_half_a_codename_is_let_go():
    assert leak_in("a walnut cake, our weekend project", [PRINTS["Project Walnut"]]) is None


@pytest.mark.parametrize("figure", ["4,750,000", "4 750 000", "4.75 million", "4,75 mln", "4750k"])
def test_a_figure_is_found_however_it_is_grouped(figure):
    assert leak_in(f"it is {figure} dollars", [PRINTS["4,750,000 dollars"]]) is not None


def test_another_figure_is_let_go():
    assert leak_in("it is 4,760,000 dollars", [PRINTS["4,750,000 dollars"]]) is None


def test_the_complaint_names_the_label_and_only_words_of_the_draft():
    kept = fingerprint("Spring", CHOSEN_ON[0][0], SALT, CHEAP)
    draft = "Big news: walnut filling in spring, what a margin"

    leak = leak_in(draft, [kept])

    assert leak is not None
    assert leak.complaint(draft).startswith("gives away 'Spring' (")
    assert all(draft[start:end] in leak.complaint(draft) for start, end in leak.spans[:3])
    assert "launch" not in leak.complaint(draft)


def test_a_fingerprint_comes_back_from_json_without_a_word_of_the_secret():
    kept = PRINTS[CHOSEN_ON[0][0]]
    line = msgspec.json.encode(msgspec.structs.replace(kept, name="Spring"))

    back = msgspec.json.decode(line, type=Fingerprint)

    assert leak_in(CHOSEN_ON[0][1], [back]) is not None
    assert b"walnu" not in line.lower()


def test_a_salt_must_be_long_enough():
    with pytest.raises(ValueError, match="salt"):
        fingerprint("s", "Project Walnut", b"short")


def _in_order_only(kept: Fingerprint) -> Fingerprint:
    passages = (msgspec.structs.replace(passage, threes=()) for passage in kept.passages)
    return msgspec.structs.replace(kept, passages=tuple(passages))
