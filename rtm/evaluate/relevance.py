"""How well relevance is told before any click, and how much better after some.

Three invented brands, whose themes were written before any result was seen, watch Reddit's posts of
2013, cut to the length of a short message. What a brand wants is what stands in some subreddits,
which no scorer sees. The stories that the engine finds there are too few of any one subject, so
five posts in a row of one subreddit are taken as a story, told when the last of them came. In the
first half of the time a person looks at most of what is offered or unsure, claims or dismisses it,
and errs one time in ten. (All that is unsure: a desk tries a few a day, and needs weeks for as many
clicks.) The AUC is that of later stories, on which nobody clicked. Rates and scales were chosen on
a fourth brand, which is not told.

Posts that were fired do well or badly by chance alone, which says nothing of their stories: what
such results teach must not hurt.
"""

import math
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rtm.brand import Brand
from rtm.estimates import NOTHING, Estimate, area, ratio
from rtm.evaluate.figure import Figure
from rtm.evaluate.places import corpus
from rtm.score.features import MARKS, MOST_TERMS, described, marked
from rtm.score.learner import Learner
from rtm.score.lessons import WEIGHTS, result_weight
from rtm.score.opportunity import Judge
from rtm.score.relevance import Contribution, contributions, fitted, relevance
from rtm.score.trials import UNSURE
from rtm.text.patterns import Mark
from rtm.text.reader import read
from rtm.text.terms import terms_of
from rtm.trends.headline import headline
from rtm.types import Example, Story, Tally

PART = "relevance"
SET = "reddit_top_2013"
CLICKS = (0, 10, 50, 200)
SEEDS = 5
WRONG = 0.1  # of clicks
LOOKED_AT = 0.7  # of what is shown
FIRED = 0.5  # of what is claimed
USUAL = 20  # interactions of a post after an hour; any number does
SPREAD = 1.3  # of their natural logarithm: one in six has four times the usual, or a quarter
TOGETHER = 5  # posts of a subreddit in a row that make a story
EVERY = 4  # one later story in so many is scored
UNMARKED_EVERY = 8  # one earlier story in so many of those that touch no brand is gone through
LONGEST = 140  # letters of a post
WORSE = 0.03  # AUC that clicks may cost at most


@dataclass(frozen=True, slots=True)
class Invented:
    """A brand that does not exist, and the subreddits whose posts it would want."""

    profile: Brand
    subreddits: frozenset[str]


BRANDS = (
    Invented(
        Brand(
            name="Velohaus",
            themes=("bicycle", "bike", "cycling", "cyclist", "helmet", "pedal", "ride to work"),
            no_go=("motorbike", "doping"),
        ),
        frozenset(
            (
                "FixedGearBicycle",
                "MTB",
                "Velo",
                "bicycletouring",
                "bicycling",
                "bikecommuting",
                "bikewrench",
                "bmx",
                "cycling",
                "peloton",
            )
        ),
    ),
    Invented(
        Brand(
            name="Greenleaf",
            themes=("garden", "gardening", "plant", "seeds", "tomato", "flower", "soil", "compost"),
            no_go=("marijuana", "cannabis"),
        ),
        frozenset(
            (
                "Bonsai",
                "IndoorGarden",
                "gardening",
                "whatsthisplant",
                "Permaculture",
                "botany",
            )
        ),
    ),
    Invented(
        Brand(
            name="Sitwell",
            themes=("gaming", "gamer", "video game", "esports", "console", "gaming PC", "headset"),
            no_go=("gambling", "addiction"),
        ),
        frozenset(
            (
                "gaming",
                "Games",
                "pcgaming",
                "pcmasterrace",
                "truegaming",
                "gamingpc",
                "battlestations",
                "xboxone",
                "PS4",
                "xbox",
                "playstation",
                "wiiu",
                "Steam",
                "esports",
                "patientgamers",
                "gamernews",
                "GirlGamers",
            )
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Case:
    """A story for one brand: posts with each mark, and whether the brand wants it."""

    id: str
    features: dict[str, float]
    stated: list[Contribution]
    is_wanted: bool

    def relevance(self, learner: Learner) -> float:
        """Return its relevance as the judge tells it."""
        return fitted(self.stated, learner, self.features).relevance


@dataclass(frozen=True, slots=True)
class Told:
    """A story before any brand: its features, and the subreddit that no scorer sees."""

    id: str
    features: dict[str, float]
    subreddit: str


def figures(data: Path) -> Iterator[Figure]:
    """Yield the AUC of each brand after some clicks, and what the clicks cost at most."""
    path = corpus(data, SET)
    if path is None:
        yield Figure(part=PART, name=f"AUC, {SET}", note=f"{SET} is not there")
        return
    posts, earlier = chosen(gathered(path), BRANDS)
    stories = told(posts)
    for brand in BRANDS:
        yield from _of_brand(brand, cases_of(brand, posts, stories), earlier)


def gathered(path: Path) -> pl.DataFrame:
    """Return the posts of every story, ``TOGETHER`` rows each, stories in order of time."""
    columns = ["id", "created_at", "text", "author", "lang", "subreddit"]
    posts = pl.read_parquet(path, columns=columns).sort("created_at", "id")
    number = pl.int_range(pl.len()).over("subreddit") // TOGETHER
    posts = posts.with_columns(pl.col("text").str.slice(0, LONGEST), story=number)
    story = ["subreddit", "story"]
    posts = posts.filter(pl.len().over(story) == TOGETHER)
    last = posts.group_by(story).agg(at=pl.col("created_at").max()).sort("at", *story)
    return last.join(posts, on=story, maintain_order="left_right")


def chosen(posts: pl.DataFrame, brands: Sequence[Invented]) -> tuple[pl.DataFrame, int]:
    """Return the posts of the stories that are gone through, and how many stories come before half.

    Of later stories a share is scored whatever they say, so that their AUC is not bent.
    """
    marks = sum((_counts(posts, brand).sum(axis=1) for brand in brands), np.zeros(()))
    numbers = np.arange(posts.height // TOGETHER)
    is_earlier = numbers < numbers.size // 2
    is_gone_through = (marks > 0) | (numbers % UNMARKED_EVERY == 0)
    is_taken = np.where(is_earlier, is_gone_through, numbers % EVERY == 0)
    rows = np.flatnonzero(np.repeat(is_taken, TOGETHER))
    return posts[rows], int((is_taken & is_earlier).sum())


def told(posts: pl.DataFrame) -> list[Told]:
    """Return the stories of gathered posts."""
    return [_told(posts[at : at + TOGETHER]) for at in range(0, posts.height, TOGETHER)]


def cases_of(brand: Invented, posts: pl.DataFrame, stories: Sequence[Told]) -> list[Case]:
    """Return every story as the brand's judge reads it."""
    counts = _counts(posts, brand, of=Mark).tolist()
    return [
        Case(
            story.id,
            marked(Tally(TOGETHER, tuple(marks), None, 1), is_event_on=False) | story.features,
            contributions(dict(zip(Mark, marks, strict=True)), TOGETHER, "", None),
            story.subreddit in brand.subreddits,
        )
        for story, marks in zip(stories, counts, strict=True)
    ]


def _counts(posts: pl.DataFrame, brand: Invented, of: Iterable[Mark] = MARKS) -> NDArray[np.int64]:
    # posts of each story with each mark: (stories, marks)
    bits = read(posts, Judge(brand.profile).patterns).marks.reshape(-1, TOGETHER, 1)
    counts: NDArray[np.int64] = ((bits & np.array([int(mark) for mark in of])) != 0).sum(axis=1)
    return counts


def clicked(
    cases: Sequence[Case],
    later: Sequence[Case],
    seed: int,
    *,
    has_prior: bool = True,
    has_results: bool = False,
) -> tuple[list[float], float]:
    """Return the AUC on later stories after each of ``CLICKS``, and that of the prior alone.

    Without ``has_prior`` the score is what the same clicks teach a learner that knows no prior;
    with ``has_results`` posts that were fired have results, by chance, and these teach too.
    """
    rng, luck, did = random.Random(seed), random.Random(seed), list[int]()
    learner, bare = Learner("evaluated"), Learner("bare")
    found = [_auc(later, learner, bare, has_prior=has_prior)]
    prior, clicks = _auc(later, Learner("prior"), bare, has_prior=True), 0
    for case in cases:
        if case.relevance(learner) < UNSURE or rng.random() > LOOKED_AT:
            continue
        is_wanted = case.is_wanted != (rng.random() < WRONG)
        kinds = ["claim", "fire"][: 1 + (rng.random() < FIRED)] if is_wanted else ["dismiss"]
        for kind in kinds:
            learner.learn_one(case.features, relevance(case.stated), is_wanted, WEIGHTS[kind])
            bare.learn_one(case.features, 0.5, is_wanted, WEIGHTS[kind])
        if has_results and "fire" in kinds:
            did.append(round(USUAL * math.exp(luck.gauss(0.0, SPREAD))))
            weight = result_weight(did[-1], did[:-1])
            if weight:
                learner.learn_one(case.features, relevance(case.stated), True, weight)
        clicks += 1
        if clicks in CLICKS:
            found.append(_auc(later, learner, bare, has_prior=has_prior))
        if clicks == CLICKS[-1]:
            break
    return found, prior


def _of_brand(brand: Invented, cases: Sequence[Case], earlier: int) -> Iterator[Figure]:
    before, later = cases[:earlier], cases[earlier:]
    runs = [clicked(before, later, seed) for seed in range(SEEDS)]
    bare = [clicked(before, later, seed, has_prior=False)[0] for seed in range(SEEDS)]
    name = brand.profile.name
    wanted = sum(case.is_wanted for case in later)
    for place, clicks in enumerate(CLICKS):
        reached = sum(place < len(found) for found, _ in runs)
        whole = f"{wanted:,} of {len(later):,} later stories wanted; interval over {SEEDS} runs"
        yield Figure(
            part=PART,
            name=f"AUC after {clicks} clicks, {name}",
            estimate=_mean([found[place] for found, _ in runs if place < len(found)], name),
            note=whole if not place else "" if reached == SEEDS else f"{reached} runs had so many",
        )
        yield Figure(
            part=PART,
            name=f"the same without a prior, {name}",
            estimate=_mean([found[place] for found in bare if place < len(found)], name),
        )
    lucky = [clicked(before, later, seed, has_results=True)[0] for seed in range(SEEDS)]
    last = len(CLICKS) - 1
    yield Figure(
        part=PART,
        name=f"AUC after {CLICKS[-1]} clicks and results by chance, {name}",
        estimate=_mean([found[last] for found in lucky if last < len(found)], name),
    )
    cost = [max(prior - auc for auc in found) for found, prior in runs]
    yield Figure(
        part=PART,
        name=f"most that clicks cost against the prior alone, AUC, {name}",
        estimate=_mean(cost, name),
        aim=WORSE,
        better="less",
        note=f"worst run {max(cost):.3f}",
    )


def _auc(later: Sequence[Case], learner: Learner, bare: Learner, *, has_prior: bool) -> float:
    if has_prior:
        scores = [case.relevance(learner) for case in later]
    else:
        scores = [sum(logit for _, logit in bare.terms(case.features)) for case in later]
    value = area(scores, [case.is_wanted for case in later], "relevance").value
    assert value is not None, "a brand wants some posts and not others"
    return value


def _mean(values: Sequence[float], name: str) -> Estimate:
    return ratio(values, [1.0] * len(values), f"relevance {name}") if values else NOTHING


def _told(posts: pl.DataFrame) -> Told:
    at, texts, first = posts["at"][0], posts["text"].to_list(), posts["id"][0]
    seen = Counter(term.name for text in texts for term in terms_of(text) if term.kind != "pair")
    shared = [name for name, count in seen.most_common(MOST_TERMS) if count > 1]
    story = Story(
        id=f"s{first}",
        title=headline(texts[0]),
        terms=tuple(shared),
        posts=TOGETHER,
        authors=None,
        sources=float(TOGETHER),
        surprise=0.0,
        opened_at=at,
        examples=tuple(
            Example(id=f"p{n}", at=at, text=text, author=None) for n, text in enumerate(texts)
        ),
    )
    features = described(story, Tally(TOGETHER, (), None, 1), at)
    return Told(story.id, features, posts["subreddit"][0])
