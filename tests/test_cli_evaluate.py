"""The command ``rtm evaluate text``: parts in order, as a table or as JSON, and what is missing."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rtm.cli import app, main
from rtm.estimates import Estimate
from rtm.evaluate import text
from rtm.evaluate.figure import Figure

DATA = Path(__file__).parents[2] / "shared"


def made_up(data: Path) -> Iterator[Figure]:
    yield Figure(part="made up", name="of all", estimate=Estimate(0.91, 0.88, 0.94, 1_000), aim=0.9)
    yield Figure(
        part="made up",
        name="of some",
        estimate=Estimate(0.05, None, None, 1),
        aim=0.03,
        better="less",
    )
    yield Figure(part="made up", name="of none", note="not here")


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "PARTS", {"made up": made_up, "other": lambda data: iter(())})


def run(*arguments: str) -> str:
    told = CliRunner().invoke(app, ["evaluate", "text", *arguments])
    assert told.exit_code == 0, told.output
    return told.stdout


@pytest.mark.usefixtures("parts")
def test_a_table_tells_values_intervals_and_what_was_aimed_at(tmp_path):
    lines = run("--data", str(tmp_path)).splitlines()

    all_, some, none = (next(line for line in lines if name in line) for name in
                        ("of all", "of some", "of none"))  # fmt: skip
    assert "0.910" in all_
    assert "0.880" in all_
    assert ">= 0.9 ok" in all_
    assert "<= 0.03" in some
    assert "missed" in " ".join(lines)
    assert "not here" in none


@pytest.mark.usefixtures("parts")
def test_json_is_the_figures_of_the_parts_asked_for(tmp_path):
    figures = json.loads(run("--data", str(tmp_path), "--json", "--part", "made up"))

    assert [one["name"] for one in figures] == ["of all", "of some", "of none"]
    assert json.loads(run("--data", str(tmp_path), "--json", "--part", "other")) == []


def test_every_part_says_what_is_not_there(tmp_path):
    for name, figures in text.PARTS.items():
        told = list(figures(tmp_path))
        missing = [one for one in told if one.estimate.value is None]
        assert missing or name in ("mentions", "fakes"), name
        assert all(one.note for one in missing), name


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--data", "/no/such/folder"], "no such folder"),
        (["--data", ".", "--part", "spelling"], "write one of language, mentions, mood"),
    ],
)
def test_a_wrong_option_is_one_line(capsys, arguments, said):
    with pytest.raises(SystemExit) as ended:
        main(["evaluate", "text", *arguments])

    assert ended.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.skipif(not DATA.is_dir(), reason="the labelled sets are not beside the repository")
def test_risk_is_measured_on_the_labelled_sets():
    figures = json.loads(run("--data", str(DATA), "--json", "--part", "risk"))
    named = {one["name"]: one["estimate"]["value"] for one in figures}

    assert named["locked, all crises"] >= 0.9
    assert named["falsely locked, gaming on Reddit from July 2013"] <= 0.03
