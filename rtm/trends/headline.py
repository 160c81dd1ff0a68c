"""Which posts tell a story best: most central first, and the headline that one of them gives."""

import html
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

LONG = 8  # terms added to a post's own, so that a word or two is not most central
HEADLINE = 140  # characters


def most_central(
    posts: Mapping[int, NDArray[np.uint64]], weights: Mapping[int, float]
) -> list[int]:
    """Return the posts' numbers, most central first; a tie goes to the earlier post.

    A post is central when its terms are the story's, by ``weights``, and then when they are what
    the other posts say too. ``posts`` gives the term keys of each.
    """
    numbers = [number for number, terms in posts.items() if terms.size]
    if not numbers:
        return sorted(posts)
    lengths = np.array([posts[number].size for number in numbers])
    starts = lengths.cumsum() - lengths
    keys = np.concatenate([posts[number] for number in numbers])
    ordered = np.sort(keys)
    counts = ordered.searchsorted(keys, "right") - ordered.searchsorted(keys)
    known = np.array(sorted(weights), np.uint64)
    worth = np.array([weights[key] for key in sorted(weights)] + [0.0])
    places = known.searchsorted(keys)
    is_known = np.append(known, 0).astype(np.uint64)[places] == keys
    hot = np.add.reduceat(np.where(is_known, worth[places], 0.0), starts)
    shared = np.add.reduceat(counts - 1, starts) / (lengths + LONG)
    silent = [number for number, terms in posts.items() if not terms.size]
    return [numbers[i] for i in np.lexsort((np.array(numbers), -shared, -hot))] + sorted(silent)


def headline(text: str) -> str:
    """Return a post's first line, cut to a headline's length.

    >>> headline("Q&amp;A tonight" + chr(10) + "Come early")
    'Q&A tonight'
    """
    lines = (line.strip() for line in html.unescape(text).splitlines())
    line = next((line for line in lines if line), "")
    return line if len(line) <= HEADLINE else line[: HEADLINE - 1].rstrip() + "…"
