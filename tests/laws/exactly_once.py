"""The law of the outbox: what was fired is on the network once, and the store says so.

``breaches`` looks at three witnesses, none of which can be talked into anything: how drafts stand,
what the record says was told of them, and what the server has. It returns one sentence a breach.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rtm.decisions import Refused, Sent, Unknown
from tests.outbox_child import Draft, Fate


@dataclass(frozen=True, slots=True)
class Post:
    """What the server has; the address that a receipt names ends in ``id``."""

    id: str
    text: str


def breaches(
    drafts: Sequence[Draft],
    outcomes: Iterable[tuple[str, Fate]],
    posts: Sequence[Post],
    *,
    may_refuse: bool,
) -> list[str]:
    """Return what breaks the law, once all is settled and nothing is under way.

    ``may_refuse``: a post that surely is not there may be handed back to people, who are told. It
    may not where repeats are safe: there the outbox can always send it again. Of several posts of
    the same words some may stay unknown then, since only a person can tell which of them is there.
    """
    told: dict[str, list[Fate]] = {draft.key: [] for draft in drafts}
    for key, outcome in outcomes:
        if key in told:
            told[key].append(outcome)
    fired = Counter(draft.text for draft in drafts)
    found: list[str] = []
    for draft in drafts:
        if may_refuse and fired[draft.text] > 1 and draft.state == "unknown":
            continue
        found += _of_one(draft, told[draft.key], may_refuse)
    return found + list(_of_all(drafts, posts))


def _of_one(draft: Draft, told: Sequence[Fate], may_refuse: bool) -> Iterator[str]:
    if draft.state not in ("sent", "refused"):
        yield f"{draft.key} is lost: still {draft.state}"
        return
    if draft.state == "refused" and not may_refuse:
        yield f"{draft.key} is lost: refused though it could have been sent again: {told[-1:]}"
    if any(not isinstance(one, Unknown) for one in told[:-1]) or not told:
        yield f"{draft.key} was not told of once, at the end: {list(told)}"
        return
    match told[-1]:
        case Sent(uri=uri) if (draft.state, draft.uri) == ("sent", uri):
            return
        case Refused() if draft.state == "refused":
            return
    yield f"{draft.key} is {draft.state} at {draft.uri}, the record says {told[-1]}"


def _of_all(drafts: Sequence[Draft], posts: Sequence[Post]) -> Iterator[str]:
    sent = [draft for draft in drafts if draft.state == "sent"]
    for draft in sent:
        ids = tuple(post.id for post in posts if post.text == draft.text)
        if draft.uri is None or not draft.uri.endswith(ids):
            yield f"{draft.key} is lost: told as sent, and not at {draft.uri}"
    for uri, count in Counter(draft.uri for draft in sent).items():
        if count > 1:
            yield f"{count} drafts are told as sent, with one post between them: {uri}"
    there = Counter(post.text for post in posts)
    for text in {draft.text for draft in drafts}:
        states = Counter(draft.state for draft in drafts if draft.text == text)
        if there[text] > states["sent"] + states["unknown"]:
            yield f"{text!r} is there {there[text]} times, with drafts {dict(states)}"
    for text in there.keys() - {draft.text for draft in drafts}:
        yield f"{text!r} was fired by nobody"
