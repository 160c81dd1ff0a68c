"""Two plain alternatives, told beside rtm's own speed in every run of the bench.

Frozen: do not tune this file. It changes only together with the definition of terms, or every
ratio ever told loses its meaning.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from publicsuffixlist import PublicSuffixList
from river.cluster import TextClust
from river.compose import Pipeline
from river.feature_extraction import BagOfWords

from rtm.clock import Stopwatch
from rtm.text.lexicon import stop_words
from rtm.text.terms import MAX_WORD

PlainTerm = str | tuple[str, str]

_STOP_WORDS = stop_words()
_SUFFIXES = PublicSuffixList()
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,6}|#[0-9]{2,6});")
_LINK = re.compile(r"(?<!\w)(?:https?://|(?=www\.))([a-z0-9.-]*)[^\s<>\")\]}]*", re.IGNORECASE)
_NAME = re.compile(r"(?<!\w)@[a-z0-9_]+(?:[.-][a-z0-9_]+)*", re.IGNORECASE)
_TAG = re.compile(r"(?<!\w)#(\w*[^\W\d_]\w*)")
_CAMEL = re.compile(r"(?<=[^\WA-Z_])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_")
_POSSESSIVE = re.compile(r"(?<=\w\w)'s\b")
_ELONGATED = re.compile(r"([^\W\d_])\1\1+")
# a word, or any one character that words on both sides of it are not neighbours across
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W\d_][^\W_]*)*|[^\w \t,'/*\\%#@+=~^`$&-]")


@cache
def _domain(host: str) -> str:
    return _SUFFIXES.privatesuffix(host.lower().strip(".")) or ""


def plain_terms(text: str) -> set[PlainTerm]:
    """Return the distinct terms of a post: words, tags, names, links as text, pairs as tuples.

    As a good programmer would write it in an hour: equal to ``rtm.text.terms`` where words stand
    between spaces; scripts without spaces and very long posts are not seen to.
    """
    terms: set[PlainTerm] = set()
    if "&" in text:
        text = _ENTITY.sub(" ", text)
    if "://" in text or "www." in text:
        terms.update([_domain(host) for host in _LINK.findall(text)])
        terms.discard("")
        text = _LINK.sub("\n", text)
    if "@" in text:
        terms.update([name.lower() for name in _NAME.findall(text) if len(name) > 2])
        text = _NAME.sub("\n", text)
    if "#" in text:
        terms.update(["#" + tag.lower().replace("_", "") for tag in _TAG.findall(text)])
        text = _TAG.sub(lambda tag: _CAMEL.sub(" ", tag[1]), text)
    text = text.lower().replace("\u2019", "'")
    if "'s" in text:
        text = _POSSESSIVE.sub("", text)
    if _ELONGATED.search(text):
        text = _ELONGATED.sub(r"\1\1", text)
    before = None
    for token in _TOKEN.findall(text):
        if token in _STOP_WORDS:
            continue
        if len(token) == 1:
            if not token.isalnum():
                before = None
        elif len(token) <= MAX_WORD:
            terms.add(token)
            if before is not None:
                terms.add((before, token))
            before = token
    return terms


def count_plainly(texts: Iterable[str]) -> Counter[PlainTerm]:
    """Count in how many posts each term stands, one post at a time; detects nothing."""
    counts: Counter[PlainTerm] = Counter()
    for text in texts:
        counts.update(plain_terms(text))
    return counts


def cluster_plainly(texts: Iterable[str], limit_s: float) -> int:
    """Let river's TextClust learn posts one at a time for so many seconds; how many it learned.

    Set as in river's own example. It only learns: asking it for a post's cluster would cost as
    much again.
    """
    words = BagOfWords(lowercase=True, ngram_range=(1, 2), stop_words=set(_STOP_WORDS))
    clusters = TextClust(  # type: ignore[no-untyped-call]
        real_time_fading=False, fading_factor=0.001, tgap=100, auto_r=True, radius=0.9
    )
    model = Pipeline(words, clusters)
    watch = Stopwatch()
    learned = 0
    for text in texts:
        if watch.wall_s() >= limit_s:
            break
        model.learn_one(text)  # type: ignore[arg-type]
        learned += 1
    return learned
