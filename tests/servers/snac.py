"""A real snac2 on loopback: a small server of the Fediverse that speaks the Mastodon API.

``scripts/setup-servers`` installs it. It takes a post twice under one ``Idempotency-Key``, closes
each connection, has no streaming, and pages an account's posts by no argument: the newest 256 come.
Everything here blocks; in async tests use ``asyncio.to_thread``, or any HTTP client on ``url``.
"""

import json
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

PATIENCE_S = 30.0
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
SCOPES = "read write"
MOMENT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Account:
    """Somebody on the server: ``token`` lets an app read and write for them."""

    id: str
    name: str
    password: str
    token: str


@dataclass(frozen=True)
class Post:
    """A post as the server keeps it: its ``id`` in the API ends so, ``at`` is cut to the second."""

    id: str
    uri: str
    text: str
    at: datetime


class Snac:
    """A running snac2: ``url`` is its address, ``folder`` where it keeps all it has."""

    def __init__(self, port: int, folder: Path) -> None:
        self.url = f"http://localhost:{port}"
        self.folder = folder

    def account(self, name: str) -> Account:
        """Create an account, and let an app act for it."""
        told = _run("adduser", str(self.folder), name)
        password = told.split("User password is ")[1].split()[0]
        app = self.call("/api/v1/apps", {"client_name": "rtm", **_AUTHORIZED})
        login = {"login": name, "passwd": password, "cid": app["client_id"], "state": ""}
        code = self.said("/oauth/x-snac-login", {**login, "redir": OUT_OF_BAND}).strip()
        granted = {
            "grant_type": "authorization_code",
            "client_id": app["client_id"],
            "client_secret": app["client_secret"],
            "redirect_uri": OUT_OF_BAND,
            "code": code,
        }
        token = self.call("/oauth/token", granted)["access_token"]
        who = self.call("/api/v1/accounts/verify_credentials", token=token)
        return Account(who["id"], name, password, token)

    def post(self, account: Account, text: str, at: datetime | None = None) -> str:
        """Let somebody post a text now, or as if it had been at a moment of the past; its URI."""
        uri: str = self.call("/api/v1/statuses", {"status": text}, account.token)["uri"]
        if at is not None:
            for file in self._files(account):
                note = json.loads(file.read_bytes())
                if note["id"] == uri:
                    file.write_text(json.dumps(note | {"published": f"{at:{MOMENT}}"}))
        return uri

    def posts(self, account: Account) -> list[Post]:
        """Return all that somebody posted, oldest first, from the server's own files."""
        return sorted(map(_post, self._files(account)), key=lambda post: (post.at, post.uri))

    def call(
        self,
        path: str,
        arguments: Mapping[str, str] | None = None,
        token: str | None = None,
        **headers: str,
    ) -> Any:
        """Call the API and return what it answers; the other arguments are as for ``said``."""
        return json.loads(self.said(path, arguments, token, **headers))

    def said(
        self,
        path: str,
        arguments: Mapping[str, str] | None = None,
        token: str | None = None,
        **headers: str,
    ) -> str:
        """Ask for a path, by POST if there are arguments; what the server says."""
        request = urllib.request.Request(
            self.url + path, None if arguments is None else urlencode(arguments).encode()
        )
        if token is not None:
            request.add_header("Authorization", f"Bearer {token}")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        with _opener.open(request, timeout=PATIENCE_S) as response:
            words: bytes = response.read()
            return words.decode()

    def _files(self, account: Account) -> Iterator[Path]:
        return (self.folder / "user" / account.name / "public").glob("*.json")


_AUTHORIZED = {"redirect_uris": OUT_OF_BAND, "scopes": SCOPES}
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def why_absent() -> str | None:
    """Return why there is no snac2 to run here, or None when there is one."""
    return None if shutil.which("snac") else "snac2 is not installed: bash scripts/setup-servers"


@contextmanager
def running(folder: Path) -> Iterator[Snac]:
    """Run a snac2 that keeps all in a folder, until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port = bound.getsockname()[1]
    home = folder / "home"
    answers = ("127.0.0.1", str(port), f"localhost:{port}", "", "")
    _run("init", str(home), said="\n".join(answers) + "\n")
    setting = home / "server.json"
    # it hands each post to itself as well, and its few threads would wait for each other
    ours = {"protocol": "http", "num_threads": 16, "queue_timeout": 1, "queue_retry_max": 0}
    setting.write_text(json.dumps(json.loads(setting.read_bytes()) | ours))
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(["snac", "httpd", str(home)], stdout=log, stderr=log)
    try:
        _wait_until_ready(server, port, folder / "log")
        yield Snac(port, home)
    finally:
        server.kill()
        server.wait()


def _run(command: str, *arguments: str, said: str = "") -> str:
    done = subprocess.run(
        ["snac", command, *arguments], input=said, capture_output=True, text=True, check=True
    )
    return done.stdout


def _post(file: Path) -> Post:
    note = json.loads(file.read_bytes())
    at = datetime.strptime(note["published"], MOMENT).replace(tzinfo=UTC)
    return Post(file.stem, note["id"], note["sourceContent"], at)


def _wait_until_ready(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"snac2 did not start: {log.read_text(errors='replace')[-2000:]}")
