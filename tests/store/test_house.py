from datetime import timedelta

import pytest
from sqlalchemy import update

from rtm.clock import FixedClock
from rtm.errors import StoreError
from rtm.orders import Acknowledged, DutyBegan, DutyEnded, RulesSet, ShiftPlanned
from rtm.store.audit import verify
from rtm.store.database import beside
from rtm.store.house import HouseRecord, house_of, house_seen
from rtm.store.store import Store
from rtm.store.tables import events
from tests.store.records import AT, claimed, opened

SHIFT = ShiftPlanned(
    at=AT, who="ada", person="mia", role="writer", start=AT, end=AT + timedelta(hours=8)
)


@pytest.fixture
def house(tmp_path):
    with house_of(tmp_path, now=FixedClock(AT).now) as house:
        yield house


def rules(version: int) -> RulesSet:
    return RulesSet(at=AT, who="ada", version=version, text="Be kind.")


def test_what_is_kept_holds_and_is_chained(house, tmp_path):
    records = [
        DutyBegan(at=AT, who="mia"),
        SHIFT,
        rules(1),
        Acknowledged(at=AT, who="mia", version=1),
    ]

    assert house.keep(lambda newsroom, now: records) == records

    newsroom = house.newsroom()
    assert house.records() == records
    assert list(newsroom.on_duty(AT, ["mia"])) == ["mia"]
    assert len(newsroom.shifts) == 1
    assert newsroom.has_acknowledged("mia")
    assert verify(tmp_path).rows == 4
    assert verify(tmp_path).broken is None


def test_a_decision_is_made_of_what_holds_and_of_the_moment(house):
    house.keep(lambda newsroom, now: [rules(1)])

    house.keep(
        lambda newsroom, now: [
            RulesSet(at=now, who="bob", version=newsroom.rules.version + 1, text="Be quick.")
        ]
    )

    assert house.newsroom().rules == RulesSet(at=AT, who="bob", version=2, text="Be quick.")


def test_what_cannot_be_decided_leaves_nothing(house):
    def refuse(newsroom, now):
        raise StoreError("no")

    with pytest.raises(StoreError):
        house.keep(refuse)
    house.keep(lambda newsroom, now: [])

    assert house.records() == []


def test_it_is_kept_beside_a_running_board_among_all_else(tmp_path):
    store = Store.open(tmp_path)
    store.keep([opened(0)], first=0)

    with house_of(tmp_path) as house:
        house.keep(lambda newsroom, now: [DutyBegan(at=AT, who="mia")])
        store.decide(claimed(), key="k1")
        house.keep(lambda newsroom, now: [DutyEnded(at=AT, who="mia")])

        assert house.records() == [DutyBegan(at=AT, who="mia"), DutyEnded(at=AT, who="mia")]
    kinds = [record.__struct_config__.tag for _, record in store.records()]
    assert kinds == ["story_opened", "duty_began", "claimed", "duty_ended"]
    store.close()
    assert verify(tmp_path).broken is None


def test_a_house_that_is_only_looked_at_must_be_there(tmp_path):
    with pytest.raises(StoreError, match="name the folder"), house_seen(tmp_path / "typo"):
        pass

    assert not (tmp_path / "typo").exists()


def test_a_house_may_be_looked_at(house, tmp_path):
    house.keep(lambda newsroom, now: [rules(1)])

    with house_seen(tmp_path) as seen:
        assert seen.newsroom().rules == rules(1)


def test_a_record_that_cannot_be_read_is_named(house, tmp_path):
    house.keep(lambda newsroom, now: [rules(1)])
    with beside(tmp_path) as database:
        with database.writing() as connection:
            connection.execute(update(events).values(line='{"event": "rules_set"}'))

        with pytest.raises(StoreError, match="record 1 cannot be read"):
            HouseRecord(database, FixedClock(AT).now).newsroom()
