"""What messages say; strangers' words stay words wherever they go."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.alerting import KINDS
from rtm.alerts.alert import Delivery, Over
from rtm.alerts.words import (
    HEADS,
    LONGEST_DISCORD,
    LONGEST_SUBJECT,
    Voice,
    discord,
    message_of,
    plain_text,
    slack,
    trial,
)
from tests.alerts.said import START, alert

VOICE = Voice("Oreo", "https://rtm.example.org/")
HARD = "@everyone <!channel> <@U1> [click](https://evil.example) *bold* `code` https://evil.example"


def delivery(**parts: Any) -> Delivery:
    return Delivery(id="msg_1", at=START, target="team", kind="opportunity", **parts)


def test_one_alert_is_named_in_the_subject_with_a_link_to_its_card():
    message = message_of(delivery(news=(alert(),)), VOICE)

    assert message.subject == "Oreo: New opportunity: the lights went out"
    assert plain_text(message) == (
        "New opportunity: the lights went out\n"
        "Open until 12:05 UTC.\n"
        "https://rtm.example.org/desk#o1"
    )


def test_several_alerts_are_counted_in_the_subject():
    news = (alert("opportunity/o1"), alert("opportunity/o2"))

    assert message_of(delivery(news=news), VOICE).subject == "Oreo: 2 new opportunities"


def test_what_nobody_answered_comes_first_and_says_so():
    message = message_of(
        delivery(news=(alert("opportunity/o1"),), unanswered=(alert("opportunity/o2"),)), VOICE
    )

    assert message.subject == "Oreo: Not answered: New opportunity: the lights went out"
    assert [line.head for line in message.lines] == [
        "Not answered: New opportunity",
        "New opportunity",
    ]


def test_an_end_says_how_it_ended():
    over = Over(alert=alert("stopped", title="", card=None), note="Resumed by mia")
    message = message_of(
        Delivery(id="m", at=START, target="t", kind="stopped", over=(over,)), VOICE
    )

    assert message.subject == "Oreo: Over: All is stopped"
    assert "Resumed by mia\nhttps://rtm.example.org/desk" in plain_text(message)


def test_a_flood_is_cut_and_the_rest_is_counted():
    news = tuple(alert(f"opportunity/o{n}") for n in range(25))
    message = message_of(delivery(news=news), VOICE)

    assert plain_text(message).endswith("and 15 more on the board")
    assert len(discord(message)["content"]) <= LONGEST_DISCORD
    assert len(message.told["news"]) == 25


def test_a_card_of_any_name_is_linked():
    assert VOICE.link("o/1?#ä") == "https://rtm.example.org/desk#o%2F1%3F%23%C3%A4"


def test_in_slack_strangers_words_are_plain_and_nobody_is_called():
    told = slack(message_of(delivery(news=(alert(title=HARD),)), VOICE))

    assert "<" not in told["text"]
    (section, context) = told["blocks"]
    assert section["text"]["type"] == "plain_text"
    assert context["elements"][0]["text"] == ("<https://rtm.example.org/desk#o1|Open on the board>")
    assert told["link_names"] is False


def test_in_discord_strangers_words_are_plain_and_nobody_is_called():
    told = discord(message_of(delivery(news=(alert(title=HARD),)), VOICE))

    assert told["allowed_mentions"] == {"parse": []}
    assert "@everyone" not in told["content"]
    assert "https://evil" not in told["content"]
    assert r"\[click\]" in told["content"]
    assert "<https://rtm.example.org/desk#o1>" in told["content"]


def test_unescaped_it_would_call_everybody():
    assert "@everyone" in HARD
    assert "https://evil" in HARD


@given(st.text(), st.text(), st.lists(st.sampled_from("ab"), max_size=3))
def test_whatever_is_said_fits_where_it_goes(title, text, more):
    news = tuple(alert(f"opportunity/{n}", title=title, text=text) for n in range(len(more) + 1))
    message = message_of(delivery(news=news), VOICE)

    assert message.subject.isprintable()
    assert len(message.subject) <= LONGEST_SUBJECT
    assert len(discord(message)["content"]) <= LONGEST_DISCORD
    assert all(len(block["text"]["text"]) <= 3_000 for block in slack(message)["blocks"][::2])
    assert "<" not in slack(message)["text"]
    json.dumps([slack(message), discord(message)])


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_words(kind):
    one, many = HEADS[kind]

    assert one
    assert many.format(3)


def test_a_trial_says_that_it_is_one():
    message = trial(VOICE, START, "team")

    assert message.subject == "Oreo: a test of alerts"
    assert "target team" in plain_text(message)
