"""Word lists that ship with rtm: stop words, stems of grave matters and of broad subjects.

A list's entry means: ``war=`` the whole word; ``kill*`` or plain ``massacre`` any word that begins
so; ``shot dead`` these words in this order. A long entry is also found without its accents.
"""

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from typing import Any

from rtm.text import keys
from rtm.text.lookup import Lookup, lookup_of

BARE_FROM = 6  # letters from which an entry without its accents is hardly another word


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
    """Return the entries of each list, all languages together.

    Lists are ``strong CLASS``, ``likely CLASS``, ``weak CLASS``, ``scene``, ``play``, ``politics``.
    """
    strong, weak = _read("risk.toml"), _read("risk_weak.toml")
    lists = {"politics": strong.pop("politics")}
    lists |= {name: weak.pop(name) for name in ("scene", "play")}
    kinds = {"strong": strong, "likely": _read("risk_likely.toml"), "weak": weak}
    for kind, classes in kinds.items():
        lists |= {f"{kind} {name}": languages for name, languages in classes.items()}
    return {
        name: tuple(typed for entries in languages.values() for typed in _as_typed(entries))
        for name, languages in lists.items()
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


@cache
def markets() -> tuple[str, ...]:
    """Return the markets (ISO 3166, small letters) with a list of their own."""
    return tuple(_read("markets.toml"))


@cache
def market_entries(market: str) -> dict[str, tuple[str, ...]]:
    """Return what is grave in a market by class; nothing for one without a list."""
    lists = _read("markets.toml").get(market.lower(), {})
    return {name: tuple(_as_typed(entries)) for name, entries in lists.items()}


def _as_typed(entries: Iterable[str]) -> Iterator[str]:
    for entry in entries:
        yield entry
        bare = unaccented(entry)
        if bare != entry and len(bare.rstrip("*=")) >= BARE_FROM:
            yield bare


def unaccented(text: str) -> str:
    """Return small letters without their accents, as people in a hurry type them.

    >>> unaccented("wypadków łódź")
    'wypadkow lodz'
    """
    apart = unicodedata.normalize("NFD", text.replace("ł", "l"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
