# ruff: noqa: RUF001, RUF002 -- letters that look alike are what this is about
"""Letters as a reader sees them: look-alikes, full width, accents and what has no width, undone."""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

# Letters of other alphabets that are read as Latin ones, and Latin ones that Unicode keeps apart.
_CYRILLIC = dict(zip("авгдеикмнопрстухцѕіјԁһԛԝь", "abrdeukmhonpctyxusijdhqwb", strict=True))
_GREEK = dict(zip("αβγεηικνορτυχωσ", "abyenikvoptuxwo", strict=True))
_SMALL = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢғ", "abcdefghijklmnoprstuvwyzf", strict=True))
_SMALL |= {"ł": "l", "đ": "d", "ø": "o", "ı": "i", "ƒ": "f", "ɑ": "a", "ɡ": "g", "ß": "ss"}
_ALIKE = _CYRILLIC | _GREEK
_KEPT = "\n\t"


class Plain(NamedTuple):
    """A text without accents and odd forms: ``places`` says where each letter came from."""

    text: str
    places: Sequence[int]


class _Folds(dict[str, str]):
    """What becomes of each character, found once."""

    def __missing__(self, char: str) -> str:
        kind = unicodedata.category(char)
        if kind in ("Cf", "Mn", "Me") or char in "\u00ad\u115f\u1160\u3164\uffa0":
            plain = ""
        elif kind == "So" and "NEGATIVE" in (name := unicodedata.name(char, "")):
            plain = name[-1].lower()  # letters in black boxes have no other form
        else:
            wide = unicodedata.normalize("NFKD", char).casefold()
            plain = "".join(
                _SMALL.get(one, one)
                for one in unicodedata.normalize("NFKD", wide)
                if unicodedata.category(one) not in ("Mn", "Me", "Cf")
            )
            if kind.startswith("Z") and char not in _KEPT:
                plain = " "
        self[char] = plain[:8]
        return self[char]


_FOLDS = _Folds()


def plain(text: str) -> Plain:
    r"""Return a text's letters as read, each with its place in the text.

    >>> plain("Ｆu\u200bçk").text
    'fuck'
    """
    if text.isascii():
        return Plain(text.lower(), range(len(text)))
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        folded = _FOLDS[char]
        letters.append(folded)
        places.extend([place] * len(folded))
    return Plain("".join(letters), places)


def latin(word: str) -> str | None:
    r"""Return a word with look-alikes read as Latin; None when other letters remain.

    >>> latin("сunt")
    'cunt'
    """
    if word.isascii():
        return word
    read = "".join(_ALIKE.get(char, char) for char in word)
    return read if read.isascii() else None
