"""Sends by mail: to be used when the provider can't be reached by HTTP for long.

There is no reply: a mail that was taken may still be refused, and neither price nor segments come back.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from producers.contract import Hold, InDoubt, NotSent, SendOutcome, SendRequest, Taken
from worker.providers.base import TOO_LATE
from worker.providers.smsc import codes, mail_body
from worker.providers.smsc.account import SmscAccount
from worker.providers.smsc.call import UnsendableError
from worker.providers.smsc.exchange import BUSY_WAIT, UNREACHABLE_WAIT, UNSENDABLE_TEXT

if TYPE_CHECKING:
    import aiosmtplib

#: Seconds for each step: connection, greeting, each command and its reply.
STEP_SECONDS = 30.0

_PORT = 25


async def send_by_mail(
    account: SmscAccount,
    request: SendRequest,
    *,
    host: str = "",
    port: int = _PORT,
    sender: str = "",
    start_tls: bool | None = None,
    timeout: float = STEP_SECONDS,  # noqa: ASYNC109 - of each step, and the SMTP library's own
    may_send: Callable[[], bool] | None = None,
) -> SendOutcome:
    """Send one batch by mail. Never raises for what the network or the provider do.

    Args:
        account: Whose credentials go into the mail.
        request: The batch.
        host: SMTP server; empty: the provider's, ``send.<domain>``.
        port: Its port.
        sender: The mail's sender; empty: ``api@<domain>``, as in the official library.
        start_tls: True: only over TLS; None: where the server offers it. Login and text are in the mail.
        timeout: Seconds for each step.
        may_send: Asked at the last moment before the mail is handed over.

    Returns:
        `NotSent` when the server refused sender or recipient or couldn't be reached; `Taken` when it took the
        mail; `InDoubt` when it was handed over and not taken; `Hold` for what can't be said in a mail.
    """
    own = sender or f"api@{mail_body.domain(account)}"
    try:
        content = mail_body.message(account, request, own)
    except UnicodeEncodeError:
        return Hold(codes.NO_CODE, UNSENDABLE_TEXT)
    except UnsendableError as error:
        return Hold(codes.NO_CODE, error.reason)
    # Only who sends mails pays for loading the library.
    import aiosmtplib

    client = aiosmtplib.SMTP(
        hostname=host or f"send.{mail_body.domain(account)}",
        port=port,
        local_hostname=socket.gethostname(),
        timeout=timeout,
        start_tls=start_tls,
    )
    try:
        return await _converse(
            client, own, f"send@send.{mail_body.domain(account)}", content, may_send
        ) or Taken(request.provider_id)
    finally:
        # Without QUIT: once the mail is taken, a server that hangs must not hold up the outcome.
        client.close()


async def _converse(
    client: aiosmtplib.SMTP, sender: str, recipient: str, content: bytes, may_send: Callable[[], bool] | None
) -> NotSent | InDoubt | None:
    """Hand a mail over; None when it was taken. What the server says is passed on as its number alone."""
    import aiosmtplib

    try:
        await client.connect()
        if client.is_ehlo_or_helo_needed:
            await client.ehlo()
        bits = ["BODY=8BITMIME"] if client.supports_extension("8bitmime") else []
        await client.mail(sender, options=bits)
        await client.rcpt(recipient)
    except aiosmtplib.SMTPResponseException:
        return NotSent("smtp_refused", wait=UNREACHABLE_WAIT)
    except (aiosmtplib.SMTPException, OSError):
        return NotSent("smtp_connect_failed", wait=UNREACHABLE_WAIT)
    if may_send is not None and not may_send():
        return NotSent(TOO_LATE, wait=BUSY_WAIT)
    try:
        await client.data(content)
    except aiosmtplib.SMTPResponseException as error:
        # A refusal here says that the mail wasn't taken; whether the provider's program had read it by then
        # isn't documented.
        return InDoubt(f"smtp_{error.code}")
    except aiosmtplib.SMTPTimeoutError:
        return InDoubt("smtp_timeout")
    except aiosmtplib.SMTPServerDisconnected:
        return InDoubt("smtp_disconnected")
    except Exception:  # noqa: BLE001 - whatever it is, the mail may be out
        return InDoubt("smtp_failed")
    return None
