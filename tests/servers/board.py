"""The whole program for tests: ``rtm live`` as a process of its own, spoken to as people would."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any

import aiohttp

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "rtm" / "demo"
READY_S = 60.0
PASSWORD = "correct horse battery"


class Program:
    """One run of ``rtm``; ``url`` is known once it serves."""

    def __init__(self, *arguments: str, **environ: str) -> None:
        self._arguments = arguments
        self._environ = {**os.environ, "PYTHONPATH": str(ROOT), **environ}
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._printed = asyncio.Condition()
        self.lines: list[str] = []
        self.url = ""

    async def start(self) -> "Program":
        """Start it; returns once it says where the board is."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "rtm",
            *self._arguments,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=self._environ,
            cwd=ROOT,
        )
        async with asyncio.timeout(READY_S):
            while not self.url:
                line = await self._line()
                found = re.search(r"(http://[^/ ]+)/desk", line)
                self.url = found[1] if found else ""
        self._reading = asyncio.create_task(self._read_on())
        return self

    async def line_with(self, words: str) -> str:
        """Return the first line that holds these words, once it is printed."""
        async with asyncio.timeout(READY_S), self._printed:
            while not (lines := [line for line in self.lines if words in line]):
                await self._printed.wait()
        return lines[0]

    def signal(self, which: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process is not None
        self._process.send_signal(which)

    def cpu_s(self) -> float:
        """Return the processor seconds it has used, all threads together (Linux)."""
        assert self._process is not None
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def kill(self) -> None:
        """Kill it as a power cut would."""
        self.signal(signal.SIGKILL)
        await self._ended()

    async def stop(self) -> int:
        """Stop it as Ctrl+C would; its exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self.signal(signal.SIGINT)
        return await self._ended()

    async def _ended(self) -> int:
        assert self._process is not None
        async with asyncio.timeout(30):
            code = await self._process.wait()
        if self._reading is not None:
            await self._reading
        self.url = ""
        return code

    async def _line(self) -> str:
        assert self._process is not None
        assert self._process.stdout is not None
        raw = await self._process.stdout.readline()
        if not raw:
            raise AssertionError("rtm ended: " + "\n".join(self.lines[-20:]))
        self.lines.append(raw.decode().rstrip())
        return self.lines[-1]

    async def _read_on(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        while raw := await self._process.stdout.readline():
            self.lines.append(raw.decode().rstrip())
            async with self._printed:
                self._printed.notify_all()


def live(
    folder: Path,
    streams: Sequence[str],
    *more: str,
    brand: Path = DEMO / "oreo.toml",
    port: int = 0,
    **environ: str,
) -> Program:
    """Return ``rtm live`` on a folder and Jetstream servers, not started yet."""
    named = [part for url in streams for part in ("--stream", url)]
    arguments = ("live", "--brand", str(brand), "--data", str(folder), "--port", str(port))
    return Program(*arguments, *named, *more, **environ)


def add_person(folder: Path, name: str, *roles: str) -> None:
    """Let somebody log in with ``PASSWORD``, as ``rtm user add`` does."""
    asked = [part for role in roles for part in ("--role", role)]
    command = [sys.executable, "-P", "-m", "rtm", "user", "add", name, *asked]
    subprocess.run(
        [*command, "--data", str(folder), "--password-stdin"],
        input=PASSWORD,
        text=True,
        check=True,
        cwd=ROOT,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


class Teammate:
    """Somebody with a session, who asks and acts over HTTP as the desk's own script does."""

    def __init__(self, url: str) -> None:
        self.url = url
        jar = aiohttp.CookieJar(unsafe=True)  # else it keeps none of an address in numbers
        self._session = aiohttp.ClientSession(headers={"Origin": url}, cookie_jar=jar)

    async def log_in(self, name: str, password: str = PASSWORD) -> None:
        form = {"name": name, "password": password}
        async with self._session.post(
            f"{self.url}/login", data=form, allow_redirects=False
        ) as answer:
            assert answer.status in (302, 303), await answer.text()

    async def board(self) -> dict[str, Any]:
        """Return the snapshot that a screen is sent first."""
        async with self._session.ws_connect(f"{self.url}/ws") as socket:
            while True:
                message: dict[str, Any] = await socket.receive_json(timeout=10)
                if message["kind"] == "snapshot":
                    return message

    async def tick(self) -> dict[str, Any]:
        """Return the next word on how the watch is."""
        async with self._session.ws_connect(f"{self.url}/ws") as socket:
            while True:
                message: dict[str, Any] = await socket.receive_json(timeout=10)
                if message["kind"] == "tick":
                    return message

    async def until_warm(self) -> None:
        """Return once the watch has seen enough of the past to show cards."""
        async with asyncio.timeout(READY_S), self._session.ws_connect(f"{self.url}/ws") as socket:
            while (await socket.receive_json()).get("warm", 0) < 1:
                pass

    async def until_card(self) -> None:
        """Return once there is a card on the board."""
        async with asyncio.timeout(READY_S), self._session.ws_connect(f"{self.url}/ws") as socket:
            while True:
                told = await socket.receive_json()
                if told.get("cards") or told.get("upsert"):
                    return

    async def act(
        self, card: dict[str, Any], step: str, text: str = "", key: str | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Take a step on a card; the status and what was answered."""
        async with self._session.post(
            f"{self.url}/api/cards/{card['id']}/{step}",
            json={"work_rev": card["work_rev"], "text": text},
            headers={"Idempotency-Key": key or token_hex(8)},
        ) as answer:
            said: dict[str, Any] = await answer.json()
            return answer.status, said

    async def post(self, path: str, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Say something to the API; the status and what was answered."""
        async with self._session.post(
            f"{self.url}{path}", json=said, headers={"Idempotency-Key": token_hex(8)}
        ) as answer:
            told: dict[str, Any] = await answer.json()
            return answer.status, told

    async def get(self, path: str) -> tuple[int, str]:
        """Return a page's status and text."""
        async with self._session.get(f"{self.url}{path}") as answer:
            return answer.status, await answer.text()

    async def leave(self) -> None:
        await self._session.close()
