"""Mail: a message of plain words, perhaps with the same in HTML, and the server that takes it."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, TypeVar

import aiosmtplib

from rtm.alerting import TLS_PORT, Smtp
from rtm.alerts.words import LONGEST_SUBJECT, on_one_line
from rtm.errors import PublishError

T = TypeVar("T")

PATIENCE_S = 20.0  # a server may greet late on purpose
AWAY = (
    aiosmtplib.SMTPConnectError,
    aiosmtplib.SMTPServerDisconnected,
    aiosmtplib.SMTPTimeoutError,
)
RETRY_CODES = range(400, 500)  # RFC 5321: not now; 5xx is never


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to be sent; ``id`` is the same for the same one, so that mailboxes know it again."""

    id: str
    at: datetime
    subject: str
    text: str
    html: str | None = None
    is_urgent: bool = False


def written(letter: Letter, sender: str, to: Sequence[str]) -> EmailMessage:
    """Return a letter as a mail; whatever its words are, they stay where they belong."""
    mail = EmailMessage()
    mail["Subject"] = on_one_line(letter.subject)[:LONGEST_SUBJECT]
    mail["From"] = sender
    mail["To"] = ", ".join(to)
    mail["Date"] = format_datetime(letter.at)
    mail["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answers of absence, please
    if letter.is_urgent:
        mail["Importance"] = "high"
    mail.set_content(letter.text)
    if letter.html is not None:
        mail.add_alternative(letter.html, subtype="html")
    return mail


async def send(letter: Letter, smtp: Smtp, password: str | None, to: Sequence[str]) -> None:
    """Hand a letter to the server.

    Raises
    ------
    PublishError
        When it was not taken; ``retry_after_s`` where another try makes sense.
    """
    is_tls = smtp.port == TLS_PORT
    try:
        refused, _ = await _apart(
            aiosmtplib.send(
                written(letter, smtp.sender, to),
                hostname=smtp.host,
                port=smtp.port,
                username=smtp.user or None,
                password=password,
                use_tls=is_tls,
                start_tls=False if is_tls else smtp.starttls,
                timeout=PATIENCE_S,
            )
        )
    except aiosmtplib.SMTPRecipientsRefused as error:
        codes = {one.code for one in error.recipients}
        may_pass = all(code in RETRY_CODES for code in codes)
        said = "none of the recipients is taken"
        raise PublishError(said, 0.0 if may_pass else None) from error
    except aiosmtplib.SMTPAuthenticationError as error:
        raise PublishError("user or password is refused") from error
    except aiosmtplib.SMTPResponseException as error:
        words = on_one_line(error.message)[:100]
        may_pass = error.code in RETRY_CODES
        raise PublishError(f"answered {error.code} ({words})", 0.0 if may_pass else None) from error
    except (*AWAY, OSError) as error:
        why = on_one_line(str(error))[:100]
        raise PublishError(f"the mail server cannot be reached ({why})", 0.0) from error
    except aiosmtplib.SMTPException as error:  # it has no STARTTLS, or no login
        why = on_one_line(error.message)[:100]
        raise PublishError(f"the mail server cannot do what [smtp] asks ({why})") from error
    except ValueError as error:
        raise PublishError("the mail cannot be written") from error
    if refused:
        raise PublishError(f"{len(refused)} of {len(to)} recipients are not taken")


async def _apart(call: Coroutine[Any, Any, T]) -> T:
    # the library's wait_for swallows a cancellation that comes with an answer (bpo-42130), and
    # whoever called it would never end; asyncio.wait does not
    task = asyncio.create_task(call)
    try:
        await asyncio.wait([task])
    finally:
        task.cancel()
    return task.result()
