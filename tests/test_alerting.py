"""What an alerts.toml may say, and what is said about one that is wrong."""

from pathlib import Path

import pytest

from rtm.alerting import AlertsConfig
from rtm.check import check
from rtm.config import load, struct_of, table_of
from rtm.errors import ConfigError

WHOLE = Path(__file__).parent / "alerts" / "alerts.toml"


def changed(old: str, new: str) -> AlertsConfig:
    text = WHOLE.read_text(encoding="utf-8")
    assert old in text
    return struct_of(table_of(text.replace(old, new).encode(), "a.toml"), AlertsConfig, "a.toml")


def test_a_whole_file_is_read():
    config = load(WHOLE, AlertsConfig)

    assert [target.kind for target in config.targets] == [
        *("slack", "discord", "webhook", "email", "apprise")
    ]
    assert config.smtp is not None
    assert config.smtp.sender == "rtm@example.org"


def test_a_file_is_said_in_plain_words():
    lines = check(WHOLE)

    assert lines[0] == "Target team: slack, address in RTM_ALERTS_SLACK."
    assert "Route desk: opportunity, approval to team, crew; unanswered after 120 s, " in lines[5]
    assert "from 22:00 to 07:00 (Europe/Tallinn) only what is critical" in lines[5]
    assert "Told nobody: source, leak." in lines
    assert lines[-1] == "Digest at 08:00 (Europe/Tallinn) to team@example.org."


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('url_env = "RTM_ALERTS_SLACK"', "", "add url_env"),
        ('url_env = "RTM_ALERTS_SLACK"', 'url_env = "https://x"', "an environment variable"),
        ('secret_env = "RTM_ALERTS_WEBHOOK_SECRET"', "", "add secret_env"),
        ('kind = "slack"', 'kind = "slak"', "did you mean"),
        ('targets = ["team", "crew"]', 'targets = ["teem"]', "name one of the targets: crew"),
        ('escalate_to = "leads"', 'escalate_to = "lead"', "name one of the routes: desk, leads"),
        ('escalate_to = "leads"', 'escalate_to = "desk"', "leads back"),
        ('kinds = ["opportunity", "approval"]', "", "write kinds"),
        ("Europe/Tallinn", "Europe/Talinn", "IANA name"),
        ('from = "22:00"', 'from = "25:00"', "a time of day"),
        ('to = "07:00"', 'to = "22:00"', "another time"),
        ('user = "rtm"', "", "give user and password_env, or neither"),
        ('user = "rtm"', 'user = "rtm"\nstarttls = false', "goes out encrypted"),
        ('to = ["team@example.org"]\n\n[[target]]', "\n[[target]]", "write to ="),
        ('"team@example.org"]\n\n[[', '"a@b.c\\nBcc: d@e.f"]\n\n[[', "an e-mail address"),
        ('name = "crew"', 'name = "team"', "says the same"),
    ],
)
def test_what_is_wrong_is_named_with_its_remedy(old, new, words):
    with pytest.raises(ConfigError) as caught:
        changed(old, new)

    assert words in str(caught.value)
    assert str(caught.value).isprintable()


def test_mail_needs_a_server():
    text = WHOLE.read_text(encoding="utf-8")
    without = text[: text.index("[smtp]")] + text[text.index("[[route]]") :]

    with pytest.raises(ConfigError, match="add \\[smtp\\]"):
        struct_of(table_of(without.encode(), "a.toml"), AlertsConfig, "a.toml")


def test_port_465_is_encrypted_without_starttls():
    config = changed('user = "rtm"', 'user = "rtm"\nport = 465\nstarttls = false')

    assert config.smtp is not None
    assert config.smtp.is_encrypted
