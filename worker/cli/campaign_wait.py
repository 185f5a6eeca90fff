"""Waiting for a campaign until the provider has said something of every recipient."""

from __future__ import annotations

import time
from collections.abc import Callable

from producers import Campaign, Unavailable
from producers.ledger.accounts import read_account
from producers.ledger.campaigns import CampaignView
from producers.ledger.store import Store
from producers.states import CampaignState, RecipientState
from worker.cli.answers import note
from worker.cli.moments import local_time, span
from worker.cli.progress import show_progress

#: Seconds between two looks at the ledger: short at first, for a small campaign.
_FIRST_LOOK, _LAST_LOOK, _GROWTH = 0.05, 0.5, 1.2
#: Seconds that Redis may be away before the command gives up; the campaign doesn't.
_REDIS_PATIENCE = 60.0
#: Seconds without any change after which the command wonders whether a worker runs.
_STANDSTILL = 15.0

_ENDED = {CampaignState.SENT, CampaignState.SETTLED, CampaignState.CANCELLED}


def wait_for(
    campaign: Campaign,
    store: Store,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> CampaignView:
    """Return the campaign when every recipient is decided, or it was cancelled.

    Args:
        campaign: The campaign.
        store: The ledger, to tell why nothing moves.
        clock: Monotonic seconds.
        sleep: Waits.

    Raises:
        Unavailable: Redis has been away for too long; the campaign goes on when it is back.
    """
    view = campaign.view()
    accepted = view.total - view.counts[RecipientState.REJECTED]
    with show_progress("sending", accepted) as progress:
        pause, moved, before, warned = _FIRST_LOOK, clock(), -1, False
        while True:
            decided = _decided(view)
            progress.show(decided, _remark(view) or _paused_account(store, view))
            if view.state in _ENDED:
                return view
            if decided != before or view.state is not CampaignState.RUNNING:
                moved, before = clock(), decided
            elif not warned and clock() - moved > _STANDSTILL:
                note("nothing has moved for a while: is a worker running? smsq doctor tells")
                warned = True
            sleep(pause)
            pause = min(pause * _GROWTH, _LAST_LOOK)
            view = _look(campaign, clock, sleep)


def _look(campaign: Campaign, clock: Callable[[], float], sleep: Callable[[float], None]) -> CampaignView:
    deadline = clock() + _REDIS_PATIENCE
    while True:
        try:
            return campaign.view()
        except Unavailable as error:
            if clock() > deadline:
                error.hint = f"the campaign goes on when Redis is back: smsq campaign show {campaign.id}"
                raise
            sleep(_LAST_LOOK)


def _decided(view: CampaignView) -> int:
    waiting = (RecipientState.PENDING, RecipientState.IN_DOUBT, RecipientState.REJECTED)
    return view.total - sum(view.counts[state] for state in waiting)


def _paused_account(store: Store, view: CampaignView) -> str:
    name = view.fields.get("account", "")
    try:
        account = store.run(read_account(name))
    except Unavailable:
        return "Redis is away"
    left = account.pause_until / 1000 - time.time()
    return f"account {name} is paused for {span(left)}: {account.pause_reason}" if left > 0 else ""


def _remark(view: CampaignView) -> str:
    if view.state is CampaignState.PLANNED and view.start_at > time.time() * 1000:
        return f"begins {local_time(view.start_at)}"
    if view.state is CampaignState.PAUSED:
        return "paused"
    doubt = view.counts[RecipientState.IN_DOUBT]
    return f"{doubt} in doubt" if doubt else ""
