import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rtm.demo
from rtm.desk.house_rules import CHECKED, MAX_BYTES, Rule, html_of, rules_of, tidied
from rtm.errors import ConfigError

STARTER = Path(rtm.demo.__file__).with_name("rules.md").read_text(encoding="utf-8")
TAGS = frozenset(
    re.findall(
        r"\w+",
        "h1 h2 h3 h4 h5 h6 p a em strong code pre blockquote ul ol li hr br "
        "table thead tbody tr th td",
    )
)
ATTRIBUTES = {"id", "href", "title", "rel", "class", "start", "style"}
HREF = re.compile(r"(https?:|mailto:|#[a-z0-9-]+\Z)", re.IGNORECASE)
STYLE = re.compile(r"text-align:(left|right|center)")

PIECES = (
    "<script>|<img src=x onerror=y>|[|](|)|javascript:|data:text/html,|#|`|```|![|&#106;|&colon;|"
    "{grave}|\"|'|\n|\n\n|> |- |<|http://x.y|https://x.y/?a=b|//x.y|mailto:a@b.c|>|*|\\|a|"
    "vbscript:|\t| |JAVASCRIPT:|[a]: |[a]|style=|onclick=|=|-->"
)
MARKDOWN = st.lists(st.sampled_from([*PIECES.split("|"), "|", "\n|-|\n"]), max_size=30).map("".join)


class Looked(HTMLParser):
    """Complain of whatever could do a page harm."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag not in TAGS or given.keys() - ATTRIBUTES:
            self.wrong.append(f"{tag} {given}")
        if tag == "a" and not HREF.match(given.get("href") or ""):
            self.wrong.append(f"href {given}")
        if tag == "a" and given.get("rel") != "noopener noreferrer":
            self.wrong.append(f"rel {given}")
        if "style" in given and not STYLE.fullmatch(given["style"] or ""):
            self.wrong.append(f"style {given}")


def wrong_in(html: str) -> list[str]:
    looked = Looked()
    looked.feed(html)
    looked.close()
    return looked.wrong


def test_a_heading_in_braces_begins_a_rule():
    text = "# Ours\nHello.\n\n## No *jokes* on graves {grave}\n\nNever.\n\n- Ever.\n\n## Other\nx\n"

    assert rules_of(text) == [Rule("grave", "No jokes on graves", "Never.\n\n- Ever.")]


def test_a_heading_within_a_quotation_or_code_begins_none():
    assert rules_of("> ## A {a}\n\n```\n## B {b}\n```\n\nC {c}\n") == []


def test_headings_carry_their_ids_and_do_not_show_them():
    html = html_of("## No jokes on graves {grave}\n\nC {c}\n")

    assert '<h2 id="grave">No jokes on graves</h2>' in html
    assert "<p>C {c}</p>" in html


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "nothing is written"),
        (" \n\n", "nothing is written"),
        ("# A {a}\n\n# B {a}\n", "line 3: {a} stands at an earlier heading, too; rename one"),
        ("# A {No Jokes}\n", 'line 1: "No Jokes" is no id; write an id of a-z, 0-9'),
        ("# A {}\n", 'line 1: "" is no id'),
        ("# A {a--b}\n", "is no id"),
        ("x\x00", "line 1: '\\x00' is no letter"),
        ("x\n\x1b[2J", "line 2: '\\x1b' is no letter"),
        ("x\ud800", "line 1: '\\ud800' is no letter"),
        ("é\n" * (MAX_BYTES // 3 + 1), "200,001 bytes; write at most 200,000"),
        ("[" * 10_001, "line 1: 10,001 characters; break it into paragraphs"),
    ],
)
def test_wrong_rules_are_refused_with_what_to_write(text, words):
    with pytest.raises(ConfigError) as caught:
        rules_of(text)

    assert words in str(caught.value)
    assert str(caught.value).isprintable()


def test_rules_of_exactly_the_longest_length_are_read():
    assert rules_of("x" * 9_999 + "\n" + ("x" * 9_999 + "\n") * 19) == []


@given(MARKDOWN)
def test_whatever_is_written_does_a_page_no_harm(text):
    assert wrong_in(html_of(text)) == []


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        '<p onclick="x">a</p>',
        '<a href="javascript:x" rel="noopener noreferrer">a</a>',
        '<a href="https://x.y">a</a>',
        '<img src="https://x.y">',
    ],
)
def test_harm_would_be_seen(html):
    assert wrong_in(html) != []


@pytest.mark.parametrize(
    ("link", "is_link"),
    [
        ("[a](https://x.y)", True),
        ("[a](HTTP://x.y)", True),
        ("[a](mailto:a@b.c)", True),
        ("[a](#grave)", True),
        ("<https://x.y>", True),
        ("[a]\n\n[a]: https://x.y", True),
        ("[a](javascript:alert(1))", False),
        ("[a](java&#115;cript:alert(1))", False),
        ("[a]\n\n[a]: data:text/html,x", False),
        ("<vbscript:x>", False),
        ("[a](//x.y)", False),
        ("[a](/desk)", False),
        ("[a](#__x)", False),
    ],
)
def test_links_lead_to_pages_mail_and_other_rules_only(link, is_link):
    assert ("<a " in html_of(link)) == is_link


def test_a_picture_becomes_a_link():
    assert "<img" not in html_of("![a](https://x.y/p.png)")


def test_what_no_reader_sees_makes_no_other_text():
    assert tidied("\ufeff# A\r\n\r\nb \r\n\r\n") == tidied("# A\n\nb") == "# A\n\nb\n"
    assert tidied("a  \nb\n") == "a  \nb\n"  # two spaces break the line


@given(st.text())
def test_tidied_text_is_tidy(text):
    assert tidied(tidied(text)) == tidied(text)


def test_the_starter_has_a_rule_for_each_check_of_the_desk():
    rules = rules_of(STARTER)

    assert {rule.id for rule in rules} == set(CHECKED)
    assert all(rule.words for rule in rules)
    assert tidied(STARTER) == STARTER
