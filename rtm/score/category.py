"""What a text is about, in broad subjects such as sport or food, by the beginnings of its words."""

from collections.abc import Iterable
from functools import cache, lru_cache

from rtm.text.lexicon import category_entries
from rtm.text.terms import tokens_of

SHORTEST = 3  # letters of an entry
LONGEST = 16


def categories_of(texts: Iterable[str]) -> dict[str, float]:
    """Return the share of texts that touch each subject; none that no text touches.

    >>> categories_of(["Coffee and cheese", "The concert was cancelled"])
    {'food': 0.5, 'music': 0.5}
    """
    counts: dict[str, int] = {}
    whole = 0
    for text in texts:
        whole += 1
        for category in sorted(_touched(text)):
            counts[category] = counts.get(category, 0) + 1
    return {category: count / whole for category, count in sorted(counts.items())}


def _touched(text: str) -> set[str]:
    words = {token.text for token in tokens_of(text) if token.kind == "word"}
    return {category for word in words for category in _of_word(word)}


@lru_cache(maxsize=1 << 16)
def _of_word(word: str) -> frozenset[str]:
    wholes, stems = _entries()
    found = set(wholes.get(word, ()))
    for length in range(SHORTEST, min(len(word), LONGEST) + 1):
        found |= stems.get(word[:length], frozenset())
    return frozenset(found)


@cache
def _entries() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    # whole words, and stems, each with its subjects: a word may hint at more than one
    wholes: dict[str, frozenset[str]] = {}
    stems: dict[str, frozenset[str]] = {}
    for category, entries in category_entries().items():
        for entry in entries:
            into, word = (wholes, entry[:-1]) if entry.endswith("=") else (stems, entry)
            into[word] = into.get(word, frozenset()) | {category}
    return wholes, stems
