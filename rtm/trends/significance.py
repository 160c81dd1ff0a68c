"""How surprising a count is, given what the term's own past led us to expect.

A term's share of the stream is a Gamma posterior, so its count in a window is negative binomial;
surprise is -log10 of the chance of at least so much.

References
----------
Kleinberg (2002), bursty and hierarchical structure in streams, doi:10.1145/775047.775061.
Schubert, Weiler, Kriegel (2014), SigniTrend, doi:10.1145/2623330.2623740: significance over
expectation for every term. Deviation: an exact tail over a share instead of a z-score over a rate.
Lentz's continued fraction of the incomplete beta function: Abramowitz and Stegun 26.5.8.
"""

import math

from rtm.compiled import compiled

MOST = 300.0  # surprise is not worked out beyond this
STEPS = 200  # of the continued fraction; a dozen are usual
TINY = 1e-300
SENSIBLE = 1e12  # posts; beyond it the gamma functions below lose their last digits
PRECISE = 1e-12


@compiled("float64(float64, float64, float64)")
def surprise(count: float, mean: float, shape: float) -> float:
    """Return -log10 P(X >= count) for a negative binomial X, at most ``MOST``.

    ``count`` may be fractional (weighted posts); ``mean`` and ``shape`` are positive; variance is
    ``mean + mean**2 / shape``. A count not above the mean is no surprise: 0; nor is one that no
    network could bring, ``SENSIBLE`` posts.

    >>> round(surprise(3.0, 0.01, 0.5), 2), surprise(1.0, 2.0, 4.0)
    (5.62, 0.0)
    """
    if count <= mean or mean <= 0.0 or count > SENSIBLE:
        return 0.0
    shape = min(shape, SENSIBLE)
    q = mean / (mean + shape)
    # ln of q**count (1-q)**shape / (count B(count, shape)), then the fraction of I_q(count, shape)
    front = (
        count * math.log(q)
        + shape * math.log1p(-q)
        - math.log(count)
        + math.lgamma(count + shape)
        - math.lgamma(count)
        - math.lgamma(shape)
    )
    total = count + shape
    c = 1.0
    d = 1.0 - total * q / (count + 1.0)
    d = 1.0 / (d if abs(d) > TINY else TINY)
    fraction = d
    for step in range(1, STEPS):
        even = step * (shape - step) * q / ((count + 2 * step - 1.0) * (count + 2 * step))
        d = 1.0 + even * d
        d = 1.0 / (d if abs(d) > TINY else TINY)
        c = 1.0 + even / c
        c = c if abs(c) > TINY else TINY
        fraction *= d * c
        odd = -(count + step) * (total + step) * q
        odd /= (count + 2 * step) * (count + 2 * step + 1.0)
        d = 1.0 + odd * d
        d = 1.0 / (d if abs(d) > TINY else TINY)
        c = 1.0 + odd / c
        c = c if abs(c) > TINY else TINY
        change = d * c
        fraction *= change
        if abs(change - 1.0) < PRECISE:
            break
    value = -(front + math.log(fraction)) / math.log(10.0)
    return min(max(value, 0.0), MOST)


@compiled("float64(float64)")
def round_off(value: float) -> float:
    """Round to 0.01, so that processors that differ in the last bits agree."""
    return math.floor(value * 100.0 + 0.5) / 100.0
