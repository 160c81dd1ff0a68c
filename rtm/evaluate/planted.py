"""Automated posts made up and planted among real ones, in styles, all from a seed."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from rtm.crowd import UNTOLD, Crowd

Style = Callable[[random.Random, Sequence[str], int], list[str]]
"""Makes so many texts of one campaign that speaks of the subject's words."""

MESSAGES = (
    "Everybody talks about {a} tonight but {b} fans already save big with the new Zumba pass",
    "I just earned my rent while watching {a} thanks to this free signal group, join before {b}",
    "Do not trust what they tell you about {a}, the real story of {b} is on our channel now",
    "Best price for {b} tickets and jerseys after {a}, fast delivery and secure payment today",
    "{a} proves again that only Kowalsky Insurance keeps promises when {b} goes wrong",
    "Watching {a} with the softest blanket ever, Snuggela makes every {b} evening perfect",
)
FRAMES = (
    "{x}, this {a} made my {y} complete, thank you {z} for the free {b} stream in full quality",
    "Never seen {a} like this {x}! My {y} and {z} only watch {b} on Streamzilla premium now",
    "Our {y} from {z} won a {x} voucher during {a}, predict {b} and claim yours today",
    "{x} people in {z} switched to Vola energy before {a}, ask your {y} about the {b} offer",
)
CLAIMS = (  # parts of one claim, each in several wordings
    (
        (
            "the {a} was fixed by the referees",
            "referees fixed the {a}",
            "that {a} was a fixed call",
        ),
        ("league owners betting money on {b}", "{b} owners with betting money in the league"),
        ("read the leaked letter on our page", "our page has the leaked letter, read it"),
    ),
    (
        ("Glimmer teeth whitening for {b} fans", "{b} fans choose Glimmer whitening for teeth"),
        ("smile brighter at every {a}", "every {a} deserves a brighter smile"),
        ("half price kits until midnight", "until midnight kits are half price"),
    ),
    (
        ("mayor Brandt promised new stadium jobs", "new stadium jobs, promised by mayor Brandt"),
        ("{b} families thank him", "thank him say {b} families"),
        ("remember that at the {a}", "at the {a} remember that"),
        ("vote on Tuesday", "Tuesday we vote"),
    ),
)
JOINTS = (", ", ". ", " - ", " and ")
SLOTS = {
    "x": ("Wow", "Honestly", "Seriously", "Listen", "Amazing", "Crazy", "Finally", "Unreal"),
    "y": ("brother", "sister", "neighbour", "cousin", "uncle", "boss", "teacher", "trainer"),
    "z": ("Austin", "Denver", "Boston", "Leeds", "Tampa", "Omaha", "Cardiff", "Dublin"),
}


def copied(rng: random.Random, words: Sequence[str], posts: int) -> list[str]:
    """Return copies of one to three messages."""
    pool = rng.sample(MESSAGES, rng.randint(1, 3))
    a, b = words
    return [rng.choice(pool).format(a=a, b=b) for _ in range(posts)]


def templated(rng: random.Random, words: Sequence[str], posts: int) -> list[str]:
    """Return one or two frames with slots filled."""
    pool = rng.sample(FRAMES, rng.randint(1, 2))
    a, b = words
    return [
        rng.choice(pool).format(
            a=a, b=b, **{slot: rng.choice(some) for slot, some in SLOTS.items()}
        )
        for _ in range(posts)
    ]


def paraphrased(rng: random.Random, words: Sequence[str], posts: int) -> list[str]:
    """Return one claim said anew each time: its parts in any order, in one of several wordings."""
    claims = rng.sample(CLAIMS, rng.randint(1, 2))
    made = []
    for _ in range(posts):
        parts = [rng.choice(wordings) for wordings in rng.choice(claims)]
        rng.shuffle(parts)
        said = rng.choice(JOINTS).join(parts).format(a=words[0], b=words[1])
        made.append(said[0].upper() + said[1:] + rng.choice(("", "!", ".")))
    return made


STYLES: Mapping[str, Style] = {"copy": copied, "template": templated, "paraphrase": paraphrased}


@dataclass(frozen=True, slots=True)
class Written:
    """A post as far as a source tells it."""

    at: datetime
    text: str
    author: int = 0
    is_reply: bool = False
    is_repost: bool = False


def crowd_of(posts: Sequence[Written]) -> Crowd:
    """Return posts as a crowd of which accounts are not told."""
    n = len(posts)
    return Crowd(
        at_us=np.array([round(post.at.timestamp() * 1e6) for post in posts], np.int64),
        authors=np.array([post.author for post in posts], np.uint64),
        followers=np.full(n, UNTOLD),
        clusters=np.zeros(n, np.uint64),
        ages_d=np.full(n, np.nan),
        known_s=np.full(n, np.nan),
        heard=np.zeros((n, 4), np.int64),
        marks=np.zeros(n, np.uint32),
        is_reply=np.array([post.is_reply for post in posts], bool),
        is_repost=np.array([post.is_repost for post in posts], bool),
        texts=tuple(post.text for post in posts),
        posts=n,
    )


def planted(
    real: Sequence[Written], words: Sequence[str], share: float, style: Style, seed: int
) -> list[Written]:
    """Return as many posts as given, of which a share gave way to automated ones.

    Half of the campaigns post by a timer, the other half at any moment, so that nothing can rest
    on rhythm alone. Each planted post has an author of its own where authors are told.
    """
    rng = random.Random(seed)
    fakes = round(share * len(real))
    kept = sorted(rng.sample(range(len(real)), len(real) - fakes))
    first, last = real[0].at, real[-1].at
    has_timer = rng.random() < 0.5
    moments = [
        ((n + 0.5) / fakes + rng.gauss(0, 0.1) / fakes) if has_timer else rng.random()
        for n in range(fakes)
    ]
    is_told = any(post.author for post in real)
    made = [
        Written(
            first + (last - first) * min(1.0, max(0.0, moment)),
            text,
            rng.randrange(1, 1 << 63) if is_told else 0,
        )
        for moment, text in zip(moments, style(rng, words, fakes), strict=True)
    ]
    return sorted([*(real[place] for place in kept), *made], key=lambda post: post.at)
