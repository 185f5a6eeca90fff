"""What the worker expects of a provider, whichever it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from producers.answers import Answer
from producers.contract import Balance, NotSent, SendOutcome, SendRequest, StatusResult
from producers.questions import Question

#: Reasons of a failed request after which the provider may still be at work on it. A connection that the
#: provider closed or reset is over for it too.
AT_WORK = frozenset({"read_timeout", "total_timeout", "http_504"})
#: The reason of a request that was surely not sent because `may_send` said no.
TOO_LATE = "too_late"


class ProviderError(Exception):
    """A call that isn't a send failed.

    Attributes:
        reason: A stable word, such as ``auth``, ``duplicate_request``, ``connect_failed``, ``bad_reply``.
        code: The provider's error code; 0 when no readable reply came.
        wait: Seconds after which asking again may help.
        pause_account: The reason concerns the whole account.
        in_doubt: The provider may have done what it was asked, so that a question that acts isn't repeated.
    """

    def __init__(
        self,
        reason: str,
        *,
        code: int = 0,
        wait: float = 0.0,
        pause_account: bool = False,
        in_doubt: bool = False,
    ) -> None:
        super().__init__(f"{reason} (code {code})" if code else reason)
        self.reason = reason
        self.code = code
        self.wait = wait
        self.pause_account = pause_account
        self.in_doubt = in_doubt

    @classmethod
    def from_not_sent(cls, outcome: NotSent) -> ProviderError:
        """Carry the decision of a send table row over to a read-only call."""
        return cls(outcome.reason, code=outcome.code, wait=outcome.wait, pause_account=outcome.pause_account)


class FileStream(Protocol):
    """A file on its way, in pieces of bounded size; what is wrong on the way is a `ProviderError`.

    Attributes:
        start: The file's byte with which the pieces begin: the one asked for, or 0 where the provider can't
            begin in the middle.
        size: Bytes of the whole file; None when not given.
    """

    @property
    def start(self) -> int: ...  # noqa: D102

    @property
    def size(self) -> int | None: ...  # noqa: D102

    def __aiter__(self) -> AsyncIterator[bytes]: ...


class Provider(Protocol):
    """A provider's client for one account. It knows nothing of queues, ledger or governor."""

    @property
    def name(self) -> str:
        """``smsc`` or ``sms2``."""

    @property
    def can_look_up(self) -> bool:
        """Whether `status` finds a message by the id that we chose, even when no reply to the send came."""

    def finds(self, request: SendRequest) -> bool:
        """Say whether `status` finds every recipient of a request: it takes phones and e-mail addresses."""

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

    async def ask(self, question: Question, *, may_send: Callable[[], bool] | None = None) -> Answer:
        """Ask a question; each kind has its own kind of answer.

        Args:
            question: What is asked, or to be done.
            may_send: As for `status`.

        Raises:
            ProviderError: no readable answer; ``in_doubt`` when it may have been done all the same.
        """

    def endpoint(self, question: Question) -> str:
        """Return the governor's name for what a question asks, such as ``price`` or ``status_one``."""

    def question_fingerprint(self, question: Question) -> str:
        """Return a short digest of what makes two questions identical to the provider's throttles."""

    async def status(
        self,
        queries: Sequence[tuple[str, int | str]],
        *,
        full: bool = False,
        may_send: Callable[[], bool] | None = None,
    ) -> list[StatusResult]:
        """Ask what became of (message id, recipient) pairs, in one request; answers in the same order.

        Args:
            queries: The recipient is a phone (E.164 digits), or an e-mail address as a string; for the latter
                `StatusResult.phone` is 0.
            full: Ask for the price and more.
            may_send: Asked at the last moment before the request is written; when False it is surely not
                sent, and the reason is `TOO_LATE`.

        Raises:
            ProviderError: no readable answer.
        """

    def download(
        self,
        *,
        id: int,  # noqa: A002
        offset: int = 0,
        may_send: Callable[[], bool] | None = None,
    ) -> AbstractAsyncContextManager[FileStream]:
        """Open the file of a finished deferred download; the governor's endpoint is ``download_file``.

        Args:
            id: The provider's number of the download.
            offset: The byte to begin with, for going on after an interruption; see `FileStream.start`.
            may_send: As for `status`.

        Raises:
            ProviderError: on entering, no reply or an error reply; while reading, the file breaks off.
        """
