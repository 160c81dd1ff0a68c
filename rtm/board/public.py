"""What a wall is sent: cards in which nothing is left that a public screen must not show.

Be a card on its way to the wall: if you are only tried, you are taken away from it. Your quotes
that are marked rude stay behind; whatever else you say is looked through once more, whoever wrote
it, and what is not fit gives way to plain words. Kits, which say what may be posted, stay behind;
so does your text until it is out, with all that people write to one another about it.
"""

import msgspec

from rtm.board.view import Card, Declared, Delta, Snapshot, StepTaken, Tick
from rtm.desk.work import EMPTY
from rtm.text.screening import Screening


def public_card(card: Card, screening: Screening) -> Card:
    """Return a card without anything rude."""
    shown = screening.shown
    is_out = any(post.state == "sent" for post in card.sendings)
    return msgspec.structs.replace(
        card,
        title=shown(card.title),
        terms=tuple(term for term in card.terms if screening.why(term) is None),
        reasons=tuple(reason for reason in card.reasons if screening.why(reason) is None),
        quotes=tuple(
            quote
            for quote in card.quotes
            if quote.text
            and quote.rude is None
            and screening.why_post(quote.text, quote.author) is None
        ),
        lock=_shown(card.lock, screening),
        owner=_shown(card.owner, screening),
        opened_by=_shown(card.opened_by, screening),
        kits=(),
        text=shown(card.text) if is_out else "",  # what is not out yet may still hold a secret
        written_by=_shown(card.written_by, screening),
        draft=EMPTY,  # only the desk has to do with what is not in its text
        approvals=tuple(screening.shown(name) for name in card.approvals),
        asked=_shown(card.asked, screening),
        waits_on=screening.shown(card.waits_on),
        breach=None,
        results=None,
        note=None,
        release=None,
        steps=tuple(
            StepTaken(state=step.state, at_ms=step.at_ms, who=_shown(step.who, screening))
            for step in card.steps
        ),
        sendings=tuple(
            msgspec.structs.replace(
                post, text=shown(post.text) if post.state == "sent" else "", reason=None
            )
            for post in card.sendings
        ),
    )


def public_snapshot(whole: Snapshot, screening: Screening) -> Snapshot:
    """Return a snapshot of public cards."""
    cards = tuple(public_card(card, screening) for card in whole.cards if not card.is_trial)
    return msgspec.structs.replace(whole, cards=cards)


def public_delta(delta: Delta, screening: Screening) -> Delta:
    """Return a delta of public cards; what is only tried leaves the wall where it stood there."""
    upsert = tuple(public_card(card, screening) for card in delta.upsert if not card.is_trial)
    tried = (card.id for card in delta.upsert if card.is_trial)
    return msgspec.structs.replace(delta, upsert=upsert, remove=(*delta.remove, *tried))


def public_tick(tick: Tick, screening: Screening) -> Tick:
    """Return a tick without what a public screen need not know of the house."""
    house = tick.house
    return msgspec.structs.replace(
        tick,
        house=msgspec.structs.replace(
            house,
            leaks=(),
            rota=(),
            on_duty=tuple(
                msgspec.structs.replace(one, name=screening.shown(one.name))
                for one in house.on_duty
            ),
            stopped=_declared(house.stopped, screening),
            crisis=_declared(house.crisis, screening),
        ),
    )


def _declared(one: Declared | None, screening: Screening) -> Declared | None:
    if one is None:
        return None
    shown = screening.shown
    return msgspec.structs.replace(one, who=shown(one.who), why=shown(one.why))


def _shown(text: str | None, screening: Screening) -> str | None:
    return None if text is None else screening.shown(text)
