"""The plain loop is an honest equal: it counts what rtm counts."""

from collections import Counter

import pytest

from rtm.text.terms import terms_of
from tests.benchmarks.alternatives import cluster_plainly, count_plainly, plain_terms
from tests.benchmarks.recorded import NIGHTS, posts_of


def named(terms: Counter[str | tuple[str, str]]) -> Counter[str]:
    """Return the counts of plain terms by the names that people are shown."""
    names: Counter[str] = Counter()
    for term, count in terms.items():
        names[term if isinstance(term, str) else " ".join(term)] += count
    return names


def plainly(text: str) -> set[str]:
    return set(named(Counter(plain_terms(text))))


@pytest.fixture(scope="module")
def night() -> list[str]:
    path = next((path for path in NIGHTS if path.exists()), None)
    if path is None:
        pytest.skip(f"no recording of the night: {NIGHTS[0]}")
    return posts_of(path)["text"].to_list()


def test_the_plain_loop_counts_the_night_as_rtm_does(night):
    ours = Counter(term.name for text in night for term in terms_of(text))

    plain = named(count_plainly(night))

    names = ours.keys() | plain.keys()
    equal = sum(ours[name] == plain[name] for name in names)
    assert equal / len(names) >= 0.95


@pytest.mark.parametrize(
    "text",
    [
        "The LIGHTS went out?! #SuperBowl",
        "Tom Brady's arm, Brady\u2019s knee & a &amp; b",
        "RT @Oreo: power out? no problem http://t.co/abc123 soooooo good",
        "see www.bbc.co.uk/news and https://news.bbc.co.uk/1 (bbc.com)",
        "#Ravens_win #sb47 #1 @49ers' defence - 3rd down, 2000 yards",
        "",
    ],
)
def test_the_plain_loop_reads_a_post_as_rtm_does(text):
    assert plainly(text) == {term.name for term in terms_of(text)}


def test_a_term_counts_once_a_post():
    assert count_plainly(["lights lights", "lights"])["lights"] == 2


def test_textclust_learns_all_posts_when_there_is_time(night):
    assert cluster_plainly(night[:50], limit_s=60.0) == 50


def test_textclust_stops_when_its_time_is_over(night):
    assert cluster_plainly(night, limit_s=0.0) == 0
