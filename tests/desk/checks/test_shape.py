"""Checks of what there is: empty, length, alt, leak; each with its twin."""

import pytest

from rtm.draft import Draft, Picture, Poll
from tests.desk.checks.drafts import PICTURE, complaints, said, scene


@pytest.mark.parametrize("text", ["", " \n", "\u200b\u2060", "\u3164", "\u2800", "\ufe0f"])
def test_empty_stops_what_nobody_can_see(text):
    assert said(text) == [("empty", True)]


@pytest.mark.parametrize("text", ["Dunk", "🏈", "…", "牛"])
def test_empty_is_silent_on_what_can_be_seen(text):
    assert said(text) == []


def test_empty_names_each_channel_without_words():
    draft = Draft(own={"x": "Dunk"})

    found = complaints(draft, scene("x", "mastodon", "bluesky"))

    assert [one.channel for one in found] == ["bluesky", "mastodon"]
    assert found[0].words == "There are no words for bluesky yet: write some."


def test_empty_stops_a_draft_that_goes_nowhere_yet_too():
    assert [one.rule for one in complaints(Draft(), scene()) if one.channel] == ["empty"]


@pytest.mark.parametrize("place", [{"more": (" ",)}, {"poll": Poll(options=("Dunk", "\u200b"))}])
def test_empty_stops_a_part_without_words(place):
    assert said("Dunk", **place) == [("empty", True)]


def test_empty_is_silent_on_parts_with_words():
    assert said("Dunk", more=("And again",), poll=Poll(options=("Yes", "No"))) == []


def test_length_stops_in_the_networks_own_words():
    at = scene("x", "bluesky", limits={"x": "3 letters too long.", "bluesky": None, "else": "no."})

    (found,) = complaints(Draft(text="Dunk"), at)

    assert (found.rule, found.words, found.channel) == ("length", "3 letters too long.", "x")


def test_length_is_silent_where_it_fits():
    assert said("Dunk", scene("x", limits={"x": None})) == []


@pytest.mark.parametrize("alt", ["", "  ", "\u200b"])
def test_alt_stops_a_picture_without_words(alt):
    assert said("Dunk", pictures=(Picture(id=PICTURE, alt=alt),)) == [("alt", True)]


def test_alt_names_the_picture():
    pictures = (Picture(id=PICTURE, alt="A cookie in milk"), Picture(id=PICTURE))

    (found,) = complaints(Draft(text="Dunk", pictures=pictures))

    assert found.words.startswith("Picture 2 says nothing to who cannot see it: write")


@pytest.mark.parametrize(
    "alt",
    [
        *("dunk.png", "IMG_2041", "Screenshot 2026-02-08", "an.jpeg ", "Image", "photo, photo"),
        *("Pilt 1", "zdjęcie", "obrázek", "fotografija", "1"),
    ],
)
def test_alt_is_told_when_it_says_nothing(alt):
    assert said("Dunk", pictures=(Picture(id=PICTURE, alt=alt),)) == [("alt", False)]


@pytest.mark.parametrize(
    "alt", ["A photo of a cookie in milk", "Küpsis piimas", "Sušenka v mléce", "Logo of Oreo"]
)
def test_alt_is_silent_when_it_says_what_is_seen(alt):
    assert said("Dunk", pictures=(Picture(id=PICTURE, alt=alt),)) == []


def test_leak_stops_in_the_guards_words():
    gives = "gives away 'Spring' (2 of 9 of its phrases): take out 'walnut'"

    (found,) = complaints(Draft(text="Dunk"), scene(leaks=(gives,)))

    assert (found.rule, found.stops, found.words) == ("leak", True, f"The draft {gives}.")


def test_leak_is_silent_where_the_guard_is():
    assert said("Dunk", scene(leaks=())) == []
