"""How surely the interlock locks what is grave, and how seldom it locks what is not.

Be ten posts in a row: of one crisis, of an airline's day, of a subreddit of games. You are judged
as a story of ten posts would be, by the lists that ship with rtm alone.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zlib import crc32

import numpy as np
import polars as pl
from numpy.typing import NDArray

from rtm.estimates import share
from rtm.evaluate.figure import Figure
from rtm.evaluate.places import corpus
from rtm.score.safety import AMBER_SHARE, Safety, safety
from rtm.text.patterns import CLASSES, Mark, patterns_of
from rtm.text.reader import read

PART = "risk"
GROUP = 10
SMALL = 3  # as few as a story may have
CRISES = "crisislex_2012_2013"
AIRLINES = "us_airlines_2015"
GAME = "nfl_touchdown_stream_2014"
REDDIT = "reddit_top_2013"
TUNED_UNTIL = datetime(2013, 7, 1, tzinfo=UTC)
AIM_LOCKED, AIM_FALSE = 0.90, 0.03
TUNED = "The stems were tuned on these posts."
HELD_OUT = "Held out: read only after the stems were frozen."
KNOWN = "Which crises the set holds is widely known, so whoever wrote the stems knew their kinds."

SPORT = (
    "AFL Barca Boxing BostonBruins CFB CollegeBasketball Cricket Dodgers GreenBayPackers Gunners "
    "LiverpoolFC MLS MMA Mariners Patriots SFGiants Seahawks SquaredCircle 49ers baseball "
    "bicycling canucks chelseafc chicagobulls climbing devils discgolf eagles fantasybaseball "
    "fantasyfootball formula1 golf hawks heat hockey lakers leafs nba nfl nhl nyyankees orioles "
    "penguins reddevils redsox rugbyunion running skateboarding snowboarding soccer sports tennis"
)
GAMING = (
    "3DS AnimalCrossing Awesomenauts Battlefield ClashOfClans CrusaderKings DestinyTheGame DotA2 "
    "Games GlobalOffensive GrandTheftAutoV Guildwars2 KerbalSpaceProgram Minecraft Neverwinter PS3 "
    "PS4 Planetside Scrolls Smite Warframe Warthunder WildStar WorldofTanks battlefield_4 "
    "borderlands civ darksouls dayz diablo dontstarve fallout feedthebeast ffxiv fireemblem gaming "
    "halo leagueoflegends masseffect metalgearsolid mindcrack mwo nintendo pcmasterrace "
    "playstation pokemon projectzomboid skyrim smashbros starbound starcraft tf2 thelastofus "
    "totalwar truegaming wiiu wow xbox xboxone zelda"
)


def figures(data: Path) -> Iterator[Figure]:
    """Yield the shares of groups that are locked, of crises and of what is harmless."""
    yield from _crises(data)
    yield from _harmless(data)


def judged(posts: pl.DataFrame, size: int) -> list[Safety]:
    """Return the safety of each ``size`` posts in a row, in time order; the rest is left out.

    ``posts`` has ``id``, ``created_at``, ``text``, ``author`` and ``lang``.
    """
    marks = read(posts.sort("created_at", "id"), patterns_of({})).marks
    groups = marks[: marks.size // size * size].reshape(-1, size)
    counted = {mark: ((groups & mark) != 0).sum(axis=1) for mark in (Mark.GRAVE, *CLASSES.values())}
    return [_judged(counted, group, size) for group in range(len(groups))]


def _judged(counted: dict[Mark, NDArray[np.int64]], group: int, size: int) -> Safety:
    return safety({mark: int(counts[group]) for mark, counts in counted.items()}, size)


def _crises(data: Path) -> Iterator[Figure]:
    posts = _posts(data, CRISES, "event", "on_topic")
    if posts is None:
        yield _missing("locked, groups of ten of a crisis", CRISES, AIM_LOCKED)
        return
    names = sorted(posts["event"].unique().to_list())
    of = {name: posts.filter(pl.col("event") == name) for name in names}
    tens = {name: judged(one.filter("on_topic"), GROUP) for name, one in of.items()}
    for name, groups in tens.items():
        yield _locked(f"locked, {name}", groups, f"{_amber(groups)} {HELD_OUT}", AIM_LOCKED)
    every = [group for groups in tens.values() for group in groups]
    yield _locked("locked, all crises", every, f"{_amber(every)} {KNOWN} {HELD_OUT}", AIM_LOCKED)
    threes = [group for one in of.values() for group in judged(one.filter("on_topic"), SMALL)]
    yield _locked("locked, all crises, groups of three", threes, f"{_amber(threes)} {HELD_OUT}")
    for name in CLASSES:
        note = "By each group's own classes; no aim: a crisis has its kinds."
        hits = [name in group.classes for group in every]
        yield _share(f"speaks of {name}, all crises", hits, note)
    off_topic = [
        group for one in of.values() for group in judged(one.filter(~pl.col("on_topic")), GROUP)
    ]
    note = f"{_amber(off_topic)} Found by a crisis's words, labelled off-topic: much is near it."
    yield _locked("locked, off-topic of all crises", off_topic, f"{note} {HELD_OUT}")


def _harmless(data: Path) -> Iterator[Figure]:
    reddit = _posts(data, REDDIT, "subreddit")
    if reddit is None:
        yield _missing("falsely locked, sport and gaming", REDDIT, AIM_FALSE)
    else:
        before = pl.col("created_at") < TUNED_UNTIL
        for kind, names in (("sport", SPORT), ("gaming", GAMING)):
            ours = reddit.filter(pl.col("subreddit").is_in(names.split()))
            yield from _false(f"{kind} on Reddit from July 2013", ours.filter(~before), HELD_OUT)
            yield from _false(f"{kind} on Reddit before July 2013", ours.filter(before), TUNED)
    airlines = _posts(data, AIRLINES)
    if airlines is None:
        yield _missing("falsely locked", AIRLINES, AIM_FALSE)
    else:
        is_tuned = pl.Series([crc32(id.encode()) % 2 == 0 for id in airlines["id"]])
        yield from _false(f"{AIRLINES}, half", airlines.filter(~is_tuned), HELD_OUT)
        yield from _false(f"{AIRLINES}, other half", airlines.filter(is_tuned), TUNED)
    game = _posts(data, GAME)
    if game is None:
        yield _missing("falsely locked", GAME, AIM_FALSE)
    else:
        yield from _false(GAME, game, TUNED)


def _false(name: str, posts: pl.DataFrame, note: str) -> Iterator[Figure]:
    for size, what in ((GROUP, ""), (SMALL, ", groups of three")):
        groups = judged(posts, size)
        yield Figure(
            part=PART,
            name=f"falsely locked{what}, {name}",
            estimate=share([group.is_locked for group in groups], f"{name}{what}"),
            aim=AIM_FALSE,
            better="less",
            note=f"{_amber(groups)} {note}",
        )


def _locked(name: str, groups: Sequence[Safety], note: str, aim: float | None = None) -> Figure:
    return _share(name, [group.is_locked for group in groups], note, aim)


def _share(name: str, hits: Sequence[bool], note: str, aim: float | None = None) -> Figure:
    return Figure(part=PART, name=name, estimate=share(hits, name), aim=aim, note=note)


def _amber(groups: Sequence[Safety]) -> str:
    if not groups:
        return "No group."
    amber = [not group.is_locked and group.share >= AMBER_SHARE for group in groups]
    return f"Amber beside: {sum(amber) / len(amber):.3f} of {len(amber):,}."


def _posts(data: Path, name: str, *more: str) -> pl.DataFrame | None:
    file = corpus(data, name)
    columns = ["id", "created_at", "text", "author", "lang", *more]
    return None if file is None else pl.read_parquet(file, columns=columns)


def _missing(name: str, corpus_name: str, aim: float) -> Figure:
    note = f"{corpus_name} is not there."
    return Figure(part=PART, name=name, aim=aim, note=note)
