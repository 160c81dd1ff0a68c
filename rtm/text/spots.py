"""Which words of a text were found by what is looked for: the walker's marks, with their places.

The walker says that a post is grave; whoever writes a draft wants to know by which word. This is
the walker's search once more in plain Python, as quick as a draft needs, and held to the walker by
a property test. It knows no end: a draft is read to its last word.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from rtm.text import keys
from rtm.text.lookup import Lookup
from rtm.text.patterns import MAX_PHRASE, SHORT_BITS, SHORT_ENDING, Patterns, is_word
from rtm.text.terms import MAX_WORD, Token, tokens_of

_MARKS = (1 << SHORT_BITS) - 1
_WIDTH = (1 << 64) - 1
_OFFSET, _PRIME, _CHAIN = int(keys.OFFSET), int(keys.PRIME), int(keys.CHAIN)
_KEYS: dict[str, Callable[[str], int]] = {
    "tag": keys.tag_key,
    "name": keys.name_key,
    "link": keys.link_key,
}


class Spot(NamedTuple):
    """What was found: as folded, the bits of its marks, and its words from ``start`` to before."""

    said: str
    bits: int
    start: int
    end: int


class Spots:
    """All that is looked for, ready to be found in one text after another."""

    def __init__(self, patterns: Patterns) -> None:
        self._stems = _plain(patterns.stems)
        self._phrases = _plain(patterns.phrases)
        self._terms = _plain(patterns.terms)

    def of(self, text: str) -> list[Spot]:
        """Return what is found in a text, in order.

        >>> from rtm.text.patterns import Mark, patterns_of
        >>> Spots(patterns_of({Mark.NO_GO: ["tax"]})).of("No tax today")
        [Spot(said='tax', bits=16, start=1, end=2)]
        """
        return list(self.among(tokens_of(text)))

    def among(self, tokens: Iterable[Token]) -> Iterator[Spot]:
        """Yield what is found among the tokens of a text; words are numbered without the signs."""
        run: list[tuple[str, int]] = []
        number = 0
        for token in tokens:
            if is_word(token):
                if len(token.text) <= MAX_WORD:
                    run.append((token.text, number))
                    yield from self._in_word(token.text, number)
                number += 1
            elif token.kind == "break":
                run += [("", number)] if run and run[-1][0] else []
            else:
                if bits := self._terms.get(_KEYS[token.kind](token.text), 0):
                    yield Spot(token.text, bits, number, number)
                if token.kind != "tag":
                    yield from self._in_run(run)
                    run = []
        yield from self._in_run(run)

    def _in_word(self, word: str, place: int) -> Iterator[Spot]:
        state, bits = _OFFSET, 0
        for size, char in enumerate(word, 1):
            state = ((state ^ ord(char)) * _PRIME) & _WIDTH
            if size > 1 and (found := self._stems.get(state)):
                bits |= found & _MARKS
                bits |= found >> SHORT_BITS if len(word) - size <= SHORT_ENDING else 0
        if bits:
            yield Spot(word, bits, place, place + 1)

    def _in_run(self, run: Sequence[tuple[str, int]]) -> Iterator[Spot]:
        raws = [keys.raw(word) for word, _ in run]
        for first, (word, start) in enumerate(run):
            if not word:
                continue  # a sign begins no phrase
            state = raws[first]
            for last in range(first, min(len(run), first + MAX_PHRASE)):
                if last > first:
                    state = _chained(state, raws[last])
                if bits := self._phrases.get(state, 0):
                    said = " ".join(word for word, _ in run[first : last + 1] if word)
                    yield Spot(said, bits, start, run[last][1] + 1)


def _chained(before: int, state: int) -> int:
    # keys.chain, its constants read once
    joined = (before * _CHAIN) & _WIDTH
    return joined ^ ((state + _CHAIN + ((before << 6) & _WIDTH)) & _WIDTH)


def _plain(lookup: Lookup) -> dict[int, int]:
    pairs = zip(lookup.keys.tolist(), lookup.values.tolist(), strict=True)
    return {key: bits for key, bits in pairs if key}
