"""What is counted of a text: folding, and languages that must pass unharmed."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.text import keys
from rtm.text.alphabet import fold_of
from rtm.text.lexicon import stop_words
from rtm.text.terms import terms_of, tokens_of
from tests.text.texts import TEXTS


def _names(text: str, kind: str = "word") -> list[str]:
    return [term.name for term in terms_of(text) if term.kind == kind]


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("Estonian", "Tuled läksid õhtul ära!", ["tuled", "läksid", "õhtul", "ära"]),
        ("Polish", "Zgasły światła na Żoliborzu", ["zgasły", "światła", "żoliborzu"]),
        ("Czech", "Zhasla světla, příšerně žluťoučký kůň",
         ["zhasla", "světla", "příšerně", "žluťoučký", "kůň"]),
        ("Slovene", "Luči so ugasnile v Škofji Loki", ["luči", "ugasnile", "škofji", "loki"]),
        ("Greek", "Έσβησαν τα ΦΩΤΑ Σίσυφος", ["έσβησαν", "τα", "φωτα", "σίσυφοσ"]),
        ("Russian", "Свет погас НА стадионе", ["свет", "погас", "на", "стадионе"]),  # noqa: RUF001
        ("Arabic", "انقطعت الكهرباء في الملعب", ["انقطعت", "الكهرباء", "في", "الملعب"]),
        ("Hebrew", "האורות כבו באצטדיון", ["האורות", "כבו", "באצטדיון"]),
        ("Hindi", "बत्तियाँ बुझ गईं", ["बत्तियाँ", "बुझ", "गईं"]),
        ("Korean", "경기장 정전 사태", ["경기장", "정전", "사태"]),
        ("German", "STRAßE und Großbrand", ["straße", "und", "großbrand"]),
        ("Turkish", "İstanbul'da ışıklar söndü", ["istanbul'da", "ışıklar", "söndü"]),  # noqa: RUF001
    ],
)  # fmt: skip
def test_words_of_a_language_come_through_whole(language, text, words):
    assert _names(text) == words, language


@pytest.mark.parametrize(
    ("language", "text", "pairs"),
    [
        ("Japanese", "停電だ", ["停 電", "電 だ"]),
        ("Japanese", "オレオ、美味", ["オ レ", "レ オ", "オ 美", "美 味"]),
        ("Chinese", "灯灭了。真的", ["灯 灭", "灭 了", "真 的"]),
        ("Thai", "ไฟดับ", ["ไ ฟ", "ฟ ดั", "ดั บ"]),
        ("Khmer", "ភ្លើង", ["ភ្ លើ", "លើ ង"]),
    ],
)
def test_scripts_without_spaces_are_counted_in_pairs_of_characters(language, text, pairs):
    assert _names(text, "pair") == pairs, language
    assert _names(text) == [], language


def test_a_sentence_of_two_scripts_keeps_its_order():
    assert _names("停電 blackout", "pair") == ["停 電", "電 blackout"]


@pytest.mark.parametrize(
    "text", ["😀", "👩‍👩‍👧‍👦", "❤️", "🇪🇪🇵🇱", "👍🏽👍🏽", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "!!!", "", " \n", "\u200d", "\x00"]
)
def test_signs_alone_have_no_terms(text):
    assert terms_of(text) == []


@pytest.mark.parametrize("emoji", ["😀", "👩‍👩‍👧", "❤️", "🇪🇪", "👍🏽"])
def test_an_emoji_parts_words_and_harms_none(emoji):
    terms = terms_of(f"tuled{emoji}kustusid")

    assert [term.name for term in terms] == ["tuled", "kustusid"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("LIGHTS Lights lights", ["lights"]),
        ("nooooooo noooo", ["noo"]),
        ("Oreo's oreo\u2019s Oreo\uff07s oreo", ["oreo"]),
        ("rock'n'roll rock\u2019n\u2019roll", ["rock'n'roll"]),
        ("'quoted' dogs'", ["quoted", "dogs"]),
        ("light\u200bs li\u00adghts", ["lights"]),
        ("milk&amp;cookies milk&nbsp;cookies", ["milk", "cookies"]),
        ("\u0661\u0662\u0663 123 \uff11\uff12\uff13", ["123"]),
        ("sb47", ["sb47"]),
        ("don't", []),
        ("a b \u00f5", []),
        ("x" * 40, ["xx"]),
        ("xy" * 20, ["xy" * 20]),
        ("xy" * 20 + "z", []),
        ("e\u0301te\u0301", ["e\u0301te\u0301"]),
    ],
)
def test_words_are_folded(text, words):
    assert _names(text) == words


@pytest.mark.parametrize(
    ("text", "tags", "words"),
    [
        ("#SuperBowl", ["#superbowl"], ["super", "bowl"]),
        ("#NFLGame", ["#nflgame"], ["nfl", "game"]),
        ("#SB47Live", ["#sb47live"], ["sb47", "live"]),
        ("#super_bowl", ["#superbowl"], ["super", "bowl"]),
        ("#47", [], ["47"]),
        ("a#b ##cd", ["#cd"], ["cd"]),
        ("#\u0160koda", ["#\u0161koda"], ["\u0161koda"]),
        ("\uff03\u505c\u96fb", ["#\u505c\u96fb"], []),
        ("#dog's", ["#dog"], ["dog"]),
        ("&#39;", [], []),
    ],
)
def test_tags_are_counted_and_read_as_words(text, tags, words):
    assert _names(text, "tag") == tags
    assert _names(text) == words


@pytest.mark.parametrize(
    ("text", "names", "links"),
    [
        ("@Oreo: hi", ["@oreo"], []),
        ("cc @oreo.bsky.social.", ["@oreo.bsky.social"], []),
        ("@a @_b", ["@_b"], []),
        ("me@example.com", [], []),
        ("https://www.bbc.co.uk/a?b=c#Top(x)", [], ["bbc.co.uk"]),
        ("(http://t.co/abc)", [], ["t.co"]),
        ("HTTP://EXAMPLE.COM", [], ["example.com"]),
        ("www.oreo.com/milk,cookies", [], ["oreo.com"]),
        ("xhttp://example.com", [], []),
        ("http://user.localhost/", [], ["user.localhost"]),
        ("http://", [], []),
        ("ht\u200btp://t.co", [], ["t.co"]),
    ],
)
def test_names_and_links_are_counted(text, names, links):
    assert _names(text, "name") == names
    assert _names(text, "link") == links


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("lights out", []),
        ("lights went dark", ["lights went", "went dark"]),
        ("lights of stadium", ["lights stadium"]),
        ("lights, stadium", ["lights stadium"]),
        ("lights. stadium", []),
        ("lights\nstadium", []),
        ("lights @oreo stadium", []),
        ("lights t.co stadium", []),
        ("lights #stadium", ["lights stadium"]),
        ("lights (stadium) dark", []),
    ],
)
def test_pairs_are_of_neighbours_within_a_phrase(text, pairs):
    assert [name for name in _names(text, "pair") if "co" not in name] == pairs


@given(TEXTS)
@settings(deadline=None)
def test_every_term_has_the_key_of_its_words(text):
    made: dict[str, Callable[..., int]] = {
        "word": keys.word_key,
        "pair": keys.pair_key,
        "tag": keys.tag_key,
        "name": keys.name_key,
        "link": keys.link_key,
    }

    terms = terms_of(text)

    assert [term.key for term in terms] == [made[term.kind](*term.words) for term in terms]


@given(TEXTS)
@settings(deadline=None)
def test_no_term_is_told_twice_and_no_stop_word_is_one(text):
    terms = terms_of(text)

    assert len({term.key for term in terms}) == len(terms)
    assert not stop_words() & {term.name for term in terms if term.kind == "word"}


@given(st.text())
@settings(deadline=None)
def test_a_text_without_tags_has_the_words_of_its_folded_form(text):
    text = "".join(" " if char in "#\uff03" else char for char in text)

    folded = "".join(chr(fold_of(ord(char))) for char in text)

    assert _names(folded) == _names(text)


@given(TEXTS, st.sampled_from(["\u200b", "\u200d", "\ufeff", "\u2060", "\ufe0f"]), st.data())
@settings(deadline=None)
def test_what_has_no_width_is_not_there(text, invisible, data):
    at = data.draw(st.integers(0, len(text)))

    assert list(tokens_of(text[:at] + invisible + text[at:])) == list(tokens_of(text))
