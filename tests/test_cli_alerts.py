import asyncio
import threading
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import NamedTuple

import pytest

from rtm.cli import main
from rtm.decisions import Claimed, Dismissed
from rtm.orders import ShiftPlanned
from rtm.store.store import Store
from tests.alerts.night import found
from tests.servers.taking import Posted, hooks, mail_server

ALERTS = """
[[target]]
name = "team"
kind = "slack"
url_env = "RTM_ALERTS_SLACK"

[[target]]
name = "mail"
kind = "email"
to = ["mia@example.org"]

[[route]]
name = "all"
kinds = ["crisis"]
targets = ["team", "mail"]

[smtp]
host = "127.0.0.1"
port = {port}
from = "rtm@example.org"
starttls = false

[digest]
zone = "Europe/Tallinn"
to = ["lead@example.org"]
"""


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def rtm(capfd):
    """Return a function that runs ``rtm``."""

    def run(*arguments) -> Outcome:
        with pytest.raises(SystemExit) as ended:
            main([*map(str, arguments)])
        out, err = capfd.readouterr()
        return Outcome(int(ended.value.code or 0), out, err)

    return run


class Servers(NamedTuple):
    url: str
    port: int
    posts: list[Posted]
    mails: asyncio.Queue[EmailMessage]


@pytest.fixture
def servers():
    """Serve beside the command, which has an event loop of its own."""
    loop, ready, made = asyncio.new_event_loop(), threading.Event(), []

    async def serving(stop: asyncio.Event) -> None:
        async with hooks() as hook, mail_server() as box:
            made.append(Servers(hook.url, box.port, hook.posts, box.mails))
            ready.set()
            await stop.wait()

    stop = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(serving(stop),))
    thread.start()
    assert ready.wait(10)
    yield made[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    loop.close()


@pytest.fixture
def file(tmp_path, servers):
    file = tmp_path / "alerts.toml"
    file.write_text(ALERTS.format(port=servers.port))
    return file


@pytest.fixture
def folder(tmp_path):
    now = datetime.now(UTC)
    folder = tmp_path / "data"
    store = Store.open(folder)
    store.keep([found(now - timedelta(days=3), "o0", title="three days ago")], first=0)
    store.keep([found(now - timedelta(hours=2), "o1")], first=1)
    store.people.add("noor", "a quiet password", frozenset({"moderator"}))
    shift = ShiftPlanned(
        at=now,
        who="noor",
        person="noor",
        role="moderator",
        start=now - timedelta(hours=1),
        end=now + timedelta(hours=5),
    )
    store.decide(shift, key="s")
    claimed = Claimed(at=now - timedelta(hours=1), opportunity="o1", who="mia")
    store.decide(claimed, key="a")
    store.decide(Dismissed(at=now, opportunity="o1", who="mia", reason="not us"), key="b")
    store.close()
    return folder


def test_each_target_is_tried_and_says_what_came_back(rtm, servers, file, monkeypatch):
    monkeypatch.setenv("RTM_ALERTS_SLACK", f"{servers.url}/x")

    told = rtm("alerts", "test", file, "--public-url", "https://rtm.example.org")

    assert told == (0, "team (slack): taken\nmail (email): taken\n", "")
    assert "https://rtm.example.org/desk" in servers.posts[0].body.decode()
    assert servers.mails.get_nowait()["Subject"] == "rtm: a test of alerts"


def test_a_target_that_fails_hides_no_other(rtm, servers, file, monkeypatch):
    monkeypatch.delenv("RTM_ALERTS_SLACK", raising=False)

    told = rtm("alerts", "test", file)

    assert told.code == 1
    assert told.out.splitlines() == [
        "team (slack): RTM_ALERTS_SLACK: not set; give the address that slack gave you, "
        "or its file as RTM_ALERTS_SLACK_FILE",
        "mail (email): taken",
    ]


def test_a_server_that_is_away_is_said_to_be(rtm, file, monkeypatch):
    monkeypatch.setenv("RTM_ALERTS_SLACK", "http://127.0.0.1:1/secret")

    told = rtm("alerts", "test", file)

    assert told.code == 1
    assert told.out.startswith("team (slack): 127.0.0.1 cannot be reached\n")


def test_a_file_without_targets_is_refused(rtm, tmp_path):
    file = tmp_path / "alerts.toml"
    file.write_text("group_wait_s = 5\n")

    assert rtm("alerts", "test", file).code == 2


def test_the_digest_is_printed(rtm, folder):
    told = rtm("digest", "--data", folder, "--zone", "Europe/Tallinn")

    assert told.code == 0
    assert "1 found, 1 claimed, 0 fired, 1 let go" in told.out
    assert "let go by mia: not us" in told.out
    assert "http://127.0.0.1:8050/desk#o1" in told.out
    assert "three days ago" not in told.out
    assert "One shift has nobody." in told.out
    assert "| moderator | noor" in told.out
    assert "| moderator | NOBODY" in told.out


def test_the_digest_is_mailed_where_alerts_say_so(rtm, servers, file, folder):
    told = rtm("digest", "--data", folder, "--alerts", file)

    assert told == (0, "Mailed to lead@example.org.\n", "")
    mail = servers.mails.get_nowait()
    assert mail["To"] == "lead@example.org"
    assert mail.get_content_type() == "multipart/alternative"


def test_the_digest_is_printed_rather_than_mailed(rtm, servers, file, folder):
    told = rtm("digest", "--data", folder, "--alerts", file, "--to-stdout")

    assert "(Europe/Tallinn)" in told.out
    assert servers.mails.empty()


@pytest.mark.parametrize(
    ("more", "words"),
    [(["--zone", "Mars"], "IANA name"), (["--alerts", "gone.toml"], "no such file")],
)
def test_what_is_wrong_is_said_in_a_line(rtm, folder, more, words):
    told = rtm("digest", "--data", folder, *more)

    assert told.code == 2
    assert words in told.err
    assert told.err.count("\n") == 1


def test_without_a_record_it_says_so(rtm, tmp_path):
    assert rtm("digest", "--data", tmp_path).code == 2


def test_without_a_time_nothing_is_mailed(rtm, folder, file):
    text = file.read_text()
    file.write_text(text[: text.index("[digest]")])

    told = rtm("digest", "--data", folder, "--alerts", file)
    assert told.code == 2
    assert "[digest] is missing" in told.err
