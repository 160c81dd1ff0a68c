"""A real PDS on loopback: Bluesky's own server, with a directory of its own, one per test session.

``scripts/setup-servers`` installs it. It has accounts, posts and the firehose; it has no AppView,
so ``app.bsky.*`` queries fail there. Everything here blocks; in async tests use
``asyncio.to_thread``, or any HTTP client on ``pds.url``.
"""

import http.client
import json
import os
import secrets
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).parents[2]
INSTALLED = ROOT / ".venv" / "servers"
PATIENCE_S = 60.0
POST = "app.bsky.feed.post"


class XrpcError(Exception):
    """What the server said no with."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(f"{status} {error}: {message}")
        self.status = status
        self.error = error


@dataclass(frozen=True)
class Account:
    """Somebody on the PDS, logged in."""

    did: str
    handle: str
    password: str
    access: str


class Pds:
    """A running PDS: ``url`` is its address, ``firehose`` that of its stream of commits."""

    def __init__(self, port: int) -> None:
        self.url = f"http://localhost:{port}"
        self.firehose = f"ws://localhost:{port}/xrpc/com.atproto.sync.subscribeRepos"

    def account(self, handle: str, password: str = "a quiet password") -> Account:
        """Create an account; ``handle`` ends in ``.test`` and has 3 to 18 letters before that."""
        told = self.call(
            "com.atproto.server.createAccount",
            {"handle": handle, "email": f"{handle}@example.com", "password": password},
        )
        return Account(told["did"], told["handle"], password, told["accessJwt"])

    def post(self, account: Account, text: str, **more: Any) -> str:
        """Let somebody post a text now; the URI of the record. ``more`` joins the record."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        record = {"$type": POST, "text": text, "createdAt": now, **more}
        told = self.call(
            "com.atproto.repo.createRecord",
            {"repo": account.did, "collection": POST, "record": record},
            account,
        )
        uri: str = told["uri"]
        return uri

    def records(self, did: str) -> list[dict[str, Any]]:
        """Return somebody's posts, oldest first: ``uri``, ``cid`` and ``value`` of each."""
        page = {"repo": did, "collection": POST, "limit": "100", "reverse": "true"}
        found: list[dict[str, Any]] = []
        while True:
            told = self.call("com.atproto.repo.listRecords", page)
            found += told["records"]
            if "cursor" not in told:
                return found
            page["cursor"] = told["cursor"]

    def head(self, did: str) -> str:
        """Return the revision of somebody's repository; it changes with every commit."""
        rev: str = self.call("com.atproto.sync.getLatestCommit", {"did": did})["rev"]
        return rev

    def call(
        self, method: str, arguments: dict[str, Any], account: Account | None = None
    ) -> dict[str, Any]:
        """Call a method of the PDS: a query (``get*``, ``list*``, ``resolve*``) or a procedure."""
        is_query = method.rpartition(".")[2].startswith(("get", "list", "resolve", "describe"))
        address = f"{self.url}/xrpc/{method}"
        request = urllib.request.Request(
            f"{address}?{urlencode(arguments)}" if is_query else address,
            data=None if is_query else json.dumps(arguments).encode(),
            headers={"content-type": "application/json"},
        )
        if account is not None:
            request.add_header("authorization", f"Bearer {account.access}")
        try:
            with _opener.open(request, timeout=PATIENCE_S) as response:
                told: dict[str, Any] = json.load(response)
                return told
        except urllib.error.HTTPError as error:
            with error:
                said = json.load(error)
            raise XrpcError(error.code, said.get("error", ""), said.get("message", "")) from error


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def why_absent() -> str | None:
    """Return why there is no PDS to run here, or None when there is one."""
    if shutil.which("node") is None:
        return "no Node.js here: bash scripts/setup-servers"
    if not (INSTALLED / "stamp").exists():
        return "the PDS is not installed: bash scripts/setup-servers"
    return None


@contextmanager
def running(folder: Path) -> Iterator[Pds]:
    """Run a PDS with its data in a folder, until the end of the block."""
    port, plc_port = _free_ports(2)
    (folder / "blobs").mkdir(parents=True)
    environ = {
        "PATH": os.environ["PATH"],
        "NODE_ENV": "production",
        "LOG_ENABLED": "true",
        "LOG_LEVEL": "warn",
        "PDS_PORT": str(port),
        "PDS_HOSTNAME": "localhost",
        "PDS_DEV_MODE": "true",
        "PDS_DATA_DIRECTORY": str(folder),
        "PDS_BLOBSTORE_DISK_LOCATION": str(folder / "blobs"),
        "PDS_DID_PLC_URL": f"http://localhost:{plc_port}",
        "PDS_JWT_SECRET": secrets.token_hex(16),
        "PDS_ADMIN_PASSWORD": secrets.token_hex(16),
        "PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX": secrets.token_hex(31).rjust(64, "0"),
        "PDS_SERVICE_HANDLE_DOMAINS": ".test",
        "PDS_INVITE_REQUIRED": "false",
        "PDS_RATE_LIMITS_ENABLED": "false",
        "PDS_DISABLE_SSRF_PROTECTION": "true",
    }
    command = ["node", str(ROOT / "tests" / "servers" / "pds.cjs"), str(INSTALLED), str(plc_port)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            command, env=environ, stdin=subprocess.PIPE, stdout=log, stderr=log
        )
    try:
        _wait_until_ready(server, port, folder / "log")
        yield Pds(port)
    finally:
        server.kill()
        server.communicate()


def _wait_until_ready(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and server.poll() is None:
        connection = http.client.HTTPConnection("localhost", port, timeout=5)
        try:
            connection.request("GET", "/xrpc/_health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise RuntimeError(f"the PDS did not start: {log.read_text(errors='replace')[-2000:]}")


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [bound.getsockname()[1] for bound in sockets]
    for bound in sockets:
        bound.close()
    return ports
