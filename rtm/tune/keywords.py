"""Keywords of labels, read as posts are read, and which posts hold them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rtm.errors import ConfigError
from rtm.remedies import shown
from rtm.text import keys
from rtm.text.reader import Reading
from rtm.text.terms import terms_of
from rtm.tune.labels import Label

RARE = 0.005  # share of posts below which one keyword is enough
FORMS = (keys.word_key, keys.tag_key, keys.name_key)  # in which posts hold a word
SIEVE = 1 << 16  # places; most terms of a stream are no keyword, and are told so by 16 bits


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword as the reader sees it.

    ``names`` are the folded words or pairs of words of which one must be found; ``terms`` the keys
    under which posts hold them; ``words`` is for how many words it counts, 2 for a pair.
    """

    text: str
    names: tuple[str, ...]
    terms: tuple[int, ...]
    words: int


def keyword_of(text: str) -> Keyword:
    """Read a keyword: case, ``#`` and ``@`` are folded, single characters are no words.

    >>> keyword_of("iOS 7").names, keyword_of("$399").names, keyword_of("Field goal").names
    (('ios',), ('399',), ('field goal',))

    Raises
    ------
    ConfigError
        When it holds no word that is counted.
    """
    terms = terms_of(text)
    pairs = [term for term in terms if term.kind == "pair"]
    # of a tag of two words people write the words as well: #SuperBowl, super bowl
    single = [term for term in terms if term.kind == "tag"] if pairs else terms
    names = dict.fromkeys(folded(term.name) for term in single)
    if not pairs and not names:
        remedy = "write one of more than a letter that is no everyday word"
        raise ConfigError(f"keyword {shown(text)} holds no word that is counted; {remedy}")
    forms = [form(name) for name in names for form in FORMS]
    held = dict.fromkeys([*forms, *(term.key for term in (*pairs, *single))])
    return Keyword(text, (*(p.name for p in pairs), *names), tuple(held), 2 if pairs else 1)


def keywords_of(label: Label) -> tuple[Keyword, ...]:
    """Return a label's keywords; what the reader cannot tell apart counts once.

    >>> from rtm.tune.labels import labels_of
    >>> raw = b'[{"start": "2013-06-10T17:00:00Z", "end": "2013-06-10T21:00:00Z", "kind": "brand",'
    >>> raw += b'"title": "WWDC", "keywords": ["#WWDC", "wwdc", "iOS 7"]}]'
    >>> [keyword.text for keyword in keywords_of(labels_of(raw, "").labels[0])]
    ['#WWDC', 'iOS 7']
    """
    found: dict[tuple[str, ...], Keyword] = {}
    for text in label.keywords:
        try:
            keyword = keyword_of(text)
        except ConfigError as error:
            raise ConfigError(f"label {shown(label.title)}: {error}") from error
        found.setdefault(keyword.names, keyword)
    return tuple(found.values())


def folded(name: str) -> str:
    """Return a word or tag or name as a word.

    >>> folded("#superbowl"), folded("@oreo")
    ('superbowl', 'oreo')
    """
    return name.lstrip("#@")


def names_in(terms: Iterable[str]) -> frozenset[str]:
    """Return all words and pairs that a story's terms hold.

    >>> sorted(names_in(["field goal", "#Colts".lower()]))
    ['colts', 'field', 'field goal', 'goal']
    """
    whole = [folded(term) for term in terms]
    return frozenset(whole + [folded(word) for term in whole for word in term.split()])


class Holding:
    """Which posts hold which keywords: posts are numbered in the order of their readings."""

    def __init__(self, keywords: Iterable[Keyword], readings: Sequence[Reading]) -> None:
        self.posts = sum(reading.starts.size - 1 for reading in readings)
        self._terms = dict.fromkeys(term for keyword in keywords for term in keyword.terms)
        wanted = np.array(sorted(self._terms), np.uint64)
        sieve = np.zeros(SIEVE, np.bool_)
        sieve[(wanted & np.uint64(SIEVE - 1)).astype(np.int64)] = True
        found_posts, found_terms, first = [], [], 0
        for reading in readings:
            low_bits = (reading.terms & np.uint64(SIEVE - 1)).astype(np.uint16)
            (places,) = np.nonzero(sieve[low_bits])
            places = places[np.isin(reading.terms[places], wanted)]
            posts = np.searchsorted(reading.starts, places, side="right") - 1
            found_posts.append(posts + first)
            found_terms.append(reading.terms[places])
            first += reading.starts.size - 1
        self._holders = np.concatenate([np.empty(0, np.int64), *found_posts])
        self._held = np.concatenate([np.empty(0, np.uint64), *found_terms])

    def of(self, keyword: Keyword) -> NDArray[np.int64]:
        """Return the numbers of the posts that hold a keyword, ascending."""
        is_held = np.isin(self._held, np.array(keyword.terms, np.uint64))
        return np.unique(self._holders[is_held])

    def is_rare(self, keyword: Keyword) -> bool:
        """Tell whether few posts hold a keyword."""
        return self.of(keyword).size < RARE * self.posts
