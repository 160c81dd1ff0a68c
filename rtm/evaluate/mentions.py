"""How often a brand is found where it is meant, and not where it is not.

On the sentences in ``tests/data/mentions``, written by us: the part ``report``, by which nothing
was chosen; and on names that stand inflected in the source documents. Whoever chose the
endings had read the documents, so recall there is no promise for names unseen.
"""

import csv
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

from rtm.brand import Brand
from rtm.estimates import Estimate, share
from rtm.evaluate.figure import Figure
from rtm.evaluate.language import source_sentences
from rtm.languages import LANGUAGES
from rtm.text.mentions import Names

PART = "mentions"
WRITTEN = Path(__file__).parents[2] / "tests" / "data" / "mentions"
WRITTEN_IN = ("en", "et", "pl", "cs", "sl")
# names that stand in the source documents other than in their first form: (name, form, sentences)
INFLECTED = {
    "et": (
        ("Lux Express", "Lux Expressis", 1),
        ("Mehik", "Mehiku", 1),
        ("LHV Pank", "LHV Panga", 1),
        ("LHV Pank", "LHV Pangas", 1),
        ("Kotkas", "Kotka", 2),
        ("Facebook", "Facebookis", 2),
        ("Facebook", "Facebooki", 1),
        ("Twitter", "Twitteris", 3),
        ("iPhone", "iPhone\u2019i", 1),
        ("Oreo", "Oreol", 1),
        ("Super Bowl", "Super Bowli", 2),
        ("Kulp&Kapsas", "Kulp&Kapsa", 1),
        ("Steffan", "Steffani", 1),
    ),
    "pl": (("Twitter", "Twittera", 1), ("Twitter", "Twitterze", 1)),
    "cs": (("Twitter", "Twitteru", 1),),
    "sl": (("Twitter", "Twitterju", 1),),
}


def figures(data: Path) -> Iterator[Figure]:
    """Yield precision and recall for each language, and recall on the source documents' names."""
    yield from written_figures(WRITTEN)
    yield from _source_figures(data)


def written_figures(folder: Path, part: str = "report") -> Iterator[Figure]:
    """Yield precision and recall on one part of the written sentences."""
    if not folder.is_dir():
        note = "tests/data/mentions is in a checkout only"
        yield Figure(part=PART, name="precision, written sentences", note=note)
        return
    found: list[bool] = []
    meant: list[bool] = []
    for language in WRITTEN_IN:
        told = list(_judged(folder, language, part))
        found += [is_found for is_found, _ in told]
        meant += [is_meant for _, is_meant in told]
        yield from _pair(told, LANGUAGES[language])
    yield from _pair(list(zip(found, meant, strict=True)), "all languages", 0.99)


def _pair(told: list[tuple[bool, bool]], whose: str, aim: float | None = None) -> Iterator[Figure]:
    note = f"of {len(told)} sentences written by us"
    for measure, units in (
        ("precision", [is_meant for is_found, is_meant in told if is_found]),
        ("recall", [is_found for is_found, is_meant in told if is_meant]),
    ):
        title = f"{measure}, {whose}"
        yield Figure(part=PART, name=title, estimate=share(units, title), aim=aim, note=note)


def _judged(folder: Path, language: str, part: str) -> Iterator[tuple[bool, bool]]:
    with (folder / f"{language}.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["part"] == part:
                names = _names(folder, row["brand"], language)
                yield names.mention_of(row["text"]) is not None, row["meant"] == "1"


@cache
def _names(folder: Path, brand: str, language: str) -> Names:
    profiles = tomllib.loads((folder / "brands.toml").read_text("utf-8"))
    return Names(msgspec.convert({**profiles[brand], "languages": [language]}, Brand))


def _source_figures(data: Path) -> Iterator[Figure]:
    sentences = list(source_sentences(data))
    if not sentences:
        yield Figure(part=PART, name="recall, source documents", note="they are not there")
        return
    for language, expected in INFLECTED.items():
        hits: list[bool] = []
        for name, form, count in expected:
            names = Names(Brand(name=name, languages=(language,)))
            told = [text for one, text in sentences if one == language and stands(form, text)]
            hits += [names.mention_of(text) is not None for text in told]
            hits += [False] * (count - len(told))
        title = f"recall of inflected names, {LANGUAGES[language]} source documents"
        estimate: Estimate = share(hits, title)
        yield Figure(part=PART, name=title, estimate=estimate, aim=0.9)


def stands(form: str, text: str) -> bool:
    """Tell whether a form stands in a text as a word of its own, or before a sign.

    >>> stands("Oreol", "Twitteris oli Oreol"), stands("Oreo", "Twitteris oli Oreol")
    (True, False)
    """
    place = text.find(form)
    while place >= 0:
        if not text[place + len(form) : place + len(form) + 1].isalpha():
            return True
        place = text.find(form, place + 1)
    return False
