"""When a term is hot: cold to hot at the floor, cold again when quiet, and louder only if louder.

Re-arming matters more than any other choice: without it one burst fires at every tick.
"""

import numpy as np
from numpy.typing import NDArray

from rtm.compiled import compiled

# places in a row's trigger state: peak surprise; then ticks: hot since, hot until, last judged,
# last touched
PEAK, SINCE, UNTIL, JUDGED_AT, TOUCHED_AT = range(5)
STATE = 5


@compiled("boolean(float64[:], int64, float64, float64, float64, int64)")
def fires(
    state: NDArray[np.float64],
    tick: int,
    surprise: float,
    floor: float,
    refire: float,
    hold_s: int,
) -> bool:
    """Tell whether a surprise fires, and keep the row's trigger state.

    ``hold_s`` is how long it stays hot without another surprise. A state of zeros was never hot.
    """
    if surprise < floor:
        return False
    is_cold = tick > state[UNTIL]
    state[UNTIL] = tick + hold_s
    if is_cold:
        state[SINCE] = tick
        state[PEAK] = surprise
        return True
    if surprise >= refire * state[PEAK]:
        state[PEAK] = surprise
        return True
    return False
