"""What lives as long as a worker process: the ledger's connections, the HTTP session, the accounts."""

from __future__ import annotations

import asyncio
from typing import Any

from dramatiq.asyncio import get_event_loop_thread
from dramatiq.middleware import Middleware

from producers.ledger.store import AsyncStore
from producers.redis_clients import RedisAddress
from producers.settings import Settings
from worker.accounts import Account, make_accounts
from worker.patience import PatientStore
from worker.providers.smsc import create_session


class Resources:
    """Made on the event loop's thread, used by the actors on it.

    Attributes:
        stopping: Set when the process was asked to end: whoever waits gives up and hands its batch back.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = AsyncStore(RedisAddress.parse(settings.redis_url))
        self.ledger = PatientStore(self.store)
        self.session = create_session(gets=settings.smsc.read_method == "GET")
        self.accounts: dict[str, Account] = make_accounts(settings, self.session)
        self.stopping = asyncio.Event()

    async def close(self) -> None:
        """Close the connections."""
        await self.session.close()
        await self.store.close()


class ResourcesMiddleware(Middleware):
    """Makes the resources when a worker boots, after the AsyncIO middleware has started the event loop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._resources: Resources | None = None

    def get(self) -> Resources:
        """Return the resources of the running worker."""
        if self._resources is None:
            raise RuntimeError("the worker has not booted")
        return self._resources

    async def _make(self) -> Resources:
        return Resources(self._settings)

    async def _stop(self) -> None:
        self.get().stopping.set()

    def before_worker_boot(self, broker: Any, worker: Any) -> None:  # noqa: ARG002 - Dramatiq's signature
        """Make them."""
        thread = get_event_loop_thread()
        if thread is None:
            raise RuntimeError("the AsyncIO middleware must come before the resources")
        self._resources = thread.run_coroutine(self._make())

    def before_worker_shutdown(self, broker: Any, worker: Any) -> None:  # noqa: ARG002
        """Tell whoever waits to give up."""
        thread = get_event_loop_thread()
        if thread is not None and self._resources is not None:
            thread.run_coroutine(self._stop())

    def after_worker_shutdown(self, broker: Any, worker: Any) -> None:  # noqa: ARG002
        """Close them, while the event loop still runs."""
        thread = get_event_loop_thread()
        if thread is not None and self._resources is not None:
            thread.run_coroutine(self._resources.close())
            self._resources = None
