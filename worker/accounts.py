"""The accounts that a worker can send with: a provider's client and the governor's gate for each."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

import aiohttp

from producers.settings import DEFAULT_STATUS_PAIRS, Settings
from producers.states import Lane
from worker.governor.gate import Gate
from worker.governor.rules import RESERVED_FOR_URGENT, RULES
from worker.providers.base import Provider
from worker.providers.sms2 import Sms2Account, Sms2Client
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
        bulk_slots: This process's own queue for the account's slots in flight.
    """

    name: str
    provider: Provider
    gate: Gate
    minute: float = 60.0
    status_pairs: int = DEFAULT_STATUS_PAIRS
    probes: frozenset[Lane] = frozenset({Lane.URGENT})
    bulk_slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_BULK_SLOTS))

    @cached_property
    def policies(self) -> dict[str, Policy]:
        """How each endpoint's requests are repeated."""
        return policies(self.provider.name, self.minute)


def make_accounts(settings: Settings, session: aiohttp.ClientSession) -> dict[str, Account]:
    """Return the configured accounts by name. Without credentials there are none."""
    found = []
    if settings.smsc.has_credentials:
        found.append(_smsc(settings, session))
    if settings.sms2.has_credentials:
        found.append(_sms2(settings, session))
    return {account.name: account for account in found}


def _smsc(settings: Settings, session: aiohttp.ClientSession) -> Account:
    smsc = settings.smsc
    account = SmscAccount(
        url=smsc.url,
        login=smsc.login,
        password=smsc.password,
        api_key=smsc.api_key,
        transport=cast("Any", smsc.transport),
        read_method=cast("Any", smsc.read_method),
        charset=cast("Any", smsc.charset),
        mail_host=smsc.mail_host,
        mail_port=smsc.mail_port,
    )
    client = SmscClient(account, session, minute=settings.provider_minute)
    credentials = _digest(smsc.url, smsc.login, smsc.password, smsc.api_key)
    return _account(settings, "smsc", client, credentials, smsc.status_pairs)


def _sms2(settings: Settings, session: aiohttp.ClientSession) -> Account:
    sms2 = settings.sms2
    account = Sms2Account(url=sms2.url, user=sms2.user, password=sms2.password)
    client = Sms2Client(account, session, minute=settings.provider_minute)
    return _account(settings, "sms2", client, _digest(sms2.url, sms2.user, sms2.password), 1)


def _account(
    settings: Settings, provider: str, client: Provider, credentials: str, status_pairs: int
) -> Account:
    name = settings.account_of(provider)
    policies_by_lane = ((Lane.BULK, settings.in_doubt_bulk), (Lane.URGENT, settings.in_doubt_urgent))
    return Account(
        name,
        client,
        Gate(name, provider, credentials, minute=settings.provider_minute),
        minute=settings.provider_minute,
        status_pairs=status_pairs,
        probes=frozenset(lane for lane, policy in policies_by_lane if policy == "probe"),
    )


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()
