"""The registered domain of a host, by the Public Suffix List's registry (ICANN) section."""

from functools import cache
from pathlib import Path

import numpy as np
import publicsuffixlist
from numpy.typing import NDArray

from rtm.compiled import compiled
from rtm.text import keys
from rtm.text.keys import OFFSET, grown
from rtm.text.lookup import Lookup, found, lookup_of

MAX_HOST = 253  # letters, as in DNS; longer hosts are no link

EXACT = 1  # the host from here on is a public suffix
WILDCARD = 2  # any one label before this is a public suffix
EXCEPTION = 4  # against the wildcard, this can be registered


@cache
def _rules() -> dict[str, int]:
    rules: dict[str, int] = {}
    path = Path(publicsuffixlist.PSLFILE)
    for line in path.read_text(encoding="utf-8").splitlines():
        if "===BEGIN PRIVATE DOMAINS===" in line:
            break  # blogs under one roof share that roof as their domain
        rule = line.strip()
        if not rule or rule.startswith("//"):
            continue
        bit, name = EXACT, rule
        if rule.startswith("*."):
            bit, name = WILDCARD, rule[2:]
        elif rule.startswith("!"):
            bit, name = EXCEPTION, rule[1:]
        name = name.encode("idna").decode() if not name.isascii() else name
        rules[name] = rules.get(name, 0) | bit
    return rules


@cache
def suffixes() -> Lookup:
    """Return the rules keyed by raw state, for compiled code."""
    return lookup_of({keys.raw(name): bits for name, bits in _rules().items()})


def registered_domain(host: str) -> str:
    """Return the part of a lower-case host that somebody registered, or "" where there is none.

    >>> registered_domain("news.bbc.co.uk"), registered_domain("localhost")
    ('bbc.co.uk', '')
    """
    labels = host.strip(".").split(".")
    if len(host) > MAX_HOST or len(labels) < 2 or not all(labels):
        return ""
    if labels[-1].isdigit():
        return ".".join(labels)  # an address, not a name
    rules = _rules()
    for first in range(len(labels)):
        here = rules.get(".".join(labels[first:]), 0)
        above = rules.get(".".join(labels[first + 1 :]), 0)
        if here & EXCEPTION:
            return ".".join(labels[first:])
        if here & EXACT or above & WILDCARD:
            return ".".join(labels[first - 1 :]) if first else ""
    return ".".join(labels[-2:])


@compiled("uint64(uint8[::1], int64, int64)")
def _state(host: NDArray[np.uint8], start: int, stop: int) -> np.uint64:
    state = OFFSET
    for place in range(start, stop):
        state = grown(state, np.uint64(host[place]))
    return state


@compiled("int64(uint8[::1], int64, int64)")
def _label_end(host: NDArray[np.uint8], start: int, stop: int) -> int:
    while start < stop and host[start] != ord("."):
        start += 1
    return start


@compiled("uint64(uint8[::1], int64, uint64[::1], uint64[::1])")
def domain_state(
    host: NDArray[np.uint8],
    size: int,
    suffix_keys: NDArray[np.uint64],
    suffix_bits: NDArray[np.uint64],
) -> np.uint64:
    """Return the raw state of a lower-case host's registered domain: ``registered_domain`` again.

    ``host[:size]`` is ASCII; 0 stands for no domain.
    """
    none = np.uint64(0)
    start, stop = 0, size
    while start < stop and host[start] == ord("."):
        start += 1
    while stop > start and host[stop - 1] == ord("."):
        stop -= 1
    last = start
    for place in range(start, stop):
        if host[place] == ord("."):
            if host[place + 1] == ord("."):
                return none
            last = place + 1
    if last == start:
        return none
    is_address = True
    for place in range(last, stop):
        is_address = is_address and ord("0") <= host[place] <= ord("9")
    if is_address:
        return _state(host, start, stop)
    before = none  # the state from one label further left
    label = start
    while True:
        state = _state(host, label, stop)
        if label == last:
            return before  # an unknown ending counts as a suffix of one label
        following = _label_end(host, label, stop) + 1
        bits = found(suffix_keys, suffix_bits, state)
        if bits & np.uint64(EXCEPTION):
            return state
        above = found(suffix_keys, suffix_bits, _state(host, following, stop))
        if bits & np.uint64(EXACT) or above & np.uint64(WILDCARD):
            return before
        before = state
        label = following
