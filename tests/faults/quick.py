"""Shorter times in one process, so that what takes minutes at a real provider takes seconds here.

The product's own times that follow from the provider's minute (the grace, the proofs, the throttle windows)
shrink with ``SMSQ_PROVIDER_MINUTE``. These are the others. None is shortened below what the rules need: a
lease still outlasts several beats, and a beat several round trips.
"""

from __future__ import annotations

import msgspec

from producers.contract import NotSent
from producers.ledger import campaigns, timer
from worker import heartbeat, reconciling, retry, sending
from worker.governor import gate
from worker.providers.smsc import codes, exchange, read_codes, transport

#: Milliseconds of the lease on a batch and on a slot in flight (20 s as shipped).
LEASE_MS = 2_000
#: Milliseconds of the lease on a look-up and its slot (90 s and 75 s as shipped).
LOOK_UP_MS = 3_000
#: Seconds that a batch waits for a slot in a worker's hands (5 s as shipped).
IN_PROCESS = 0.5
#: Milliseconds after which a wake-up without effect is repeated (15 s as shipped).
REPEAT_MS = 1_500
#: Most seconds for which an error of the provider's pauses the account (600 s as shipped).
LONGEST_PAUSE = 0.5


def shorten(minute: float, *, read_timeout: float = 0.0) -> None:
    """Shorten this process's times.

    Args:
        minute: Seconds of the provider's minute.
        read_timeout: Seconds that a reply is waited for; 0: as shipped.
    """
    # Names that were imported by value are replaced where they are used.
    heartbeat.LEASE_MS = sending.LEASE_MS = LEASE_MS
    heartbeat.BEAT, heartbeat.MARGIN = 0.4, 0.4
    gate.SLOT_LEASE_MS, gate.LOOK_UP_LEASE_MS = LEASE_MS, LOOK_UP_MS
    reconciling.LEASE_MS = LOOK_UP_MS
    # A batch must not wait for its slot in a worker's hands for longer than its lease.
    sending.IN_PROCESS_WAIT = retry.IN_PROCESS_WAIT = IN_PROCESS
    timer.PUT_BACK_MS = REPEAT_MS
    shorten_wakeups()
    exchange.UNREACHABLE_WAIT, exchange.BUSY_WAIT = 0.5, 0.3
    for code, row in codes.SEND_ERRORS.items():
        # The wait for error 9 follows from the minute, and its row is compared by identity.
        if code != 9 and isinstance(row.outcome, NotSent):
            codes.SEND_ERRORS[code] = row._replace(outcome=_shorter(row.outcome))
    for code, common in read_codes.COMMON.items():
        read_codes.COMMON[code] = common._replace(outcome=_shorter(common.outcome))
    if read_timeout:
        longest = transport.Timeouts(read=read_timeout, total=read_timeout + 1.0)
        transport.Timeouts.__init__.__defaults__ = (
            longest.total, longest.read, longest.connect, longest.connect_step, longest.search,
        )  # fmt: skip


def _shorter(outcome: NotSent) -> NotSent:
    return msgspec.structs.replace(outcome, wait=min(outcome.wait, LONGEST_PAUSE))


def shorten_wakeups() -> None:
    """The part that concerns producers too: how soon a lost wake-up is repeated."""
    for lane in campaigns.REWAKE_MS:
        campaigns.REWAKE_MS[lane] = min(campaigns.REWAKE_MS[lane], REPEAT_MS)
