"""One exchange with the provider: a call out, a reply, an outcome or an error in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from producers.contract import Hold, InDoubt, SendOutcome
from worker.providers.base import ProviderError
from worker.providers.sms2 import codes, replies
from worker.providers.sms2.account import Sms2Account
from worker.providers.smsc.exchange import UNSENDABLE_TEXT, not_sent
from worker.providers.smsc.failures import MaybeSentError, NeverSentError
from worker.providers.smsc.transport import Reply, Transport
from worker.providers.smsc.wire import Message

MaySend = Callable[[], bool] | None
_Answer = TypeVar("_Answer")


class Exchange:
    """Calls and replies of one account.

    Args:
        account: Who asks.
        transport: How requests get there.
        minute: Seconds that stand for a minute in all waits; below 60 only with a simulator.
    """

    def __init__(self, account: Sms2Account, transport: Transport, *, minute: float = codes.MINUTE) -> None:
        self.account = account
        self.minute = minute
        self._transport = transport

    async def send(
        self,
        write: Callable[[], Message],
        judge: Callable[[Reply], SendOutcome],
        may_send: MaySend,
    ) -> SendOutcome:
        """Make a call that sends, and return what came of it; nothing is raised for what the network does."""
        try:
            message = write()
        except UnicodeEncodeError:
            return Hold(codes.NO_CODE, UNSENDABLE_TEXT)
        try:
            reply = await self._transport.request(message, may_send=may_send)
        except NeverSentError as error:
            return not_sent(error)
        except MaybeSentError as error:
            return InDoubt(error.reason)
        return judge(reply)

    async def read(
        self, write: Callable[[], Message], parse: Callable[[str], _Answer], may_send: MaySend
    ) -> _Answer:
        """Make a call that sends nothing, and return what ``parse`` reads in the reply.

        Raises:
            ProviderError: No readable answer, or an error reply.
        """
        try:
            reply = await self._transport.request(write(), may_send=may_send)
        except UnicodeEncodeError:
            raise ProviderError(UNSENDABLE_TEXT) from None
        except NeverSentError as error:
            raise ProviderError.from_not_sent(not_sent(error)) from None
        except MaybeSentError as error:
            raise self._asked_in_vain(error.reason) from None
        text = replies.text_of(reply.body)
        words = replies.error_in(text)
        if words and replies.is_believed(reply.status, words, codes.EVERY_ERROR):
            raise ProviderError.from_not_sent(codes.decide_read(words, minute=self.minute))
        if reply.status != 200:
            raise self._asked_in_vain(f"http_{reply.status}")
        try:
            return parse(text)
        except replies.UnreadableError:
            raise self._asked_in_vain("bad_reply") from None

    def _asked_in_vain(self, reason: str) -> ProviderError:
        return ProviderError(reason, wait=self.minute, in_doubt=True)
