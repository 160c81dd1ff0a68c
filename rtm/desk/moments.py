"""A moment that a person opens by hand: what it needs, and what would follow every post.

Be a title and a few terms: somebody saw something on television. You are read as one who writes a
watched event's terms would be, refused where you would match nearly everything, and become a
decision whose id follows from what it says, so that a replay knows you by the same name.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import blake2b

import msgspec
import polars as pl

from rtm.decisions import Closed, Kind, Opened
from rtm.desk.deciding import NotAllowed
from rtm.desk.roles import Person
from rtm.errors import IllegalMove
from rtm.phrases import Phrase, refuse_repeats
from rtm.remedies import shown
from rtm.text.lexicon import is_stop_word
from rtm.text.patterns import MAX_PHRASE, is_word
from rtm.text.spotting import Spotter
from rtm.text.terms import tokens_of
from rtm.types import BY_HAND, Example, Story, card_of

MAY_OPEN = frozenset({"writer", "approver", "moderator", "responder"})
LONGEST_TITLE = 120  # letters: a headline
MOST_TERMS = 10
MOST_OPEN = 16  # at once: more than a room can look after
LONGEST_ADDRESS = 1_000  # characters; an at:// address has about 80
DIGEST = 8  # bytes of an id: longer than those of stories that rtm found

# what breaks a line or turns its letters around
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_ADDRESS = re.compile(rf"[^\x00-\x20\x7f]{{1,{LONGEST_ADDRESS}}}")


class Unclear(IllegalMove):
    """Say what of a moment cannot be followed as it is written, and what to write instead."""


def opened(
    person: Person,
    at: datetime,
    *,
    title: str,
    terms: Sequence[str],
    kind: Kind = "moment",
    reply_to: str | None = None,
    answers: Example | None = None,
) -> Opened:
    """Turn a person's wish into a decision.

    Parameters
    ----------
    terms
        Phrases as in a watched event; posts that say one of them will belong to the moment.
    reply_to, answers
        The address of the post that a ``complaint`` answers, and that post where it is known.

    Raises
    ------
    NotAllowed
        When the person has no role at the desk.
    Unclear
        When the title, a term or the address cannot be used, with what to write instead.
    """
    _may(person, "open")
    title = " ".join(title.split())
    if not 1 <= len(title) <= LONGEST_TITLE or _UNSEEN.search(title):
        raise Unclear(f"title: 1 to {LONGEST_TITLE} letters are needed, on one line")
    if not 1 <= len(terms) <= MOST_TERMS:
        raise Unclear(f"terms: 1 to {MOST_TERMS} are needed; {len(terms)} were given")
    kept = tuple(_term(number, term) for number, term in enumerate(terms, 1))
    try:
        refuse_repeats("terms", kept)
    except ValueError as error:
        raise Unclear(str(error)) from error
    if (kind == "complaint") != (reply_to is not None):
        raise Unclear("reply_to: the address of a post belongs to a complaint, and only to one")
    if reply_to is not None and not _ADDRESS.fullmatch(reply_to):
        raise Unclear(f"reply_to: an address of at most {LONGEST_ADDRESS:,} letters is needed")
    return Opened(
        at=at,
        opportunity=card_of(story_id(at, person.name, title)),
        who=person.name,
        title=title,
        terms=kept,
        kind=kind,
        reply_to=reply_to,
        answers=answers,
    )


def closed(person: Person, at: datetime, card: str) -> Closed:
    """Turn the wish to follow a moment no longer into a decision, or raise NotAllowed."""
    _may(person, "close")
    return Closed(at=at, opportunity=card, who=person.name)


def may_open(person: Person) -> bool:
    """Tell whether a person may open moments by hand, and close them."""
    return not MAY_OPEN.isdisjoint(person.roles)


def story_id(at: datetime, who: str, title: str) -> str:
    """Return the id of the story that a moment is, from what it says.

    >>> from datetime import UTC
    >>> story_id(datetime(2013, 2, 4, 1, 43, tzinfo=UTC), "mia", "Lights out")
    'hcdb0354c0e234a64'
    """
    said = msgspec.json.encode((at, who, title))
    return BY_HAND + blake2b(said, digest_size=DIGEST).hexdigest()


def sharing(asked: Story, others: Mapping[str, Story]) -> tuple[str, ...]:
    """Return the names of other stories that say a term of this one, or of which it says one."""
    ours, said = Spotter([asked.terms]), pl.Series([asked.title, *asked.terms], dtype=pl.String)
    return tuple(
        name
        for name, story in others.items()
        if ours.bits(_words(story)).any() or Spotter([story.terms]).bits(said).any()
    )


def why_too_common(term: str) -> str | None:
    """Say why a term would match nearly every post, or None.

    >>> why_too_common("the"), why_too_common("the lights"), why_too_common("#x")
    ('is said in nearly every post', None, None)
    """
    tokens = [token for token in tokens_of(term) if token.kind != "break"]
    first = tokens[0].kind if tokens else "none"
    if first == "link":
        return "would match every link to that site"
    if first in ("tag", "name"):
        return None
    words = [token for token in tokens if is_word(token)][:MAX_PHRASE]
    if all(word.kind == "word" and _says_nothing(word.text) for word in words):
        return "is said in nearly every post"
    return None


def _words(story: Story) -> pl.Series:
    quotes = (post.text for post in story.examples)
    return pl.Series([story.title, *story.terms, *quotes], dtype=pl.String)


def _says_nothing(word: str) -> bool:
    return len(word) < 2 or is_stop_word(word)


def _term(number: int, term: str) -> str:
    try:
        kept: str = msgspec.convert(" ".join(term.split()), Phrase)
    except msgspec.ValidationError as error:
        said = "up to 100 characters on one line, a letter or digit among them"
        raise Unclear(f"terms #{number} = {shown(term)}; write a word or phrase, {said}") from error
    if (why := why_too_common(kept)) is not None:
        remedy = "write words that only this moment has"
        raise Unclear(f"terms #{number} = {shown(kept)} {why}; {remedy}")
    return kept


def _may(person: Person, step: str) -> None:
    if not may_open(person):
        raise NotAllowed(f"{step}: {person.name} has not the role for it")
