"""What the worker expects of a provider, whichever it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from producers.contract import Balance, NotSent, SendOutcome, SendRequest, StatusResult

#: Reasons of a failed request after which the provider may still be at work on it. A connection that the
#: provider closed or reset is over for it too.
AT_WORK = frozenset({"read_timeout", "total_timeout", "http_504"})
#: The reason of a request that was surely not sent because `may_send` said no.
TOO_LATE = "too_late"


class ProviderError(Exception):
    """A read-only call (balance, status) failed.

    Attributes:
        reason: A stable word, such as ``auth``, ``duplicate_request``, ``connect_failed``, ``bad_reply``.
        code: The provider's error code; 0 when no readable reply came.
        wait: Seconds after which asking again may help.
        pause_account: The reason concerns the whole account.
    """

    def __init__(self, reason: str, *, code: int = 0, wait: float = 0.0, pause_account: bool = False) -> None:
        super().__init__(f"{reason} (code {code})" if code else reason)
        self.reason = reason
        self.code = code
        self.wait = wait
        self.pause_account = pause_account

    @classmethod
    def from_not_sent(cls, outcome: NotSent) -> ProviderError:
        """Carry the decision of a send table row over to a read-only call."""
        return cls(outcome.reason, code=outcome.code, wait=outcome.wait, pause_account=outcome.pause_account)


class Provider(Protocol):
    """A provider's client for one account. It knows nothing of queues, ledger or governor."""

    @property
    def name(self) -> str:
        """``smsc`` or ``sms2``."""

    @property
    def can_look_up(self) -> bool:
        """Whether `status` finds a message by the id that we chose, even when no reply to the send came."""

    def message_id(self, batch: str, attempt: int) -> str:
        """Return the id under which the given attempt at a batch is sent; never the same for two batches."""

    def fingerprint(self, request: SendRequest) -> str:
        """Return a short digest of what makes two requests identical to the provider's throttle."""

    async def send(self, request: SendRequest, *, may_send: Callable[[], bool] | None = None) -> SendOutcome:
        """Send one batch. Never raises for what the network or the provider do: that is in the outcome.

        Args:
            request: The batch.
            may_send: Asked at the last moment before the request is written; when False it is surely not
                sent.
        """

    async def balance(self) -> Balance:
        """Ask for the balance.

        Raises:
            ProviderError: no readable answer.
        """

    async def status(
        self,
        queries: Sequence[tuple[str, int | str]],
        *,
        full: bool = False,
        may_send: Callable[[], bool] | None = None,
    ) -> list[StatusResult]:
        """Ask what became of (message id, recipient) pairs, in one request; answers in the same order.

        Args:
            queries: The recipient is a phone (E.164 digits), or an e-mail address as a string.
            full: Ask for the price and more.
            may_send: Asked at the last moment before the request is written; when False it is surely not
                sent, and the reason is `TOO_LATE`.

        Raises:
            ProviderError: no readable answer.
        """
