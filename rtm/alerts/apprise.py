"""Apprise, an optional package that speaks to a hundred services; imported where configured."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from importlib import import_module
from threading import Thread
from typing import Any

from rtm.alerts.words import NOTHING_MORE, Message, plain_text
from rtm.errors import ConfigError, PublishError

PATIENCE_S = 30.0  # it has no bound of its own for all its services


class Apprise:
    """Whatever Apprise speaks. Its calls block, perhaps for ever: each has a thread of its own.

    Not one of the pool's, which the store needs; and a daemon, or a stuck call would keep rtm from
    ending. There is one at a time.
    """

    def __init__(self, service: Any, patience_s: float = PATIENCE_S) -> None:  # optional package
        self._service = service
        self._patience_s = patience_s
        self._thread: Thread | None = None

    async def send(self, message: Message) -> None:
        """Send by the service that the address names."""
        if self._thread is not None and self._thread.is_alive():
            raise PublishError("has not finished the message before", 0.0)
        title, body = (
            text.replace("@", f"@{NOTHING_MORE}") for text in (message.subject, plain_text(message))
        )
        kind = "warning" if message.is_critical else "info"
        told = {"body": body, "title": title, "notify_type": kind, "body_format": "text"}
        taken: Future[bool] = Future()
        self._thread = Thread(
            target=_settle, args=(taken, partial(self._service.notify, **told)), daemon=True
        )
        self._thread.start()
        try:
            async with asyncio.timeout(self._patience_s):
                is_taken = await asyncio.wrap_future(taken)
        except TimeoutError as error:
            raise PublishError(f"did not answer within {self._patience_s:g} s", 0.0) from error
        if not is_taken:
            raise PublishError("Apprise could not deliver it", 0.0)


def _settle(taken: "Future[bool]", notify: Callable[[], object]) -> None:
    if not taken.set_running_or_notify_cancel():
        return
    try:
        taken.set_result(bool(notify()))
    except Exception as error:  # noqa: BLE001 - it is raised again where it is waited for
        taken.set_exception(error)


def service_of(target: str, variable: str, url: str) -> Any:
    """Return Apprise, ready to send by the service that an address names.

    Raises
    ------
    ConfigError
        When it is not installed, or does not know such an address; ``variable`` held it.
    """
    try:
        apprise = import_module("apprise")
    except ImportError as error:
        remedy = 'pip install "rtm[apprise]"'
        raise ConfigError(f"target {target}: Apprise is not installed; {remedy}") from error
    service = apprise.Apprise()
    if not service.add(url):
        raise ConfigError(f"{variable}: no address that Apprise knows; see its list of services")
    return service
