"""A moment opened by hand: who may, what it needs, and what would follow every post."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.decisions import Opened, record_of
from rtm.desk.deciding import NotAllowed
from rtm.desk.moments import (
    LONGEST_TITLE,
    MOST_TERMS,
    Unclear,
    closed,
    opened,
    sharing,
    why_too_common,
)
from rtm.desk.roles import Person
from rtm.taught import opening_of
from rtm.text.lexicon import stop_words
from rtm.types import card_of, is_by_hand, line_of, story_of
from tests.desk.test_kits import story

AT = datetime(2013, 2, 4, 1, 43, tzinfo=UTC)
MIA = Person(name="mia", roles=frozenset({"writer"}))
ADA = Person(name="ada", roles=frozenset({"admin"}))


def wish(person: Person = MIA, at: datetime = AT, **changes) -> Opened:
    said = {"title": "Lights out", "terms": ("lights out", "blackout"), **changes}
    return opened(person, at, **said)


def test_a_wish_becomes_a_decision_with_the_words_as_they_were_meant():
    said = wish(title="  Lights \n out ", terms=(" lights  out", "#Blackout"))

    assert (said.title, said.terms, said.who) == ("Lights out", ("lights out", "#Blackout"), "mia")
    assert record_of(line_of(said)) == said  # type: ignore[arg-type]


def test_its_id_follows_from_what_it_says_and_is_no_found_ones():
    ids = {one.opportunity for one in (wish(), wish(title="Dark"), wish(at=AT.replace(minute=44)))}

    assert len(ids) == 3
    assert wish(terms=("dark",)).opportunity == wish().opportunity
    assert all(is_by_hand(story_of(id)) and card_of(story_of(id)) == id for id in ids)
    assert opening_of(wish()).story == story_of(wish().opportunity)


@given(st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=12, max_size=12))
def test_a_found_story_s_card_is_never_taken_for_an_opened_one(code):
    assert story_of(card_of("s" + code)) == "s" + code


@pytest.mark.parametrize("role", ["writer", "approver", "moderator"])
def test_whoever_works_at_the_desk_may_open_and_close(role):
    person = Person(name="x", roles=frozenset({role}))

    assert wish(person).who == closed(person, AT, "oh1").who == "x"


def test_whoever_does_not_work_there_may_neither():
    with pytest.raises(NotAllowed, match="open: ada has not the role"):
        wish(ADA)
    with pytest.raises(NotAllowed, match="close: ada"):
        closed(ADA, AT, "oh1")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"title": " \n "}, "title: 1 to 120 letters"),
        ({"title": "x" * (LONGEST_TITLE + 1)}, "title: 1 to 120 letters"),
        ({"title": "out \u202e thgil"}, "title"),
        ({"terms": ()}, "terms: 1 to 10 are needed; 0 were given"),
        ({"terms": tuple(f"word{n}" for n in range(MOST_TERMS + 1))}, "11 were given"),
        ({"terms": ("lights", "")}, 'terms #2 = ""; write a word'),
        ({"terms": ("lights", "!?")}, 'terms #2 = "!\\?"; write a word'),
        ({"terms": ("lights", "LIGHTS")}, "terms #1 says the same"),
        ({"terms": ("lights", "the")}, 'terms #2 = "the" is said in nearly every post'),
        ({"terms": ("https://t.co/abc",)}, "would match every link to that site"),
        ({"kind": "complaint"}, "reply_to"),
        ({"reply_to": "at://x"}, "reply_to"),
        ({"kind": "complaint", "reply_to": "a b"}, "reply_to: an address"),
        ({"kind": "complaint", "reply_to": "x" * 1_001}, "reply_to: an address"),
    ],
)
def test_what_cannot_be_followed_is_refused_in_words(changes, why):
    with pytest.raises(Unclear, match=why):
        wish(**changes)


def test_the_longest_title_and_most_terms_are_taken():
    terms = tuple(f"word{n}" for n in range(MOST_TERMS))

    assert wish(title="x" * LONGEST_TITLE, terms=terms).terms == terms
    assert wish(title="👨‍👩‍👧 valgus läks ära").title == "👨‍👩‍👧 valgus läks ära"
    assert wish(kind="complaint", reply_to="at://did:plc:x/app.bsky.feed.post/3k").reply_to


@pytest.mark.parametrize(
    "term", ["a", "x y", "7", "The", "who are you", "it's", "to be or in lights"]
)
def test_a_term_of_which_nothing_is_compared_but_stop_words_is_too_common(term):
    assert why_too_common(term) == "is said in nearly every post"


@pytest.mark.parametrize("term", ["lights", "the lights", "#x", "@oreo", "火", "49ers", "TV off"])
def test_a_term_with_a_word_of_its_own_is_not(term):
    assert why_too_common(term) is None


@given(st.lists(st.sampled_from(sorted(stop_words())), min_size=1, max_size=4))
def test_no_run_of_stop_words_is_followed(words):
    assert why_too_common(" ".join(words)) is not None


def test_found_stories_that_share_a_term_are_named():
    asked = story("Lights out", ("lights out", "blackout"))
    others = {
        "same": story("It is dark", ("blackout", "dome")),
        "part": story("Dark", ("lights",)),
        "quoted": story("Dark", ("dark",), ("the LIGHTS OUT again",)),
        "other": story("Touchdown", ("touchdown",), ("what a run",)),
    }

    assert sharing(asked, others) == ("same", "part", "quoted")
