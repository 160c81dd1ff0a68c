"""An audience that is alive: who replies and comes back weighs, who was seen once hardly does.

Likes are never asked for: one costs nothing, and a give-away buys thousands. What counts is what
the stream itself saw an author do, in this story or before it.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rtm.crowd import UNTOLD, Crowd
from rtm.text.patterns import Mark

ONCE = 0.1  # weight of somebody seen once: a voice, but perhaps only passing
LEFT = 0.5  # of what an author lacks of a whole weight, after each reply and each return
GIVEAWAY = 0.25  # share of posts with bait from which all who came, came for it
POSTS, REPLIES, HOURS, DAYS = range(4)  # columns of Crowd.heard


@dataclass(frozen=True, slots=True)
class Audience:
    """What the authors of a story are worth as an audience, and why in one sentence.

    ``score`` is the sum of their weights, ``active`` the mean weight of one, 0 to 1, without
    followers; ``bought``, 0 to 1, is how far a give-away explains that they came; ``authors`` are
    those in the sample.
    """

    score: float
    active: float
    bought: float
    authors: int
    sentence: str

    @property
    def liveliness(self) -> float:
        """How far they are more than passers-by, 0 (all seen once) to 1."""
        return max(0.0, (self.active - ONCE) / (1.0 - ONCE))


def activity(heard: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the weight of authors, 0 to 1, from what was heard of them, shape (n, 4).

    Each reply, and each return in another hour or on another day, halves what is missing.

    >>> activity(np.array([[1, 0, 1, 1], [1, 1, 1, 1], [9, 3, 4, 2]])).round(2).tolist()
    [0.1, 0.55, 0.99]
    """
    returns = np.maximum(heard[:, HOURS] - 1, 0) + np.maximum(heard[:, DAYS] - 1, 0)
    missing: NDArray[np.float64] = (1.0 - ONCE) * np.power(LEFT, returns + heard[:, REPLIES])
    return 1.0 - missing


def audience(crowd: Crowd) -> Audience:
    """Weigh the authors of a story; whoever is unknown counts as seen once in each post.

    Followers, where told, raise a weight by their order of magnitude. Posts with bait weigh
    nothing, and as their share rises to a quarter, so does everybody else's fall to nothing.
    """
    n = crowd.at_us.size
    if not n:
        return Audience(0.0, 0.0, 0.0, 0, "No post to judge the audience by.")
    is_bait = (crowd.marks & np.uint32(Mark.BAIT)) != 0
    bait = float(is_bait.mean())
    bought = min(1.0, bait / GIVEAWAY)
    unknown = crowd.authors == 0
    # the last post of an author knows most of him; each unknown author is one by himself
    names = np.where(unknown, np.arange(1, n + 1, dtype=np.uint64), crowd.authors)
    _, last = np.unique(np.stack((unknown, names), axis=1)[::-1], axis=0, return_index=True)
    authors = n - 1 - last
    heard = np.maximum(crowd.heard[authors], np.array([1, 0, 1, 1]))
    heard[:, REPLIES] = np.maximum(heard[:, REPLIES], crowd.is_reply[authors])
    weights = activity(heard) * ~is_bait[authors] * (1.0 - bought)
    followers = crowd.followers[authors]
    reach = np.where(followers == UNTOLD, 1.0, 1.0 + np.log10(1.0 + np.maximum(followers, 0)))
    active = float(weights.mean())
    back = int(((heard[:, HOURS] > 1) | (heard[:, DAYS] > 1)).sum())
    replying = int((heard[:, REPLIES] > 0).sum())
    sentence = (
        f"A give-away: {int(is_bait.sum())} of {n} posts ask for likes or follows."
        if bait >= GIVEAWAY
        else f"Of {authors.size} authors {replying} reply and {back} came back."
    )
    scale = crowd.posts / n
    score = math.fsum((weights * reach).tolist()) * scale
    return Audience(
        round(score, 3), round(active, 3), round(bought, 3), int(authors.size), sentence
    )
