"""What the library does, as flows: written once, run by `Producer` and `AsyncProducer` alike."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from producers import sms2_rules
from producers.contract import SendJob, address_of
from producers.errors import BadRecipient, Conflict, NotFound, Unavailable, UsageError
from producers.ids import batch_id, new_campaign_id, new_message_id
from producers.kind_checks import VOICE_CODE, check_message, parse_recipients
from producers.kinds import Kind
from producers.ledger import audit, batches, campaigns, decisions, files, messages, timer
from producers.ledger.audit import Audit
from producers.ledger.batches import BatchView
from producers.ledger.calls import Call, Flow
from producers.ledger.campaigns import CampaignView, PlanResult
from producers.states import CampaignState, Lane
from producers.wakeups import wake

if TYPE_CHECKING:
    from producers.recipients import Intake, IntakeStats

#: More recipients than this belong into a campaign, which is paced and can be paused.
MAX_MESSAGE_RECIPIENTS = 10_000
#: Batches written in one round trip: 20 of 500 recipients are 100 to 200 KB.
PLAN_AHEAD = 20
#: Messages audited in one round trip.
_AUDIT_AHEAD = 200
#: Seconds after which a status poll that nobody has done is woken again.
_POLL_AGAIN = 5.0


def digest_of(*parts: object) -> str:
    """Return a digest of everything that decides what is sent."""
    return hashlib.blake2b(msgspec.json.encode(parts), digest_size=16).hexdigest()


def send(
    namespace: str,
    job: SendJob,
    phones: Sequence[str],
    *,
    batch_size: int,
    key: str | None,
    key_seconds: int,
    contents: Sequence[bytes] = (),
) -> Flow[str]:
    """Write a message and wake a worker; returns its id.

    Args:
        namespace: Prefix of the queue keys.
        job: What is the same for all recipients.
        phones: The recipients as the caller gave them.
        batch_size: Most recipients of a request.
        key: The caller's idempotency key.
        key_seconds: How long it is remembered.
        contents: Of the job's files, in their order.

    Raises:
        BadRecipient: A phone or the text can't be used. Nothing was sent.
        UsageError: The parts of the message don't go together. Nothing was sent.
        Conflict: The key was used before with another content. Nothing was sent.
    """
    recipients, addresses = parse_recipients(job.options.kind, phones)
    if not recipients:
        raise BadRecipient("there is no recipient", code="no_recipients")
    if len(recipients) > MAX_MESSAGE_RECIPIENTS:
        raise UsageError(
            f"{len(recipients)} recipients are too many for one message (at most {MAX_MESSAGE_RECIPIENTS})",
            hint="start a campaign",
            code="too_many_recipients",
        )
    if job.provider == "sms2":
        _check_for_sms2(job, recipients, addresses)
    text, segments = check_message(job.text or "", job.sender, job.options)
    if job.options.kind is Kind.CALL and text == VOICE_CODE:
        # One code for several subscribers would be no code.
        batch_size = 1
    job = msgspec.structs.replace(job, text=text, addresses=addresses)
    parts = [recipients[at : at + batch_size] for at in range(0, len(recipients), batch_size)]
    named = sorted(address_of(number, addresses) for number in recipients)
    digest = digest_of(job.account, job.provider, job.sender, job.text, sorted(recipients))
    if job.version > 1:
        digest = digest_of(digest, job.options, named)
    if contents:
        yield [files.keep(file, content) for file, content in zip(job.options.files, contents, strict=True)]
    while True:
        message = new_message_id()
        [(found, result)] = yield [
            messages.write(message, job, parts, segments, digest=digest, key=key, key_seconds=key_seconds)
        ]
        if result != "clash":
            break
    if result == "differs":
        raise Conflict(
            f"the key was used before with another content, for message {found}; nothing was sent",
            hint="use a new key for a new message",
        )
    if result == "created":
        ids = [batch_id(message, number) for number in range(len(parts))]
        yield from _wake(namespace, job.lane, ids)
    return str(found)


def _check_for_sms2(job: SendJob, recipients: Sequence[int], addresses: Sequence[str]) -> None:
    sms2_rules.check_options(job.options)
    sms2_rules.check_sender(job.sender)
    sms2_rules.check_text(job.text or "")
    if addresses:
        raise UsageError("SMS2 sends to phones only", code="phone_unsupported")
    for phone in recipients:
        sms2_rules.check_phone(phone)


def _wake(namespace: str, lane: Lane, ids: Sequence[str]) -> Flow[None]:
    try:
        yield [wake(namespace, "send", lane, ids)]
    except Unavailable:
        # The ledger has it, with a timer entry: a worker finds it there in a moment.
        return


def read_message(message: str) -> Flow[list[BatchView]]:
    """Read all batches of a message.

    Raises:
        NotFound: There is no such message.
    """
    [first] = yield [batches.read(batch_id(message, 0))]
    if first is None or not first.parts:
        raise NotFound(f"there is no message {message[:40]!r}", hint="check the id that sending printed")
    rest: list[BatchView | None] = []
    if first.parts > 1:
        rest = yield [batches.read(batch_id(message, number)) for number in range(1, first.parts)]
    return [first, *(batch for batch in rest if batch is not None)]


def ask_for_status(namespace: str, message: str) -> Flow[None]:
    """Put a status-poll job for each batch of a message on its queue.

    Raises:
        NotFound: There is no such message.
        Unavailable: Redis can't be reached; nothing is asked.
    """
    found = yield from read_message(message)
    # On the timer too: a lost wake-up, or a wait for the provider's throttle, only delays it.
    yield [timer.set_entry("poll", batch.batch, time.time() + _POLL_AGAIN) for batch in found]
    yield [wake(namespace, "poll", Lane.STATUS, [batch.batch for batch in found])]


@dataclass(frozen=True)
class CampaignPlan:
    """What a campaign is to be, but for its recipients."""

    name: str
    job: SendJob
    template: str
    batch_size: int
    start_at_ms: int = 0

    @property
    def digest(self) -> str:
        """Digest of what must be the same when a campaign is started again under its name."""
        job = self.job
        return digest_of(job.account, job.provider, job.sender, job.lane, self.template, self.batch_size)


def start_campaign(
    namespace: str,
    plan: CampaignPlan,
    source: Intake,
    *,
    on_progress: Callable[[IntakeStats], None] | None = None,
) -> Flow[str]:
    """Plan a campaign batch by batch and start it; returns its id.

    Nothing is sent before the last recipient was read. A producer that dies on the way leaves a campaign in
    ``planned``; the same call again goes on from there, batch by batch compared with what is there.

    Raises:
        BadFile: No recipient can be used; no campaign was made.
        Conflict: The name belongs to a campaign with other content.
    """
    if not plan.name.strip() or len(plan.name) > 200:
        raise UsageError("a campaign's name has 1 to 200 characters", code="bad_name")
    encoded = campaigns.encode_job(plan.job)
    campaign, count = "", 0
    waiting: list[Call[PlanResult]] = []
    for chunk in source.chunks():
        if not campaign:
            campaign = yield from _create(plan)
        waiting.append(
            campaigns.plan(campaign, count, encoded, plan.job.lane, chunk.phones, chunk.texts, chunk.segments)
        )
        count += 1
        if len(waiting) == PLAN_AHEAD:
            yield from _plan(plan.name, waiting, count)
            waiting = []
        if on_progress is not None:
            on_progress(source.stats)
    source.require_recipients()
    stats = source.stats
    if waiting:
        yield from _plan(plan.name, waiting, count)
    [started] = yield [
        campaigns.start(
            campaign,
            batches=count,
            rejected=stats.rejected,
            duplicates=stats.duplicates,
            at_ms=plan.start_at_ms,
        )
    ]
    if started in {"differs", "gone"}:
        raise _other_recipients(plan.name, "fewer recipients than")
    [fed] = yield [campaigns.feed(campaign)]
    if fed.batches:
        yield from _wake(namespace, fed.lane, fed.batches)
    return campaign


def _create(plan: CampaignPlan) -> Flow[str]:
    fields: dict[str, str | int] = {
        "account": plan.job.account,
        "provider": plan.job.provider,
        "sender": plan.job.sender,
        "template": plan.template,
        "batch_size": plan.batch_size,
    }
    [(campaign, result)] = yield [
        campaigns.create(new_campaign_id(), plan.name, plan.digest, plan.job.lane, fields=fields)
    ]
    if result == "differs":
        raise Conflict(
            f"campaign {plan.name!r} exists with another text, sender, account or batch size;"
            " nothing was changed",
            hint="give the new one another name; to go on with the old one repeat its exact command",
        )
    return str(campaign)


def _plan(name: str, waiting: list[Call[PlanResult]], count: int) -> Flow[None]:
    results = yield list(waiting)
    for offset, result in enumerate(results):
        if result in {"added", "same"}:
            continue
        if result == "closed":
            raise _other_recipients(name, "more recipients than")
        number = count - len(waiting) + offset + 1
        raise _other_recipients(name, f"other recipients or texts (from batch {number} on) than")


def _other_recipients(name: str, what: str) -> Conflict:
    return Conflict(
        f"the input has {what} the campaign {name!r} that exists; what was planned before stays as it is",
        hint="repeat it with the unchanged input, or give a new campaign another name",
    )


def read_campaign(id_or_name: str) -> Flow[CampaignView]:
    """Read a campaign by id or by name.

    Raises:
        NotFound: There is none.
    """
    [view, by_name] = yield [campaigns.read(id_or_name), campaigns.find_by_name(id_or_name)]
    if view is None and by_name is not None:
        [view] = yield [campaigns.read(by_name)]
    if view is None:
        raise NotFound(
            f"there is no campaign {id_or_name[:60]!r}", hint="smsq campaign list shows ids and names"
        )
    found: CampaignView = view
    return found


def list_campaigns(count: int) -> Flow[list[CampaignView]]:
    """Read the newest campaigns, newest first."""
    [ids] = yield [campaigns.recent(count)]
    if not ids:
        return []
    views = yield [campaigns.read(campaign) for campaign in ids]
    return [view for view in views if view is not None]


def change_campaign(campaign: str, to: CampaignState) -> Flow[CampaignState]:
    """Pause, resume (``RUNNING``) or cancel a campaign; returns its state afterwards.

    Cancelling returns when every recipient is either cancelled or was already on its way.

    Raises:
        NotFound: There is no such campaign.
        UsageError: Its state doesn't allow it.
    """
    [(result, state)] = yield [campaigns.change(campaign, to)]
    if result == "gone":
        raise NotFound(f"there is no campaign {campaign[:60]!r}")
    if result == "refused":
        raise UsageError(f"the campaign is {state}: it can't become {to.value}", code="bad_state")
    if to is CampaignState.CANCELLED:
        yield from _cancel_batches(campaign)
    return CampaignState(state)


def _cancel_batches(campaign: str) -> Flow[None]:
    first = 0
    while True:
        [(looked_at, _)] = yield [campaigns.cancel_batches(campaign, first, 200, now=int(time.time()))]
        if not looked_at:
            return
        first += looked_at


def read_batches(campaign: str, first: int, count: int) -> Flow[list[BatchView]]:
    """Read a stretch of a campaign's batches."""
    found = yield [batches.read(batch_id(campaign, number)) for number in range(first, first + count)]
    return [batch for batch in found if batch is not None]


def audit_all() -> Flow[list[Audit]]:
    """Audit every campaign and message; repairs what nothing would have woken any more."""
    for_campaigns, for_messages = audit.all_owners()
    campaign_ids, message_ids = yield [for_campaigns, for_messages]
    found: list[Audit] = []
    for campaign in campaign_ids:
        found += yield [audit.audit(campaign)]
    for at in range(0, len(message_ids), _AUDIT_AHEAD):
        ahead = message_ids[at : at + _AUDIT_AHEAD]
        firsts = yield [batches.parts(batch_id(message, 0)) for message in ahead]
        found += yield [
            audit.audit(message, parts=max(1, parts)) for message, parts in zip(ahead, firsts, strict=True)
        ]
    return found


def list_undecided() -> Flow[list[tuple[BatchView, int]]]:
    """Read the batches that are held or in doubt, with the unix ms since when, oldest first."""
    held, doubted = yield list(decisions.undecided())
    since = sorted([*held, *doubted], key=lambda pair: pair[1])
    if not since:
        return []
    views = yield [batches.read(batch) for batch, _ in since]
    return [(view, moment) for view, (_, moment) in zip(views, since, strict=True) if view is not None]


def decide(batch: str, *, taken: bool) -> Flow[int]:
    """Record a person's word on a batch that is held or in doubt; returns how many recipients it concerns.

    Args:
        batch: Id of the batch.
        taken: True: the provider has it, nothing is sent. False: it surely has not; it is sent again.

    Raises:
        NotFound: There is no such batch.
        UsageError: It is neither held nor in doubt.
    """
    [claim] = yield [decisions.seize(batch)]
    if isinstance(claim, decisions.NotSeized):
        if not claim.state:
            raise NotFound(f"there is no batch {batch[:60]!r}", hint="smsq held list shows them")
        raise UsageError(
            f"batch {batch} is {claim.state}: only a held batch or one in doubt can be decided on",
            code="bad_state",
        )
    [moved] = yield [decisions.resolve(claim, taken=taken, now=int(time.time()))]
    if moved.result != "moved":
        raise UsageError(
            f"batch {batch} was changed by somebody else meanwhile; nothing was done",
            hint="look at it again: smsq held list",
            code="bad_state",
        )
    return len(claim.asked)
