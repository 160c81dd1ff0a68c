"""What of the work on a card a public screen is told."""

from rtm.board.fold import folded
from rtm.board.public import public_card, public_tick
from rtm.board.view import Declared, HouseView, OnDuty, Tick, Volume, encoded
from rtm.decisions import Claimed, Drafted, Fired, Returned, Sent, Unlocked
from rtm.text.screening import Screening
from tests.board.test_fold import AT, FOUND

TEXT = "We buy the lamp maker on Monday"
WRITTEN = [
    *FOUND,
    Unlocked(at=AT, opportunity="o1", who="modo", reason="shit happens, none was hurt"),
    Claimed(at=AT, opportunity="o1", who="mia"),
    Drafted(at=AT, opportunity="o1", who="mia", text=TEXT),
    Returned(at=AT, opportunity="o1", who="noor", note="the lamp maker is secret"),
]
FIRED = Fired(at=AT, opportunity="o1", who="noor", channel="dry", account="dry", key="k", text=TEXT)
SENT = Sent(at=AT, opportunity="o1", channel="dry", account="dry", key="k", uri="dry:k", url=None)


def wall(*more: Fired | Sent) -> str:
    card = folded([*WRITTEN, *more]).card("o1")
    assert TEXT in card.text
    shown = public_card(card, Screening())
    return repr(shown)


def test_what_is_written_stays_at_the_desk_until_it_is_out():
    for told in (wall(), wall(FIRED)):
        assert "lamp maker" not in told
        assert "shit" not in told


def test_what_is_out_reaches_the_wall():
    assert TEXT in wall(FIRED, SENT)


def test_a_rude_name_on_duty_is_not_told():
    house = HouseView(
        on_duty=(OnDuty(name="shit", roles=("writer",), since_ms=0),),
        stopped=Declared(who="shit", at_ms=0, why="a typo"),
    )
    tick = Tick(
        epoch="e", seq=1, at_ms=0, speed=1.0, warm=1.0, warm_note="", posts=0, rate_per_s=0.0,
        stories=0, sources=(), house=house,
        volume=Volume(title="", bucket_s=1, start_ms=0, posts=(), low=(), high=()),
    )  # fmt: skip

    assert "shit" not in encoded(public_tick(tick, Screening()))
    assert "a typo" in encoded(public_tick(tick, Screening()))
