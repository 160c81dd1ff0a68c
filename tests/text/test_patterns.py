"""Known phrases: found as people write them, at word boundaries, each by itself."""

import pytest

from rtm.text.lexicon import markets
from rtm.text.patterns import MAX_PHRASE, Mark, patterns_of, risk_bits
from tests.text.reading import marks_of


def _mark(phrase: str, text: str, mark: Mark = Mark.THEME) -> bool:
    return mark in marks_of(text, patterns_of({mark: [phrase]}))


def _mention(name: str, text: str) -> bool:
    return Mark.MENTION in marks_of(text, patterns_of({}, {Mark.MENTION: [name]}))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("cookie", "One COOKIE!"),
        ("cookie", "cookies"),
        ("cookie", "cookie's"),
        ("cookie", "#CookieMonster"),
        ("dunk in the dark", "you can still Dunk, in the dark"),
        ("super bowl", "#SuperBowl"),
        ("#SB47", "now #sb47"),
        ("@oreo", "hey @Oreo:"),
        ("oreo.com", "oreo.com"),
        ("http://oreo.com", "https://www.oreo.com/dunk"),
        ("õnnetus", "Õnnetus"),
        ("停電", "大停電だ"),
        ("オレオ", "オレオ食べたい"),
        ("rock'n'roll", "Rock’n’Roll"),  # noqa: RUF001
        ("Ben & Jerry's", "ben &amp; jerry’s"),  # noqa: RUF001
        ("one two three four five", "one two three four"),
    ],
)
def test_a_phrase_is_found(phrase, text):
    assert _mark(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("cookie", "cookiemonster cookiesxx"),
        ("oreo", "choreography"),
        ("ad", "ads"),
        ("super bowl", "super. bowl"),
        ("super bowl", "super @nfl bowl"),
        ("super bowl", "bowl super"),
        ("#SB47", "sb47"),
        ("@oreo", "oreo"),
        ("@oreo", "me@oreo"),
        ("http://oreo.com", "oreo"),
        ("停電", "停 。電"),
    ],
)
def test_a_phrase_is_not_found_in(phrase, text):
    assert not _mark(phrase, text)


@pytest.mark.parametrize("text", ["Dr Pepper", "Dr. Pepper", "DR.PEPPER", "#DrPepper"])
def test_a_name_written_with_a_full_stop_is_found_with_and_without(text):
    assert _mention("Dr. Pepper", text)


@pytest.mark.parametrize(
    ("name", "text"),
    [("Amazon.com", "on Amazon.com today"), ("will.i.am", "WILL.I.AM sings"), ("Yahoo!", "yahoo!")],
)
def test_a_name_with_signs_in_it_is_found_as_written(name, text):
    assert _mention(name, text)


def test_a_name_takes_no_ending():
    assert _mention("Oreo", "Oreo's")
    assert not _mention("Oreo", "oreos")


def test_a_name_gets_no_ending_from_a_theme_or_a_grave_stem_alike():
    patterns = patterns_of({Mark.THEME: ["dunk"]}, {Mark.MENTION: ["Dunk", "Blast"]})

    assert marks_of("dunks", patterns) == Mark.THEME
    assert marks_of("blasts", patterns) == Mark.GRAVE | Mark.DISASTER
    assert marks_of("dunk", patterns) == Mark.THEME | Mark.MENTION


def test_a_longer_phrase_does_not_hide_a_shorter_one():
    patterns = patterns_of({Mark.THEME: ["milk"], Mark.NO_GO: ["milky"]})

    assert marks_of("milky", patterns) == Mark.THEME | Mark.NO_GO
    assert marks_of("milk", patterns) == Mark.THEME


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("two dead in crash", Mark.GRAVE | Mark.DEATH | Mark.DISASTER),
        ("lennuõnnetus", Mark.GRAVE | Mark.DISASTER),
        ("Trzęsienie ziemi", Mark.GRAVE | Mark.DISASTER),
        ("trzesienie ziemi", Mark.GRAVE | Mark.DISASTER),
        ("zemětřesení", Mark.GRAVE | Mark.DISASTER),
        ("RIP", Mark.GRAVE | Mark.DEATH),
        ("R.I.P. Grandpa", Mark.GRAVE | Mark.DEATH),
        ("ripe", Mark(0)),
        ("#PrayForBoston", Mark.GRAVE | Mark.DEATH),
        ("v nesreči umrli trije", Mark.GRAVE | Mark.DEATH | Mark.DISASTER),
        ("murió", Mark.GRAVE | Mark.DEATH),
        ("racist chants", Mark.GRAVE | Mark.ABUSE),
        ("police: man shot", Mark.GRAVE | Mark.ATTACK),
        ("what a shot", Mark(0)),
        ("gun and dead", Mark.GRAVE | Mark.ATTACK | Mark.DEATH),
        ("gun and knife", Mark(0)),
        ("the attack goes on", Mark.GRAVE | Mark.ATTACK),
        ("the attack goes on, three players down the field", Mark(0)),
        ("killed by a boss fight", Mark.GRAVE | Mark.DEATH),
        ("killed it", Mark(0)),
        ("killer app", Mark(0)),
        ("a child at a school", Mark(0)),
        ("a child kidnapped", Mark.GRAVE | Mark.CRIME | Mark.MINORS),
        ("the deadline", Mark(0)),
        ("elections", Mark.POLITICS),
        ("trump card", Mark.POLITICS),
        ("trumpet", Mark(0)),
        ("lights out", Mark(0)),
    ],
)
def test_grave_and_political_words_are_known_to_every_brand(text, mark):
    assert marks_of(text, patterns_of({})) == mark


@pytest.mark.parametrize(
    ("market", "text"),
    [
        ("EE", "28. septembril 1994"),
        ("ee", "Parvlaev Estonia"),
        ("PL", "Smoleńsk"),
        ("CZ", "Lidice"),
        ("SI", "Huda jama"),
    ],
)
def test_what_is_grave_in_one_market_is_so_for_its_brands_alone(market, text):
    assert Mark.GRAVE in marks_of(text, patterns_of({}, markets=[market]))
    assert marks_of(text, patterns_of({}, markets=["XX"])) == Mark(0)


def test_every_entry_is_written_as_it_is_compared():
    entries = [entry for _, entry in risk_bits(markets())]

    assert [one for one in entries if one != one.lower() or one != one.strip()] == []
    assert [one for one in entries if len(one.rstrip("*=").split()) > MAX_PHRASE] == []


def test_phrases_without_a_word_find_nothing():
    patterns = patterns_of({Mark.THEME: ["!!!", "&"]}, {Mark.MENTION: ["..."]})

    assert marks_of("!!! & ... lights", patterns) == Mark(0)


@pytest.mark.parametrize(
    "text",
    [
        "LIKE and SHARE this to win!",
        "RT to win a signed ball",
        "Tag a friend who needs it",
        "Huge #giveaway today",
        "Follow &amp; RT",
        "win an iPhone with us",
        "Märgi sõber ja jaga postitust",
        "Loosime välja kaks piletit",
        "Oznacz znajomego w komentarzu",
        "Polub i udostępnij, rozdajemy bilety",
        "Označ kamaráda a vyhrajte iPhone",
        "Soutěžte o lístky",
        "Nagradna igra: označi prijatelja",
        "Všečkajte in delite objavo",
    ],
)
def test_like_bait_is_found(text):
    assert Mark.BAIT in marks_of(text, patterns_of({}))


@pytest.mark.parametrize(
    "text",
    [
        "I like this and will share my thoughts",
        "The Falcons have a real chance to win this",
        "They gave away the ball again",
        "My friend got tagged out at second",
        "Sõber jagas oma muljeid mängust",
        "Mecz był do wygrania",
        "Žrebanje skupin bo jutri",
        "Označení kamarádi přišli pozdě",
        "my iPhone died, no win today",
    ],
)
def test_plain_talk_is_no_like_bait(text):
    assert Mark.BAIT not in marks_of(text, patterns_of({}))
