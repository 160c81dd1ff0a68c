"""The bridge to Dash: a request goes to a WSGI callable in a small pool of threads.

The callable finds who asks under ``REMOTE_USER`` (the name) and ``rtm.person``.
"""

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from aiohttp import web

from rtm.web.guard import PERSON

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 4
_HOP = {"connection", "keep-alive", "transfer-encoding", "upgrade", "trailer", "te", "date"}
_PACKED = {"text/css", "text/javascript", "application/javascript"}  # no page: it may hold secrets


class Bridge:
    """Answer whatever nobody else answers; ``shut`` when the server stops."""

    def __init__(self, wsgi: "WSGIApplication") -> None:
        self._wsgi = wsgi
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="wsgi")

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Hand a request over and gather its answer."""
        environ = _environ(request, await request.read())
        loop = asyncio.get_running_loop()
        status, headers, body = await loop.run_in_executor(self._pool, self._run, environ)
        is_head = request.method == "HEAD"  # whose length is that of the body it does not have
        left_out = _HOP if is_head else _HOP | {"content-length"}
        kept = [(name, value) for name, value in headers if name.lower() not in left_out]
        code, _, reason = status.partition(" ")
        answer = web.Response(status=int(code), reason=reason, headers=kept, body=body)
        if answer.status == 200 and not is_head and answer.content_type in _PACKED:
            answer.headers["Vary"] = "Accept-Encoding"
            answer.enable_compression()
        return answer

    def shut(self) -> None:
        """Take no more requests."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
        begun: list[tuple[str, list[tuple[str, str]]]] = []
        body: list[bytes] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], exc_info: object = None
        ) -> Callable[[bytes], object]:
            begun.append((status, headers))
            return body.append

        chunks = self._wsgi(environ, start_response)
        try:
            body.extend(chunks)
        finally:
            if (close := getattr(chunks, "close", None)) is not None:
                close()
        status, headers = begun[-1]  # the last call counts: an error replaces what was begun
        return status, headers, b"".join(body)


def _environ(request: web.Request, body: bytes) -> dict[str, Any]:
    target, _, query = request.raw_path.partition("?")
    host, _, port = request.headers.get("Host", "").rpartition(":")
    if not port.isdigit():
        host, port = request.headers.get("Host", ""), "80"
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(target).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": request.remote or "",
        "REMOTE_USER": request[PERSON].name,
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "rtm.person": request[PERSON],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name in set(request.headers) - {"Content-Type", "Content-Length"}:
        key = "HTTP_" + name.upper().replace("-", "_")
        if "_" not in name:  # X_Y would pass for X-Y
            environ[key] = ", ".join(request.headers.getall(name))
    return environ
