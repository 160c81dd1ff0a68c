"""Registered domains: against the Public Suffix List's own reader, and both forms alike."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from publicsuffixlist import PublicSuffixList

from rtm.text import keys
from rtm.text.links import MAX_HOST, domain_state, registered_domain, suffixes

ICANN = PublicSuffixList(only_icann=True)

ENDINGS = (
    "com org uk co ac jp kawasaki city ck www tokyo kobe metro io github de bd np er kh museum"
)
ODD = "a b x1 7 0 -x xn--55qx5d cn xn--p1ai blogspot nom br no gs aa mil k12 ca us"
LABELS = st.sampled_from([*ENDINGS.split(), *ODD.split()]) | st.text("ab0-", max_size=4)
HOSTS = st.lists(LABELS, max_size=6).map(".".join) | st.text("ab.0-", max_size=12)


def _state_of(host: str) -> int:
    letters = np.frombuffer(host.encode() + b"\0", np.uint8).copy()
    return int(domain_state(letters, len(host), *suffixes()))


@pytest.mark.parametrize(
    "host",
    [
        "bbc.co.uk", "www.bbc.co.uk", "news.bbc.co.uk", "t.co", "youtu.be", "m.youtube.com",
        "oreo.com", "delfi.ee", "sport.err.ee", "onet.pl", "sport.onet.com.pl", "idnes.cz",
        "rtvslo.si", "asahi.co.jp", "x.y.kawasaki.jp", "y.kawasaki.jp", "city.kawasaki.jp",
        "www.city.kawasaki.jp", "foo.ck", "bar.foo.ck", "www.ck", "a.www.ck", "co.uk", "uk",
        "someone.blogspot.com", "someone.github.io", "k12.ca.us", "school.k12.ca.us",
        "abc.nom.br", "a.abc.nom.br", "xn--55qx5d.cn", "shop.xn--55qx5d.cn", "x.xn--p1ai",
        "unknown.nosuchending", "a.unknown.nosuchending", "nosuchending",
    ],
)  # fmt: skip
def test_a_host_has_the_domain_that_the_list_says(host):
    domain = ICANN.privatesuffix(host)

    assert registered_domain(host) == (domain or "")
    assert _state_of(host) == (keys.raw(domain) if domain else 0)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("", ""),
        ("localhost", ""),
        ("...", ""),
        ("a..com", ""),
        (".bbc.co.uk.", "bbc.co.uk"),
        ("10.0.0.1", "10.0.0.1"),
        ("a" * (MAX_HOST - 4) + ".com", "a" * (MAX_HOST - 4) + ".com"),
        ("a" * (MAX_HOST - 3) + ".com", ""),
    ],
)
def test_what_is_no_common_host_has_a_stated_domain(host, domain):
    assert registered_domain(host) == domain


@given(HOSTS)
@settings(deadline=None)
def test_the_compiled_form_finds_the_same_domain(host):
    domain = registered_domain(host)

    assert _state_of(host) == (keys.raw(domain) if domain else 0)


@given(
    st.lists(
        st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True) | LABELS.filter(str.isalpha),
        min_size=1,
        max_size=5,
    )
)
@settings(deadline=None)
def test_any_well_formed_host_has_the_domain_that_the_list_says(labels):
    host = ".".join(labels)

    assert registered_domain(host) == (ICANN.privatesuffix(host) or "")


@given(HOSTS)
@settings(deadline=None)
def test_a_domain_is_its_own_domain(host):
    domain = registered_domain(host)

    assert registered_domain(domain) == domain
