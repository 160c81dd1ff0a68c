"""Mentions: sure forms at once, doubtful ones by their capital, sign, context and exclusions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.brand import Brand
from rtm.text.mentions import Names, brand_patterns
from rtm.text.patterns import Mark
from tests.text.reading import marks_of, reading_of
from tests.text.texts import TEXTS

APPLE = Brand(
    name="Apple",
    languages=("en", "et"),
    context=("iphone", "app store"),
    exclusions=("apple pie", "cider"),
    rivals=("Apple Bank", "Shell", "Samsung"),
)
TARGET = Brand(name="Target", themes=("cart",), handles=("@askTarget",))
OREO = Brand(name="Oreo", languages=("et", "pl", "cs", "sl"))
BRANDS = {"Apple": APPLE, "Target": TARGET, "Oreo": OREO}
NAMES = {name: Names(brand) for name, brand in BRANDS.items()}
PATTERNS = {name: brand_patterns(brand) for name, brand in BRANDS.items()}


@pytest.mark.parametrize(
    ("brand", "text", "is_meant"),
    [
        ("Oreo", "sõin oreosid ja oreo'ga jäätist", True),
        ("Oreo", "zjadłam ciasto z oreo", True),
        ("Oreo", "oreoland and oriole", False),
        ("Target", "the target's edge", False),
        ("Target", "love Target's lamps", True),
        ("Apple", "my Apple iphone is dead", True),
        ("Apple", "my Apple is dead", False),
        ("Apple", "my apple iphone is dead", True),
        ("Apple", "an apple fell on the floor right beside my old iphone", False),
        ("Apple", "An Apple fell on the floor right beside my old iphone", True),
        ("Apple", "#apple iphone", True),
        ("Apple", "#apple tree", False),
        ("Apple", "@apple hello", True),
        ("Apple", "an Apple from the App Store", True),
        ("Apple", "Apple'i poest", True),
        ("Apple", "best Apple pie near the iphone shop", False),
        ("Apple", "best Apple near the iphone shop", True),
        ("Apple", "Apple and cider by iphone", False),
        ("Apple", "#ApplePie with iphone", False),
        ("Apple", "the Apple Bank app on iphone", False),
        ("Apple", "the Apple app on iphone", True),
        ("Apple", "pineapple on my iphone", False),
        ("Target", "went to Target again", True),
        ("Target", "went to target again", False),
        ("Target", "Target was full", False),
        ("Target", "Target was full, my cart too", True),
        ("Target", "Target was full. I love Target", True),
        ("Target", "WENT TO TARGET AGAIN", False),
        ("Target", "went to TARGET again", True),
        ("Target", "Their Next Target Will Surprise Everybody Here", False),
        ("Target", "#target", True),
        ("Target", "@asktarget help", True),
        ("Target", "@othertarget help", False),
    ],
)
def test_the_brand_is_meant_or_not(brand, text, is_meant):
    # the reader's mark and the explanation agree
    assert (Mark.MENTION in marks_of(text, PATTERNS[brand])) == is_meant
    assert (NAMES[brand].mention_of(text) is not None) == is_meant


@pytest.mark.parametrize(
    ("text", "is_meant"),
    [
        ("I bank at Apple Bank", True),
        ("filled up at Shell today", True),
        ("found a shell on the beach", False),
        ("mul on samsungi telefon", True),
        ("@samsung hi", True),
    ],
)
def test_a_rival_is_meant_or_not(text, is_meant):
    marks = marks_of(text, PATTERNS["Apple"])

    assert (Mark.RIVAL in marks) == is_meant
    assert Mark.MENTION not in marks


@pytest.mark.parametrize(
    ("brand", "text", "why"),
    [
        ("Oreo", "Oreo\u2019ga piim", "Oreo\u2019ga: Oreo with an Estonian ending"),
        ("Oreo", "nur Oreo", "Oreo: the name itself"),
        (
            "Apple",
            "meine apple iphone hülle",
            "'apple' is a word of English: counted because of the context word 'iphone' beside it",
        ),
        (
            "Apple",
            "I hate that Apple makes the iphone",
            "'Apple' is a word of English: counted because of the capital and the context word "
            "'iphone'",
        ),
        ("Target", "a #target run", "'target' is a word of English: counted because of the #"),
        ("Target", "hey @target", "@target: the handle"),
    ],
)
def test_the_reason_is_told_in_words(brand, text, why):
    mention = NAMES[brand].mention_of(text)

    assert mention is not None
    assert mention.why == why
    assert mention.mark == Mark.MENTION


def test_typed_without_accents_is_still_the_name():
    mention = Names(Brand(name="Żabka", languages=("pl",))).mention_of("ide do zabki")

    assert mention is not None
    assert mention.why == "zabki: Żabka with a Polish ending, without its accents"


def test_a_very_short_name_with_an_ending_needs_a_capital():
    patterns = brand_patterns(Brand(name="LHV", languages=("et",)))

    assert Mark.MENTION in marks_of("tõstsin raha LHVsse", patterns)
    assert Mark.MENTION in marks_of("lhv äpp", patterns)
    assert Mark.MENTION not in marks_of("see lhvd ei tähenda midagi", patterns)


def test_a_hashtag_of_both_words_is_the_name():
    patterns = brand_patterns(Brand(name="Lux Express", languages=("et",), exclusions=("pood",)))

    assert Mark.MENTION in marks_of("#luxexpress hilineb", patterns)
    assert Mark.MENTION not in marks_of("#luxexpress pood", patterns)


def test_names_with_signs_links_and_tags_are_found_as_before():
    patterns = brand_patterns(Brand(name="Dr. Pepper", aliases=("#OneOfAKind", "@drp")))

    assert Mark.MENTION in marks_of("a dr. pepper please", patterns)
    assert Mark.MENTION in marks_of("a dr pepper please", patterns)
    assert Mark.MENTION in marks_of("#oneofakind", patterns)
    assert Mark.MENTION in marks_of("hi @drp", patterns)
    assert Mark.MENTION not in marks_of("a dr and some pepper", patterns)


def test_other_marks_of_a_post_are_kept_whatever_becomes_of_the_name():
    patterns = brand_patterns(Brand(name="Target", themes=("milk",)))

    assert marks_of("target milk", patterns) == Mark.THEME
    assert marks_of("milk from Target", patterns) == Mark.THEME | Mark.MENTION


@given(st.lists(TEXTS | st.sampled_from(["Apple iphone", "apple", "Shell", "a Shell"]), max_size=8))
@settings(deadline=None)
def test_no_maybe_leaves_the_reader_and_every_post_is_judged_alone(texts):
    together = reading_of(*texts, patterns=PATTERNS["Apple"]).marks

    assert not (together & np.uint32(Mark.MAYBE_MENTION | Mark.MAYBE_RIVAL)).any()
    assert [Mark(int(m)) for m in together] == [marks_of(t, PATTERNS["Apple"]) for t in texts]


def test_without_a_second_look_a_maybe_stays_one():
    patterns = PATTERNS["Target"]._replace(confirm=None)

    assert Mark.MAYBE_MENTION in marks_of("a target", patterns)
