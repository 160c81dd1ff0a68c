"""Word lists that ship with rtm: stop words, stems of grave matters and of broad subjects.

A list's entry means: ``war=`` the whole word; ``kill*`` or plain ``massacre`` any word that begins
so.
"""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from rtm.text import keys
from rtm.text.lookup import Lookup, lookup_of


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("rtm.lexicons").joinpath(name).read_text("utf-8"))


@cache
def stop_words() -> frozenset[str]:
    """Return the folded stop words of all languages."""
    return frozenset(word for text in _read("stop.toml").values() for word in text.split())


@cache
def stop_words_of(language: str) -> frozenset[str]:
    """Return the stop words of one language, those of English left out; none if it has no list."""
    lists = _read("stop.toml")
    return frozenset(lists.get(language, "").split()) - frozenset(lists["en"].split())


@cache
def manners_list() -> dict[str, Any]:
    """Return the list of rude words as it stands."""
    return _read("manners.toml")


def is_stop_word(word: str) -> bool:
    """Tell whether a folded word is never counted by itself."""
    return word in stop_words()


@cache
def stop_lookup() -> Lookup:
    """Return the stop words by raw state, for compiled code."""
    return lookup_of({keys.raw(word): 1 for word in stop_words()})


@cache
def risk_entries() -> dict[str, tuple[str, ...]]:
    """Return the entries of every risk class, all languages together: ``grave``, ``politics``."""
    return {
        risk: tuple(entry for entries in languages.values() for entry in entries)
        for risk, languages in _read("risk.toml").items()
    }


@cache
def category_entries() -> dict[str, tuple[str, ...]]:
    """Return the entries of every broad subject, all languages together: ``sport``, ``music``."""
    return {
        category: tuple(entry for entries in languages.values() for entry in entries)
        for category, languages in _read("category.toml").items()
    }


@cache
def bait_entries() -> tuple[str, ...]:
    """Return what asks for likes, shares or follows, all languages together."""
    return tuple(entry for entries in _read("bait.toml").values() for entry in entries)
