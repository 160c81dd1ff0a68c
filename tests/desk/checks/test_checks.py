"""The list of checks as a whole: each is needed, none depends on order, all are quick."""

from datetime import timedelta
from time import process_time
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.desk.checks import CHECKS, Checker, Looked, Scene
from rtm.desk.checks.scene import Rule
from rtm.draft import Draft, Picture
from rtm.text.lexicon import risk_entries
from rtm.text.mentions import brand_patterns
from rtm.text.patterns import Mark
from tests.desk.checks.drafts import NOW, OREO, PICTURE, checker, said, scene
from tests.text.reading import marks_of

FIRING = {
    "empty": (Draft(), scene()),
    "length": (Draft(text="Dunk"), scene(limits={"bluesky": "too long."})),
    "no-go": (Draft(text="election"), scene()),
    "grave": (Draft(text="massacre"), scene()),
    "manners": (Draft(text="shit"), scene()),
    "crisis": (Draft(text="Dunk"), scene(crisis="glass")),
    "promotion": (Draft(text="Dunk"), scene(complaints={"bluesky": 1})),
    "links": (Draft(text="http://oreo.com"), scene()),
    "alt": (Draft(text="Dunk", pictures=(Picture(id=PICTURE),)), scene()),
    "rival": (Draft(text="like Keebler"), scene()),
    "offer": (Draft(text="Dunk", offer_until=NOW), scene()),
    "slot": (Draft(text="{score}"), scene()),
    "leak": (Draft(text="Dunk"), scene(leaks=("gives it away",))),
    "mentions": (Draft(text="@a @b @c @d @e @f"), scene()),
    "shouting": (Draft(text="DUNK IT NOW"), scene()),
}
CHANNELS = ("bluesky", "mastodon", "x", "slack")
SCENE = Scene(
    now=NOW,
    channels=CHANNELS,
    send_at=NOW + timedelta(hours=1),
    crisis="glass",
    complaints={"x": 2, "slack": 1},
    limits={"mastodon": "too long."},
    links={"https://oreo.com/a": Looked("is not there.", True)},
    leaks=("gives 'a' away", "gives 'b' away"),
)
BAD = (
    *("election", "volbách", "massacre", "shot, police", "sh1t", "Keeblerile", "{score}"),
    *("http://oreo.com", "oreo.com/a", "https://127.0.0.1/"),
)
HARMLESS = ("milk", "today", "piim", "mleko", "pomakati", "sušenka", "and", "oreo", "7")
GRAVE = sorted({word.rstrip("*=") for words in risk_entries().values() for word in words})
PATTERNS = brand_patterns(OREO)
ANOTHER = Checker(OREO)
TEXTS = st.lists(st.sampled_from(BAD + HARMLESS), max_size=6).map(" ".join)
DRAFTS = st.builds(
    Draft,
    text=TEXTS,
    own=st.dictionaries(st.sampled_from(CHANNELS), TEXTS, max_size=3),
    more=st.lists(TEXTS, max_size=2).map(tuple),
    offer_until=st.sampled_from([None, NOW, NOW + timedelta(hours=2)]),
    reply_to=st.sampled_from([None, "at://a"]),
)


def rules(draft: Draft, at: Scene, without: str = "") -> set[str]:
    found = checker(without=without).complaints_of(draft, at)
    return {one.rule for one in found}


def test_every_rule_has_its_check_and_its_firing_draft():
    assert tuple(FIRING) == get_args(Rule)
    assert [one.__name__.replace("_", "-") for one in CHECKS] == list(FIRING)


@pytest.mark.parametrize("rule", FIRING)
def test_a_checker_that_forgot_a_check_says_nothing_of_its_rule(rule):
    draft, at = FIRING[rule]

    assert rule in rules(draft, at)
    assert rule not in rules(draft, at, without=rule.replace("-", "_"))


@pytest.mark.parametrize("rule", FIRING)
def test_every_complaint_is_a_sentence_in_plain_words(rule):
    draft, at = FIRING[rule]

    for one in checker().complaints_of(draft, at):
        assert one.words.endswith((".", "?", "https://"))
        assert "None" not in one.words
        assert len(one.words) < 200


@settings(max_examples=60, deadline=None)
@given(DRAFTS, st.permutations(CHANNELS))
def test_complaints_are_the_same_in_any_order_of_channels(draft, channels):
    turned = Scene(
        **{name: getattr(SCENE, name) for name in Scene.__slots__} | {"channels": channels}
    )

    assert checker().complaints_of(draft, turned) == checker().complaints_of(draft, SCENE)


@settings(max_examples=60, deadline=None)
@given(DRAFTS, st.lists(st.sampled_from(HARMLESS), min_size=1, max_size=4), st.booleans())
def test_adding_harmless_words_never_removes_a_stop(draft, words, in_front):
    added = " ".join(words)
    more = {
        "text": f"{added} {draft.text}" if in_front else f"{draft.text} {added}",
        "own": draft.own,
        "more": (*draft.more, added),
        "offer_until": draft.offer_until,
        "reply_to": draft.reply_to,
    }

    before = {one.rule for one in checker().complaints_of(draft, SCENE) if one.stops}
    after = {one.rule for one in checker().complaints_of(Draft(**more), SCENE) if one.stops}

    assert before - {"empty"} <= after


@settings(max_examples=60, deadline=None)
@given(DRAFTS)
def test_what_stops_comes_first_and_nothing_is_said_twice(draft):
    found = checker().complaints_of(draft, SCENE)

    assert [one.stops for one in found] == sorted((one.stops for one in found), reverse=True)
    assert len(set(found)) == len(found)


@settings(max_examples=60, deadline=None)
@given(DRAFTS, st.booleans())
def test_one_complaint_more_in_the_scene_takes_none_away(draft, is_crisis):
    quiet = scene(*CHANNELS)
    worse = scene(*CHANNELS, crisis="glass" if is_crisis else None, complaints={"x": 1})

    assert set(checker().complaints_of(draft, quiet)) <= set(checker().complaints_of(draft, worse))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from((*GRAVE, *HARMLESS, "elections", ".")), max_size=6).map(" ".join))
def test_what_the_reader_finds_grave_or_no_go_in_a_post_stops_a_draft(text):
    marks = marks_of(text, PATTERNS)

    stopped = {rule for rule, stops in said(text or "-") if stops}

    assert ("grave" in stopped) == bool(marks & Mark.GRAVE)
    assert ("no-go" in stopped) or not marks & Mark.NO_GO


@settings(max_examples=30, deadline=None)
@given(DRAFTS)
def test_the_same_draft_is_told_the_same_again_and_by_another_checker(draft):
    told = checker().complaints_of(draft, SCENE)

    assert checker().complaints_of(draft, SCENE) == told
    assert ANOTHER.complaints_of(draft, SCENE) == told


@pytest.mark.bench
def test_a_draft_is_checked_within_two_milliseconds():
    text = "You can still dunk in the dark, tell us how @oreo https://oreo.com #SB47 "
    drafts = [Draft(text=f"{n} {text}" * 2, own={"x": f"{text}{n}"}) for n in range(200)]
    checker().complaints_of(drafts[0], scene("bluesky", "x"))

    start = process_time()
    for draft in drafts:
        checker().complaints_of(draft, scene("bluesky", "x"))

    assert (process_time() - start) / len(drafts) < 0.002
