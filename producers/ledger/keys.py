"""Names of the ledger's keys. The braces keep all of them in one slot of a cluster."""

from __future__ import annotations

import hashlib

from producers.ids import owner_of

PREFIX = "{smsq}:"
BATCH_PREFIX = PREFIX + "b:"
CAMPAIGN_PREFIX = PREFIX + "c:"
TIMER = PREFIX + "timer"
GAUGES = PREFIX + "gauges"
TOTALS = PREFIX + "totals"
IN_DOUBT = PREFIX + "in_doubt"
HELD = PREFIX + "held"
CAMPAIGNS = PREFIX + "campaigns"
CAMPAIGN_NAMES = PREFIX + "campaign_names"
MESSAGES = PREFIX + "messages"


def batch(batch_id: str) -> str:
    """The hash of a batch."""
    return BATCH_PREFIX + batch_id


def campaign(campaign_id: str) -> str:
    """The hash of a campaign."""
    return CAMPAIGN_PREFIX + campaign_id


def open_batches(campaign_id: str) -> str:
    """The set of a campaign's batches that are queued, claimed or sending."""
    return f"{CAMPAIGN_PREFIX}{campaign_id}:open"


def owner(batch_id: str) -> str:
    """The hash of the campaign that a batch belongs to; doesn't exist for a message's batch."""
    return campaign(owner_of(batch_id))


def idempotency(key: str) -> str:
    """The hash of an idempotency key. Callers' keys may hold anything: only a digest is stored."""
    return f"{PREFIX}key:{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def doubts(account_name: str) -> str:
    """The sorted set of an account's batches in doubt by the time of their next look-up."""
    return f"{PREFIX}doubts:{account_name}"


def question(name: str) -> str:
    """The hash of a question to a provider."""
    return f"{PREFIX}q:{name}"


def file(digest: str) -> str:
    """A file that goes with messages."""
    return f"{PREFIX}f:{digest}"


def awaited_call(account_name: str, phone: str) -> str:
    """The hash of a subscriber's call that is waited for."""
    return f"{PREFIX}w:{account_name}:{phone}"


def awaited_calls(account_name: str) -> str:
    """The sorted set of an account's subscribers whose calls are waited for, by the end of the wait."""
    return f"{PREFIX}waits:{account_name}"


def account(name: str) -> str:
    """The hash of an account: balance, when it was read, pause."""
    return f"{PREFIX}a:{name}"
