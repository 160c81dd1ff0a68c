"""Stable 64-bit keys for whatever is counted: the same on every machine, in every version.

A word's key is FNV-1a over its folded code points, finished by MurmurHash3's mixer. Both forms
stand here side by side: plain integers for the few, compiled for the many.

References
----------
Fowler, Noll, Vo: FNV hash (IETF draft draft-eastlake-fnv). Deviation: one step takes a whole code
point, not a byte.
Appleby: MurmurHash3, the 64-bit finaliser.
"""

from functools import lru_cache

import numpy as np

from rtm.compiled import compiled

OFFSET = np.uint64(0xCBF29CE484222325)
PRIME = np.uint64(0x100000001B3)
MIX_1 = np.uint64(0xFF51AFD7ED558CCD)
MIX_2 = np.uint64(0xC4CEB9FE1A85EC53)
SHIFT = np.uint64(33)
CHAIN = np.uint64(0x9E3779B97F4A7C15)

WORD = np.uint64(0x01)
PAIR = np.uint64(0x02)
TAG = np.uint64(0x03)
NAME = np.uint64(0x04)
LINK = np.uint64(0x05)

_MASK = (1 << 64) - 1


@compiled("uint64(uint64, uint64)")
def grown(state: np.uint64, code: np.uint64) -> np.uint64:
    """Take one more code point into a raw state."""
    return (state ^ code) * PRIME


@compiled("uint64(uint64)")
def mixed(state: np.uint64) -> np.uint64:
    """Spread a raw state over all 64 bits."""
    state ^= state >> SHIFT
    state *= MIX_1
    state ^= state >> SHIFT
    state *= MIX_2
    return state ^ (state >> SHIFT)


@compiled("uint64(uint64, uint64)")
def chained(before: np.uint64, state: np.uint64) -> np.uint64:
    """Join two states, in order."""
    return (before * CHAIN) ^ (state + CHAIN + (before << np.uint64(6)))


@lru_cache(maxsize=4096)
def raw(text: str) -> int:
    """Return the raw state after all code points of a folded text.

    >>> hex(raw("lights"))
    '0x3a898b8a64d2b3b4'
    """
    state = int(OFFSET)
    for char in text:
        state = ((state ^ ord(char)) * int(PRIME)) & _MASK
    return state


def mix(state: int) -> int:
    """Spread a raw state over all 64 bits: the plain form of ``mixed``."""
    state ^= state >> 33
    state = (state * int(MIX_1)) & _MASK
    state ^= state >> 33
    state = (state * int(MIX_2)) & _MASK
    return state ^ (state >> 33)


def chain(before: int, state: int) -> int:
    """Join two states in order: the plain form of ``chained``."""
    joined = (before * int(CHAIN)) & _MASK
    return joined ^ ((state + int(CHAIN) + ((before << 6) & _MASK)) & _MASK)


def word_key(word: str) -> int:
    """Return the key of a folded word."""
    return mix(raw(word) ^ int(WORD))


def pair_key(first: str, second: str) -> int:
    """Return the key of two folded words that stand side by side, in order."""
    return mix(chain(raw(first), raw(second)) ^ int(PAIR))


def tag_key(tag: str) -> int:
    """Return the key of a folded hashtag, without its sign."""
    return mix(raw(tag) ^ int(TAG))


def name_key(handle: str) -> int:
    """Return the key of a folded handle, without its sign."""
    return mix(raw(handle) ^ int(NAME))


def link_key(domain: str) -> int:
    """Return the key of a registered domain."""
    return mix(raw(domain) ^ int(LINK))
