"""The command ``rtm new``: answers on stdin or as options, two files, and what they would show."""

import os
import pty
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import NamedTuple

import pytest
import typer

from rtm import build
from rtm.brand import Brand
from rtm.cli_new import new
from rtm.clock import WallClock
from rtm.config import load
from rtm.errors import ConfigError
from rtm.event import WatchedEvent
from rtm.preview import account, preview
from rtm.types import OpportunityFound, OpportunityLocked

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-c", "import typer; from rtm.cli_new import new; typer.run(new)"]

COOKIE = ["Oreo, Oreos", "English", "cookie, milk, dunk", "Keebler", "funeral, election"]
BOWL = ["Super Bowl XLVII", "20:00", "02:00", "super bowl, superbowl, ravens, 49ers, halftime"]
YARN = ["Purl", "", "knitting, yarn, wool", "", "", ""]
OPTIONS = ["--brand", "--languages", "--about", "--rivals", "--never"]


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def told(capfd, monkeypatch, tmp_path):
    """Return a function that runs the command on a folder, with lines piped to it."""
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(new)

    def run(lines=(), *options, folder=tmp_path) -> Outcome:
        raw = b"".join(
            (line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines
        )
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(raw), encoding="utf-8"))
        try:
            app([str(folder), *options])
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        return Outcome(code, *capfd.readouterr())

    return run


@pytest.fixture(scope="module")
def clock() -> WallClock:
    return WallClock()


def test_a_piped_session_writes_both_files_and_says_what_to_do_next(told, tmp_path):
    outcome = told([*COOKIE, *BOWL], "--no-preview")

    brand, event = tmp_path / "oreo.toml", tmp_path / "super-bowl-xlvii.toml"
    assert outcome.code == 0
    assert outcome.out.splitlines() == [
        f"{brand}: written.",
        f"{event}: written.",
        "Next:",
        f"  rtm check {brand} {event}",
        f"  rtm live --brand {brand} --event {event}",
    ]
    assert load(brand, Brand) == Brand(
        name="Oreo",
        aliases=("Oreos",),
        themes=("cookie", "milk", "dunk"),
        rivals=("Keebler",),
        no_go=("funeral", "election"),
    )
    assert load(event, WatchedEvent).end - load(event, WatchedEvent).start == timedelta(hours=6)


def test_six_questions_are_asked_each_with_an_example_and_what_nothing_means(told):
    said = told(YARN, "--no-preview").err.splitlines()

    assert [line[:6] for line in said if " of 6: " in line] == [f"{n} of 6" for n in range(1, 7)]
    assert sum("such as:" in line for line in said) == 6
    assert sum("empty:" in line for line in said) == 6


def test_without_an_event_only_the_brand_is_written(told, tmp_path):
    outcome = told(YARN, "--no-preview")

    assert os.listdir(tmp_path) == ["purl.toml"]
    assert "--event" not in outcome.out


def test_a_wrong_answer_is_asked_again_with_its_remedy(told, tmp_path):
    outcome = told(["", "Purl", "xx", "Estonian", *YARN[2:]], "--no-preview")

    assert outcome.code == 0
    assert 'your answer: name = ""' in outcome.err
    assert 'your answer: languages #1 = "xx"; write a language' in outcome.err
    assert load(tmp_path / "purl.toml", Brand).languages == ("et",)


def test_bytes_that_are_no_utf_8_are_refused_in_words(told, tmp_path):
    outcome = told([b"Pu\xffrl", *YARN], "--no-preview")

    assert outcome.code == 0
    assert "is not UTF-8 text" in outcome.err
    assert load(tmp_path / "purl.toml", Brand).name == "Purl"


def test_options_answer_beforehand_and_nothing_is_asked(told, tmp_path):
    answers = [word for pair in zip(OPTIONS, COOKIE, strict=True) for word in pair]
    times = ["--from", "2026-11-24 20:00Z", "--to", "23:00"]

    outcome = told(
        [], *answers, "--event", "Game", *times, "--words", "game, #game", "--no-preview"
    )

    event = load(tmp_path / "game.toml", WatchedEvent)
    assert outcome.code == 0
    assert " of 6" not in outcome.err
    assert event.end == datetime(2026, 11, 24, 23, tzinfo=UTC)
    assert event.terms == ("game", "#game")


def test_a_wrong_option_is_named_and_nothing_is_asked_or_written(told, tmp_path):
    with pytest.raises(ConfigError, match=r'--languages: languages #1 = "xx"; write'):
        told([], "--brand", "Purl", "--languages", "xx")

    assert os.listdir(tmp_path) == []


def test_an_event_named_as_the_brand_has_a_file_of_its_own(told, tmp_path):
    told([*YARN[:5], "Purl", "", "", ""], "--no-preview")

    assert sorted(os.listdir(tmp_path)) == ["purl-event.toml", "purl.toml"]


def test_an_event_that_is_over_is_pointed_out(told):
    past = [*YARN[:5], "Game", "2020-01-01 20:00", "", ""]
    coming = [*YARN[:5], "Match", "2099-01-01 20:00", "", ""]

    assert "over already" in told(past, "--no-preview").err
    assert "over already" not in told(coming, "--no-preview", "--force").err


@pytest.mark.parametrize("standing", ["oreo.toml", "super-bowl-xlvii.toml"])
def test_a_file_that_exists_is_kept(told, tmp_path, standing):
    (tmp_path / standing).write_text("mine", encoding="utf-8")

    with pytest.raises(ConfigError, match=f"{standing}: exists and is kept; add --force"):
        told([*COOKIE, *BOWL])

    assert os.listdir(tmp_path) == [standing]
    assert (tmp_path / standing).read_text(encoding="utf-8") == "mine"


def test_with_force_a_file_that_exists_is_written_over(told, tmp_path):
    (tmp_path / "purl.toml").write_text("mine", encoding="utf-8")

    assert told(YARN, "--no-preview", "--force").code == 0
    assert load(tmp_path / "purl.toml", Brand).name == "Purl"


def test_a_folder_is_made_where_there_is_none(told, tmp_path):
    told(YARN, "--no-preview", folder=tmp_path / "ours" / "tonight")

    assert (tmp_path / "ours" / "tonight" / "purl.toml").is_file()


def test_a_folder_that_is_a_file_is_named_with_a_remedy(told, tmp_path):
    (tmp_path / "ours").write_text("mine", encoding="utf-8")

    with pytest.raises(ConfigError, match=r"cannot be written .*; name another folder"):
        told(YARN, "--no-preview", folder=tmp_path / "ours")


@pytest.mark.parametrize("answered", range(9))
def test_answers_that_end_too_early_leave_nothing(told, tmp_path, answered):
    outcome = told([*COOKIE, *BOWL][:answered], "--no-preview")

    assert outcome.code == 1
    assert "nothing was written" in outcome.err
    assert os.listdir(tmp_path) == []


def test_an_interrupt_leaves_nothing(tmp_path):
    with subprocess.Popen(
        [*COMMAND, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write("Oreo\n")
        process.stdin.flush()
        asked = iter(process.stderr.readline, "")
        assert any("2 of 6" in line for line in asked)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)

    assert process.returncode != 0
    assert "Traceback" not in said
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1)])
def test_on_a_terminal_one_is_asked_whether_to_write_over(tmp_path, answer, code):
    file = tmp_path / "purl.toml"
    file.write_text("mine", encoding="utf-8")
    ours, theirs = pty.openpty()
    os.write(ours, "\n".join([YARN[0], answer, *YARN[1:], ""]).encode())

    ended = subprocess.run(
        [*COMMAND, str(tmp_path), "--no-preview"],
        cwd=ROOT,
        stdin=theirs,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    os.close(ours)
    os.close(theirs)

    assert "write over it?" in ended.stderr
    assert ended.returncode == code
    assert (file.read_text(encoding="utf-8") == "mine") == (answer == "n")


def test_a_cookie_brand_would_have_seen_the_blackout(told):
    outcome = told([*COOKIE, *BOWL])

    lines = outcome.out.splitlines()
    headline = next(line for line in lines if line.startswith("With this you would have seen"))
    assert "and 3 opportunities in the night of 3 February 2013" in headline
    assert any(line.startswith("  01:4") and "lights went out" in line for line in lines)
    assert any("Americans" in line and "Reddit" in line for line in lines)


def test_a_knitting_brand_without_event_would_have_been_left_in_peace(told):
    outcome = told(YARN)

    lines = outcome.out.splitlines()
    assert any("4 stories and 0 opportunities" in line for line in lines)
    assert sum("let go: " in line for line in lines) == 3
    assert sum("names Purl, touches its themes" in line for line in lines) == 3


def test_the_stories_nearest_to_the_brand_are_shown_first(clock):
    brand = Brand(name="Purl", themes=("seria",))

    seen = preview(brand, None, clock)

    fits = [one.fit for one in seen.let_go]
    assert fits == sorted(fits, reverse=True)
    assert 0 < fits[0] < 0.3
    assert "Match of the day" in seen.let_go[0].story.title
    assert "touch the brand's themes" in seen.let_go[0].why


def test_the_demo_s_own_brand_sees_what_the_demo_tells(clock):
    told = build.demo(clock)
    (event,) = told.events

    seen = preview(told.brand, event, clock)

    night = [one for one in told.replay(clock=clock) if event.start <= one.at <= event.end]
    assert list(seen.found) == [one for one in night if isinstance(one, OpportunityFound)]


def test_the_event_is_laid_over_that_night(clock):
    on_that_night = load(build.EVENT, WatchedEvent)
    tonight = WatchedEvent(
        title=on_that_night.title,
        start=datetime(2026, 11, 24, 18, tzinfo=UTC),
        end=datetime(2026, 11, 24, 19, tzinfo=UTC),
        terms=on_that_night.terms,
    )

    seen = preview(Brand(name="Purl"), tonight, clock)

    assert seen.found
    assert seen == preview(Brand(name="Purl"), on_that_night, clock)


def test_a_brand_of_another_language_is_told_that_the_night_is_english(clock):
    estonian, english = Brand(name="Kalev", languages=("et",)), Brand(name="Kalev")
    seen = preview(estonian, None, clock)

    assert "hardly a word of it is Estonian" in account(seen, estonian, None)[-1]
    assert "hardly" not in account(seen, english, None)[-1]


def test_grave_stories_are_told_as_kept_off(clock):
    told = build.demo(clock)
    seen = preview(told.brand, told.events[0], clock)
    first, *rest = seen.found
    lock = OpportunityLocked(
        at=first.at, opportunity=first.opportunity, reason="2 of 4 posts speak of grave matters."
    )

    free = account(seen, told.brand, told.events[0])
    kept = account(replace(seen, found=tuple(rest), locked=(lock,)), told.brand, told.events[0])

    assert "Kept off, because they were grave:" not in free
    assert "Kept off, because they were grave:" in kept
    assert any("locked: " in line and "2 of 4 posts" in line for line in kept)
