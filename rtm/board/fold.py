"""The board as a fold: told records in order, it knows what every card looks like.

Be an opportunity: the engine found you, so a card opens with your reasons and your closing time.
Or a person opened you, and your card shows what that person said until the engine tells what it has
read of you. The engine goes on telling of your story and of when it closes, people decide, a
network answers; each changes the card and its revision. Whatever order a screen hears of the
changes in, by revision it shows the same.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rtm.board.view import Breach, Card, KitView, Post, Quote, Release, StepTaken, ms
from rtm.decisions import Closed, Expired, Forgotten, Labelled, Leaked, Noted, Opened, Record
from rtm.desk.kits import Kits, Offer, slots_of
from rtm.desk.moments import sharing
from rtm.desk.newsroom import Newsroom
from rtm.desk.stopwatch import waits_on
from rtm.desk.work import Work, after, found, locked
from rtm.draft import Draft
from rtm.event import WatchedEvent
from rtm.orders import House
from rtm.types import (
    Example,
    Interval,
    Opportunity,
    OpportunityFound,
    OpportunityLocked,
    OpportunityTried,
    Story,
    StoryClosed,
    StoryGrew,
    StoryMerged,
    StoryOpened,
    StorySplit,
    card_of,
    story_of,
)

KEPT = timedelta(hours=24)  # since the last step, until a card leaves the board
LEAST = timedelta(minutes=15)  # that a moment opened by hand is shown, before more is known of it
UNTAKEN = ("found", "dismissed", "expired")  # nobody has said by a claim that it fits
NOTES = 5  # latest notes that are kept
LEAKS = 5  # latest posts by strangers that gave a secret away
ENDED = ("fired", "dismissed", "expired")


@dataclass(frozen=True, slots=True)
class _Moment:
    opportunity: Opportunity
    story: Story
    closes_at: Interval
    found_at: datetime
    work: Work
    rev: int = 1
    is_over: bool = False
    opened: Opened | None = None
    offers: tuple[Offer, ...] = ()


class Board:
    """All cards, and how many stories are followed; ``events`` have the kits that are offered."""

    def __init__(self, events: Sequence[WatchedEvent] = ()) -> None:
        self._kits = Kits(events)
        self._moments: dict[str, _Moment] = {}
        self._open: set[str] = set()
        self._answered: set[str] = set()  # of those that left: something of them went out
        self.notes: deque[Noted] = deque(maxlen=NOTES)
        self.leaks: deque[Leaked] = deque(maxlen=LEAKS)
        self.newsroom = Newsroom()

    def __contains__(self, card: str) -> bool:
        return card in self._moments

    @property
    def stories(self) -> int:
        """How many stories are followed now."""
        return len(self._open)

    def tell(self, record: Record) -> str | None:
        """Fold one record; the id of the card that it changed, if it did."""
        match record:
            case StoryOpened() | StorySplit():
                self._open.add(record.story.id)
                return None
            case StoryGrew() | StoryClosed() | StoryMerged():
                return self._grown(record)
            case OpportunityFound() | OpportunityTried() | OpportunityLocked():
                return self._judged(record)
            case Noted():
                self.notes.append(record)
                return None
            case Leaked():
                self.leaks.append(record)
                return None
            case Labelled() | Forgotten():
                return None
            case Opened():
                return self._opened(record)
            case Closed():
                return self._closed(record)
        if isinstance(record, House):
            self.newsroom.tell(record)
            return None
        moment = self._moments.get(record.opportunity)
        if moment is None:  # gone from the board, not from the record
            return None
        work = after(moment.work, record)
        if work is moment.work:
            return None
        self._put(replace(moment, work=work), record.at)
        return record.opportunity

    def works(self) -> tuple[Work, ...]:
        """Return the work on every card."""
        return tuple(moment.work for moment in self._moments.values())

    def post(self, id: str) -> Example | None:
        """Return a post that is quoted on a card; None when there is none."""
        for moment in self._moments.values():
            for example in moment.story.examples:
                if example.id == id:
                    return example
        return None

    def text_of(self, post: str) -> str | None:
        """Return what a post says that is quoted on a card; None when there is none."""
        quoted = self.post(post)
        return None if quoted is None else quoted.text

    def followed(self) -> list[Opened]:
        """Return the moments that people opened and that are followed still, in order."""
        return [
            moment.opened
            for moment in self._moments.values()
            if moment.opened is not None and not moment.is_over
        ]

    def untold(self) -> list[Opened]:
        """Return the moments of which the engine has told nothing yet, in order."""
        return [
            opened for opened in self.followed() if story_of(opened.opportunity) not in self._open
        ]

    def like(self, card: str) -> tuple[str, ...]:
        """Return the cards of found stories that are under way and share a card's terms."""
        asked = self._moments[card].story
        others = {
            other: moment.story
            for other, moment in self._moments.items()
            if moment.opened is None and not moment.is_over and moment.work.state not in ENDED
        }
        return sharing(asked, others)

    def work(self, card: str) -> Work:
        """Return the work on a card, or raise KeyError."""
        return self._moments[card].work

    def card(self, card: str) -> Card:
        """Return a card as it stands, or raise KeyError."""
        return _drawn(self._moments[card])

    def cards(self) -> tuple[Card, ...]:
        """Return all cards, in order of finding."""
        return tuple(_drawn(moment) for moment in self._moments.values())

    def due(self, now: datetime) -> list[Expired]:
        """Return what time itself ends: cards that nobody took on before they closed."""
        return [
            Expired(at=now, opportunity=card)
            for card, moment in self._moments.items()
            if moment.work.state == "found"
            and moment.closes_at.high <= now
            and not moment.work.is_answer  # whoever complains is answered, however late
        ]

    def awaited(self) -> dict[str, str]:
        """Return the keys of posts that left and were not heard yet, each with its card."""
        return {
            sending.key: card
            for card, moment in self._moments.items()
            for sending in moment.work.sendings
            if not sending.is_heard and sending.state != "scheduled"
        }

    def forget(self, now: datetime) -> list[str]:
        """Take away the cards that ended long ago; their ids."""
        old = [
            card
            for card, moment in self._moments.items()
            if moment.work.state in ENDED and moment.work.since + KEPT < now
        ]
        for card in old:
            if self._moments.pop(card).work.sendings:
                self._answered.add(card)
        return old

    def _opened(self, record: Opened) -> str:
        at, id = record.at, record.opportunity
        story = Story(
            id=story_of(id),
            title=record.title,
            terms=record.terms,
            posts=0,
            authors=None,
            sources=0.0,
            surprise=0.0,
            opened_at=at,
            examples=() if record.answers is None else (record.answers,),
        )
        told = Opportunity(
            id=id,
            story=story,
            brand="",
            score=0.0,
            relevance=0.0,
            risk=0.0,
            audience=None,
            closes_at=Interval(low=at, high=at + LEAST),
            reasons=(f"Opened by hand by {record.who}; nothing was counted yet.",),
        )
        work = found(id, at)
        if record.kind == "complaint":
            draft = Draft(reply_to=record.reply_to)
            work = replace(found(id, at, is_answer=True), draft=draft)
        self._put(_Moment(told, story, told.closes_at, at, work, opened=record), at)
        return id

    def _closed(self, record: Closed) -> str | None:
        moment = self._moments.get(record.opportunity)
        if moment is None or moment.is_over:
            return None
        self._open.discard(moment.story.id)
        self._put(replace(moment, is_over=True), record.at)
        return record.opportunity

    def _judged(
        self, record: OpportunityFound | OpportunityTried | OpportunityLocked
    ) -> str | None:
        told = record.opportunity
        moment = self._moments.get(told.id)
        if moment is None:
            if told.id in self._answered:  # as if new, it would be fired again
                return None
            work = found(told.id, record.at)
            moment = _Moment(told, told.story, told.closes_at, record.at, work)
        work = moment.work
        if isinstance(record, OpportunityLocked):
            work = locked(work, record.reason)
        moment = replace(
            moment, opportunity=told, story=told.story, closes_at=told.closes_at, work=work
        )
        self._put(moment, record.at)
        return told.id

    def _grown(self, record: StoryGrew | StoryClosed | StoryMerged) -> str | None:
        is_over = isinstance(record, StoryClosed)
        if is_over:
            self._open.discard(record.story.id)
        card = card_of(record.story.id)
        moment = self._moments.get(card)
        if moment is None:
            return None
        # what is over forecasts nothing: what was said last stays
        closes_at = moment.closes_at if is_over else _closes(moment, record.story)
        moment = replace(moment, story=record.story, closes_at=closes_at, is_over=is_over)
        self._put(moment, record.at)
        return card

    def _put(self, moment: _Moment, at: datetime) -> None:
        # what is on offer is settled here, so that one revision of a card is one and the same
        offers = self._kits.offers(moment.story, at)
        self._moments[moment.opportunity.id] = replace(moment, rev=moment.rev + 1, offers=offers)


def folded(records: Iterable[Record], events: Sequence[WatchedEvent] = ()) -> Board:
    """Return the board after these records."""
    board = Board(events)
    for record in records:
        board.tell(record)
    return board


def _closes(moment: _Moment, story: Story) -> Interval:
    # as the story was told last, but not before anybody could have acted
    latest, least = story.closes_at, moment.opportunity.closes_at.low
    if latest is None:
        return moment.closes_at
    return Interval(low=max(latest.low, least), high=max(latest.high, least))


def _drawn(moment: _Moment) -> Card:
    told, story, work = moment.opportunity, moment.story, moment.work
    unlocked, breach, opened = work.unlocked, work.breach, moment.opened
    return Card(
        id=told.id,
        rev=moment.rev,
        work_rev=work.rev,
        title=story.title,
        terms=story.terms,
        posts=story.posts,
        voices=story.sources,
        surprise=story.surprise,
        per_min=story.per_min,
        acceleration=story.acceleration,
        opened_ms=ms(story.opened_at),
        found_ms=ms(moment.found_at),
        closes_low_ms=ms(moment.closes_at.low),
        closes_high_ms=ms(moment.closes_at.high),
        score=told.score,
        relevance=told.relevance,
        risk=told.risk,
        audience=told.audience,
        reasons=told.reasons,
        quotes=_quotes(moment),
        is_over=moment.is_over,
        is_trial=told.is_trial and work.state in UNTAKEN,
        opened_by=None if opened is None else opened.who,
        kind="moment" if opened is None else opened.kind,
        reply_to=None if opened is None else opened.reply_to,
        kits=tuple(_kit(offer) for offer in moment.offers),
        lock=work.lock,
        release=None
        if unlocked is None
        else Release(who=unlocked.who, at_ms=ms(unlocked.at), reason=unlocked.reason),
        state=work.state,
        since_ms=ms(work.since),
        owner=work.owner,
        text=work.draft.text,
        draft=work.draft,
        written_by=work.written_by,
        approvals=work.approvals,
        asked=work.asked,
        asked_ms=None if work.asked_at is None else ms(work.asked_at),
        waits_on=waits_on(work),
        note=work.note,
        breach=None
        if breach is None
        else Breach(who=breach.who, step=breach.step, rule=breach.rule, words=breach.reason),
        steps=tuple(
            StepTaken(state=step.state, at_ms=ms(step.at), who=step.who) for step in work.steps
        ),
        sendings=tuple(
            Post(
                channel=one.channel,
                account=one.account,
                text=one.message.text,
                state=one.state,
                uri=one.uri,
                url=one.url,
                is_heard=one.is_heard,
                send_ms=None if one.send_at is None else ms(one.send_at),
                zone=one.zone,
                reason=one.reason,
            )
            for one in work.sendings
        ),
    )


def _quotes(moment: _Moment) -> tuple[Quote, ...]:
    quotes = [
        Quote(id=post.id, at_ms=ms(post.at), text=post.text, author=post.author, rude=post.rude)
        for post in moment.story.examples
    ]
    opened = moment.opened
    if opened is None or opened.reply_to is None:
        return tuple(quotes)
    answered = Quote(id=opened.reply_to, at_ms=ms(opened.at), text="", author=None)
    first = next((one for one in quotes if one.id == opened.reply_to), answered)
    return (first, *(one for one in quotes if one is not first))


def _kit(offer: Offer) -> KitView:
    return KitView(
        name=offer.name,
        text=offer.text,
        image=offer.image,
        alt=offer.alt,
        event=offer.event,
        until_ms=ms(offer.until),
        channels=dict(offer.channels),
        slots=slots_of(" ".join((offer.text, *offer.channels.values()))),
    )
