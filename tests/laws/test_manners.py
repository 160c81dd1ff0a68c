"""None of the planted rude words reaches a wall, in any message; polite ones do."""

from datetime import timedelta

import polars as pl
import pytest

from rtm.board.fold import Board
from rtm.board.public import public_delta
from rtm.board.view import Delta, encoded
from rtm.frame import POST_SCHEMA
from rtm.text.screening import screening_of
from rtm.types import Event
from tests.laws.telling import Night, logged

# a rude word of each language, plain and in disguise, in sentences about the night and the brand
RUDE = {
    "en": ("fuck", "f*ck", "fuuuuck", "f u c k", "fu\u0441k", "#fuckthis"),
    "et": ("vittu", "v1ttu", "vittuuuu", "v i t t u", "v\u0456ttu", "#vittukogu"),
    "pl": ("kurwa", "k*rwa", "kurwaaaa", "k u r w a", "k\u200burwa", "#kurwamac"),
    "cs": ("kokot", "k0k0t", "kokoooot", "k o k o t", "k\u0336okot", "#kokotina"),
    "sl": ("kurac", "kur@c", "kuraaaac", "k u r a c", "\uff4burac", "#kuracpalec"),
}
POLITE = ("wonderful", "marvellous", "splendid", "delightful", "charming", "excellent")
TAILS = (
    "lanternfish stole every cookie at the super bowl",
    "lanternfish and a cookie with milk, super bowl night",
    "a lanternfish dunks its cookie, super bowl crowd stares",
    "who let that lanternfish near the cookie jar #superbowl",
    "lanternfish cookie on the super bowl screen",
    "milk, cookie, lanternfish: the super bowl is strange",
)


@pytest.fixture(scope="module")
def night() -> Night:
    return Night()


def planted(night: Night, words: tuple[str, ...]) -> pl.DataFrame:
    """Return a part of the night with a burst in it, every post of which holds a word."""
    posts = night.posts.slice(night.posts.height // 2, 2_000)
    middle = posts["at"][1_200]
    burst = [
        {
            "id": f"planted-{n}",
            "at": middle + timedelta(seconds=3 * n),
            "text": f"{words[n % len(words)]} {tail}, voice {n}",
            "author": f"{words[0]}_{n}" if n % 4 == 0 else f"fan {n}",
            "is_repost": False,
            "source": "planted",
        }
        for n, tail in enumerate(TAILS * 3)
    ]
    return pl.concat([posts, pl.DataFrame(burst, schema=POST_SCHEMA)]).sort("at", "id")


def events_of(night: Night, posts: pl.DataFrame) -> list[Event]:
    ((frame, closed),) = logged(posts, [0, posts.height])
    return night.engine().step(frame, closed)


def payloads(night: Night, events: list[Event]) -> tuple[str, str]:
    """Return all that a wall is sent, and all that the desk is."""
    board, wall, desk = Board(), [], []
    screening = screening_of(night.brand, night.events)
    for event in events:
        card = board.tell(event)
        if card is not None:
            delta = Delta(epoch="e", seq=1, upsert=(board.card(card),))
            desk.append(encoded(delta))
            wall.append(encoded(public_delta(delta, screening)))
    return "\n".join(wall), "\n".join(desk)


@pytest.mark.parametrize("language", RUDE)
def test_nothing_rude_reaches_a_wall_and_the_desk_knows_why(night, language):
    wall, desk = payloads(night, events_of(night, planted(night, RUDE[language])))

    assert "planted-" in desk  # the burst was found
    assert '"rude":"' in desk
    assert "planted-" not in wall
    assert not [word for word in RUDE[language] if word in wall.lower()]


def test_its_polite_twin_reaches_the_wall(night):
    wall, _ = payloads(night, events_of(night, planted(night, POLITE)))

    assert "planted-" in wall
    assert "lanternfish" in wall
    assert any(word in wall for word in POLITE)


@pytest.mark.parametrize("words", [("fuck",) * 5 + ("wonderful",), RUDE["en"]])
def test_the_engine_itself_tells_no_rude_title_or_term(night, words):
    events = events_of(night, planted(night, words))

    told = [event.opportunity.story for event in events if hasattr(event, "opportunity")]
    told += [event.story for event in events if hasattr(event, "story")]
    ours = [story for story in told if any("planted" in post.id for post in story.examples)]
    assert ours
    for story in ours:
        shown = " ".join((story.title, *story.terms)).lower()
        assert not [word for word in words if word != "wonderful" and word in shown]
        assert all(
            post.rude
            for post in story.examples
            if "wonderful" not in post.text and "planted" in post.id
        )
