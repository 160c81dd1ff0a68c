"""Whether a post means the brand, a rival, or only a word that looks like their name.

Be a post. The reader has found every form of every name in you, in its one pass. Most forms are
sure, and you are marked. Where a form may be something else you carry MAYBE, and only then you are
looked at again, here, word by word:

- the longest name that stands at a place is meant there, so Apple Bank is never Apple;
- an exclusion voids the name within it (apple pie), or near it where the name is not in it;
- a handle is never doubted;
- a form that is a word of the language needs a capital or #, and near it a context word where the
  profile names any. A small letter is forgiven where a context word stands right beside it. A
  capital that begins a sentence, or stands in a headline, proves nothing: it needs a theme of the
  brand near it, or another mention in the post.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rtm.brand import Brand
from rtm.event import WatchedEvent
from rtm.languages import LANGUAGES
from rtm.text.forms import folded_word, words_of
from rtm.text.names import Form, Phrases, forms_known, listening
from rtm.text.patterns import MAX_PHRASE, Mark, Patterns, patterns_of

NEAR = 12  # words between a name and its context; a post has about 14
BESIDE = 2  # words between, for a context that makes up for a small letter
SHOUTED = 0.7  # share of words in capitals from which capitals mean nothing
LEAST_CAPITALS = 3  # letters of a word that stands out by its capitals
HEADLINE_WORDS = 4  # longer words, of which a headline writes nearly all with a capital
_MAYBES = np.uint32(Mark.MAYBE_MENTION | Mark.MAYBE_RIVAL)
_MAYBE = {Mark.MENTION: Mark.MAYBE_MENTION, Mark.RIVAL: Mark.MAYBE_RIVAL}
_TOKEN = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|(?<![\w])@\w+(?:[.-]\w+)*"
    r"|(?P<sign>#?)(?P<word>[^\W_][^\W_\u200b-\u200d]*(?:['\u2019\u02bc\uff07][^\W\d_]+)*)"
)
_CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ENDS_SENTENCE = re.compile(
    r"[.!?\u2026\n:\"\u201c\u201d\u201e\u00ab\u00bb*\u2022(\u2013\u2014]|\s-\s"
)
_PARTS = re.compile(r"[!?\u2026\n;:]|\.(?=\s)")


class Mention(NamedTuple):
    """A name that is meant: as written, whose it is, and why, in words."""

    form: str
    name: str
    mark: Mark
    why: str


@dataclass(frozen=True, slots=True)
class _Word:
    text: str  # as written, without its sign
    folded: str
    is_tag: bool
    is_first: bool  # of its sentence
    is_joined: bool  # nothing that ends a phrase stands before it


@dataclass(frozen=True, slots=True)
class _Found:
    place: int
    size: int
    form: Form


class Names:
    """All that is known of a brand's names, to take the second look by."""

    def __init__(self, brand: Brand) -> None:
        languages = listening(brand)
        self._brand = brand
        self.forms = forms_known(brand)
        self._names = {Mark.MENTION: (brand.name, *brand.aliases), Mark.RIVAL: brand.rivals}
        self._context = Phrases(brand.context, languages)
        self._themes = Phrases(brand.themes, languages)
        self._longest: dict[str, int] = {}  # words of the longest form that begins with a word
        for form in self.forms:
            first, *others = form.split()
            self._longest[first] = max(self._longest.get(first, 0), 1 + len(others))
        own = {form for form, known in self.forms.items() if known.mark == Mark.MENTION}
        told = Phrases(brand.exclusions, languages).all
        around = [one.text for one in told if any(forms & own for forms in one.words)]
        self._around = Phrases(around, languages)
        self._beside = Phrases([one.text for one in told if one.text not in around], languages)
        self._handles = {handle.removeprefix("@").lower() for handle in brand.handles}
        self._handles |= {_handle_of(name) for name in self._names[Mark.MENTION]} - {""}
        self._rival_handles = {_handle_of(name): name for name in brand.rivals if _handle_of(name)}

    def to_find(self) -> dict[Mark, list[str]]:
        """Return what the reader is to look for, under the marks that it gives."""
        found: dict[Mark, list[str]] = {}
        for form, known in self.forms.items():
            mark = known.mark if known.is_sure else _MAYBE[known.mark]
            found.setdefault(mark, []).append(form)
            if not known.language and " " in form:
                found[mark].append("#" + form.replace(" ", ""))
        for mark, names in self._names.items():
            for name in names:
                whole = self.forms.get(" ".join(words_of(name)))
                # as written: Dr. Pepper has a sign in it; #OreoMoment and oreo.com are no words
                if whole is None or name.startswith("#") or (whole.is_sure and whole.mark == mark):
                    found.setdefault(mark, []).append(name)
        found.setdefault(Mark.MENTION, []).extend("@" + handle for handle in sorted(self._handles))
        found.setdefault(Mark.RIVAL, []).extend("@" + handle for handle in self._rival_handles)
        return found

    def confirmed(self, texts: pl.Series, marks: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Return marks in which every MAYBE has become MENTION or RIVAL, or is gone."""
        places = np.flatnonzero(marks & _MAYBES)
        if not places.size:
            return marks
        meant: dict[str, int] = {}  # the same words mean the same
        bits = np.empty(places.size, np.uint32)
        for i, text in enumerate(texts.gather(places)):
            if text not in meant:
                meant[text] = sum({int(one.mark) for one in self.mentions(text)})
            bits[i] = meant[text]
        told = marks.copy()
        told[places] = marks[places] & ~_MAYBES | bits
        return told

    def mentions(self, text: str) -> Iterator[Mention]:
        """Yield every name that is meant in a text, sure ones first."""
        yield from self._called(text)
        words = list(_words(text))
        folded = [word.folded for word in words]
        found = [one for one in self._names_in(words) if not self._is_void(folded, one)]
        proved = False
        for one in found:
            if not self._is_open(one.form):
                proved = True
                yield self._mention(words, one, _plainly(words, one))
        capitals = _capitals_mean_something(words)
        for one in found:
            if self._is_open(one.form):
                why = self._evidence(words, folded, one, capitals, proved)
                if why:
                    yield self._mention(
                        words, one, f"{_doubt(words, one)}: counted because of {why}"
                    )

    def mention_of(self, text: str) -> Mention | None:
        """Return the first mention of the brand in a text, with the reason; None without one."""
        return next((one for one in self.mentions(text) if one.mark == Mark.MENTION), None)

    def _called(self, text: str) -> Iterator[Mention]:
        for match in re.finditer(r"(?<!\w)@(\w+(?:[.-]\w+)*)", text):
            handle = match[1].lower()
            if handle in self._handles:
                yield Mention(match[0], self._brand.name, Mark.MENTION, f"{match[0]}: the handle")
            elif handle in self._rival_handles:
                name = self._rival_handles[handle]
                yield Mention(match[0], name, Mark.RIVAL, f"{match[0]}: the handle of {name}")

    def _names_in(self, words: Sequence[_Word]) -> Iterator[_Found]:
        place = 0
        while place < len(words):
            longest = self._longest.get(words[place].folded, 0)
            for size in range(min(longest, len(words) - place), 0, -1):
                run = words[place : place + size]
                known = self.forms.get(" ".join(word.folded for word in run))
                if known is not None and all(word.is_joined for word in run[1:]):
                    yield _Found(place, size, known)
                    place += size
                    break
            else:
                if words[place].is_tag:
                    joined = self._tagged(words[place].folded)
                    if joined is not None:
                        yield _Found(place, 1, joined)
                place += 1

    def _tagged(self, tag: str) -> Form | None:
        words = (words_of(name) for names in self._names.values() for name in names)
        joined = (" ".join(name) for name in words if len(name) > 1 and "".join(name) == tag)
        return next((self.forms[form] for form in joined), None)

    def _is_open(self, form: Form) -> bool:
        # not proved by its letters alone
        is_own = form.mark == Mark.MENTION and form.name == self._brand.name
        return form.is_ambiguous or (is_own and not form.language and bool(self._context.all))

    def _is_void(self, folded: Sequence[str], one: _Found) -> bool:
        if one.form.mark != Mark.MENTION:
            return False
        end = one.place + one.size
        for start in range(max(0, end - MAX_PHRASE), one.place + 1):
            if any(start + len(told.words) >= end for told in self._around.at(folded, start)):
                return True
        return bool(_near(self._beside, folded, one, NEAR))

    def _evidence(
        self,
        words: Sequence[_Word],
        folded: Sequence[str],
        one: _Found,
        capitals: bool,
        proved: bool,
    ) -> str:
        word = words[one.place]
        is_own = one.form.mark == Mark.MENTION
        context = _near(self._context, folded, one, NEAR) if is_own else ""
        has_capital = word.text[:1].isupper() or _is_as_only_names_are(word, one.form)
        if is_own and self._context.all:
            if not context:
                return ""
            if word.is_tag or (has_capital and capitals):
                sign = "the #" if word.is_tag else "the capital"
                return f"{sign} and the context word '{context}'"
            beside = _near(self._context, folded, one, BESIDE)
            return f"the context word '{beside}' beside it" if beside else ""
        if word.is_tag:
            return "the #"
        if not has_capital or not capitals:
            return ""
        if not word.is_first or _is_as_only_names_are(word, one.form):
            return "the capital"
        if proved:
            return "the capital and another mention"
        theme = _near(self._themes, folded, one, NEAR) if is_own else ""
        return f"the capital and the theme '{theme}'" if theme else ""

    def _mention(self, words: Sequence[_Word], one: _Found, why: str) -> Mention:
        return Mention(_written(words, one), one.form.name, one.form.mark, why)


def brand_patterns(brand: Brand, events: Sequence[WatchedEvent] = ()) -> Patterns:
    """Return all that posts are to be searched for, for one brand and its watched events."""
    names = Names(brand)
    confirm: Callable[[pl.Series, NDArray[np.uint32]], NDArray[np.uint32]] = names.confirmed
    return patterns_of(
        phrases={
            Mark.GRAVE: brand.sensitive,
            Mark.THEME: brand.themes,
            Mark.NO_GO: brand.no_go,
            Mark.EVENT: [term for event in events for term in event.terms],
        },
        names=names.to_find(),
        markets=brand.markets,
        confirm=confirm,
    )


def _handle_of(name: str) -> str:
    return name[1:].lower() if name.startswith("@") else "".join(words_of(name))


def _words(text: str) -> Iterator[_Word]:
    end = 0
    is_start = True
    for match in _TOKEN.finditer(text):
        gap = text[end : match.start()]
        end = match.end()
        is_first = is_start or bool(_ENDS_SENTENCE.search(gap))
        if match["word"] is None:
            is_start = is_first  # a handle or a link begins no sentence
            continue
        is_start = False
        is_tag = bool(match["sign"])
        parts = _CAMEL.split(match["word"]) if is_tag else [match["word"]]
        for number, part in enumerate(parts):
            is_joined = number > 0 or not _PARTS.search(gap)
            yield _Word(part, folded_word(part), is_tag, is_first and number == 0, is_joined)


def _near(phrases: Phrases, folded: Sequence[str], one: _Found, reach: int) -> str:
    # the first phrase within so many words of a name, but not in it
    end = one.place + one.size
    for start in range(max(0, one.place - reach - 1), min(len(folded), end + reach + 1)):
        for phrase in phrases.at(folded, start):
            if start >= end or start + len(phrase.words) <= one.place:
                return phrase.text
    return ""


def _capitals_mean_something(words: Sequence[_Word]) -> bool:
    plain = [word.text for word in words if not word.is_tag]
    long = [word for word in plain if len(word) >= HEADLINE_WORDS]
    capital = sum(word[0].isupper() for word in long)
    shouted = sum(word.isupper() for word in plain if len(word) > 1)
    if len(plain) >= HEADLINE_WORDS and shouted >= SHOUTED * len(plain):
        return False
    return len(long) < HEADLINE_WORDS or capital <= SHOUTED * len(long)


def _is_as_only_names_are(word: _Word, form: Form) -> bool:
    # eBay, Domino's; or all in capitals where the rest is not
    written = word.text.replace("\u2019", "'")
    is_unlike_words = form.name[1:] != form.name[1:].lower() or "'" in form.name
    is_capitals = len(written) >= LEAST_CAPITALS and written.isupper()
    return is_capitals or (is_unlike_words and form.name.split()[0] == written)


def _written(words: Sequence[_Word], one: _Found) -> str:
    return " ".join(word.text for word in words[one.place : one.place + one.size])


def _doubt(words: Sequence[_Word], one: _Found) -> str:
    written = _written(words, one)
    if one.form.word_of:
        return f"'{written}' is a word of {LANGUAGES[one.form.word_of]}"
    if one.form.is_short:
        return f"'{written}' is short"
    return f"'{written}' may be something else"


def _plainly(words: Sequence[_Word], one: _Found) -> str:
    written = _written(words, one)
    if one.form.language:
        language = LANGUAGES[one.form.language]
        article = "an" if language[0] in "AEIOU" else "a"
        said = f"{one.form.name} with {article} {language} ending"
    else:
        said = "the name itself" if written == one.form.name else f"{one.form.name}, written so"
    return f"{written}: {said}{', without its accents' if one.form.is_plain else ''}"
