"""The word lists of mood."""

from rtm.mood.lexicon import (
    ANY_FROM,
    CLASS_BITS,
    CLASSES,
    LANGUAGES,
    bare,
    lexicon,
    lexicon_languages,
)
from rtm.text.language import OTHER, UNKNOWN, number_of


def test_every_language_has_words_of_every_class():
    classes = lexicon().classes.tolist()

    for place in range(len(LANGUAGES)):
        for bit in CLASSES.values():
            assert any(bits >> (CLASS_BITS * place) & bit for bits in classes)


def test_entries_are_bare_and_at_least_two_letters():
    for name in lexicon().names:
        assert name == bare(name)
        assert len(name.rstrip("=")) > 1


def test_no_word_is_both_negative_and_positive_in_a_language():
    for name, bits in zip(lexicon().names, lexicon().classes.tolist(), strict=True):
        for place in range(1, len(LANGUAGES)):
            assert bits >> (CLASS_BITS * place) & 3 != 3, (name, LANGUAGES[place])


def test_short_words_of_other_languages_say_nothing_where_the_language_is_unknown():
    classes = dict(zip(lexicon().names, lexicon().classes.tolist(), strict=True))

    assert classes["bad="] & 1
    assert not classes["ni="] & 15
    assert len("ni=") < ANY_FROM


def test_languages_without_a_list_are_read_as_unknown():
    languages = lexicon_languages()

    assert languages[number_of("cs")] == LANGUAGES.index("cs")
    assert languages[number_of("fi")] == languages[UNKNOWN] == languages[OTHER] == 0
