"""Why no story matched a label: what its keywords did, minute by minute, and one sentence."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from rtm.event import span
from rtm.tune.keywords import Holding, Keyword
from rtm.tune.matching import Sought
from rtm.tune.reading import Part
from rtm.tune.result import Minute, Traced, Why
from rtm.tune.told import ToldStory
from rtm.tune.trace import Seen, seen
from rtm.types import moment

if TYPE_CHECKING:
    from rtm.tune.session import Run

MINUTE_S, HOUR_S = 60, 3600
LEAST_POSTS = 3  # effective sources asked for by default are 2.5


def explained(missed: Sequence[Sought], run: "Run", parts: Sequence[Part]) -> dict[Sought, Why]:
    """Say of each label without a story why it has none.

    Every keyword is watched through the counting core of the same setting, by ``trace``.
    """
    holding = Holding((k for one in missed for k in one.keywords), [p.reading for p in parts])
    ticks = np.concatenate([np.empty(0, np.int64), *(p.frame["tick"].to_numpy() for p in parts)])
    spans = [_span(one) for one in missed]
    terms = (term for one in missed for keyword in one.keywords for term in keyword.terms)
    by_term: dict[int, list[Seen]] = defaultdict(list)
    for each in seen(run.settings, parts, terms, spans):
        by_term[each.term].append(each)
    found = {}
    for one in missed:
        first, last = _span(one)
        inside = {}
        for keyword in one.keywords:
            posts = holding.of(keyword)
            inside[keyword] = posts[(ticks[posts] >= first) & (ticks[posts] <= last)]
        traced = tuple(
            _traced(one, keyword, ticks[posts].tolist(), by_term)
            for keyword, posts in inside.items()
        )
        every = np.sort(ticks[np.unique(np.concatenate(list(inside.values())))]).tolist()
        found[one] = Why(sentence=_sentence(one, run, traced, every), keywords=traced)
    return found


def _span(one: Sought) -> tuple[int, int]:
    return int(one.since.timestamp()), int(one.until.timestamp())


def _traced(
    one: Sought, keyword: Keyword, ticks: Sequence[int], by_term: dict[int, list[Seen]]
) -> Traced:
    first, last = _span(one)
    posts: dict[int, int] = defaultdict(int)
    for tick in ticks:
        posts[tick // MINUTE_S] += 1
    best: dict[int, Seen] = {}
    for term in keyword.terms:
        for each in by_term.get(term, ()):
            minute = each.tick // MINUTE_S
            if first <= each.tick <= last and (
                minute not in best or _loudness(each) > _loudness(best[minute])
            ):
                best[minute] = each
    return Traced(
        keyword=keyword.text,
        posts=len(ticks),
        minutes=tuple(
            Minute(
                at=moment(minute * MINUTE_S),
                posts=posts[minute],
                count=round(each.count, 2),
                expected=round(each.expected, 4),
                surprise=round(each.surprise, 2),
                window_s=each.window_s,
                sources=round(each.sources, 1),
            )
            for minute, each in sorted(best.items())
        ),
    )


def _loudness(each: Seen) -> tuple[float, float]:
    return each.surprise, each.count


def _sentence(one: Sought, run: "Run", traced: Sequence[Traced], ticks: Sequence[int]) -> str:
    if not ticks:
        return "No post in the span holds a keyword."
    earlier = _earlier(one, run.stories)
    if earlier is not None:
        before = span(one.label.start - earlier.opened_at)
        return f'Part of story "{earlier.title[:60]}", opened {before} before the span.'
    crowd = _most_within(ticks, HOUR_S)
    posts = "1 post" if len(ticks) == 1 else f"{len(ticks):,} posts"
    if crowd < LEAST_POSTS:
        return f"{posts} with a keyword in the span; at most {crowd} within an hour."
    late = _late(one, run.stories)
    if late is not None:
        after = _offset(late.opened_at, one)
        return (
            f'Story "{late.title[:60]}" opened at {after} with {_some(late.terms)}: '
            "not enough of the keywords by the span's end."
        )
    minutes = [(minute, each.keyword) for each in traced for minute in each.minutes]
    if not minutes:
        return f"{posts} with a keyword in the span, all too late to be counted in their time."
    if max(minute.count for minute, _ in minutes) <= 0.0:
        return f"{posts} with a keyword in the span, but they repeat their authors' own words."
    least = run.settings.min_sources
    peak, keyword = max(minutes, key=lambda pair: (pair[0].sources >= least, pair[0].surprise))
    return _peak_sentence(one, run, peak, keyword)


def _peak_sentence(one: Sought, run: "Run", peak: Minute, keyword: str) -> str:
    settings = run.settings
    counts = f'"{keyword}", {peak.count:.1f} for {peak.expected:.2f}'
    if peak.surprise <= 0.0:
        return f"Never above what the past made expect ({counts}, {_window(peak.window_s)} window)."
    said = (
        f"Peak surprise {peak.surprise:.1f} ({counts}) "
        f"at {_offset(peak.at, one)} in the {_window(peak.window_s)} window"
    )
    if peak.sources < settings.min_sources:
        return (
            f"{said}, but from {peak.sources:.1f} sources, fewer than {settings.min_sources:.1f}."
        )
    if peak.surprise < settings.linked_floor:
        return f"{said}, below {settings.story_floor:.1f}."
    holder = _holder(one, keyword, peak, run.stories)
    if holder is not None:
        return f'{said}, but it became part of story "{holder.title[:60]}".'
    if peak.surprise < settings.story_floor:
        return f"{said}, below {settings.story_floor:.1f}, and linked to no other hot term."
    return f"{said}, above the floor: it fired, but no story told shows it."


def _holder(
    one: Sought, keyword: str, peak: Minute, stories: Sequence[ToldStory]
) -> ToldStory | None:
    # the latest story that shows the keyword and was there when it was loudest
    names = next(each.names for each in one.keywords if each.text == keyword)
    until = peak.at + timedelta(minutes=1)
    return next(
        (
            story
            for story in reversed(stories)
            if story.opened_at <= until
            and peak.at <= story.tellings[-1].at
            and any(not told.names.isdisjoint(names) for told in story.tellings)
        ),
        None,
    )


def _earlier(one: Sought, stories: Sequence[ToldStory]) -> ToldStory | None:
    # a story about it that was open when the span began
    return next(
        (
            story
            for story in stories
            if story.opened_at < one.since <= story.tellings[-1].at
            and any(one.is_met_by(names) for names in story.names_until(one.until))
        ),
        None,
    )


def _late(one: Sought, stories: Sequence[ToldStory]) -> ToldStory | None:
    # a story of the span that holds a keyword, but too few or too late
    return next(
        (
            story
            for story in stories
            if one.since <= story.opened_at <= one.until
            and any(
                not told.names.isdisjoint(keyword.names)
                for told in story.tellings
                for keyword in one.keywords
            )
        ),
        None,
    )


def _most_within(ticks: Sequence[int], width_s: int) -> int:
    most, low = 0, 0
    for high, tick in enumerate(ticks):
        while ticks[low] <= tick - width_s:
            low += 1
        most = max(most, high - low + 1)
    return most


def _some(terms: Sequence[str]) -> str:
    return ", ".join(terms[:3])


def _offset(at: datetime, one: Sought) -> str:
    minutes = max(timedelta(0), at - one.label.start) // timedelta(minutes=1)
    return f"+{minutes} min"


def _window(seconds: int) -> str:
    return f"{seconds}-s" if seconds < MINUTE_S else f"{seconds // MINUTE_S}-min"
