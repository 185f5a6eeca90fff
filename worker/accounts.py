"""The accounts that a worker can send with: a provider's client and the governor's gate for each."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from typing import Any, cast

import aiohttp

from producers.settings import DEFAULT_STATUS_PAIRS, Settings
from producers.states import Lane
from worker.governor.gate import Gate
from worker.governor.rules import RESERVED_FOR_URGENT, RULES
from worker.providers.base import Provider
from worker.providers.smsc import SmscAccount, SmscClient
from worker.retry import Policy, policies

_BULK_SLOTS = RULES["smsc", "send"].in_flight - RESERVED_FOR_URGENT


@dataclass(frozen=True)
class Account:
    """A configured account.

    Attributes:
        minute: Seconds that the provider's throttle windows last.
        status_pairs: Most (message id, phone) pairs in one request for their status.
        probes: Lanes whose work in doubt is sent once more when the provider can't be asked.
        policies: How each endpoint's requests are repeated.
        bulk_slots: This process's own queue for the account's slots in flight.
    """

    name: str
    provider: Provider
    gate: Gate
    minute: float = 60.0
    status_pairs: int = DEFAULT_STATUS_PAIRS
    probes: frozenset[Lane] = frozenset({Lane.URGENT})
    policies: dict[str, Policy] = field(default_factory=dict)
    bulk_slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_BULK_SLOTS))


def make_accounts(settings: Settings, session: aiohttp.ClientSession) -> dict[str, Account]:
    """Return the configured accounts by name. Without credentials there are none."""
    smsc = settings.smsc
    if not smsc.has_credentials:
        return {}
    credentials = hashlib.blake2b(
        f"{smsc.url}\0{smsc.login}\0{smsc.password}\0{smsc.api_key}".encode(), digest_size=8
    ).hexdigest()
    client = SmscClient(
        SmscAccount(
            url=smsc.url,
            login=smsc.login,
            password=smsc.password,
            api_key=smsc.api_key,
            transport=cast("Any", smsc.transport),
            read_method=cast("Any", smsc.read_method),
            charset=cast("Any", smsc.charset),
            mail_host=smsc.mail_host,
            mail_port=smsc.mail_port,
        ),
        session,
        minute=settings.provider_minute,
    )
    gate = Gate(settings.account, "smsc", credentials, minute=settings.provider_minute)
    account = Account(
        settings.account,
        client,
        gate,
        minute=settings.provider_minute,
        status_pairs=smsc.status_pairs,
        policies=policies("smsc", settings.provider_minute),
        probes=frozenset(
            lane
            for lane, policy in (
                (Lane.BULK, settings.in_doubt_bulk),
                (Lane.URGENT, settings.in_doubt_urgent),
            )
            if policy == "probe"
        ),
    )
    return {account.name: account}
