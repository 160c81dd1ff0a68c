from datetime import UTC, datetime, timedelta

from rtm.desk.newsroom import Newsroom, Shift
from rtm.orders import Acknowledged, DutyBegan, RulesSet

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


def rules(version: int, text: str = "Be kind.") -> RulesSet:
    return RulesSet(at=NOW, who="ada", version=version, text=text)


def acknowledged(who: str, version: int) -> Acknowledged:
    return Acknowledged(at=NOW, who=who, version=version)


def on_duty(newsroom: Newsroom, hours: float) -> bool:
    return "mia" in newsroom.on_duty(NOW + timedelta(hours=hours), ["mia", "noor"])


def came(*shifts: tuple[str, float, float]) -> Newsroom:
    """Return a newsroom to which mia came now, with shifts planned from and to so many hours on."""
    newsroom = Newsroom()
    newsroom.tell(DutyBegan(at=NOW, who="mia"))
    newsroom.shifts.update(
        Shift(NOW + timedelta(hours=start), NOW + timedelta(hours=end), who, "moderator")
        for who, start, end in shifts
    )
    return newsroom


def test_who_forgets_to_go_off_duty_is_off_after_half_a_day():
    assert on_duty(came(), 11.99)
    assert not on_duty(came(), 12)


def test_who_came_a_little_early_for_a_long_shift_is_on_duty_until_it_ends():
    newsroom = came(("mia", 0.1, 12.1), ("noor", 0, 48))

    assert on_duty(newsroom, 12.05)
    assert not on_duty(newsroom, 12.1)


def test_who_forgot_to_go_off_is_not_there_when_the_next_shift_begins():
    newsroom = came(("mia", 0.1, 12.1), ("mia", 12.1, 20), ("mia", 24.1, 36.1))

    assert not on_duty(newsroom, 13)
    assert not on_duty(newsroom, 25)


def test_who_is_not_known_any_more_is_not_on_duty():
    assert came(("mia", 0, 24)).on_duty(NOW, ["noor"]) == {}


def test_where_there_are_no_rules_nobody_has_to_acknowledge_any():
    assert Newsroom().has_acknowledged("mia")


def test_new_rules_have_to_be_acknowledged_anew():
    newsroom = Newsroom()

    newsroom.tell(rules(1))
    assert not newsroom.has_acknowledged("mia")
    newsroom.tell(acknowledged("mia", 1))
    assert newsroom.has_acknowledged("mia")
    newsroom.tell(rules(2))
    assert not newsroom.has_acknowledged("mia")
    assert newsroom.acknowledged["mia"] == acknowledged("mia", 1)


def test_a_second_text_under_the_same_number_was_read_by_nobody():
    newsroom = Newsroom()
    for record in (rules(1), rules(2), acknowledged("mia", 2), rules(2, "Be quick.")):
        newsroom.tell(record)

    assert not newsroom.has_acknowledged("mia")
