"""One exchange with the provider that sends no message: a call out, a reply or an error in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from producers.contract import NotSent
from worker.providers.base import ProviderError
from worker.providers.smsc import codes, replies, sent
from worker.providers.smsc.account import SmscAccount
from worker.providers.smsc.call import Call
from worker.providers.smsc.failures import HostDownError, MaybeSentError, NeverSentError, RequestError
from worker.providers.smsc.opened import OpenReply
from worker.providers.smsc.read_codes import decide_read
from worker.providers.smsc.transport import Reply, Transport
from worker.providers.smsc.wire import Message, Writer

#: Why a request wasn't written: the charset has not all of its letters.
UNSENDABLE_TEXT = "unsendable_text"

#: Seconds before another try when no host could be reached. Long enough not to hammer, short enough that a
#: code by SMS still is of use after a hiccup of the network.
UNREACHABLE_WAIT = 5.0
#: The same when this process had no connection left, or is about to end: others may send at once.
BUSY_WAIT = 1.0

#: Seconds before a call that sends nothing is repeated whose reply didn't come or can't be read: an identical
#: request for the statuses of several messages is allowed once a minute.
READ_WAIT = 62.0

MaySend = Callable[[], bool] | None
_Answer = TypeVar("_Answer")


def not_sent(error: RequestError) -> NotSent:
    """Return the outcome of a request of which no byte left."""
    return NotSent(error.reason, wait=UNREACHABLE_WAIT if isinstance(error, HostDownError) else BUSY_WAIT)


class Exchange:
    """Calls and replies of one account.

    Args:
        account: How requests are written.
        transport: How they get there.
        minute: Seconds that the provider's throttle windows last.
    """

    def __init__(self, account: SmscAccount, transport: Transport, *, minute: float = codes.MINUTE) -> None:
        self.charset = account.charset
        self.writer = Writer(account)
        self._transport = transport
        self._minute = minute

    async def deliver(self, message: Message, may_send: MaySend) -> Reply:
        """Send a request and return the reply; raises what `Transport.request` does."""
        if message.method != "POST":
            return await self._transport.request(message, may_send=may_send)
        return await self._transport.post(
            message.path, message.body, content_type=message.content_type, may_send=may_send
        )

    async def read(
        self, endpoint: str, call: Call, parse: Callable[[replies.Document], _Answer], may_send: MaySend
    ) -> _Answer:
        """Make a call and return what ``parse`` reads in the reply.

        Raises:
            ProviderError: No readable answer, or an error reply.
        """
        try:
            reply = await self.deliver(self.writer.write(call), may_send)
        except UnicodeEncodeError:
            raise ProviderError(UNSENDABLE_TEXT) from None
        except NeverSentError as error:
            raise ProviderError.from_not_sent(not_sent(error)) from None
        except MaybeSentError as error:
            raise self.asked_in_vain(error.reason) from None
        try:
            document = replies.read(reply.body, self.charset)
            self.check(endpoint, reply.status, document)
            if reply.status == 200:
                return parse(document)
        except replies.UnreadableError:
            if reply.status == 200:
                raise self.asked_in_vain("bad_reply") from None
        raise self.asked_in_vain(f"http_{reply.status}")

    async def open(self, call: Call, headers: dict[str, str], may_send: MaySend) -> OpenReply:
        """Make a call and return the reply as soon as it begins.

        Raises:
            ProviderError: No reply.
        """
        try:
            return await self._transport.open(self.writer.write(call, headers), may_send=may_send)
        except NeverSentError as error:
            raise ProviderError.from_not_sent(not_sent(error)) from None
        except MaybeSentError as error:
            raise self.asked_in_vain(error.reason) from None

    def check(self, endpoint: str, status: int, document: replies.Document) -> None:
        """Raise the error that a reply reports, if it does.

        Raises:
            ProviderError: It does.
        """
        error = replies.error_in(document)
        if error is not None and sent.is_believed(status, error):
            decision = decide_read(error.code, error.text, endpoint=endpoint, minute=self._minute)
            raise ProviderError.from_not_sent(decision)

    def asked_in_vain(self, reason: str) -> ProviderError:
        """Return the error for a request that went out, or may have, without a readable reply."""
        return ProviderError(reason, wait=READ_WAIT * self._minute / codes.MINUTE, in_doubt=True)
