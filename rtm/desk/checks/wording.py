"""Checks of the words: what a brand never says; what is grave, rude, a rival's, open, too loud."""

import re
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_

import numpy as np

from rtm.desk.checks.addresses import addresses_of, domain_of
from rtm.desk.checks.scene import Complaint, Look, Piece
from rtm.desk.kits import slots_of
from rtm.text.grave import weighed
from rtm.text.patterns import CLASSES, WEAK_BITS, Mark
from rtm.text.spots import Spot

MOST_CALLED = 5  # people whom a post calls by their handle
LEAST_SHOUTED = 3  # words; GOAL! is no shouting
SHOUTED = 0.7  # share of letters in capitals
SHOWN = 4  # words named in a sentence

_HAPPENED = sum(CLASSES.values()) & ~Mark.MINORS  # that children are there makes nothing grave
_HANDLE = re.compile(r"(?<![\w@])@(\w[\w.-]*)")
_NO_WORD = re.compile(r"(?:https?://|www\.)\S+|[@#]\w\S*")
_CASED = re.compile(r"[^\W\d_]{2,}")
_LAUGHS = re.compile(
    r"[\U0001f601-\U0001f606\U0001f609\U0001f60f\U0001f61b-\U0001f61d\U0001f638\U0001f639"
    r"\U0001f643\U0001f923\U0001f92a]|(?<!\w)(?:[;:]-?[)DP]|xD+)(?!\w)"
    r"|\b(?:a?(?:ha|he|hi|ho|cha|chi){2,}h?|lol+|lmf?ao+|rofl|jk|just kidding"
    r"|nali|naljaviluks|żart(?:uje|ujemy)?|beka|vtip|sranda|žertujeme|hecam|hecamo|šala)\b",
    re.IGNORECASE,
)


def no_go(look: Look) -> Iterator[Complaint]:
    """Stop what the profile says that the brand never touches, whatever its ending."""
    for piece in look.pieces:
        for said, phrase in look.known.read(piece.text).no_go.items():
            listed = f" (as '{phrase}')" if phrase.casefold() != said else ""
            words = f"'{said}' in {piece.name} is on the no-go list{listed}: take it out."
            yield Complaint("no-go", words, piece.channel)


def grave(look: Look) -> Iterator[Complaint]:
    """Stop grave words that could be read as a joke; where they may be needed, tell of them.

    Words that are grave only sometimes are weighed as in posts; alone, they are told. What stands
    in one part is read beside what stands in another.
    """
    found = [(spot, piece) for piece in look.pieces for spot in look.known.read(piece.text).grave]
    bits = reduce(or_, (spot.bits for spot, _ in found), 0)
    told = int(weighed(np.array([bits], np.uint32))[0])
    if told & Mark.GRAVE:
        strong = [(spot, piece) for spot, piece in found if spot.bits & Mark.GRAVE]
        named = strong or [one for one in found if _weak(one[0].bits) or one[0].bits & Mark.SCENE]
        classes = [name for name, mark in CLASSES.items() if told & mark]
        yield _graveness(look, named, classes)
    elif not bits & Mark.PLAY:
        weak = [(spot, piece) for spot, piece in found if _weak(spot.bits)]
        if weak:
            words = f"{_quoted(spot for spot, _ in weak)} may be read as grave: look at it twice."
            yield Complaint("grave", words, _channel(weak), stops=False)


def manners(look: Look) -> Iterator[Complaint]:
    """Stop what is rude, in plain sight or disguised."""
    for piece in look.pieces:
        why = look.known.read(piece.text).rude
        if why is not None:
            words = f"{_begun(piece.name)} is not fit to be read in public ({why}): reword it."
            yield Complaint("manners", words, piece.channel)


def rival(look: Look) -> Iterator[Complaint]:
    """Stop a rival's name in any form, unless the policy allows it; never the brand's own."""
    if look.known.policy.named_rivals == "allow":
        return
    for piece in look.pieces:
        found = dict(look.known.read(piece.text).rivals)
        for address in addresses_of(piece.text):
            name = look.known.rivals.get(domain_of(address).partition(".")[0].replace("-", ""))
            if name is not None:
                found.setdefault(name, address)
        for name, form in found.items():
            words = f"'{form}' in {piece.name} names a rival ({name}): leave the name out."
            yield Complaint("rival", words, piece.channel)


def slot(look: Look) -> Iterator[Complaint]:
    """Stop what a kit left open and nobody filled in."""
    for piece in look.pieces:
        for name in slots_of(piece.text):
            words = f"{{{name}}} in {piece.name} is not filled in: write what belongs there."
            yield Complaint("slot", words, piece.channel)


def mentions(look: Look) -> Iterator[Complaint]:
    """Tell of a post that calls many people, as spam does."""
    channels = look.scene.channels
    apart = sorted(set(channels)) if any(one in look.draft.own for one in channels) else [None]
    for channel in apart:
        message = look.draft.message(channel or "")
        called = {
            match[1].lower().rstrip(".-")
            for text in (message.text, *message.more)
            for match in _HANDLE.finditer(text)
        }
        if len(called) > MOST_CALLED:
            words = (
                f"It calls {len(called)} people; with more than {MOST_CALLED} it looks like spam."
            )
            yield Complaint("mentions", f"{words} Call fewer.", channel, stops=False)


def shouting(look: Look) -> Iterator[Complaint]:
    """Tell of a text that is nearly all in capitals: people hear shouting, screen readers spell."""
    for piece in look.pieces:
        words = _CASED.findall(_NO_WORD.sub(" ", piece.text))
        cased = [char for word in words for char in word if char.isupper() or char.islower()]
        loud = sum(char.isupper() for char in cased)
        if sum(word.isupper() for word in words) >= LEAST_SHOUTED and loud >= SHOUTED * len(cased):
            said = f"{_begun(piece.name)} is nearly all in capitals: write it as one speaks."
            yield Complaint("shouting", said, piece.channel, stops=False)


def _graveness(look: Look, named: list[tuple[Spot, Piece]], classes: list[str]) -> Complaint:
    said = _quoted(spot for spot, _ in named)
    kinds = f" ({', '.join(classes)})" if classes else ""
    laugh = next((found for one in look.pieces if (found := _LAUGHS.search(one.text))), None)
    channel = _channel(named)
    if laugh is not None:
        words = f"{said}: that is grave{kinds}, and '{laugh[0]}' laughs. Take one of the two out."
        return Complaint("grave", words, channel)
    if look.draft.reply_to is not None or look.scene.is_released:
        words = f"{said}: that is grave{kinds}. Read it once more as somebody who is hurt would."
        return Complaint("grave", words, channel, stops=False)
    remedy = "Take it out, or have a moderator release the lock."
    return Complaint(
        "grave", f"{said}: that is grave{kinds}, and no matter to joke about. {remedy}", channel
    )


def _weak(bits: int) -> int:
    return (bits >> WEAK_BITS) & _HAPPENED


def _quoted(spots: Iterable[Spot]) -> str:
    said = list(dict.fromkeys(f"'{spot.said}'" for spot in spots))
    more = f" and {len(said) - SHOWN} more" if len(said) > SHOWN else ""
    return ", ".join(said[:SHOWN]) + more


def _channel(found: list[tuple[Spot, Piece]]) -> str | None:
    channels = {piece.channel for _, piece in found}
    return channels.pop() if len(channels) == 1 else None


def _begun(name: str) -> str:
    return name[0].upper() + name[1:]
