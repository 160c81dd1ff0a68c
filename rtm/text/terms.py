"""Tokens and terms of one text, in the plain form: readable, with names, and slow.

A term is what is counted: a hashtag, a link's registered domain, a name (handle), a word, a pair of
neighbouring words. The compiled walker gives the same keys for every text; this form names them,
and is what the walker is checked against.

What is folded: case, elongation ("sooooo" is "soo"), possessive 's, typographic apostrophes, HTML
entities, invisible characters, digits of other scripts. Hashtags are also read as words, split at
capitals (#SuperBowl). Scripts written without spaces count pairs of characters.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from rtm.text import keys
from rtm.text.alphabet import DIGIT, LOWER, SHAPES, UPPER, WHITE, ZERO, folded, shape_of
from rtm.text.lexicon import is_stop_word
from rtm.text.links import registered_domain

MAX_WORD = 40  # code points; longer runs are not words but noise
MAX_WORDS = 256  # read of one post, and as many tags, names and links; the rest is not counted

Kind = Literal["word", "pair", "tag", "name", "link", "together"]
TokenKind = Literal["word", "ideograph", "tag", "name", "link", "break"]

_ENTITY = re.compile(r"&(?:[A-Za-z]{2,6}|#[0-9]{2,6});")
_LINK = re.compile(r"(?:https?://|www\.)", re.IGNORECASE | re.ASCII)
_HOST = re.compile(r"(?:https?://)?([A-Za-z0-9.-]*)", re.IGNORECASE | re.ASCII)
_NAME = re.compile(r"@([A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*)", re.ASCII)
# the rest are matched against the text's shape: one letter a character, see alphabet.SHAPES
_LINK_END = re.compile(r"[wn)]|\Z")
_TAG = re.compile(r"#([aA0mi_]*[aAi][aA0mi_]*)")
_WORD = re.compile(r"[aA0][aA0m]*(?:'(?=[aA])[aA0m]+)*")
_IDEOGRAPH = re.compile(r"im*")
_CAMEL = re.compile(r"(?<=[a0m])(?=A)|(?<=A)(?=Aa)")
_ELONGATED = re.compile(r"(.)\1\1", re.DOTALL)
_WORD_SHAPES = "aA0mi_"
_BREAK_SHAPES = ".n)"


class Token(NamedTuple):
    """One unit of a text in order; ``text`` is folded."""

    kind: TokenKind
    text: str


class Term(NamedTuple):
    """What is counted, with the name that people are shown; ``words`` are what it is made of."""

    key: int
    kind: Kind
    name: str
    words: tuple[str, ...]


def tokens_of(text: str) -> Iterator[Token]:
    """Yield the tokens of a text in order.

    >>> [t.text for t in tokens_of("The LIGHTS went out?! #SuperBowl")]
    ['the', 'lights', 'went', 'out', '', '', 'superbowl', 'super', 'bowl']
    """
    shape = shape_of(text)
    if SHAPES[ZERO] in shape:
        kept = zip(text, shape, strict=True)
        text = "".join(char for char, kind in kept if kind != SHAPES[ZERO])
    text = _ENTITY.sub(" ", text)
    shape = shape_of(text)
    place = 0
    while place < len(text):
        if shape[place] == SHAPES[WHITE]:  # half of all tries, and nothing begins with it
            place += 1
            continue
        starts = place == 0 or shape[place - 1] not in _WORD_SHAPES
        if starts and _LINK.match(text, place):
            yield Token("link", _host_at(text, place))
            # the pattern matches at the text's end, if nowhere before
            place = _LINK_END.search(shape, place).start()  # type: ignore[union-attr]
        elif starts and (name := _NAME.match(text, place)):
            yield Token("name", name[1].lower())
            place = name.end()
        elif starts and (tag := _TAG.match(shape, place)):
            yield Token("tag", _folded(text, shape, tag.start(1), tag.end()).replace("_", ""))
            yield from _words_of_tag(text, shape, tag.start(1), tag.end())
            place = tag.end()
        elif word := _WORD.match(shape, place):
            yield Token("word", _without_possessive(_folded(text, shape, place, word.end())))
            place = word.end()
        elif ideograph := _IDEOGRAPH.match(shape, place):
            yield Token("ideograph", _folded(text, shape, place, ideograph.end()))
            place = ideograph.end()
        else:
            if shape[place] in _BREAK_SHAPES:
                yield Token("break", "")
            place += 1


def terms_of(text: str) -> list[Term]:
    """Return the distinct terms of a text, in order of appearance.

    >>> [t.name for t in terms_of("The lights are out @oreo https://www.bbc.co.uk/news")]
    ['lights', '@oreo', 'bbc.co.uk']
    """
    terms: dict[int, Term] = {}
    before: str | None = None
    words = 0
    named = 0
    for token in tokens_of(text):
        if token.kind in ("word", "ideograph"):
            if len(token.text) > MAX_WORD:
                continue
            words += 1
            if words > MAX_WORDS:
                break
            if not is_counted(token):
                continue
            if token.kind == "word":
                _add(terms, keys.word_key(token.text), "word", token.text, (token.text,))
            if before is not None:
                name = f"{before} {token.text}"
                _add(terms, keys.pair_key(before, token.text), "pair", name, (before, token.text))
            before = token.text
            continue
        if token.kind != "tag":
            before = None
        term = _named(token)
        if term is not None:
            named += 1
            if named > MAX_WORDS:
                break
            terms.setdefault(term.key, term)
    return list(terms.values())


def is_counted(token: Token) -> bool:
    """Tell whether a word is counted: not a stop word, and longer than a letter."""
    return token.kind == "ideograph" or (len(token.text) > 1 and not is_stop_word(token.text))


def _add(terms: dict[int, Term], key: int, kind: Kind, name: str, words: tuple[str, ...]) -> None:
    terms.setdefault(key, Term(key, kind, name, words))


def _named(token: Token) -> Term | None:
    if token.kind == "tag":
        return Term(keys.tag_key(token.text), "tag", "#" + token.text, (token.text,))
    if token.kind == "name" and len(token.text) > 1:
        return Term(keys.name_key(token.text), "name", "@" + token.text, (token.text,))
    if token.kind == "link" and token.text:
        return Term(keys.link_key(token.text), "link", token.text, (token.text,))
    return None


def _host_at(text: str, place: int) -> str:
    host = _HOST.match(text, place)
    return registered_domain(host[1].lower()) if host else ""


def _words_of_tag(text: str, shape: str, start: int, end: int) -> Iterator[Token]:
    for run in re.finditer(r"[aA0][aA0m]*|im*", shape[start:end]):
        first, last = start + run.start(), start + run.end()
        if shape[first] == "i":
            yield Token("ideograph", _folded(text, shape, first, last))
            continue
        cuts = [first + cut.start() for cut in _CAMEL.finditer(shape[first:last])]
        for low, high in zip([first, *cuts], [*cuts, last], strict=True):
            yield Token("word", _folded(text, shape, low, high))


def _folded(text: str, shape: str, start: int, end: int) -> str:
    word = folded(text[start:end])
    if not _ELONGATED.search(word):
        return word
    kept: list[str] = []
    for char, kind in zip(word, shape[start:end], strict=True):
        is_letter = kind in (SHAPES[LOWER], SHAPES[UPPER])
        if is_letter and len(kept) > 1 and kept[-1] == char and kept[-2] == char:
            continue
        kept.append(char)
    return "".join(kept)


def _without_possessive(word: str) -> str:
    return word[:-2] if len(word) > 2 and word.endswith("'s") else word


assert SHAPES[DIGIT] == "0"
