from datetime import UTC, datetime

from rtm.decisions import Acknowledged, RulesSet
from rtm.desk.newsroom import Newsroom

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


def rules(version: int, text: str = "Be kind.") -> RulesSet:
    return RulesSet(at=NOW, who="ada", version=version, text=text)


def acknowledged(who: str, version: int) -> Acknowledged:
    return Acknowledged(at=NOW, who=who, version=version)


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
