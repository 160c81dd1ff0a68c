# ruff: noqa: RUF001 -- letters that look alike stand here on purpose
"""Links: what networks would make a link of, what an address shows, what a look at it found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.desk.checks import Looked, addresses_in, wrong_with
from rtm.desk.checks.addresses import SHORTENERS, addresses_of, domain_of
from rtm.draft import Draft
from rtm.publish.facets import facets_of
from tests.desk.checks.drafts import complaints, said, scene

ALIKE = "xn--" + "оreo".encode("punycode").decode()


@pytest.mark.parametrize(
    "text",
    [
        "http://oreo.com",
        "ftp://oreo.com/a",
        "https://me:secret@oreo.com/",
        "https://oreo.com@example.com",
        "https://192.0.2.1/a",
        "https://[2001:db8::1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://127.1",
        "https://localhost:8050/",
        "https://intranet/a",
        "https://oreo.com\\@example.com",
        "https://oreo\u202e.com/",
        "https://oreo.com:99999/",
        "https://%6freo.com/",
        "https://-oreo-.com/",
    ],
)
def test_links_stop_an_address_that_nobody_should_be_sent_to(text):
    assert said(f"Dunk {text} now") == [("links", True)]


@pytest.mark.parametrize(
    "text",
    [
        "https://oreo.com",
        "HTTPS://WWW.OREO.COM/Dark?a=b#c",
        "(https://oreo.com/a_(b)),",
        "https://oreo.com:8443/x",
        "oreo.com/dark",
        "www.oreo.com",
        "https://żubr.pl/",
        "https://xn--ubr-5za.pl/",
        "https://oreo-fans.co.uk",
        "write to me@oreo.com",
        "at 3.30 or v2.0, e.g. here",
    ],
)
def test_links_are_silent_on_a_plain_address(text):
    assert said(f"Dunk {text} now") == []


@pytest.mark.parametrize("host", ["оreo.com", f"{ALIKE}.com", "0reo.com", "my-ore0.net", "öreo.de"])
def test_links_tell_of_a_name_that_looks_like_the_brands(host):
    (found,) = complaints(Draft(text=f"Dunk https://{host}/"))

    assert (found.rule, found.stops) == ("links", False)
    assert "looks like your own name in other letters" in found.words


@pytest.mark.parametrize("host", ["oreo.com", "oreo2026.com", "ore.com", "zebra.com"])
def test_links_are_silent_on_the_name_itself_and_on_others(host):
    assert said(f"Dunk https://{host}/") == []


def test_links_tell_of_a_shortener():
    assert said("Dunk https://bit.ly/3xY") == [("links", False)]
    assert said("Dunk bit.ly/3xY") == [("links", False)]
    assert all(wrong_with(f"https://{host}/") is None for host in SHORTENERS)


@pytest.mark.parametrize("stops", [True, False])
def test_links_say_what_a_look_found(stops):
    at = scene(links={"https://oreo.com/a": Looked("is not there: mend it.", stops)})

    (found,) = complaints(Draft(text="Dunk https://oreo.com/a"), at)

    assert (found.words, found.stops) == ("https://oreo.com/a is not there: mend it.", stops)


def test_links_are_silent_where_a_look_found_nothing_wrong():
    at = scene(links={"https://oreo.com/a": None, "https://oreo.com/b": Looked("is bad.", True)})

    assert said("Dunk https://oreo.com/a", at) == []


def test_only_sound_addresses_are_looked_up_each_once_from_all_texts():
    draft = Draft(text="oreo.com/b http://oreo.com", own={"x": "oreo.com/b"}, more=("oreo.com/a",))

    assert addresses_in(draft) == ("https://oreo.com/a", "https://oreo.com/b")


@pytest.mark.parametrize(
    "text",
    ["oreo.com/dark, (www.oreo.co.uk) and https://oreo.com/a.b!", "no.thing v2.0 a@b.com", "x.y"],
)
def test_addresses_are_those_that_bluesky_makes_links_of(text):
    links = [facet.value for facet in facets_of(text) if facet.kind == "link"]

    assert addresses_of(text) == tuple(links)


@given(st.text() | st.from_regex(r"https://[a-z.@:\[\]%0-9\\/-]{1,30}", fullmatch=True))
def test_whatever_is_written_an_address_is_judged(text):
    for address in (*addresses_of(text), text):
        domain_of(address)
        wrong_with(address)
