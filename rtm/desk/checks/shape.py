"""Checks of what there is: words for every channel, that they fit, alt text, no secret."""

import re
from collections.abc import Iterator

import regex

from rtm.desk.checks.scene import Complaint, Look
from rtm.text.plain_letters import plain

_SEEN = regex.compile(r"[^\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]")
_FILE = re.compile(
    r"\s*\S+\.(?:jpe?g|png|gif|webp|avif|heic|tiff?|bmp|svg)\s*"
    r"|\s*(?:img|dsc[fn]?|pxl|mvimg|screenshot|whatsapp image)[\W_]*\d[\w .:-]*",
    re.IGNORECASE,
)
_SAYS_NOTHING = """
image picture photo photograph graphic logo banner gif alt screenshot pilt foto fotod joonis
graafika obraz obrazek zdjecie fotka grafika ilustracja snimek fotografie obrazec slika fotografija
posnetek
"""
SAYS_NOTHING = frozenset(_SAYS_NOTHING.split())


def empty(look: Look) -> Iterator[Complaint]:
    """Stop a post, or a part of it, that has nothing to read."""
    draft, scene = look.draft, look.scene
    for channel in sorted(set(scene.channels)):
        if not _SEEN.search(draft.message(channel).text):
            yield Complaint("empty", f"There are no words for {channel} yet: write some.", channel)
    if not scene.channels and not _SEEN.search(draft.text):
        yield Complaint("empty", "There are no words yet: write some.")
    for piece in look.pieces:
        if piece.name.startswith(("post", "answer")) and not _SEEN.search(piece.text):
            yield Complaint("empty", f"There are no words in {piece.name}: write some, or drop it.")


def length(look: Look) -> Iterator[Complaint]:
    """Stop what does not fit, by each network's own counting."""
    for channel in sorted(set(look.scene.channels)):
        too_much = look.scene.limits.get(channel)
        if too_much is not None:
            yield Complaint("length", too_much, channel)


def alt(look: Look) -> Iterator[Complaint]:
    """Stop a picture without words for who cannot see it; tell of words that say nothing."""
    for number, picture in enumerate(look.draft.pictures, 1):
        if not _SEEN.search(picture.alt):
            words = f"Picture {number} says nothing to who cannot see it: write what it shows."
            yield Complaint("alt", words)
        elif _FILE.fullmatch(picture.alt) or _is_but_picture(picture.alt):
            words = f"'{picture.alt.strip()}' does not say what picture {number} shows: write that."
            yield Complaint("alt", words, stops=False)


def leak(look: Look) -> Iterator[Complaint]:
    """Stop what gives away a secret, in the guard's words."""
    for words in sorted(set(look.scene.leaks)):
        yield Complaint("leak", f"The draft {words}.")


def _is_but_picture(alt: str) -> bool:
    words = re.findall(r"[^\W\d_]+", plain(alt).text)
    return all(word in SAYS_NOTHING for word in words)
