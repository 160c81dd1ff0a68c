"""What is not fit for a public screen: rude words in many languages, in plain sight or disguised.

Be a word: your letters are read as people read them (look-alikes, accents, what has no width), you
are looked up as you stand, then with drawn-out letters shortened, digits and signs read as letters,
stars filled in, and single letters joined. Innocent words that merely hold a rude one are let go.
Mild words (damn, crap) pass; a word of one language that is innocent in another counts only where
the text shows which it is.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rtm.text.disguises import CHUNK, SPACED, read_disguise, read_spaced, shortened
from rtm.text.plain_letters import Plain, latin, plain
from rtm.text.rude_words import Entries, Kind, innocent_words, rude_words, shy_words, spoken

NOT_FIT = "Words not fit for this screen"
MASK = "•"
LONGEST_WORD = 24  # letters of a rude one
LONGEST = 20_000  # characters; what is longer is never fit, as nobody has read it
_WORD = re.compile(r"[^\W_]+")
_LINK = re.compile(r"\bhttps?://\S+")
_PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

# What networks say of a post, and what that makes it.
LABELS: dict[str, Kind] = {
    **dict.fromkeys(("porn", "sexual", "nudity", "sexual-figurative", "nsfw"), "sexual"),
    **dict.fromkeys(("graphic-media", "gore", "corpse", "self-harm"), "violent"),
    **dict.fromkeys(("intolerant", "intolerance", "threat", "hate", "icon-intolerant"), "hate"),
    **dict.fromkeys(("rude", "!hide", "!warn", "sensitive"), "sensitive"),
}


class Found(NamedTuple):
    """A rude word's place in the text, what it is, and how it was found."""

    start: int
    end: int
    kind: Kind
    how: str


@dataclass(frozen=True, slots=True)
class Rude:
    """Why a text is not fit: its gravest class, where, and in words that are fit themselves."""

    kind: Kind
    spans: tuple[tuple[int, int], ...]
    why: str


def manners(
    text: str, labels: str | None = None, *, exempt: Sequence[str] = (), never: Sequence[str] = ()
) -> Rude | None:
    """Tell why a text is not fit for a public screen; None when it is.

    Parameters
    ----------
    labels
        The network's own, as in the Frame.
    exempt
        Phrases that may be said, such as a brand's name; only just these.
    never
        Further phrases that may not be said.

    Examples
    --------
    >>> manners("what the f*ck")
    Rude(kind='profanity', spans=((9, 13),), why='profanity, in disguise')
    >>> manners("cocktails in Scunthorpe")
    """
    if len(text) > LONGEST:
        return Rude("sensitive", ((0, len(text)),), "too long to be looked through")
    marked = [(LABELS[label], label) for label in (labels or "").split() if label in LABELS]
    found = _found(text, exempt, never)
    if not found and not marked:
        return None
    kinds = {one.kind for one in found} | {kind for kind, _ in marked}
    kind = min(kinds, key=_GRAVEST.index)
    because = dict.fromkeys(
        [f"{one.kind}{one.how}" for one in found if one.kind == kind]
        + [f"{told}: marked so by its network ({label})" for told, label in marked if told == kind]
    )
    spans = tuple(dict.fromkeys((one.start, one.end) for one in found))
    return Rude(kind, spans, "; ".join(because))


def is_public(
    text: str, labels: str | None = None, *, exempt: Sequence[str] = (), never: Sequence[str] = ()
) -> bool:
    """Tell whether a text may stand on a public screen; as ``manners`` otherwise."""
    return manners(text, labels, exempt=exempt, never=never) is None


def masked(text: str, *, exempt: Sequence[str] = (), never: Sequence[str] = ()) -> str:
    """Return a text with its rude words made unreadable.

    >>> masked("this shit again")
    'this •••• again'
    """
    told = manners(text, exempt=exempt, never=never)
    letters = list(text)
    for start, end in told.spans if told else ():
        letters[start:end] = [MASK if not char.isspace() else char for char in letters[start:end]]
    return "".join(letters)


# of four letters; others are chance there, as in faktura
_PLAIN_IN_TAGS = frozenset(("fuck", "shit", "cunt", "porn", "slut", "wank", "piss"))
_GRAVEST: tuple[Kind, ...] = (
    *("hate", "slur", "sexual", "profanity", "violent", "brand", "sensitive"),
)


def _found(text: str, exempt: Sequence[str], never: Sequence[str]) -> list[Found]:
    text = _unescaped(text)
    read = plain(_without_links(text))
    said = _Said(read)
    shy = [shy_words(language) for language in spoken(text, said.distinct)]
    entries = [rude_words(), *shy]
    found = [*_words(text, read, said.words, entries), *_disguises(read)]
    found += _phrases(said, entries, never)
    allowed = [place for phrase in exempt for place in said.places(_sought(phrase))]
    return sorted(
        {one for one in found if not any(a <= one.start and one.end <= b for a, b in allowed)}
    )


def _unescaped(text: str) -> str:
    return html.unescape(text) if "&" in text else text


def _without_links(text: str) -> str:
    # a link's letters are chance; its length stays, so that places do
    return _LINK.sub(lambda match: " " * len(match.group()), text) if "://" in text else text


def _words(
    text: str, read: Plain, words: list[tuple[str, int, int]], entries: list[Entries]
) -> Iterator[Found]:
    for word, start, end in words:
        low, high = read.places[start], read.places[end - 1] + 1
        written = text[low:high]
        is_tag = start > 0 and read.text[start - 1] in "#@_"
        is_tag |= end < len(read.text) and read.text[end] == "_"
        kind, how = _kind(word, written, entries), ""
        if kind is None and is_tag:
            kind, how = _in_tag(word, written, entries), " in a tag or handle"
        if kind is None:
            kind, how = _drawn_out(word, entries), ", in disguise"
        if kind is None and not word.isascii() and (seen := latin(word)) is not None:
            kind, how = _kind(seen, seen, entries), ", in disguise"
        if kind is not None:
            yield Found(low, high, kind, how)


def _kind(word: str, written: str, entries: Iterable[Entries]) -> Kind | None:
    if innocent_words().kind(word, word) is not None:
        return None
    return next((kind for one in entries if (kind := one.kind(word, written))), None)


def _drawn_out(word: str, entries: list[Entries]) -> Kind | None:
    for short in shortened(word):
        kind = _kind(short, short, entries)
        if kind is not None:
            return kind
    return None


def _in_tag(word: str, written: str, entries: list[Entries]) -> Kind | None:
    for piece in _PIECE.findall(written):
        if len(piece) < len(written) and len(piece) > 2:
            kind = _kind(piece.lower(), piece.lower(), entries)
            if kind is not None:
                return kind
    if innocent_words().kind(word, word) is not None:
        return None
    core = rude_words().core
    lengths = range(4, min(len(word), LONGEST_WORD) + 1)
    whole = (part for n in lengths for part in (word[:n], word[-n:]) if part in core)
    whole = (part for part in whole if len(part) > 4 or part in _PLAIN_IN_TAGS)
    return next((core[part] for part in whole), None)


def _disguises(read: Plain) -> Iterator[Found]:
    core = rude_words().core
    for match in CHUNK.finditer(read.text):
        disguise = read_disguise(match.group(), core)
        if disguise is None or innocent_words().kind(disguise.word, disguise.word):
            continue
        low = match.start() + disguise.start
        high = low + disguise.end - disguise.start
        yield _hidden(read, low, high, core[disguise.core])
    for match in SPACED.finditer(read.text):
        spaced = read_spaced(match.group(), core)
        if spaced is not None:
            yield _hidden(read, *match.span(), core[spaced])


def _hidden(read: Plain, low: int, high: int, kind: Kind) -> Found:
    return Found(read.places[low], read.places[high - 1] + 1, kind, ", in disguise")


def _phrases(said: "_Said", entries: list[Entries], never: Sequence[str]) -> Iterator[Found]:
    for one in entries:
        for first in one.phrases.keys() & said.distinct:
            for phrase, kind in one.phrases[first]:
                for low, high in said.places(phrase):
                    yield Found(low, high, kind, "")
    for phrase in never:
        for low, high in said.places(_sought(phrase)):
            yield Found(low, high, "brand", ": the brand never shows it")


@lru_cache(maxsize=1_000)
def _sought(phrase: str) -> str:
    return " ".join(_WORD.findall(plain(phrase).text))


class _Said:
    """The words of a text in a row, whatever stands between them."""

    def __init__(self, read: Plain) -> None:
        self.words = [(match.group(), *match.span()) for match in _WORD.finditer(read.text)]
        self.distinct = {word for word, _, _ in self.words}
        self._joined = f" {' '.join(word for word, _, _ in self.words)} "
        self._at = read.places

    def places(self, phrase: str) -> Iterator[tuple[int, int]]:
        """Yield where a phrase of plain words stands in the text."""
        at = self._joined.find(f" {phrase} ") if phrase else -1
        while at >= 0:
            first = self._joined.count(" ", 0, at)
            last = first + phrase.count(" ")
            yield self._at[self.words[first][1]], self._at[self.words[last][2] - 1] + 1
            at = self._joined.find(f" {phrase} ", at + 1)
