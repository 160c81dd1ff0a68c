"""What a story that a person opened says of itself, before any post and besides them.

Its title and terms are read as a post is. Before the first post they alone say how well it fits.
Where they are grave, or touch what the brand never touches, it is locked from the start, and only
a moderator releases it: that nobody has posted of it yet makes it no lighter.
"""

from msgspec import Struct

from rtm.score.relevance import PHRASES, WEIGHTS, Contribution
from rtm.score.safety import LOCKED_FROM, SENSITIVE, Safety
from rtm.text.patterns import CLASSES, Mark


class Own(Struct, frozen=True):
    """A story that was opened by hand: bits of ``Mark`` that its title and terms have.

    ``teaches``: what people do with it says what the brand wants, as with a found story. An answer
    to a complaint is no such wish.
    """

    marks: int
    teaches: bool = True

    def stated(self, brand: str, event: str | None) -> list[Contribution]:
        """Return what its title and terms add to its relevance, largest first.

        >>> [one.sentence for one in Own(Mark.MENTION | Mark.EVENT).stated("Oreo", None)]
        ['Its title or terms name Oreo (+0.90).']
        """
        found = []
        for mark, weight in WEIGHTS.items():
            if mark in Mark(self.marks) and (mark is not Mark.EVENT or event is not None):
                phrase = PHRASES[mark].format(brand=brand, event=event)
                found.append(Contribution(weight, f"Its title or terms {phrase} ({weight:+.2f})."))
        return sorted(found, key=lambda one: -abs(one.value))

    def lock(self, brand: str) -> str | None:
        """Say why it is locked whatever people post, or None.

        >>> Own(Mark.GRAVE | Mark.DEATH | Mark.NO_GO).lock("Oreo")
        'Its title or terms speak of death and touch what Oreo never touches: locked.'
        """
        said = []
        if Mark.GRAVE in Mark(self.marks):
            said.append(f"speak of {' or '.join(self.classes()) or SENSITIVE}")
        if Mark.NO_GO in Mark(self.marks):
            said.append(PHRASES[Mark.NO_GO].format(brand=brand))
        return f"Its title or terms {' and '.join(said)}: locked." if said else None

    def classes(self) -> tuple[str, ...]:
        """Return the classes of grave matters that it speaks of."""
        return tuple(name for name, mark in CLASSES.items() if mark in Mark(self.marks))

    def weighed(self, posts: Safety, brand: str) -> Safety:
        """Return what its posts were judged, with its title and terms judged too."""
        lock = self.lock(brand)
        if lock is None:
            return posts
        return Safety(
            risk=max(posts.risk, LOCKED_FROM),
            is_locked=True,
            reasons=(*posts.reasons, lock) if posts.is_locked else (lock, *posts.reasons),
            share=posts.share,
            classes=tuple(dict.fromkeys((*posts.classes, *self.classes()))),
        )
