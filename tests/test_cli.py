"""The command: what stands on stdout and stderr, exit codes, one line for whatever is wrong."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from rtm import __version__, build
from rtm.build import span_of, speed_of
from rtm.cli import main
from rtm.errors import ConfigError
from rtm.types import event_of, schema

ROOT = Path(__file__).parents[1]
BRAND, EVENT, NIGHT = str(build.BRAND), str(build.EVENT), str(build.NIGHT)
COMMANDS = (
    *("demo", "new", "live", "cost", "user", "duty", "rota", "rules", "secret", "audit"),
    *("replay", "check", "schema", "tune"),
)


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def rtm(capfd):
    """Return a function that runs the command here; nothing of it needs a process of its own."""

    def run(*arguments) -> Outcome:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Outcome(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    path = tmp_path / "posts.ndjson"
    rows = [
        {"id": "a", "at": "2013-02-04T01:00:00Z", "text": "hello"},
        {"id": "b", "at": "2013-02-04T01:10:00Z", "text": "hello again"},
    ]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def started(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "rtm", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "error::ResourceWarning"},
    )


def test_help_says_what_it_is_and_what_to_type_first(rtm):
    outcome = rtm("--help")

    text = " ".join(outcome.out.split())
    assert outcome.code == 0
    assert "reads public posts" in text
    assert "Type rtm demo first" in text
    assert [name for name in COMMANDS if name not in text] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(rtm, command):
    assert rtm(command, "--help").code == 0


def test_the_version_is_that_of_the_package(rtm):
    assert rtm("--version") == Outcome(0, f"{__version__}\n", "")


def test_the_schema_is_printed_as_json(rtm):
    outcome = rtm("schema")

    assert json.loads(outcome.out) == schema()
    assert outcome.err == ""


def test_check_prints_what_it_understood(rtm):
    outcome = rtm("check", BRAND, EVENT)

    assert outcome.code == 0
    assert "Brand Oreo" in outcome.out
    assert "Event Super Bowl XLVII" in outcome.out
    assert outcome.err == ""


def test_check_tells_each_wrong_file_in_one_line_and_the_others_in_full(rtm, tmp_path):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('name = "X"\nthemess = ["milk"]\n', encoding="utf-8")

    outcome = rtm("check", wrong, BRAND, tmp_path / "absent.toml")

    assert outcome.code == 2
    assert "Brand Oreo" in outcome.out
    assert [line.split(": ")[1] for line in outcome.err.splitlines()] == [
        str(wrong),
        str(tmp_path / "absent.toml"),
    ]
    assert "did you mean themes?" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{tmp}/absent.parquet", "--brand", BRAND], "no such file"),
        (["{tmp}", "--brand", BRAND], "no watch has kept posts here"),
        (["{tmp}/columns.csv", "--brand", BRAND], "no column found for at and text"),
        (["{tmp}/posts.ndjson", "--brand", BRAND, "--column", "at=when"], 'no column "when"'),
        (["{tmp}/posts.ndjson", "--brand", BRAND, "--column", "when"], "OURS=THEIRS"),
        (["{tmp}/posts.ndjson", "--brand", "{tmp}/wrong.toml"], "themess"),
        (["{tmp}/posts.ndjson", "--brand", EVENT], "superbowl-xlvii.toml"),
        (["{tmp}/posts.ndjson", "--brand", "{tmp}"], "is a directory"),
        (["{tmp}/posts.ndjson", "--brand", BRAND, "--event", "{tmp}/a\nb.toml"], "no such file"),
        (["{tmp}/posts.ndjson", "--brand", BRAND, "--event", BRAND], "oreo.toml"),
        (["{tmp}/posts.ndjson", "--brand", BRAND, "--from", "yesterday"], '--from "yesterday"'),
        (["{tmp}/posts.ndjson", "--brand", BRAND, "--to", "2013-02-31"], '--to "2013-02-31"'),
        (
            ["{tmp}/posts.ndjson", "--brand", BRAND, "--from", "2013-02-04", "--to", "2013-02-03"],
            "after --from",
        ),
        (["{tmp}/posts.ndjson", "--brand", BRAND, "--speed", "fast"], '--speed "fast"'),
        (["{tmp}/posts.ndjson", "--brand", BRAND, "--speed", "nan"], '--speed "nan"'),
        (["{tmp}/bro\x1b[31mken.parquet", "--brand", BRAND], "no such file"),
        (["{tmp}/not.parquet", "--brand", BRAND], "does not begin like Parquet"),
    ],
)
def test_what_is_wrong_with_a_replay_is_one_line_and_exit_2(rtm, tmp_path, posts, arguments, said):
    (tmp_path / "columns.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "wrong.toml").write_text('name = "X"\nthemess = ["milk"]\n', encoding="utf-8")
    (tmp_path / "not.parquet").write_text("hello\n", encoding="utf-8")

    outcome = rtm("replay", *(word.replace("{tmp}", str(tmp_path)) for word in arguments))

    assert outcome.code == 2
    assert outcome.out == ""
    assert len(outcome.err.splitlines()) == 1
    assert said in outcome.err
    assert "Traceback" not in outcome.err
    assert "\x1b" not in outcome.err


@pytest.mark.parametrize("arguments", [["replay"], ["nonsense"], ["demo", "--loud"], ["check"]])
def test_wrong_usage_is_exit_2(rtm, arguments):
    outcome = rtm(*arguments)

    assert outcome.code == 2
    assert outcome.out == ""
    assert "Traceback" not in outcome.err


def test_a_replay_tells_quiet_posts_without_a_word_too_many(rtm, posts):
    outcome = rtm("replay", posts, "--brand", BRAND)

    assert outcome.code == 0
    assert "2 posts read, 0 stories, 0 opportunities, 0 locked." in outcome.out
    assert "2 of 2 posts told" in outcome.err


def test_with_json_only_events_stand_on_stdout(rtm, posts):
    outcome = rtm("replay", posts, "--brand", BRAND, "--json")

    assert outcome.code == 0
    assert outcome.out == ""


def test_broken_rows_are_told_by_cause_on_stderr(rtm, posts):
    posts.write_text(posts.read_text(encoding="utf-8") + "{broken\n[]\n", encoding="utf-8")

    outcome = rtm("replay", posts, "--brand", BRAND, "--json")

    assert outcome.code == 0
    assert outcome.out == ""
    assert "of 4 rows these are no posts: not JSON 1, not an object 1" in outcome.err
    assert "posts.ndjson.aside.ndjson" in outcome.err


def test_columns_are_named_by_option_and_remembered(rtm, tmp_path):
    path = tmp_path / "strange.csv"
    path.write_text("when,words\n2013-02-04T01:00:00Z,hello\n", encoding="utf-8")
    columns = ["--column", "at=when", "--column", "text=words"]

    first = rtm("replay", path, "--brand", BRAND, *columns)
    second = rtm("replay", path, "--brand", BRAND)

    assert "columns remembered" in first.err
    assert "columns as remembered" in second.err
    assert first.out == second.out


def test_events_before_from_are_not_printed_but_count(rtm):
    files = ["--brand", BRAND, "--event", EVENT, "--json"]

    whole = rtm("replay", NIGHT, *files).out.splitlines()
    part = rtm("replay", NIGHT, *files, "--from", "2013-02-04 02:00").out.splitlines()

    since = datetime(2013, 2, 4, 2, tzinfo=UTC)
    assert part == [line for line in whole if event_of(line).at >= since]
    assert part != whole


def test_a_time_without_zone_is_utc_and_noted(rtm, posts):
    outcome = rtm("replay", posts, "--brand", BRAND, "--to", "2013-02-04 01:05")

    assert "note: --to 2013-02-04 01:05 has no zone, taken as UTC" in outcome.err
    assert "1 post read" in outcome.out


def test_time_stops_at_to(rtm):
    files = ["--brand", BRAND, "--event", EVENT, "--json"]
    stop = datetime(2013, 2, 4, 2, tzinfo=UTC)

    whole = rtm("replay", NIGHT, *files).out.splitlines()
    part = rtm("replay", NIGHT, *files, "--to", "2013-02-04T02:00:00Z").out.splitlines()

    assert part
    assert part == [line for line in whole if event_of(line).at <= stop]


def test_a_closed_pipe_ends_quietly():
    with started("demo", "--json") as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        said = process.stderr.read()

    assert "Traceback" not in said
    assert "BrokenPipe" not in said
    assert "Exception" not in said


def test_an_interrupt_ends_quietly(posts):
    with started("replay", str(posts), "--brand", BRAND, "--speed", "1") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"Replay of {posts}\n"
        time.sleep(1)  # an interrupt while libraries set themselves up is told by them
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)

    assert process.returncode == 130
    assert said == ""


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2013-02-04T01:30:00Z", datetime(2013, 2, 4, 1, 30, tzinfo=UTC)),
        ("2013-02-03t19:30:00.5-06:00", datetime(2013, 2, 4, 1, 30, 0, 500_000, tzinfo=UTC)),
        ("2013-02-04 01:30", datetime(2013, 2, 4, 1, 30, tzinfo=UTC)),
        (" 2013-02-04 ", datetime(2013, 2, 4, tzinfo=UTC)),
    ],
)
def test_a_time_is_read(text, at):
    assert span_of(text, None).since == at


@pytest.mark.parametrize(
    "text", ["", "01:30", "tomorrow", "20130204", "2013-W05", "2013-02-04T25:00:00Z", "9999-01-01"]
)
def test_what_is_no_time_is_named_with_a_remedy(text):
    with pytest.raises(ConfigError, match="write a time such as"):
        span_of(None, text)


@pytest.mark.parametrize("text", ["0", "-1", "inf", "nan", "MAX!", ""])
def test_what_is_no_speed_is_named_with_a_remedy(text):
    with pytest.raises(ConfigError, match="write max, or how many times"):
        speed_of(text)
