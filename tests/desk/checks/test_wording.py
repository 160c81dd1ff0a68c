# ruff: noqa: RUF001 -- letters that look alike stand here on purpose
"""Checks of the words, each with a text that fires and a twin that does not."""

import pytest

from rtm.draft import Draft, Picture, Poll
from tests.desk.checks.drafts import PICTURE, complaints, said, scene

QUIET = (
    "You can still dunk in the dark",
    "Ka pimedas saab kasta, piim on kapis",
    "W ciemności też można maczać ciastka",
    "I potmě se dá namáčet do mléka",
    "Tudi v temi se da pomakati v mleko",
)


@pytest.mark.parametrize("text", QUIET)
def test_a_harmless_text_is_told_nothing(text):
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Two elections, one cookie", "elections"),
        ("Küpsis matustel", "matustel"),
        ("Ciastko na pogrzebie", "pogrzebie"),
        ("Sušenka o volbách", "volbách"),
        ("Piškot na volitvah", "volitvah"),
        ("#election night", "election"),
    ],
)
def test_no_go_stops_in_any_form(text, words):
    found = [one for one in complaints(Draft(text=text)) if one.rule == "no-go"]

    assert all(one.stops for one in found)
    assert f"'{words}' in the text" in found[0].words


@pytest.mark.parametrize("text", ["A selection of cookies", "Naturalny wybór", "Volný večer"])
def test_no_go_is_silent_on_another_word(text):
    assert said(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "A massacre of cookies",
        "Veresaun ja hukkunud küpsised",
        "Zginęły wszystkie ciastka",
        "Zemřel poslední keks",
        "Umrl je zadnji piškot",
        "Cookies as on 28. september",
        "like the 2009 recall",
    ],
)
def test_grave_stops_where_it_could_be_a_joke(text):
    assert said(text) == [("grave", True)]


def test_grave_stops_weak_words_that_bear_each_other_out():
    assert said("A shot, police everywhere") == [("grave", True)]


def test_grave_is_told_of_a_weak_word_alone():
    assert said("The shot is ready") == [("grave", False)]


def test_grave_is_silent_on_a_weak_word_in_play():
    assert said("What a shot, what a goal, what a game!") == []


def test_grave_is_told_in_an_answer():
    assert said("We mourn with you", reply_to="at://a") == [("grave", False)]


def test_grave_is_told_where_a_moderator_released_the_lock():
    assert said("We mourn with you", scene(is_released=True)) == [("grave", False)]


@pytest.mark.parametrize("laugh", ["😂", "haha", "xD", "just kidding", "nali", "hecam", "vtip"])
def test_grave_stops_an_answer_that_laughs(laugh):
    assert said(f"We mourn with you {laugh}", reply_to="at://a") == [("grave", True)]


def test_grave_is_silent_on_laughing_alone():
    assert said("Dunk with us 😂 haha") == []


def test_grave_is_silent_on_the_brands_own_name():
    assert said("New from Massacre Records: milk", brand="Massacre") == []
    assert said("New from Massacre Records: a massacre", brand="Massacre") == [("grave", True)]


def test_grave_names_the_words_and_what_to_do():
    (found,) = complaints(Draft(text="A massacre of cookies"))

    assert found.words.startswith("'massacre': that is grave (attack), and no matter to joke")
    assert "have a moderator release" in found.words


@pytest.mark.parametrize(
    "text",
    ["What the f*ck", "sh1t happens", "persse", "kurwa", "do prdele", "fresh, no stale crumbs"],
)
def test_manners_stop(text):
    assert said(text) == [("manners", True)]


@pytest.mark.parametrize("text", ["Cocktails in Scunthorpe", "Dunk at Dick's", "stale bread"])
def test_manners_are_silent_on_the_innocent(text):
    assert said(text) == []


@pytest.mark.parametrize(
    "place",
    [
        {"own": {"bluesky": "Dunk, shit"}},
        {"more": ("Dunk, shit",)},
        {"poll": Poll(options=("Dunk", "shit"))},
        {"pictures": (Picture(id=PICTURE, alt="Cookies, shit"),)},
    ],
)
def test_manners_stop_in_every_part_of_a_draft(place):
    assert said("Dunk", **place) == [("manners", True)]


def test_a_complaint_about_a_channels_own_text_names_the_channel():
    draft = Draft(text="Dunk", own={"x": "shit"})

    (found,) = complaints(draft, scene("bluesky", "x"))

    assert found.channel == "x"
    assert found.words.startswith("The text for x is not fit")


def test_a_text_that_leaves_nowhere_is_not_complained_of():
    draft = Draft(text="shit", own={"x": "Dunk", "bluesky": "Dunk", "mastodon": "shit"})

    assert complaints(draft, scene("bluesky", "x")) == []


@pytest.mark.parametrize(
    "text",
    [
        "Better than Keebler",
        "Parem kui Keebleril",
        "Smaczniejsze niż u Keeblera",
        "Lepší než Famous Amosem",
        "Boljši od Famous Amosa",
        "z Żabki",
        "z Zabki",
        "hello @keebler",
        "#FamousAmos",
        "https://www.keebler.com/x",
        "keebler.com",
        "https://famous-amos.co.uk",
    ],
)
def test_rival_stops_in_any_form(text):
    assert said(text) == [("rival", True)]


@pytest.mark.parametrize("text", ["Oreo, Oreos, @oreo", "Amos is famous", "mały żabi skok"])
def test_rival_is_silent_on_the_brand_and_on_others(text):
    assert said(text) == []


def test_rival_is_silent_where_the_policy_allows_it():
    assert said("Better than Keebler", brand="Massacre") == []


def test_slot_stops_what_is_not_filled_in():
    (found,) = complaints(Draft(text="{score}, dunk"))

    assert (found.rule, found.stops) == ("slot", True)
    assert found.words == "{score} in the text is not filled in: write what belongs there."


def test_slot_is_silent_on_what_is_filled_in_and_on_other_braces():
    assert said("3:2 {} for us { } :{") == []


def test_mentions_are_told_from_six_people_on():
    assert said("@a @b @c @d @e @f dunk") == [("mentions", False)]


def test_mentions_are_silent_on_five_people_however_often_and_on_addresses():
    text = "@a @b @c @d @e, @A again! @e@example.social and f@oreo.com"

    assert said(text) == []


def test_mentions_are_counted_over_a_thread():
    assert said("@a @b @c dunk", more=("@d @e @f dunk",)) == [("mentions", False)]


@pytest.mark.parametrize(
    "text", ["DUNK IT NOW", "KASTA KOHE PIIMA SISSE", "MACZAJ JUŻ TERAZ", "ΒΟΥΤΑ ΤΟ ΤΩΡΑ"]
)
def test_shouting_is_told(text):
    assert said(text) == [("shouting", False)]


@pytest.mark.parametrize(
    "text", ["GOAL!", "Dunk it at NBA, NFL and NHL games", "#SB47 #NFL #NBA #NHL", "牛乳に浸す"]
)
def test_shouting_is_silent_on_a_cry_on_tags_and_where_there_are_no_capitals(text):
    assert said(text) == []
