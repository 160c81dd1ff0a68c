import threading
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from rtm.clock import FixedClock
from rtm.desk.roles import Person
from rtm.errors import StoreError
from rtm.store.people import People, people_of
from tests.store.records import AT

PASSWORD = "correct horse battery"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
ANN = Person(name="Ann", roles=frozenset({"writer", "approver"}))


@pytest.fixture
def clock():
    return FixedClock(AT)


@pytest.fixture
def people(store, clock):
    return People(store._database, clock.now, CHEAP)


@pytest.fixture
def ann(people):
    return people.add("Ann", PASSWORD, ["writer", "approver"])


def test_nobody_is_there_at_first(people):
    assert not people.any()
    assert people.all() == []


def test_who_was_added_may_log_in(people, ann):
    assert ann == ANN
    assert people.any()
    assert people.all() == [ANN]
    assert people.check("Ann", PASSWORD) == ANN
    assert people.check("aNN", PASSWORD) == ANN


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("Ann", PASSWORD + "!"),
        ("Ann", ""),
        ("Bob", PASSWORD),
        ("", PASSWORD),
        ("Ann\0", PASSWORD),
        ("\ud800", "\ud800" * 20),
        ("Ann", "x" * 100_000),
        ("' OR 1=1 --", PASSWORD),
    ],
)
def test_a_wrong_name_or_password_is_nobody(people, ann, name, password):
    assert people.check(name, password) is None


def test_the_same_work_is_done_when_nobody_has_the_name(people, ann):
    done = []

    class Counted(PasswordHasher):
        def verify(self, hash, password):
            done.append(hash.split("$")[1:4])  # kind, version, cost
            return super().verify(hash, password)

    counted = People(
        people._database, people._now, Counted(time_cost=1, memory_cost=8, parallelism=1)
    )

    counted.check("Bob", "wrong, wrong, wrong")
    counted.check("Ann", "wrong, wrong, wrong")

    assert len(done) == 2
    assert done[0] == done[1]


def test_passwords_and_tokens_are_not_in_the_file(people, ann, tmp_path):
    token, invitation = people.begin(ann), people.invite(["writer"])

    content = b"".join(path.read_bytes() for path in tmp_path.glob("rtm.db*"))

    assert b"$argon2id$" in content
    assert PASSWORD.encode() not in content
    assert token.encode() not in content
    assert invitation.encode() not in content


@pytest.mark.parametrize("password", ["", "nine char", "x" * 1_001])
def test_a_password_that_is_too_short_or_long_is_refused(people, password):
    with pytest.raises(StoreError, match=r"password: .* write 10 to"):
        people.add("Ann", password, ["writer"])

    assert not people.any()


@pytest.mark.parametrize("name", ["", " Ann", "-a", "Ann\n", "Žofie", "a" * 41, "a/b", "<b>"])
def test_a_name_that_is_none_is_refused(people, name):
    with pytest.raises(StoreError, match="name "):
        people.add(name, PASSWORD, ["writer"])


@pytest.mark.parametrize("roles", [[], ["king"], ["writer", "king"]])
def test_a_role_that_is_none_is_refused(people, roles):
    with pytest.raises(
        StoreError, match=r"roles: .*write one or more of writer, approver, moderator, .*admin"
    ):
        people.add("Ann", PASSWORD, roles)
    with pytest.raises(StoreError, match="roles"):
        people.invite(roles)


@pytest.mark.parametrize("name", ["Ann", "ANN", "ann"])
def test_a_name_belongs_to_one_person_however_written(people, ann, name):
    with pytest.raises(StoreError, match="taken"):
        people.add(name, PASSWORD, ["writer"])

    assert people.all() == [ANN]


def test_a_session_is_its_person_until_it_ends(people, ann, clock):
    token = people.begin(ann, days=2)

    assert people.person(token) == ANN
    clock.at = AT + timedelta(days=2, seconds=-1)
    assert people.person(token) == ANN
    clock.at = AT + timedelta(days=2)
    assert people.person(token) is None


def test_a_session_may_be_ended_and_others_go_on(people, ann):
    phone, wall = people.begin(ann), people.begin(ann)

    people.end(phone)

    assert people.person(phone) is None
    assert people.person(wall) == ANN


@pytest.mark.parametrize("token", ["", "x", "\ud800", "x" * 100_000])
def test_a_token_that_is_none_is_nobody(people, ann, token):
    assert people.person(token) is None
    assert people.invited(token) is None
    people.end(token)


def test_sessions_that_are_over_do_not_pile_up(people, ann, clock):
    for _ in range(5):
        people.begin(ann, days=1)
        clock.at += timedelta(days=2)

    with people._database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM sessions")).scalar_one() == 1


def test_somebody_who_is_not_there_cannot_begin(people):
    with pytest.raises(StoreError, match="nobody"):
        people.begin(ANN)


def test_an_invitation_names_one_person(people):
    token = people.invite(["admin"])
    assert people.invited(token) == {"admin"}

    eve = people.accept(token, "Eve", PASSWORD)

    assert eve == Person(name="Eve", roles=frozenset({"admin"}))
    assert people.check("Eve", PASSWORD) == eve
    assert people.invited(token) is None
    with pytest.raises(StoreError, match="invitation"):
        people.accept(token, "Mallory", PASSWORD)
    assert people.all() == [eve]


def test_an_invitation_is_not_used_up_by_a_bad_name_or_password(people, ann):
    token = people.invite(["writer"])

    for name, password in [("Ann", PASSWORD), ("Eve", "short"), ("", PASSWORD)]:
        with pytest.raises(StoreError):
            people.accept(token, name, password)

    assert people.accept(token, "Eve", PASSWORD).name == "Eve"


def test_an_invitation_ends(people, clock):
    token = people.invite(["writer"], hours=1)

    clock.at = AT + timedelta(hours=1)

    assert people.invited(token) is None
    with pytest.raises(StoreError, match="too old"):
        people.accept(token, "Eve", PASSWORD)


def test_an_invitation_accepted_by_many_at_once_makes_one_person(people):
    token, made = people.invite(["writer"]), []

    def accept(number):
        try:
            made.append(people.accept(token, f"Eve{number}", PASSWORD))
        except StoreError:
            made.append(None)

    threads = [threading.Thread(target=accept, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(people.all()) == 1
    assert made.count(None) == 5


def test_a_new_password_ends_what_the_old_one_began(people, ann):
    token = people.begin(ann)

    people.set_password("ann", "another password")

    assert people.check("Ann", PASSWORD) is None
    assert people.check("Ann", "another password") == ANN
    assert people.person(token) is None


def test_who_is_switched_off_is_out_at_once_and_keeps_the_name(people, ann):
    token = people.begin(ann)

    people.switch_off("Ann")

    assert people.person(token) is None
    assert people.check("Ann", PASSWORD) is None
    assert people.all() == []
    with pytest.raises(StoreError, match="nobody"):
        people.begin(ann)
    with pytest.raises(StoreError, match="taken"):
        people.add("ann", PASSWORD, ["writer"])


def test_who_gets_other_roles_has_them_at_once_and_stays_logged_in(people, ann):
    token = people.begin(ann)

    changed = people.set_roles("ann", ["moderator"])

    assert changed == Person(name="Ann", roles=frozenset({"moderator"}))
    assert people.person(token) == changed
    assert people.check("Ann", PASSWORD) == changed
    assert people.all() == [changed]


@pytest.mark.parametrize("roles", [[], ["king"], ["writer", "king"]])
def test_roles_that_there_are_not_are_refused_and_change_nothing(people, ann, roles):
    with pytest.raises(StoreError, match="roles"):
        people.set_roles("Ann", roles)

    assert people.all() == [ANN]


def test_who_is_switched_off_gets_no_roles(people, ann):
    people.switch_off("Ann")

    with pytest.raises(StoreError, match="nobody who may log in"):
        people.set_roles("Ann", ["writer"])


def test_nobody_can_be_changed_who_is_not_there(people):
    with pytest.raises(StoreError, match="nobody who may log in"):
        people.set_roles("Bob", ["writer"])
    with pytest.raises(StoreError, match="nobody has this name"):
        people.set_password("Bob", PASSWORD)
    with pytest.raises(StoreError, match="nobody has this name"):
        people.switch_off("Bob")


def test_people_may_be_added_while_the_board_runs(store, tmp_path):
    with people_of(tmp_path) as people:
        people.add("Ann", PASSWORD, ["writer", "approver"])

    assert store.people.check("Ann", PASSWORD) == ANN


def test_people_may_be_added_before_the_first_start(tmp_path):
    with people_of(tmp_path / "new") as people:
        people.add("Ann", PASSWORD, ["writer"])

    with people_of(tmp_path / "new") as people:
        assert [person.name for person in people.all()] == ["Ann"]
