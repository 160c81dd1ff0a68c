"""Language: py3langid's own answers, told languages first, short and strange texts unharmed."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from rtm.text.identify import SILENT, classes_of, identified, model, spoken_in
from rtm.text.language import OTHER, UNKNOWN, number_of
from rtm.text.reader import read
from tests.text.reading import NO_PATTERNS, frame_of
from tests.text.texts import TEXTS

CORPUS = Path(__file__).parents[3] / "shared/data/corpora/multilingual_et_pl_cs_sl.parquet"
CLOSE = 1e-3  # scores of some hundred, summed in another order in 32 bits
SENTENCES = {
    "en": "why is the bus always late on mondays, honestly",
    "et": "miks buss esmaspäeviti alati hiljaks jääb, ausalt",
    "pl": "dlaczego autobus zawsze się spóźnia w poniedziałki",
    "cs": "proč má autobus v pondělí vždycky zpoždění",
    "sl": "zakaj avtobus ob ponedeljkih vedno zamuja, resno",
    "ja": "どうして月曜日のバスはいつも遅れるのですか",
    "ar": "لماذا تتأخر الحافلة دائما يوم الاثنين",
    "he": "למה האוטובוס תמיד מאחר בימי שני",
}


@pytest.fixture(scope="module")
def reference():
    return LanguageIdentifier.from_model_file(MODEL_FILE)


def _agrees(reference: LanguageIdentifier, text: str, place: int) -> bool:
    ranks = dict(reference.rank(text))
    best, score = reference.classify(text)
    if place == SILENT:
        return len(set(ranks.values())) == 1
    name = model().names[place]
    return bool(name == best or score - ranks[name] < CLOSE)


@given(st.lists(TEXTS, min_size=1, max_size=5))
@example(
    ["ÄRA KARJU MU PEALE", "CAFE\u0301 s'il vous plai\u0302t", "e\u0301te\u0301", "", "\u212b"]
)
@example(["\U0001f469\u200d\U0001f469\u200d\U0001f467", "ΜΙΛΑ ΠΙΟ ΣΙΓΑ", "가각힣", "a\u0323\u0307"])
@settings(deadline=None)
def test_every_text_gets_the_answer_of_py3langid(reference, texts):
    classes = classes_of(pl.Series(texts, dtype=pl.String)).tolist()

    assert all(_agrees(reference, *pair) for pair in zip(texts, classes, strict=True))


@pytest.mark.skipif(not CORPUS.exists(), reason="the multilingual set is not there")
def test_real_posts_get_the_answer_of_py3langid(reference):
    texts = pl.read_parquet(CORPUS)["text"].gather_every(50)

    classes = classes_of(texts).tolist()

    assert texts.len() > 500
    assert [model().names[place] for place in classes] == [reference.classify(t)[0] for t in texts]


def test_the_tests_reference_tells_a_wrong_answer(reference):
    text = SENTENCES["en"]

    assert _agrees(reference, text, model().names.index("en"))
    assert not _agrees(reference, text, model().names.index("et"))


@pytest.mark.parametrize("language", SENTENCES)
def test_a_plain_sentence_is_told(language):
    assert identified(pl.Series([SENTENCES[language]])).tolist() == [number_of(language)]


def test_shouting_is_told_as_speaking():
    assert identified(pl.Series([SENTENCES["et"].upper()])).tolist() == [number_of("et")]


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("ok super lah", False),  # ten letters
        ("ok super lahe jah", True),
        ("ok https://www.example.com/why-is-the-bus-late @whyisthebusalwayslate", False),
        ("\U0001f469\u200d\U0001f469\u200d\U0001f467" * 9, False),
        ("1234567890123456", False),
        ("", False),
        ("どうして", True),  # four signs, worth twelve letters
        ("どうし", False),
    ],
)
def test_too_few_letters_are_und(text, is_told):
    assert (identified(pl.Series([text]))[0] != UNKNOWN) == is_told


def test_links_and_handles_speak_no_language():
    noisy = (
        f"@why_is_the_bus @always_late {SENTENCES['et']} https://news.example.com/the-bus-is-late"
    )

    assert identified(pl.Series([noisy])).tolist() == [number_of("et")]


def test_a_language_that_the_table_does_not_know_is_other():
    numbers = dict(zip(model().names, model().numbers.tolist(), strict=True))

    assert numbers["pcm"] == OTHER
    assert numbers["zxx"] == UNKNOWN
    assert numbers["et"] == number_of("et")


def test_what_the_network_told_rules():
    texts = pl.Series([SENTENCES["et"]] * 3)
    told = np.array([number_of("fi"), UNKNOWN, OTHER], np.uint8)

    assert spoken_in(texts, told).tolist() == [number_of("fi"), number_of("et"), OTHER]


def test_the_reader_fills_spoken_and_leaves_languages_as_told():
    frame = frame_of(list(SENTENCES.values())).with_columns(lang=pl.Series(["fi"] + [None] * 7))

    reading = read(frame, NO_PATTERNS)

    assert reading.languages.tolist() == [number_of("fi")] + [UNKNOWN] * 7
    assert reading.spoken.tolist()[1:] == [number_of(code) for code in list(SENTENCES)[1:]]
    assert reading.spoken[0] == number_of("fi")
    assert reading.spoken.dtype == np.uint8
