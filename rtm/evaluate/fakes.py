"""How well automated posts are told from people, and a living audience from a bought one.

Posts are planted among real bursts in three styles. The estimate was set on two of them, copies and
templates, and on one of the backgrounds; the third style and the other backgrounds were first seen
after it was frozen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from rtm.estimates import Estimate, quantile, share
from rtm.evaluate.backgrounds import BACKGROUNDS, NETWORK, Background, bursts
from rtm.evaluate.figure import Figure
from rtm.evaluate.planted import STYLES, Style, Written, crowd_of, planted
from rtm.score.audience import audience
from rtm.score.authenticity import Authenticity, authenticity
from rtm.text.patterns import Mark

PART = "fakes"
SHARES = (0.1, 0.3, 0.5, 0.8)
ASKED = 0.3  # the share at which five points are asked for
POINTS = 0.05
HEADLINE = "sorprende y guiados"  # of the network, as the set's labels tell
FEW = 40  # posts of a story that is young
UNSEEN_STYLE = "paraphrase"
_MOMENT = datetime(2013, 2, 4, tzinfo=UTC)


def figures(data: Path) -> Iterator[Figure]:
    """Yield how well planted shares are estimated, what is held, and how audiences rank."""
    for background in BACKGROUNDS:
        found = bursts(data, background)
        if not found:
            note = f"{background.corpus} is not there"
            yield Figure(part=PART, name=f"planted posts, {background.name}", note=note)
            continue
        for name, style in STYLES.items():
            yield from _styled(background, found, name, style)
        yield from _real(background, found)
    yield from _network(data)
    yield from _audiences()


def _styled(
    background: Background, found: Sequence[list[Written]], name: str, style: Style
) -> Iterator[Figure]:
    on = f"{name}, {background.name}"
    is_new = background.is_unseen or name == UNSEEN_STYLE
    note = "first seen after freezing" if is_new else "chosen on"

    def told(planted_share: float) -> list[Authenticity]:
        return [
            authenticity(crowd_of(planted(burst, background.words, planted_share, style, seed)))
            for seed, burst in enumerate(found)
        ]

    by_share = {one: told(one) for one in SHARES}
    errors = {one: [abs(found.share - one) for found in by_share[one]] for one in SHARES}
    near = [error <= POINTS for error in errors[ASKED]]
    yield Figure(
        part=PART,
        name=f"30 % planted told within 5 points, {on}",
        estimate=share(near, on),
        aim=0.9,
        note=note,
    )
    for one in SHARES:
        yield Figure(
            part=PART,
            name=f"median error in points at {100 * one:.0f} % planted, {on}",
            estimate=quantile([100 * error for error in errors[one]], 0.5, on),
            aim=5.0,
            better="less",
            note=note,
        )
    few = [
        authenticity(crowd_of(planted(burst[:FEW], background.words, ASKED, style, seed)))
        for seed, burst in enumerate(found)
    ]
    yield Figure(
        part=PART,
        name=f"30 % of {FEW} posts told within 5 points, {on}",
        estimate=share([abs(one.share - ASKED) <= POINTS for one in few], on),
        aim=0.9,
        note=note,
    )
    covered = [found.low <= one <= found.high for one in SHARES for found in by_share[one]]
    yield Figure(
        part=PART,
        name=f"planted share within its 95 % interval, {on}",
        estimate=share(covered, on),
        aim=0.95,
        note=note,
    )
    yield Figure(
        part=PART,
        name=f"planted only, held, {on}",
        estimate=share([found.is_automated_only for found in told(1.0)], on),
        aim=1.0,
        note=note,
    )


def _real(background: Background, found: Sequence[list[Written]]) -> Iterator[Figure]:
    told = [authenticity(crowd_of(burst)) for burst in found]
    note = "none planted" + (", first seen after freezing" if background.is_unseen else "")
    yield Figure(
        part=PART,
        name=f"real bursts held, {background.name}",
        estimate=share([one.is_automated_only for one in told], background.name),
        aim=0.0,
        better="less",
        note=note,
    )
    for level, name in ((0.5, "median"), (1.0, "largest")):
        yield Figure(
            part=PART,
            name=f"{name} share said to be automated, per cent, {background.name}",
            estimate=quantile([100 * one.share for one in told], level, background.name),
            aim=5.0,
            better="less",
            note=note + "; some posts of these streams truly are automated",
        )


def _network(data: Path) -> Iterator[Figure]:
    found = bursts(data, NETWORK)
    name = f"share said to be automated, {NETWORK.name}"
    if not found:
        yield Figure(part=PART, name=name, note=f"{NETWORK.corpus} is not there")
        return
    told = authenticity(crowd_of(found[0]))
    estimate = Estimate(told.share, told.low, told.high, len(found[0]))
    held = "held" if told.is_automated_only else "not held"
    truly = sum(HEADLINE in post.text for post in found[0])
    yield Figure(
        part=PART,
        name=name,
        estimate=estimate,
        aim=0.9,
        note=f"a true case: {truly} posts are its headline; {held}",
    )


def _audiences() -> Iterator[Figure]:
    crowd = crowd_of([Written(at, "", n) for n, at in enumerate([_MOMENT] * 100, 1)])
    active = replace(crowd, heard=np.tile([6, 2, 3, 2], (100, 1)))
    passing = replace(crowd, heard=np.tile([1, 0, 1, 1], (100, 1)))
    bait = replace(active, marks=np.full(100, Mark.BAIT, np.uint32))
    ratio = audience(active).score / audience(passing).score
    note = "made up: 100 authors each, equal likes"
    yield Figure(
        part=PART,
        name="weight of a give-away's audience",
        estimate=Estimate(audience(bait).score, None, None, 100),
        aim=0.0,
        better="less",
        note=note,
    )
    yield Figure(
        part=PART,
        name="times that an active audience outweighs a passing one",
        estimate=Estimate(round(ratio, 2), None, None, 100),
        aim=1.0,
        note=note,
    )
