"""Whether words that are grave only sometimes are so here: by what else the same post says.

Be a "shot": in a post that speaks of a game, a film or a joke you mean nothing; beside a weak word
of another class ("shot" and "dead"), or beside what is around when something bad happened ("shot"
and "police"), you are grave. Where the post is grave anyway you name one more of its classes.
"""

import numpy as np
from numpy.typing import NDArray

from rtm.text.patterns import CLASSES, WEAK_BITS, Mark

_ALL = np.uint32(sum(CLASSES.values()))
_WEAK = np.uint32(WEAK_BITS)
_MINORS = np.uint32(Mark.MINORS)
_GRAVE = np.uint32(Mark.GRAVE)
_SCENE = np.uint32(Mark.SCENE)
_PLAY = np.uint32(Mark.PLAY)
_SCRATCH = (_ALL << _WEAK) | _SCENE | _PLAY
_ONE = np.uint32(1)


def weighed(marks: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Settle the weak words of each post; of shape and order as given.

    >>> shot, dead = Mark.ATTACK << WEAK_BITS, Mark.DEATH << WEAK_BITS
    >>> weighed(np.array([shot, shot | dead, shot | Mark.SCENE | Mark.PLAY], np.uint32)).tolist()
    [0, 641, 0]
    """
    weak = (marks >> _WEAK) & _ALL
    happened = weak & ~_MINORS  # that children are there makes nothing grave
    several = (happened & (happened - _ONE)) != 0
    witnessed = (happened != 0) & ((marks & _SCENE) != 0)
    is_grave = ((marks & _GRAVE) != 0) | ((several | witnessed) & ((marks & _PLAY) == 0))
    return np.where(is_grave, marks | weak | _GRAVE, marks) & ~_SCRATCH
