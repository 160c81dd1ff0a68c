"""How often the language of a post is identified from its words alone, language by language.

Nothing was chosen on any of these sets: the model is py3langid's, and the least number of letters
was set before. A post too short to tell ("und") is no error, and its share is told beside.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from rtm.estimates import share
from rtm.evaluate.figure import Figure
from rtm.evaluate.places import corpus, sources
from rtm.languages import LANGUAGES
from rtm.text.identify import identified
from rtm.text.language import UNKNOWN, number_of

PART = "language"
AIM = 0.97
SOURCE_LANGUAGES = {"000": "et", "001": "et", "002": "pl", "003": "cs", "004": "sl"}
_SETS = {
    "multilingual_et_pl_cs_sl": ("et", "pl", "cs", "sl"),
    "superbowl_li_2017": ("en",),
    "us_airlines_2015": ("en",),
    "crisislex_2012_2013": ("en",),
}
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def figures(data: Path) -> Iterator[Figure]:
    """Yield accuracy for each language of each set, and on sentences of the source documents."""
    for name, languages in _SETS.items():
        path = corpus(data, name)
        if path is None:
            yield Figure(part=PART, name=f"accuracy, {name}", note="the set is not there")
            continue
        posts = pl.read_parquet(path, columns=["text", "lang"])
        for language in languages:
            texts = posts.filter(pl.col("lang") == language)["text"]
            yield _figure(name, language, texts)
    told = list(source_sentences(data))
    if not told:
        yield Figure(part=PART, name="accuracy, source documents", note="they are not there")
    for language in sorted({language for language, _ in told}):
        texts = pl.Series([text for one, text in told if one == language], dtype=pl.String)
        yield _figure("source documents", language, texts)


def source_sentences(data: Path) -> Iterator[tuple[str, str]]:
    """Yield each sentence of the source documents with its language, one document after another."""
    for path in sources(data):
        language = SOURCE_LANGUAGES.get(path.name[:3])
        if language is not None:
            for sentence in _SENTENCE.split(path.read_text("utf-8")):
                if sentence.strip():
                    yield language, sentence.strip()


def _figure(name: str, language: str, texts: pl.Series) -> Figure:
    spoken = identified(texts)
    is_told = spoken != UNKNOWN
    hits = (spoken[is_told] == number_of(language)).tolist()
    title = f"accuracy {LANGUAGES[language]}, {name}"
    note = f"{1 - np.mean(is_told):.1%} too short to tell" if texts.len() else "no such posts"
    return Figure(part=PART, name=title, estimate=share(hits, title), aim=AIM, note=note)
