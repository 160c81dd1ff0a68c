"""Facets are bytes: whatever stands before them, they cut out their own words and nothing else."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.publish.facets import Facet, facets_of, written

PLAIN = [
    "dunk",
    "ünï",
    "黑暗",
    "👩‍👩‍👧",
    "e\u0301te\u0301",
    "ابن",
    "1.5",
    "a@b",
    "#",
    "@",
    "://",
    "3..4",
]
WORDS: dict[str, tuple[Literal["link", "tag", "mention"], str]] = {
    "https://oreo.com/a?b=1#c": ("link", "https://oreo.com/a?b=1#c"),
    "http://localhost:80/é": ("link", "http://localhost:80/é"),
    "oreo.com": ("link", "https://oreo.com"),
    "bbc.co.uk/news": ("link", "https://bbc.co.uk/news"),
    "@oreo.com": ("mention", "oreo.com"),
    "@Ada.test": ("mention", "ada.test"),
    "#SB47": ("tag", "SB47"),
    "#黑暗": ("tag", "黑暗"),
    "\uff03dark": ("tag", "dark"),
}
AFTER = ["", ".", "!", "?!", ",", ":"]
GAPS = [" ", "\n", "  ", "\u3000"]

words = st.one_of(
    st.tuples(st.just(""), st.sampled_from(PLAIN), st.just("")),
    st.tuples(st.just(""), st.sampled_from(sorted(WORDS)), st.sampled_from(AFTER)),
)


@given(st.lists(st.tuples(words, st.sampled_from(GAPS)), max_size=12))
def test_facets_are_those_that_were_put_in(parts):
    """The reference: the text is built word by word, so each place in bytes is known."""
    text = ""
    expected: list[Facet] = []
    for (before, word, after), gap in parts:
        start = len((text + before).encode())
        if word in WORDS:
            kind, value = WORDS[word]
            expected.append(Facet(start, start + len(word.encode()), kind, value))
        text += before + word + after + gap

    assert facets_of(text) == expected


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_facets_of_any_text_cut_it_between_letters_and_in_order(text):
    raw = text.encode()

    facets = facets_of(text)

    ends = [0]
    for facet in facets:
        said = raw[facet.start : facet.end].decode()
        assert said.lower().endswith(facet.value.lower()) or facet.value == f"https://{said}"
        assert ends[-1] <= facet.start < facet.end
        ends.append(facet.end)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("(see https://oreo.com/a)", "https://oreo.com/a"),
        (
            "https://en.wikipedia.org/wiki/Oreo_(cookie)",
            "https://en.wikipedia.org/wiki/Oreo_(cookie)",
        ),
        ("(https://oreo.com/dark).", "https://oreo.com/dark"),
        ("oreo.com, now", "oreo.com"),
        ("#dark...", "#dark"),
        ("#1st", "#1st"),
        ("(@oreo.com)", "@oreo.com"),
    ],
)
def test_punctuation_around_a_facet_is_not_part_of_it(text, said):
    (facet,) = facets_of(text)

    assert text.encode()[facet.start : facet.end].decode() == said


LOOKALIKES = [
    *("dark.thanks", "e.g. this", "1.5 million", "a#b", "me@oreo.com", "https://"),
    *("#47", "#!", "#\ufe0f\u20e3", "#" + "d" * 65, "#" + "👩‍👩‍👧" * 40),
    *("-a.com", "a..com", "@-a.com", "@oreo"),
]


@pytest.mark.parametrize("text", LOOKALIKES)
def test_what_only_looks_like_a_facet_stays_plain(text):
    assert facets_of(text) == []


def test_a_mention_of_nobody_is_left_out_and_the_rest_stays():
    facets = facets_of("@ada.test @nobody.test #dark")

    (mention, tag) = written(facets, {"ada.test": "did:plc:ada"})

    assert mention["features"][0]["did"] == "did:plc:ada"
    assert tag["index"] == {"byteStart": 23, "byteEnd": 28}
