"""Which posts of a crowd say the same: copies, one frame with its slots filled, other word order.

Texts are compared as sets of content words, so that order does not count. The post with most like
it gathers them first (star clustering), so that a chain of posts each a little like the next does
not become one group. What people cry out together (GOAL!!!) has too few words to be compared.

References
----------
Aslam, Pelekhov and Rus (2004), the star clustering algorithm, doi:10.7155/jgaa.00084.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from rtm.compiled import compiled
from rtm.text.lexicon import is_stop_word

SIMILAR = 0.5  # share of content words in common: half of a sentence may be slots
COMPARED = 4  # content words in common from which two texts may be of one hand
PASSED_ON = re.compile(r"^\W*(?:rt|mt)\b\W*@|\bvia @|^\W*[\"“«„]", re.IGNORECASE)
_LINK = re.compile(r"https?://\S+|@\w+")
# letters of a script without spaces stand for words of their own
_WORD = re.compile(r"[぀-ヿ一-鿿가-힯]|[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Alike:
    """Posts that say the same: their places in the crowd, words they share, and how alike.

    ``words`` is the mean number of content words in common with the first of them, ``likeness``
    the mean share of words in common; ``words`` is 0 where only the stream's memory of copies
    tells that they are alike.
    """

    places: tuple[int, ...]
    words: float
    likeness: float


@compiled("void(int64[::1], int64[::1], int64[:, ::1])")
def _in_common(
    words: NDArray[np.int64], starts: NDArray[np.int64], common: NDArray[np.int64]
) -> None:
    # of each two texts; a product of matrices would keep all cores waiting for each other
    for i in range(starts.size - 1):
        for j in range(i, starts.size - 1):
            one, other, shared = starts[i], starts[j], 0
            while one < starts[i + 1] and other < starts[j + 1]:
                if words[one] == words[other]:
                    shared += 1
                    one += 1
                    other += 1
                elif words[one] < words[other]:
                    one += 1
                else:
                    other += 1
            common[i, j] = common[j, i] = shared


def words_of(text: str) -> frozenset[str]:
    """Return the content words of a text, without links, handles and numbers.

    >>> sorted(words_of("RT @a: The lights are OUT at the Superdome! http://t.co/1"))
    ['lights', 'superdome']
    """
    found = _WORD.findall(_LINK.sub(" ", text.casefold()))
    return frozenset(word for word in found if word != "rt" and not is_stop_word(word))


def alike(texts: Sequence[frozenset[str] | None], clusters: NDArray[np.uint64]) -> list[Alike]:
    """Return groups of two and more, largest first, each post in at most one.

    ``clusters`` speaks for posts whose words are gone (None); 0 is no cluster.
    """
    sizes = np.array([len(words or ()) for words in texts])
    numbers = {word: n for n, word in enumerate(sorted(set().union(*(w or () for w in texts))))}
    held = [sorted(numbers[word] for word in words or ()) for words in texts]
    common = np.zeros((len(texts), len(texts)), np.int64)
    _in_common(np.array([*chain(*held)], np.int64), np.append(0, sizes.cumsum()), common)
    likeness = common / np.maximum(sizes[:, None] + sizes[None, :] - common, 1.0)
    are_alike = (likeness >= SIMILAR) & (common >= COMPARED)
    is_gone = np.array([words is None for words in texts]) & (clusters != 0)
    are_alike |= is_gone[:, None] & is_gone[None, :] & (clusters[:, None] == clusters[None, :])
    np.fill_diagonal(are_alike, False)
    groups = []
    while are_alike.any():
        centre = int(are_alike.sum(axis=1).argmax())
        (others,) = are_alike[centre].nonzero()
        places = sorted([centre, *others.tolist()])
        groups.append(
            Alike(
                tuple(places),
                float(common[centre, others].mean()),
                float(likeness[centre, others].mean()),
            )
        )
        are_alike[places, :] = False
        are_alike[:, places] = False
    return groups
