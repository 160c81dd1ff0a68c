"""The compiled walker against the plain forms: terms, signatures and marks of any text."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rtm.text.patterns import Mark, patterns_of
from rtm.text.terms import terms_of
from tests.text import plain
from tests.text.reading import keys_of, reading_of, rows_of
from tests.text.texts import POSTS, TEXTS, WORDY

PHRASES = {
    Mark.THEME: ["cookie", "milk", "lights out", "rock'n'roll", "dunk in the dark", "\u505c\u96fb"],
    Mark.NO_GO: ["cookies", "oreo", "milky way", "2013", "a1b22c333"],
    Mark.EVENT: [
        "#SB47",
        "super bowl",
        "@nfl",
        "http://bbc.co.uk",
        "war=",
        "\u4eac",
        "nfl game",
        "half time show",
    ],
}
NAMES = {
    Mark.MENTION: [
        "Oreo",
        "@oreo.bsky.social",
        "Lights",
        "@a",
        "Ben & Jerry's",
        "Shoot",
        "Dr. Pepper",
        "P. F. Chang",
        "Yahoo!",
    ],
    Mark.RIVAL: ["cookies", "\u30aa\u30ec\u30aa", "Pokemon Go Fest Berlin Area", "war"],
}
PATTERNS = patterns_of(PHRASES, NAMES)
SAID = st.sampled_from(
    [
        *(phrase for phrases in (*PHRASES.values(), *NAMES.values()) for phrase in phrases),
        "cookiess", "cookiesss", "cookie's", "cookies's", "cookiex's", "Oreos", "oreo's", "milky",
        "milkshake", "light", "lightest", "lights, out", "lights. out", "out lights", "dunk in the",
        "#SuperBowl", "#DunkInTheDark", "Ben", "jerry", "half", "time show",
        "Shooting", "dead", "deadline", "killjoy",
        "Pokemon Go Fest Berlin", "Dr", "pepper", "P.F.", "!",
        "yahoo", "vote", "voters", "w" * 41, ". ", " ", " ", " ", ", ", "@xy", "\n",
    ]
)  # fmt: skip
SAYINGS = st.lists(SAID, max_size=12).map(" ".join) | st.lists(SAID, max_size=8).map("".join)


def _check_terms(text: str) -> None:
    assert keys_of(text) == [term.key for term in terms_of(text)]


def _check_signature(text: str) -> None:
    _, sketch, size, _, _ = rows_of(reading_of(text))[0]

    assert (sketch, size) == plain.signature_of(text)


def _check_marks(text: str) -> None:
    marks = rows_of(reading_of(text, patterns=PATTERNS))[0][3]

    assert Mark(marks) == Mark(plain.marks_of(text, PHRASES, NAMES))


@given(TEXTS)
@example("http://" + "a" * 250 + ".com")
@example("http://" + "a" * 249 + ".com")
@settings(max_examples=1500, deadline=None)
def test_any_text_has_the_terms_of_the_plain_form_in_the_same_order(text):
    _check_terms(text)


@given(WORDY)
@settings(max_examples=25, deadline=None)
def test_a_text_of_too_many_words_has_the_terms_of_the_plain_form(text):
    _check_terms(text)


@given(TEXTS)
@example("RT @oreo: lights out")
@example("lights RT @oreo: out")
@example("RT RT @oreo: out")
@settings(max_examples=1000, deadline=None)
def test_any_text_has_the_signature_of_the_plain_form(text):
    _check_signature(text)


@given(WORDY)
@settings(max_examples=25, deadline=None)
def test_a_text_of_too_many_words_has_the_signature_of_the_plain_form(text):
    _check_signature(text)


@given(SAYINGS | POSTS)
@example("milky")
@example("lights")
@example("shooting")
@example("super @bob bowl")
@example("half @bob time show")
@example("dunk @bob in the dark")
@example("half time show, dunk in the dark")
@settings(max_examples=300, deadline=None)
def test_any_text_has_the_marks_of_the_plain_form(text):
    _check_marks(text)


@pytest.mark.long
@given(st.text(max_size=400) | st.lists(POSTS, max_size=10).map(" ".join) | WORDY)
@settings(max_examples=2_000, deadline=None)
def test_very_many_texts_are_read_as_in_the_plain_form(text):
    _check_terms(text)
    _check_signature(text)
    _check_marks(text)


@pytest.mark.parametrize("unit", ["@u{} ", "#t{}x ", "www.s{}.com ", "lights{} ", "\u4eac{}\u90fd"])
def test_a_text_of_thousands_of_terms_is_cut_as_in_the_plain_form(unit):
    text = "".join(unit.format(n) for n in range(2_500))

    keys = keys_of(text)

    assert keys == [term.key for term in terms_of(text)]


def test_a_text_of_thousands_of_names_takes_no_place_from_its_neighbours():
    many = " ".join(f"@user{n}" for n in range(3_000))
    plain_words = " ".join(f"word{n}" for n in range(200))
    texts = [many, *[plain_words] * 8]

    rows = rows_of(reading_of(*texts))

    assert [row[0] for row in rows] == [[term.key for term in terms_of(text)] for text in texts]
