"""How many rude words are caught, plain and in each disguise, and how many innocent texts.

Words are planted in sentences of five languages, all written for rtm. The disguises ``UNSEEN``
were written last and nothing was changed for them, as for the words that the file calls unseen.
"""

import csv
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

import rtm
from rtm.estimates import Estimate, share
from rtm.evaluate.figure import Figure
from rtm.evaluate.places import corpus
from rtm.text.manners import is_public

PART = "manners"
OURS = Path(rtm.__file__).parent.parent / "tests" / "data" / "manners"
SETS = ("reddit_superbowl_xlvii_2013", "us_airlines_2015", "nfl_touchdown_stream_2014")
CAUGHT, FALSELY = 0.95, 0.002
_LEET = str.maketrans("aeiost", "4310$7")
_CYRILLIC = str.maketrans("aceopxyi", "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0456")
_WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})

STYLES: dict[str, Callable[[str], str]] = {
    "plain": lambda word: word,
    "capitals": str.upper,
    "one star": lambda word: f"{word[0]}*{word[2:]}",
    "two stars": lambda word: (
        f"{word[0]}**{word[3:]}" if len(word) > 3 else f"{word[0]}*{word[2:]}"
    ),
    "digits and signs": lambda word: word.translate(_LEET),
    "blanks": " ".join,
    "dots": ".".join,
    "hyphen": lambda word: f"{word[:2]}-{word[2:]}",
    "drawn out": lambda word: word[0] + word[1] * 5 + word[2:],
    "Cyrillic look-alikes": lambda word: word.translate(_CYRILLIC),
    "full width": lambda word: word.translate(_WIDE),
    "struck through": lambda word: "".join(char + "\u0336" for char in word),
    "zero width": "\u200b".join,
    "tag": lambda word: f"#{word}Tonight",
}
UNSEEN: dict[str, Callable[[str], str]] = {
    "brackets": lambda word: "".join(f"[{char}]" for char in word),
    "bold letters": lambda word: "".join(
        chr(0x1D41A + ord(char) - ord("a")) if "a" <= char <= "z" else char for char in word
    ),
    "a blank inside": lambda word: f"{word[:2]} {word[2:]}",
    "vowels left out": lambda word: word[0] + "".join(c for c in word[1:] if c not in "aeiouy"),
}


def figures(data: Path) -> Iterator[Figure]:
    """Yield the shares caught of planted words, and of innocent texts."""
    yield from _planted()
    yield from _innocent(data)


def _planted() -> Iterator[Figure]:
    path = OURS / "carriers.toml"
    if not path.is_file():
        yield Figure(part=PART, name="planted words caught", note="sentences are not there")
        return
    for language, told in tomllib.loads(path.read_text("utf-8")).items():
        for style, disguise in STYLES.items():
            yield _caught(language, told, "known", style, disguise, aim=CAUGHT)
        yield _caught(language, told, "unseen", "plain", str, aim=None, note="words kept aside")
        for style, disguise in UNSEEN.items():
            yield _caught(language, told, "known", style, disguise, None, "a disguise kept aside")


def _caught(
    language: str,
    told: dict[str, Any],
    words: str,
    style: str,
    disguise: Callable[[str], str],
    aim: float | None,
    note: str = "",
) -> Figure:
    name = f"{words} words caught, {language}, {style}"
    rude = [
        not is_public(carrier.format(disguise(word)))
        for word in told[words]
        for carrier in told["carriers"]
    ]
    return Figure(part=PART, name=name, estimate=share(rude, name), aim=aim, note=note)


def _innocent(data: Path) -> Iterator[Figure]:
    # judged by reading: would a brand keep it off its wall (so "map porn" counts as rude)
    path = OURS / "judged.csv"
    judged: dict[tuple[str, str], bool] = {}
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as lines:
            judged = {(row["set"], row["id"]): row["rude"] == "1" for row in csv.DictReader(lines)}
    for name in SETS:
        found = corpus(data, name)
        if found is None:
            yield Figure(part=PART, name=f"texts held back, {name}", note="the set is not there")
            continue
        posts = pl.read_parquet(found, columns=["id", "text"]).drop_nulls()
        hits = [id for id, text in posts.iter_rows() if not is_public(text)]
        read = [judged[name, id] for id in hits if (name, id) in judged]
        held = f"texts held back, {name}"
        right = f"of texts held back, rude when read, {name}"
        flags = [True] * len(hits) + [False] * (posts.height - len(hits))
        yield Figure(part=PART, name=held, estimate=share(flags, held), note="most are rude")
        yield Figure(part=PART, name=right, estimate=share(read, right), aim=0.9)
        if read:
            wrong = len(hits) / posts.height * (1 - sum(read) / len(read))
            falsely = f"share of all texts falsely held back, {name}"
            note = f"of {posts.height} texts, by {len(read)} held back that were read"
            estimate = Estimate(round(wrong, 6), None, None, posts.height)
            yield Figure(
                part=PART, name=falsely, estimate=estimate, aim=FALSELY, better="less", note=note
            )
