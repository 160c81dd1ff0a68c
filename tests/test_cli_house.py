"""The commands about people, duty, the rota and the rules, beside a board or without one."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from argon2 import PasswordHasher

import rtm.demo
from rtm.cli import main
from rtm.clock import WallClock
from rtm.desk.house_rules import CHECKED
from rtm.store.audit import verify
from rtm.store.database import beside
from rtm.store.people import People

ROTA = Path(rtm.demo.__file__).with_name("rota.toml")
RULES = Path(rtm.demo.__file__).with_name("rules.md")
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
ALWAYS = """
zone = "UTC"
[[weekly]]
person = "mia"
role = "moderator"
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
from = "00:00"
to = "24:00"
"""


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def rtm_(capfd, tmp_path):
    """Return a function that runs a command on a folder in which mia, noor and lars may log in."""
    with beside(tmp_path) as database:
        people = People(database, WallClock().now, CHEAP)
        for name in ("mia", "noor", "lars"):
            people.add(name, "correct horse battery", ["writer", "moderator"])

    def run(*arguments) -> Outcome:
        with pytest.raises(SystemExit) as ended:
            main([*map(str, arguments), "--data", str(tmp_path)])
        out, err = capfd.readouterr()
        return Outcome(int(ended.value.code or 0), out, err)

    yield run
    assert verify(tmp_path).broken is None


def hour(ahead: int) -> str:
    """Return a whole hour of UTC, so many from the one that is on, as it is written."""
    at = WallClock().now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=ahead)
    return f"{at:%Y-%m-%dT%H:%M}"


@pytest.fixture
def always(tmp_path):
    path = tmp_path / "always.toml"
    path.write_text(ALWAYS)
    return path


def test_who_is_switched_off_is_listed_no_more(rtm_):
    assert rtm_("user", "list").out.splitlines()[1] == "mia: moderator, writer"

    assert rtm_("user", "off", "MIA") == (0, "mia is let in no more.\n", "")

    assert [line[:4] for line in rtm_("user", "list").out.splitlines()] == ["lars", "noor"]
    assert "nobody who may log in has this name" in rtm_("user", "off", "mia").err


def test_roles_are_replaced_and_the_last_moderator_is_missed(rtm_):
    for name in ("mia", "noor"):
        assert rtm_("user", "roles", name, "--role", "writer").err == ""

    last = rtm_("user", "roles", "lars", "--role", "admin", "--role", "writer")

    assert last.out == "lars is admin and writer from now on.\n"
    assert "nobody who may log in is moderator any more" in last.err
    assert rtm_("user", "roles", "lars", "--role", "king").code == 2


def test_duty_begins_and_ends(rtm_):
    assert rtm_("duty", "on", "Mia") == (0, "mia is on duty, as moderator, writer.\n", "")
    assert rtm_("duty", "show").out.startswith("mia (moderator, writer) since 20")

    ended = rtm_("duty", "off", "mia")

    assert ended.out == "mia is off duty.\n"
    assert "nobody is on duty, so nothing can leave" in ended.err
    assert rtm_("duty", "off", "mia").code == 2


def test_without_a_moderator_on_duty_it_says_that_nothing_can_leave(rtm_):
    rtm_("user", "roles", "noor", "--role", "writer")
    rtm_("duty", "on", "noor")

    assert "no moderator is on duty" in rtm_("duty", "show").err
    rtm_("duty", "on", "mia")
    assert rtm_("duty", "show").err == ""


def test_a_shift_is_added_shown_and_dropped(rtm_):
    begin, end = hour(2), hour(10)

    added = rtm_("rota", "add", "MIA", "moderator", begin, end)
    assert added.out.startswith("+ ")
    assert added.out.endswith(" mia as moderator\n")
    assert "Nobody is planned as moderator from" in added.err

    assert "mia" in rtm_("rota", "show").out
    seen = json.loads(rtm_("rota", "show", "--json").out)
    assert [(one["person"], one["start"]) for one in seen["shifts"]] == [("mia", f"{begin}:00Z")]
    assert seen["holes"][0]["end"] == f"{begin}:00Z"

    assert rtm_("rota", "drop", "mia", begin).out.startswith("- ")
    assert "No rota is kept" in rtm_("rota", "show").err
    assert rtm_("rota", "drop", "mia", begin).code == 2
    assert rtm_("rota", "drop", "mia").code == 2


def test_times_are_by_the_clock_of_the_zone_that_is_named(rtm_):
    noon = f"{datetime.now(UTC).year + 1}-07-01T12:00"
    rtm_("rota", "add", "mia", "writer", noon, noon.replace("T12", "T13"), "--zone", "Asia/Tokyo")

    (shift,) = json.loads(rtm_("rota", "show", "--json").out)["shifts"]

    assert shift["start"] == noon.replace("T12:00", "T03:00:00Z")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("bob", "moderator", "2100-01-01T08:00", "2100-01-01T09:00"), "nobody who may log in"),
        (("mia", "approver", "2100-01-01T08:00", "2100-01-01T09:00"), "has not the role approver"),
        (("mia", "moderator", "tomorrow", "2100-01-01T09:00"), 'START "tomorrow": write a time'),
        (("mia", "moderator", "2100-01-01T08:00", "2100-01-01T08:00"), "ends after it begins"),
        (("mia", "moderator", "2020-01-01T08:00", "2020-01-01T09:00"), "is over"),
        (("mia", "writer", "2100-01-01", "2100-01-02", "--zone", "Mars"), "IANA name"),
    ],
)
def test_a_shift_that_cannot_be_is_refused_in_one_line(rtm_, arguments, words):
    refused = rtm_("rota", "add", *arguments)

    assert refused.code == 2
    assert words in refused.err
    assert refused.err.count("\n") == 1
    assert json.loads(rtm_("rota", "show", "--json").out)["shifts"] == []


def test_a_rota_without_a_hole_is_loaded_without_a_word_of_warning(rtm_, always):
    first = rtm_("rota", "load", always)

    assert first.out.count("mia as moderator") in (56, 57)  # eight weeks; the one that is on, too
    assert "Nobody" not in first.err
    again = rtm_("rota", "load", always)
    assert (again.out, "0 dropped" in again.err) == ("", True)


def test_a_loaded_rota_replaces_what_was_planned_and_says_so(rtm_, always):
    rtm_("rota", "add", "noor", "moderator", hour(2), hour(3))

    loaded = rtm_("rota", "load", always, "--weeks", 1)

    assert "noor as moderator" in loaded.out.splitlines()[0]
    assert loaded.out.splitlines()[0].startswith("- ")
    assert ", 1 dropped" in loaded.err


def test_when_the_only_one_planned_is_switched_off_the_hole_is_told(rtm_, always):
    rtm_("rota", "load", always)

    off = rtm_("user", "off", "mia")

    assert "are nobody's now" in off.err
    assert "Nobody is planned as moderator from" in off.err


def test_the_policy_of_a_brand_says_which_holes_count(rtm_, tmp_path):
    brand = tmp_path / "brand.toml"
    brand.write_text('name = "Oreo"\n')
    rtm_("rota", "add", "mia", "moderator", hour(2), hour(3))

    def holes(*arguments: object) -> list[object]:
        return list(json.loads(rtm_("rota", "show", "--json", *arguments).out)["holes"])

    assert len(holes()) == 2
    assert holes("--brand", brand) == []
    brand.write_text('name = "Oreo"\n[desk]\nreachable = "always"\n')
    assert len(holes("--brand", brand)) == 2
    assert rtm_("rota", "show", "--event", brand).code == 2


def test_the_rota_to_copy_can_be_loaded(rtm_):
    assert rtm_("rota", "load", ROTA).code == 0


def test_rules_are_set_shown_and_numbered(rtm_, tmp_path):
    assert "no rules yet" in rtm_("rules", "show").err

    first = rtm_("rules", "set", RULES)
    assert first.out.startswith("Version 1 holds from now on")
    assert f"Rules with an id ({len(CHECKED)}): rules, duty, " in first.out
    assert first.err == ""
    assert rtm_("rules", "set", RULES).out == "These are the rules already: version 1.\n"

    other = tmp_path / "other.md"
    other.write_text("# Ours\n\n## Be kind {kind}\n\nAlways.\n")
    second = rtm_("rules", "set", other, "--who", "ada")
    assert second.out.startswith("Version 2 holds")
    assert "the rules do not name them: rules, duty" in second.err

    assert rtm_("rules", "show").out == other.read_text()
    assert "version 2, set by ada" in rtm_("rules", "show").err
    assert rtm_("rules", "show", "--version", 1).out == RULES.read_text(encoding="utf-8")
    assert "versions 1 to 2" in rtm_("rules", "show", "--version", 3).err


def test_it_is_told_who_has_not_acknowledged_the_rules(rtm_):
    assert "no rules yet" in rtm_("rules", "who").err

    rtm_("rules", "set", RULES)

    assert rtm_("rules", "who").out.splitlines() == [
        f"cannot publish: {name} has acknowledged no version" for name in ("lars", "mia", "noor")
    ]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"\xff\xfe", "not UTF-8"),
        (b"", "nothing is written"),
        (b"# A {a}\n# A {a}\n", "line 2: {a} stands at an earlier heading"),
        (b"x\n" * 200_000, "200,000"),
    ],
)
def test_a_file_that_cannot_be_rules_is_refused_with_its_name(rtm_, tmp_path, raw, words):
    path = tmp_path / "rules.md"
    path.write_bytes(raw)

    refused = rtm_("rules", "set", path)

    assert refused.code == 2
    assert f"{path}: " in refused.err
    assert words in refused.err


def test_a_file_that_is_not_there_is_named(rtm_, tmp_path):
    assert "cannot be read (No such file" in rtm_("rules", "set", tmp_path / "none.md").err


def test_the_starter_is_printed_as_it_is(capfd):
    with pytest.raises(SystemExit):
        main(["rules", "starter"])

    assert capfd.readouterr().out == RULES.read_text(encoding="utf-8")


def test_looking_at_a_folder_makes_none(capfd, tmp_path):
    for command in (["rota", "show"], ["duty", "show"], ["rules", "who"], ["user", "list"]):
        with pytest.raises(SystemExit) as ended:
            main([*command, "--data", str(tmp_path / "typo")])
        assert ended.value.code == 2

    assert not (tmp_path / "typo").exists()
