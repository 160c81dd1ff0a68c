"""The reader once more in plain Python: slow, and written from the rules, not the code."""

import re
from collections.abc import Iterator, Mapping

from rtm.text import keys
from rtm.text.alphabet import ZERO, class_of
from rtm.text.lexicon import risk_entries
from rtm.text.patterns import CLASSES, Mark
from rtm.text.terms import Token, is_counted, tokens_of

WORDS = ("word", "ideograph")
MAX_WORD = 40
ENOUGH = 256
SKETCH = 16
SKETCHED_FROM = 5
UNUSED = 2**64 - 1
OFFSET = int(keys.OFFSET)


def read_tokens(text: str) -> Iterator[Token]:
    """Yield what is read of a text: no noise, and no more than enough."""
    words = named = 0
    for token in tokens_of(text):
        is_noise = token.kind in WORDS and len(token.text) > MAX_WORD
        words += token.kind in WORDS and not is_noise
        named += _is_named(token)
        if words > ENOUGH or named > ENOUGH:
            return
        if not is_noise:
            yield token


def signature_of(text: str) -> tuple[list[int], int]:
    """Return the sketch, filled up with ``UNUSED``, and how many of its places are used."""
    tokens = list(read_tokens(text))
    words = [token for token in tokens if token.kind in WORDS]
    counted = {keys.mix(keys.raw(_masked(token))) for token in words if is_counted(token)}
    if len(counted) >= SKETCHED_FROM:
        smallest = sorted(counted)[:SKETCH]
        return smallest + [UNUSED] * (SKETCH - len(smallest)), len(smallest)
    exact = OFFSET
    for token in tokens:
        if token.kind in WORDS:
            exact = keys.chain(exact, keys.raw(_masked(token)))
        elif (
            token.kind == "name"
            and _is_named(token)
            and exact == keys.chain(OFFSET, keys.raw("rt"))
        ):
            exact = OFFSET
    if not words:
        exact = keys.raw(_signs(text))
    return [keys.mix(exact)] + [UNUSED] * (SKETCH - 1), 0


def marks_of(
    text: str, phrases: Mapping[Mark, list[str]], names: Mapping[Mark, list[str]] | None = None
) -> int:
    """Return the marks of a text: each phrase is looked for by itself."""
    tokens = list(read_tokens(text))
    marks = 0
    for mark, sought in phrases.items():
        marks |= any(_stands(phrase, tokens, 2) for phrase in sought) and mark
    for mark, sought in (names or {}).items():
        marks |= any(_stands(phrase, tokens, 0) for phrase in sought) and mark
    said = {
        name
        for name, entries in risk_entries().items()
        if any(_is_said(entry, tokens) for entry in entries)
    }
    if "politics" in said:
        marks |= Mark.POLITICS
    return marks | _grave(said)


def _grave(said: set[str]) -> int:
    strong = {name for name in CLASSES if f"strong {name}" in said}
    likely = {name for name in CLASSES if f"likely {name}" in said}
    weak = likely | {name for name in CLASSES if f"weak {name}" in said}
    is_witnessed = bool(likely) or "scene" in said or len(weak - {"minors"}) > 1
    if not strong and ("play" in said or not is_witnessed or not weak - {"minors"}):
        return 0
    return Mark.GRAVE | sum(CLASSES[name] for name in strong | weak)


def _is_named(token: Token) -> bool:
    return (
        token.kind == "tag"
        or (token.kind == "name" and len(token.text) > 1)
        or (token.kind == "link" and token.text != "")
    )


def _masked(token: Token) -> str:
    return re.sub("[0-9]+", "0", token.text)


def _signs(text: str) -> str:
    visible = "".join(char for char in text if class_of(ord(char)) != ZERO)
    return re.sub("&(?:[A-Za-z]{2,6}|#[0-9]{2,6});", " ", visible)


def _stands(phrase: str, tokens: list[Token], ending: int) -> bool:
    sought = list(tokens_of(phrase))
    first = next((token for token in sought if token.kind != "break"), None)
    if first is None:
        return False
    if first.kind not in WORDS:
        return _is_named(first) and first in tokens
    words = [token.text for token in sought if token.kind in WORDS][:4]
    written = next(_runs([token for token in sought if token.kind in (*WORDS, "break")]))[:4]
    if not written[-1]:
        written.pop()
    if any(_holds(run, words) or _holds(run, written) for run in _runs(tokens)):
        return True
    is_stem = ending > 0 and len(words) == 1 and len(words[0]) >= 4
    return is_stem and any(
        token.text.startswith(words[0]) and len(token.text) <= len(words[0]) + ending
        for token in tokens
        if token.kind in WORDS
    )


def _holds(run: list[str], words: list[str]) -> bool:
    return any(words == run[at : at + len(words)] for at in range(len(run)))


def _is_said(entry: str, tokens: list[Token]) -> bool:
    beginning = entry.rstrip("*=")
    if entry.endswith("=") or len(list(tokens_of(beginning))) > 1:
        return _stands(beginning, tokens, 0)
    return any(token.text.startswith(beginning) for token in tokens if token.kind in WORDS)


def _runs(tokens: list[Token]) -> Iterator[list[str]]:
    # words that stand together, with "" for a sign between two of them
    run: list[str] = []
    for token in tokens:
        if token.kind in WORDS:
            run.append(token.text)
        elif token.kind == "break":
            run += [""] if run and run[-1] else []
        elif token.kind != "tag":
            yield run
            run = []
    yield run
