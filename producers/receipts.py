"""What a producer gets back: handles on a message and on a campaign, for both worlds."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

from producers import flows
from producers.errors import WaitTimeout
from producers.ledger.campaigns import CampaignView
from producers.states import CampaignState, RecipientState
from producers.views import REPORT_COLUMNS, campaign_json, message_json, report_rows

if TYPE_CHECKING:
    from producers.ledger.store import AsyncStore, Store

#: A recipient in one of these is still waiting for the provider's word.
_OPEN = {RecipientState.PENDING.public, RecipientState.IN_DOUBT.public}
#: Seconds between two looks at the ledger: short at first, for an urgent message.
_FIRST_LOOK, _LAST_LOOK = 0.02, 1.0
#: Batches read in one round trip for a report.
_REPORT_AHEAD = 10

ReportRow = dict[str, str]


def _decided(message: dict[str, Any]) -> bool:
    return all(recipient["state"] not in _OPEN for recipient in message["recipients"])


def _too_late(what: str, timeout: float) -> WaitTimeout:
    return WaitTimeout(
        f"{what} was not decided within {timeout:g} s; it stays on its way",
        hint="ask again, and see that a worker runs: smsq doctor",
    )


def _no_report(message: str, timeout: float) -> WaitTimeout:
    return WaitTimeout(
        f"no status of message {message} came within {timeout:g} s",
        hint="the provider allows one such request a minute; ask again later, and see that a worker runs",
    )


def looks(timeout: float) -> Iterator[float]:
    """Yield how long to sleep before each further look, until the time is up."""
    deadline = time.monotonic() + timeout
    pause = _FIRST_LOOK
    while (left := deadline - time.monotonic()) > 0:
        yield min(pause, left)
        pause = min(pause * 1.5, _LAST_LOOK)


class Receipt:
    """A message that is safely in the ledger."""

    def __init__(self, store: Store, message: str) -> None:
        self._store = store
        self.id = message

    def __repr__(self) -> str:
        return f"Receipt({self.id!r})"

    def status(self) -> dict[str, Any]:
        """Return the message with its recipients as the ledger knows them now.

        Raises:
            NotFound: The message is no longer in the ledger.
            Unavailable: Redis can't be reached.
        """
        return message_json(self.id, self._store.drive(flows.read_message(self.id)))

    def outcome(self, timeout: float = 30.0) -> dict[str, Any]:
        """Wait until the provider has taken or refused every recipient, and return the message.

        Args:
            timeout: Seconds to wait.

        Raises:
            WaitTimeout: Some recipients are still pending or in doubt; they stay on their way.
            Unavailable: Redis can't be reached.
        """
        message = self.status()
        for pause in looks(timeout):
            if _decided(message):
                return message
            time.sleep(pause)
            message = self.status()
        if _decided(message):
            return message
        raise _too_late(f"message {self.id}", timeout)

    def refresh(self, timeout: float = 90.0) -> dict[str, Any]:
        """Have a worker ask the provider for the present status, and return the message with it.

        The provider's throttles hold: a message of more than eight recipients can be asked for once a minute.

        Args:
            timeout: Seconds to wait for the answer.

        Raises:
            WaitTimeout: No answer came in time.
            NotFound: The message is no longer in the ledger.
            Unavailable: Redis can't be reached.
        """
        before = {view.batch: view.reported for view in self._store.drive(flows.read_message(self.id))}
        self._store.drive(flows.ask_for_status(self._store.address.queue_namespace, self.id))
        for pause in looks(timeout):
            views = self._store.drive(flows.read_message(self.id))
            if all(view.reported > before[view.batch] for view in views):
                return message_json(self.id, views)
            time.sleep(pause)
        raise _no_report(self.id, timeout)


class AsyncReceipt:
    """A message that is safely in the ledger; the twin of `Receipt`."""

    def __init__(self, store: AsyncStore, message: str) -> None:
        self._store = store
        self.id = message

    def __repr__(self) -> str:
        return f"AsyncReceipt({self.id!r})"

    async def status(self) -> dict[str, Any]:
        """As `Receipt.status`."""
        return message_json(self.id, await self._store.drive(flows.read_message(self.id)))

    async def outcome(self, timeout: float = 30.0) -> dict[str, Any]:  # noqa: ASYNC109 - the twin of a sync method
        """As `Receipt.outcome`."""
        import asyncio

        message = await self.status()
        for pause in looks(timeout):
            if _decided(message):
                return message
            await asyncio.sleep(pause)
            message = await self.status()
        if _decided(message):
            return message
        raise _too_late(f"message {self.id}", timeout)

    async def refresh(self, timeout: float = 90.0) -> dict[str, Any]:  # noqa: ASYNC109
        """As `Receipt.refresh`."""
        import asyncio

        before = {view.batch: view.reported for view in await self._store.drive(flows.read_message(self.id))}
        await self._store.drive(flows.ask_for_status(self._store.address.queue_namespace, self.id))
        for pause in looks(timeout):
            views = await self._store.drive(flows.read_message(self.id))
            if all(view.reported > before[view.batch] for view in views):
                return message_json(self.id, views)
            await asyncio.sleep(pause)
        raise _no_report(self.id, timeout)


class Campaign:
    """A campaign in the ledger."""

    def __init__(self, store: Store, campaign: str) -> None:
        self._store = store
        self.id = campaign

    def __repr__(self) -> str:
        return f"Campaign({self.id!r})"

    def view(self) -> CampaignView:
        """Return the campaign as it stands.

        Raises:
            NotFound: There is none of that id.
            Unavailable: Redis can't be reached.
        """
        return self._store.drive(flows.read_campaign(self.id))

    def progress(self) -> dict[str, Any]:
        """Return the public JSON of the campaign as it stands; errors as `view`."""
        return campaign_json(self.view())

    def pause(self) -> None:
        """Let no further request go out; those under way end.

        Raises:
            UsageError: The campaign is cancelled or was never started.
        """
        self._store.drive(flows.change_campaign(self.id, CampaignState.PAUSED))

    def resume(self) -> None:
        """Go on where it was paused; errors as `pause`."""
        self._store.drive(flows.change_campaign(self.id, CampaignState.RUNNING))

    def cancel(self) -> None:
        """Give up every recipient that was not sent to yet; errors as `pause`."""
        self._store.drive(flows.change_campaign(self.id, CampaignState.CANCELLED))

    def report(self) -> Iterator[ReportRow]:
        """Yield a row a recipient, with the members of `REPORT_COLUMNS`; errors as `view`."""
        count = self.view().batches
        for first in range(0, count, _REPORT_AHEAD):
            ahead = min(_REPORT_AHEAD, count - first)
            for batch in self._store.drive(flows.read_batches(self.id, first, ahead)):
                for row in report_rows(batch):
                    yield dict(zip(REPORT_COLUMNS, row, strict=True))


class AsyncCampaign:
    """A campaign in the ledger; the twin of `Campaign`."""

    def __init__(self, store: AsyncStore, campaign: str) -> None:
        self._store = store
        self.id = campaign

    def __repr__(self) -> str:
        return f"AsyncCampaign({self.id!r})"

    async def view(self) -> CampaignView:
        """As `Campaign.view`."""
        return await self._store.drive(flows.read_campaign(self.id))

    async def progress(self) -> dict[str, Any]:
        """As `Campaign.progress`."""
        return campaign_json(await self.view())

    async def pause(self) -> None:
        """As `Campaign.pause`."""
        await self._store.drive(flows.change_campaign(self.id, CampaignState.PAUSED))

    async def resume(self) -> None:
        """As `Campaign.resume`."""
        await self._store.drive(flows.change_campaign(self.id, CampaignState.RUNNING))

    async def cancel(self) -> None:
        """As `Campaign.cancel`."""
        await self._store.drive(flows.change_campaign(self.id, CampaignState.CANCELLED))

    async def report(self) -> AsyncIterator[ReportRow]:
        """As `Campaign.report`."""
        count = (await self.view()).batches
        for first in range(0, count, _REPORT_AHEAD):
            ahead = min(_REPORT_AHEAD, count - first)
            for batch in await self._store.drive(flows.read_batches(self.id, first, ahead)):
                for row in report_rows(batch):
                    yield dict(zip(REPORT_COLUMNS, row, strict=True))
