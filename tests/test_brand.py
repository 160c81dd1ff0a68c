import pytest
from msgspec.structs import replace

from rtm.brand import Brand, Seats, Voice, understood
from rtm.config import struct_of, table_of
from rtm.errors import ConfigError
from rtm.languages import LANGUAGES, language_remedy
from rtm.markets import LISTED, MARKETS
from rtm.text.lexicon import markets


def brand_of(text: str) -> Brand:
    return struct_of(table_of(text.encode(), "brand.toml"), Brand, "brand.toml")


def refusal(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        brand_of(text)
    return str(caught.value)


def test_a_name_alone_is_a_brand():
    brand = brand_of('name = "Oreo"')

    assert brand == Brand(name="Oreo", languages=("en",), voice=Voice(tone="plain"), seats=Seats())
    assert hash(brand)


@pytest.mark.parametrize(
    "handle",
    ["oreo", "@oreo", "@Oreo_EE", "oreo.bsky.social", "@oreo.bsky.social", "@oreo@example.social"],
)
def test_handles_of_every_network_are_taken(handle):
    assert brand_of(f'name = "Oreo"\nhandles = ["{handle}"]').handles == (handle,)


@pytest.mark.parametrize(
    "handle", ["", "@", "@@oreo", "ore o", "https://x.com/oreo", "@oreo@", "@oreo@host", "oreo."]
)
def test_what_is_no_handle_is_refused(handle):
    message = refusal(f'name = "Oreo"\nhandles = ["@oreo", "{handle}"]')

    assert message.startswith(f'brand.toml: handles #2 = "{handle}"; expected a handle such as')


@pytest.mark.parametrize(
    "phrase", ["milk", "piim ja küpsis", "печенье", "クッキー", "#1", "كعك", "می\u200cروم"]
)
def test_phrases_of_any_script_are_taken(phrase):
    assert brand_of(f'name = "Oreo"\nthemes = ["{phrase}"]').themes == (phrase,)


@pytest.mark.parametrize(
    "phrase", ["", " ", "!!", "_", " milk", "milk ", r"a\nb", r"a\u2028b", "x" * 101]
)
def test_what_is_no_phrase_is_refused(phrase):
    message = refusal(f'name = "Oreo"\nno_go = ["gun", "{phrase}"]')

    assert message.startswith("brand.toml: no_go #2 = ")
    assert message.endswith('no space at either end; write e.g. "milk"')


def test_five_hundred_phrases_are_taken_and_one_more_is_refused():
    phrases = [f'"word {n}"' for n in range(501)]

    brand = brand_of(f'name = "Oreo"\nthemes = [{", ".join(phrases[:500])}]')
    message = refusal(f'name = "Oreo"\nthemes = [{", ".join(phrases)}]')

    assert len(brand.themes) == 500
    assert 'themes = ["word 0", "word 1", "word 2", …]; expected a list of at most 500' in message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'themes = ["Milk", "cookie", "milk"]',
            'themes #3 = "milk"; themes #1 says the same ("Milk"); delete one',
        ),
        (
            'no_go = ["gun  law", "Gun Law"]',
            'no_go #2 = "Gun Law"; no_go #1 says the same ("gun  law"); delete one',
        ),
        (
            'handles = ["@oreo", "Oreo"]',
            'handles #2 = "Oreo"; handles #1 says the same ("@oreo"); delete one',
        ),
        (
            'languages = ["en", "en"]',
            'languages #2 = "en"; languages #1 says the same ("en"); delete one',
        ),
        (
            'aliases = ["OREO"]',
            'aliases #1 = "OREO"; name says the same ("Oreo"); keep it in one of the two',
        ),
        (
            'themes = ["milk", "beer"]\nno_go = ["Beer"]',
            'themes #2 = "beer"; no_go says the same ("Beer"); keep it in one of the two',
        ),
        (
            'aliases = ["Oreos"]\nrivals = ["Hydrox", "oreos"]',
            'rivals #2 = "oreos"; the brand\'s name or alias says the same ("Oreos"); '
            "keep it in one of the two",
        ),
        (
            'rude = ["crumbs"]\nnot_rude = ["Crumbs"]',
            'rude #1 = "crumbs"; not_rude says the same ("Crumbs"); keep it in one of the two',
        ),
        (
            'rude = ["a", "A"]',
            'rude #2 = "A"; rude #1 says the same ("a"); delete one',
        ),
        (
            'not_rude = ["a", "A"]',
            'not_rude #2 = "A"; not_rude #1 says the same ("a"); delete one',
        ),
        (
            'no_go = ["oreo"]',
            'no_go #1 = "oreo"; the brand\'s name or alias says the same ("Oreo"); '
            "keep it in one of the two",
        ),
        (
            'context = ["iphone"]\nexclusions = ["iPhone"]',
            'exclusions #1 = "iPhone"; context says the same ("iphone"); keep it in one of the two',
        ),
        (
            'context = ["oreo"]',
            'context #1 = "oreo"; the brand\'s name or alias says the same ("Oreo"); '
            "keep it in one of the two",
        ),
        (
            'exclusions = ["OREO"]',
            'exclusions #1 = "OREO"; the brand\'s name or alias says the same ("Oreo"); '
            "keep it in one of the two",
        ),
        (
            'exclusions = ["pie", "Pie"]',
            'exclusions #2 = "Pie"; exclusions #1 says the same ("pie"); delete one',
        ),
        ('languages = ["en", "EN"]', 'languages #2 = "EN"; write en'),
        ('languages = ["Estonian"]', 'languages #1 = "Estonian"; write et'),
        ('markets = ["EE", "ee"]', 'markets #2 = "ee"; write EE'),
        ('markets = ["UK"]', 'markets #1 = "UK"; write GB'),
        (
            'markets = ["Estonia"]',
            'markets #1 = "Estonia"; write a country\'s two letters (ISO 3166): Estonia EE, '
            "Poland PL, Czechia CZ",
        ),
        (
            'markets = ["EE", "EE"]',
            'markets #2 = "EE"; markets #1 says the same ("EE"); delete one',
        ),
        (
            'sensitive = ["Recall", "recall"]',
            'sensitive #2 = "recall"; sensitive #1 says the same ("Recall"); delete one',
        ),
        (
            'themes = ["milk"]\nsensitive = ["Milk"]',
            'sensitive #1 = "Milk"; themes says the same ("milk"); keep it in one of the two',
        ),
        (
            'sensitive = ["OREO"]',
            'sensitive #1 = "OREO"; the brand\'s name or alias says the same ("Oreo"); '
            "keep it in one of the two",
        ),
        (
            'voice = "funny"',
            'voice = "funny"; expected a table; write [voice] on a line of its own, '
            "and its keys below it",
        ),
        (
            '[voice]\ntone = "playfull"',
            '[voice] tone = "playfull"; expected one of dry, plain, playful, warm; '
            'did you mean "playful"?',
        ),
        (
            "[seats]\ncount = 0",
            "[seats] count = 0; expected a whole number from 1 to 1,000; write e.g. count = 15",
        ),
        (
            "[seats]\nrate_eur_per_hour = -1",
            "[seats] rate_eur_per_hour = -1; expected a number from 0 to 10,000; "
            "write e.g. rate_eur_per_hour = 150.0",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_both_places_and_a_remedy(text, message):
    assert refusal(f'name = "Oreo"\n{text}') == f"brand.toml: {message}"


def test_a_brand_without_languages_is_refused():
    assert "languages = []; expected a list from 1 to 50 entries" in refusal(
        'name = "Oreo"\nlanguages = []'
    )


def test_a_country_is_no_language():
    message = refusal('name = "Oreo"\nlanguages = ["cz"]')

    assert "not a country's: English en, Estonian et, Czech cs" in message
    assert len(LANGUAGES) == 183
    assert language_remedy("northern sami") == "write se"


def test_a_brand_built_in_code_obeys_the_same_rules():
    brand = Brand(name="Oreo", themes=("milk",))

    with pytest.raises(ValueError, match="no_go says the same"):
        replace(brand, no_go=("MILK",))


def test_understood_says_all_parts_in_plain_words():
    brand = Brand(
        name="Oreo",
        aliases=("Oreos",),
        handles=("@oreo",),
        languages=("en", "ee"),
        themes=tuple(f"theme {n}" for n in range(10)),
        no_go=("gun",),
        sensitive=("the 2009 recall",),
        markets=("EE", "FI"),
        rude=("stale crumbs",),
        voice=Voice(tone="playful", note="Short.\nNo jeers."),
        seats=Seats(count=15, rate_eur_per_hour=150),
    )

    lines = understood(brand)

    assert lines == [
        "Brand Oreo, also known as Oreos, handles @oreo.",
        "Listens in English (en), Ewe (ee).",
        "Themes that fit (10): theme 0, theme 1, theme 2, theme 3, theme 4, theme 5, theme 6, "
        "theme 7 and 2 more.",
        "Never touches (1): gun.",
        "Locks as grave (1): the 2009 recall.",
        "Heeds the tragedies of EE, FI; rtm has no list for FI: name what is grave there under "
        "sensitive.",
        "Rivals: none named.",
        "Never on the wall (1): stale crumbs.",
        "Not rude here: only the brand's own names.",
        "Voice playful: Short. No jeers.",
        "15 seats at EUR 150 an hour: EUR 2,250 an hour.",
    ]


def test_understood_says_what_tells_the_name_from_a_word():
    lines = understood(Brand(name="Apple", context=("iphone",), exclusions=("apple pie",)))

    assert "A name that is a word counts near: iphone." in lines
    assert "Something else is meant by: apple pie." in lines


def test_understood_says_what_is_left_out():
    lines = understood(Brand(name="Oreo", seats=Seats(rate_eur_per_hour=99.5)))

    assert lines[2] == "Themes that fit: only mentions and watched events fit."
    assert lines[4] == "Locks as grave: only rtm's own list of grave matters."
    assert lines[5] == "Markets: none named, so no country's own tragedies are heeded."
    assert lines[-1] == "1 seat at EUR 99.50 an hour: EUR 99.50 an hour."


def test_a_market_has_a_list_where_the_profile_says_so():
    assert {code.lower() for code in LISTED} == set(markets())
    assert set(LISTED) <= MARKETS
    assert len(MARKETS) == 249
