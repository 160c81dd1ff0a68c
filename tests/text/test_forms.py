"""Forms of names: what people write in five languages, and how many there are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.text.forms import INFLECTED, forms_of, without_accents, words_of

ALL = ("en", "et", "pl", "cs", "sl")


@pytest.mark.parametrize(
    ("language", "name", "forms"),
    [
        ("en", "Oreo", "oreos"),
        ("et", "Oreo", "oreoga oreo'ga oreole oreodest oreosid oreot oreos oreosse oreota oreoks"),
        ("et", "Lux Express", "lux expressis|lux expressiga|lux expressilt"),
        ("et", "LHV Pank", "lhv panga|lhv pangas|lhv panka"),
        ("et", "Kalev", "kalevi kalevist kalevil"),
        ("et", "Kotkas", "kotka kotkale"),
        ("pl", "Żabka", "żabki żabce żabkę żabką"),
        ("pl", "Twitter", "twittera twitterze twitterem twitterowi"),
        ("pl", "Lidl", "lidlu lidla lidlem"),
        ("pl", "Coca-Cola", "coca coli|coca colę"),
        ("cs", "Škoda", "škodu škody škodě škodou"),
        ("cs", "Seznam", "seznamu seznamem"),
        ("cs", "Česká spořitelna", "české spořitelně|českou spořitelnou|české spořitelny"),
        ("sl", "Mercator", "mercatorja mercatorju mercatorjem mercatorjeva"),
        ("sl", "Petrol", "petrola petrolu petrolova"),
        ("sl", "Cockta", "cockte cockto"),
    ],
)
def test_what_people_write_is_among_the_forms(language, name, forms):
    wanted = forms.split("|") if "|" in forms or " " in name else forms.split()

    known = forms_of(name, [language])

    assert [form for form in wanted if form not in known] == []


def test_a_form_tells_its_language_and_the_name_none():
    forms = forms_of("Oreo", ALL)

    assert next(iter(forms)) == "oreo"
    assert (forms["oreo"], forms["oreos"], forms["oreoga"]) == ("", "en", "et")


def test_a_language_that_is_not_listened_in_gives_no_forms():
    assert "oreoga" in forms_of("Oreo", ["et"])
    assert "oreoga" not in forms_of("Oreo", ["en", "ja"])


@pytest.mark.parametrize("name", ["Oreo", "Lux Express", "Żabka", "Swedbank", "Apple"])
def test_forms_are_many_but_not_countless(name):
    assert 500 <= len(forms_of(name, ALL)) <= 1700


def test_short_names_keep_their_end():
    assert "o" not in {form for form in forms_of("O2", ALL) if len(form) == 1}
    assert not [form for form in forms_of("HM", ALL) if not form.startswith("h")]


@given(st.text(max_size=30), st.lists(st.sampled_from(INFLECTED), unique=True))
def test_any_name_has_itself_as_first_form(name, languages):
    words = words_of(name)

    forms = forms_of(name, languages)

    assert list(forms)[:1] == ([" ".join(words)] if words else [])
    assert all(form == form.strip() for form in forms)


def test_accents_and_strokes_fall_away():
    assert without_accents("żółć Škoda Õun") == "zolc Skoda Oun"
