"""The leak guard: does a draft give away what the team wants kept secret.

Be a secret: you are read once, cut into passages, and only salted hashes of your shingles stay. A
passage of three telling words or more leaves its runs of five words, and its threes of telling
words in any order; a shorter one, a codename or a figure, leaves itself as a whole. A draft is cut
the same way and its hashes are looked for among yours: what is found are words of the draft.

What the hashes protect: whoever has them cannot read a secret, only guess and look. Three words
take some 10^13 blind guesses, fewer for who knows the subject, and a three that was guessed helps
with its neighbours. A codename or a figure is within reach of a dictionary; therefore it is hashed
slowly (scrypt, 8 MiB and some 20 ms a guess). Five bits of a quick hash say for which words of a
draft the slow one is worth the time; they make guessing 32 times cheaper, too. A dictionary of 10^5
words then takes about a minute, all pairs of them some months: keep the folder as you would keep
the secret, and choose codenames of two words.

What is missed: other words for the same, translations, figures written out in letters, hints,
short words whose stem changes, letters of another script that look alike.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b, scrypt
from itertools import combinations, zip_longest
from typing import NamedTuple

from msgspec import Struct

from rtm.desk.words import Word, readings

LEAST_SALT = 16  # bytes
RUN = 5  # words of a shingle in order: shorter ones are guessed too easily
THREE = 3  # telling words of a shingle in any order
NEAR = 5  # telling words among which a secret's threes are taken
WIDE = 7  # the same in a draft, where words may have come between
PASSAGE = 16  # telling words; the end of a longer sentence is a passage of its own
STRAY = 2  # words that may stand between those of a codename
ENOUGH = 0.1  # share of a passage's shingles; chosen on a part of planted paraphrases
COST, BLOCK = 2**13, 8  # scrypt takes 128 bytes times both, and time alike
HINT_BITS = 5
SHOWN = 3  # runs of words that are named to whoever has to take them out


class Passage(Struct, frozen=True):
    """Hashes of a passage; ``whole``, of a short one, has number of words, hint and slow hash."""

    runs: tuple[int, ...] = ()
    threes: tuple[int, ...] = ()
    whole: tuple[tuple[int, int, bytes], ...] = ()


class Fingerprint(Struct, frozen=True):
    """All that is kept of a secret: the name that the team gave it, a salt, hashes.

    ``cost`` is what the slow hashes were made with (scrypt's n, a power of 2).
    """

    name: str
    salt: bytes
    cost: int
    passages: tuple[Passage, ...]


class Leak(NamedTuple):
    """A draft gives a secret away: its name, how much of a passage, and where in the draft."""

    name: str
    found: int
    total: int
    spans: tuple[tuple[int, int], ...]  # characters of the draft, from and to before

    @property
    def share(self) -> float:
        """Share of the passage's shingles that the draft has."""
        return self.found / self.total

    def complaint(self, draft: str) -> str:
        """Say what to take out, in the draft's own words."""
        words = [f"'{' '.join(draft[start:end].split())}'" for start, end in self.spans[:SHOWN]]
        more = len(self.spans) - len(words)
        rest = f" and {more} more" if more else ""
        phrase = "phrase" if self.total == 1 else "phrases"
        return (
            f"gives away '{self.name}' ({self.found} of {self.total} of its {phrase}): "
            f"take out {', '.join(words)}{rest}"
        )


class _Shingle(NamedTuple):
    key: str
    words: tuple[Word, ...]


def fingerprint(name: str, secret: str, salt: bytes, cost: int = COST) -> Fingerprint:
    """Return what is kept of a secret under a name; ``salt`` is random bytes, new for each.

    Raises ValueError when the secret has no word, or the salt is too short.
    """
    if len(salt) < LEAST_SALT:
        raise ValueError(f"salt: {len(salt)} bytes; at least {LEAST_SALT} are needed")
    plain, *read = readings(secret)
    passages = [_hashed(words, salt, cost) for words in _passages(secret, (read or [plain])[0])]
    if read:  # digit by digit it counts only as it stands: parts of a figure are in many others
        passages += [_as_it_stands(words, salt, cost) for words in _passages(secret, plain)]
    if not passages:
        raise ValueError("the secret has no word and no figure")
    return Fingerprint(name, salt, cost, tuple(dict.fromkeys(passages)))


def leak_in(text: str, fingerprints: Iterable[Fingerprint]) -> Leak | None:
    """Return the gravest leak of a secret in a text, by share and then by shingles found."""
    return max(leaks_in(text, fingerprints), key=_gravity, default=None)


def leaks_in(text: str, fingerprints: Iterable[Fingerprint]) -> list[Leak]:
    """Return the gravest leak of each secret that a text gives away, in order of the secrets."""
    shingled = [_Draft(reading) for reading in readings(text)]
    found = []
    for kept in fingerprints:
        leaks = (one for draft in shingled for one in draft.leaks(kept) if one.share >= ENOUGH)
        if gravest := max(leaks, key=_gravity, default=None):
            found.append(gravest)
    return found


def _gravity(leak: Leak) -> tuple[float, int]:
    return leak.share, leak.found


class _Draft:
    """The shingles of a draft in one reading; hashing them waits for a secret's salt."""

    def __init__(self, words: tuple[Word, ...]) -> None:
        self._words = words
        self._runs = tuple(_runs(words))
        self._threes = tuple(_threes(_telling(words), WIDE))

    def leaks(self, kept: Fingerprint) -> Iterator[Leak]:
        runs = threes = None
        for passage in kept.passages:
            for size, hint, slow in passage.whole:
                if spans := self._whole(size, hint, slow, kept):
                    yield Leak(kept.name, 1, 1, spans)
            if passage.runs:
                runs = runs or _by_hash(self._runs, kept.salt)
                yield from _found(kept.name, passage.runs, runs)
            if passage.threes:
                threes = threes or _by_hash(self._threes, kept.salt)
                yield from _found(kept.name, passage.threes, threes)

    def _whole(
        self, size: int, hint: int, slow: bytes, kept: Fingerprint
    ) -> tuple[tuple[int, int], ...]:
        seen = dict(_wholes(self._words, size))
        return _merged(
            word
            for key, words in seen.items()
            if _hint(key, kept.salt) == hint and _slow(key, kept.salt, kept.cost) == slow
            for word in words
        )


def _passages(secret: str, words: Sequence[Word]) -> Iterator[tuple[Word, ...]]:
    kept: list[Word] = []
    telling = 0
    for word, following in zip_longest(words, words[1:]):
        kept.append(word)
        telling += word.is_telling
        between = secret[word.end : following.start] if following else ""
        is_end = any(mark in between for mark in ".!?\n;\u3002\uff01\uff1f") or telling == PASSAGE
        # what is left must be a passage too, else "Thank you." at an end would be a secret
        if following and is_end and telling > THREE and _count(words, following) > THREE:
            yield tuple(kept)
            kept, telling = [], 0
    if kept:
        yield tuple(kept)


def _count(words: Sequence[Word], since: Word) -> int:
    return sum(word.is_telling for word in words if word.start >= since.start)


def _hashed(words: tuple[Word, ...], salt: bytes, cost: int) -> Passage:
    telling = _telling(words)
    if len({word.stem for word in telling}) >= THREE:
        runs = (_quick(one.key, salt) for one in _runs(words))
        threes = (_quick(one.key, salt) for one in _threes(telling, NEAR))
        return Passage(tuple(dict.fromkeys(runs)), tuple(dict.fromkeys(threes)))
    if len(telling) != 2:
        return _as_it_stands(words, salt, cost)
    pair = _whole(sorted(telling), salt, cost)  # in any order, a little may stand between
    return Passage(whole=(*_as_it_stands(words, salt, cost).whole, pair))


def _as_it_stands(words: Sequence[Word], salt: bytes, cost: int) -> Passage:
    return Passage(whole=(_whole(words, salt, cost),))


def _whole(words: Sequence[Word], salt: bytes, cost: int) -> tuple[int, int, bytes]:
    key = _key(words)
    return len(words), _hint(key, salt), _slow(key, salt, cost)


def _telling(words: Sequence[Word]) -> tuple[Word, ...]:
    return tuple(word for word in words if word.is_telling)


def _runs(words: Sequence[Word]) -> Iterator[_Shingle]:
    for first in range(len(words) - RUN + 1):
        run = tuple(words[first : first + RUN])
        yield _Shingle(_key(run), run)


def _threes(telling: Sequence[Word], near: int) -> Iterator[_Shingle]:
    for place, word in enumerate(telling):
        for others in combinations(telling[place + 1 : place + near], THREE - 1):
            three = tuple(sorted((word, *others)))
            if len({one.stem for one in three}) == THREE:
                yield _Shingle(_key(three), three)


def _wholes(words: Sequence[Word], size: int) -> Iterator[tuple[str, tuple[Word, ...]]]:
    for first in range(len(words) - size + 1):
        run = tuple(words[first : first + size])
        yield _key(run), run
        if size == 2:
            for other in words[first + 1 : first + 2 + STRAY]:
                pair = tuple(sorted((words[first], other)))
                yield _key(pair), pair


def _key(words: Iterable[Word]) -> str:
    return "\0".join(word.stem for word in words)


def _by_hash(shingles: Iterable[_Shingle], salt: bytes) -> dict[int, list[_Shingle]]:
    hashed: dict[int, list[_Shingle]] = {}
    for one in shingles:
        hashed.setdefault(_quick(one.key, salt), []).append(one)
    return hashed


def _found(name: str, passage: tuple[int, ...], draft: dict[int, list[_Shingle]]) -> Iterator[Leak]:
    found = [draft[one] for one in passage if one in draft]
    if found:
        spans = _merged(word for shingles in found for one in shingles for word in one.words)
        yield Leak(name, len(found), len(passage), spans)


def _merged(words: Iterable[Word]) -> tuple[tuple[int, int], ...]:
    spans: list[tuple[int, int]] = []
    for _, start, end in sorted(set(words), key=lambda word: word.start):
        if spans and start <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return tuple(spans)


def _quick(key: str, salt: bytes) -> int:
    # 63 bits, for JSON and SQL know no more
    return int.from_bytes(blake2b(_bytes(key), digest_size=8, key=salt[:64]).digest()) >> 1


def _hint(key: str, salt: bytes) -> int:
    # another hash than that of shingles, of which nothing more may be learned
    digest = blake2b(_bytes(key), digest_size=8, key=salt[:64], person=b"hint").digest()
    return digest[0] >> (8 - HINT_BITS)


@lru_cache(maxsize=4_096)  # the same draft is looked at when submitted, approved, fired and sent
def _slow(key: str, salt: bytes, cost: int) -> bytes:
    return scrypt(_bytes(key), salt=salt, n=cost, r=BLOCK, p=1, dklen=16)


def _bytes(key: str) -> bytes:
    return key.encode(errors="surrogatepass")
