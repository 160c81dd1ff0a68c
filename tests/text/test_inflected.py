"""Inflected phrases: found whatever their ending, and not in other words."""

import pytest

from rtm.text.forms import words_of
from rtm.text.inflected import Inflected

LANGUAGES = ("en", "et", "pl", "cs", "sl")
NO_GO = ("funeral", "war", "tax", "matused", "pogrzeb", "volby", "volitve", "wybory prezydenckie")
PHRASES = Inflected(NO_GO, LANGUAGES)


def found(phrases: Inflected, text: str) -> list[str]:
    return [phrase for phrase, _ in phrases.found(words_of(text))]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("two funerals", "funeral"),
        ("wars", "war"),
        ("matustel", "matused"),
        ("na pogrzebie", "pogrzeb"),
        ("po volbách", "volby"),
        ("na volitvah", "volitve"),
        ("o wyborach prezydenckich", "wybory prezydenckie"),
    ],
)
def test_an_inflected_phrase_is_found(text, phrase):
    assert found(PHRASES, text) == [phrase]


@pytest.mark.parametrize("text", ["a warm ward", "taxi", "a volt", "the vole", "wybory"])
def test_another_word_that_looks_like_it_is_not(text):
    assert found(PHRASES, text) == []


def test_without_languages_only_the_phrase_itself_is_found():
    bare = Inflected(NO_GO, ())

    assert found(bare, "funeral") == ["funeral"]
    assert found(bare, "na pogrzebie") == []
