"""The library's two entrances: `Producer` for synchronous code, `AsyncProducer` for asyncio."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from producers import flows, sms2_rules
from producers.contract import SendJob
from producers.errors import UsageError
from producers.kind_checks import file_ref
from producers.kinds import PLAIN, Kind, SendOptions
from producers.ledger.calls import Flow
from producers.ledger.store import AsyncStore, Store
from producers.provider_calls import AsyncCalls, SyncCalls
from producers.receipts import AsyncCampaign, AsyncReceipt, Campaign, Receipt
from producers.redis_clients import RedisAddress
from producers.settings import Settings, checked_provider
from producers.states import Lane

if TYPE_CHECKING:
    from producers.recipients import Intake, IntakeStats

#: A file that goes with a message: its path, or its name and content.
Attachment = str | Path | tuple[str, bytes]
Phones = str | int | Iterable[str | int]
Row = Mapping[str, Any] | str


class _Requests:
    """Turns a caller's arguments into flows; shared by both producers."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.address = RedisAddress.parse(settings.redis_url)

    def job(
        self,
        text: str | None,
        sender: str | None,
        provider: str | None,
        lane: Lane,
        options: SendOptions = PLAIN,
    ) -> SendJob:
        chosen = checked_provider(provider or self.settings.provider)
        name = self.settings.sender if sender is None else sender
        longest = 254 if options.kind is Kind.EMAIL else 15
        if len(name) > longest or any(ord(letter) < 32 for letter in name):
            raise UsageError(
                "a sender ID has at most 11 Latin letters or digits, or 15 digits", code="bad_sender"
            )
        return SendJob(
            account=self.settings.account_of(chosen),
            provider=chosen,
            sender=name,
            lane=lane,
            text=text,
            options=options,
        )

    def send(
        self,
        phones: Phones,
        text: str,
        sender: str | None,
        provider: str | None,
        urgent: bool,  # noqa: FBT001
        key: str | None,
        options: SendOptions,
        attached: Iterable[Attachment],
    ) -> Flow[str]:
        if key is not None and not key:
            raise UsageError("an idempotency key can't be empty", code="bad_key")
        recipients = [phones] if isinstance(phones, (str, int)) else list(phones)
        named = [_file(attachment) for attachment in attached]
        if named:
            refs = tuple(file_ref(name, content) for name, content in named)
            options = msgspec.structs.replace(options, files=refs)
        job = self.job(text, sender, provider, Lane.URGENT if urgent else Lane.BULK, options)
        return flows.send(
            self.address.queue_namespace,
            job,
            [str(phone) for phone in recipients],
            batch_size=self.settings.batch_size_of(job.provider),
            key=key,
            key_seconds=round(self.settings.key_hours * 3600),
            contents=[content for _, content in named],
        )

    def campaign(
        self,
        name: str,
        source: Intake,
        template: str,
        *,
        sender: str | None,
        provider: str | None,
        at_ms: int,
        on_progress: Callable[[IntakeStats], None] | None = None,
    ) -> Flow[str]:
        job = self.job(source.text, sender, provider, Lane.BULK)
        if job.provider == "sms2":
            sms2_rules.check_sender(job.sender)
        plan = flows.CampaignPlan(name, job, template, self.settings.batch_size_of(job.provider), at_ms)
        return flows.start_campaign(self.address.queue_namespace, plan, source, on_progress=on_progress)

    def intake(
        self, rows: Iterable[Row], text: str, phone_column: str | None, provider: str | None
    ) -> Intake:
        from producers.recipients import Intake, MappingRows
        from producers.texts import Template

        chosen = checked_provider(provider or self.settings.provider)
        return Intake(
            MappingRows(rows),
            Template(text),
            size=self.settings.batch_size_of(chosen),
            phone_column=phone_column,
            provider=chosen,
        )


def _file(attachment: Attachment) -> tuple[str, bytes]:
    if isinstance(attachment, tuple):
        return attachment
    path = Path(attachment)
    try:
        return path.name, path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{path} can't be read: {error.strerror}", hint="check the name", code="bad_files"
        ) from None


class Producer(SyncCalls):
    """Puts messages and campaigns into the ledger and reads what became of them. May be shared by threads.

    Example:
        >>> sms = Producer.from_env()
        >>> receipt = sms.send("+79991234567", "Код 1234", urgent=True, key="otp-42")
    """

    def __init__(self, settings: Settings) -> None:
        self._requests = _Requests(settings)
        self.settings = settings
        self.store = Store(self._requests.address)

    @classmethod
    def from_env(cls) -> Producer:
        """Make a producer from the environment and ``.env``.

        Raises:
            SettingsError: A setting is wrong.
        """
        return cls(Settings.from_env())

    def send(
        self,
        phones: Phones,
        text: str,
        *,
        sender: str | None = None,
        provider: str | None = None,
        urgent: bool = False,
        key: str | None = None,
        options: SendOptions = PLAIN,
        files: Iterable[Attachment] = (),
    ) -> Receipt:
        """Send one text to one phone or a few. Returns when the ledger has it.

        Args:
            phones: A phone in any usual form, or several.
            text: At most 1,000 characters.
            sender: Sender ID; the configured one when None.
            provider: ``smsc``; the configured one when None.
            urgent: Overtakes campaigns.
            key: Idempotency key: the same key with the same content gives the same receipt and sends nothing.
            options: Kind of message and what goes with it; recipients of an e-mail are e-mail addresses, of a
                Telegram message names or ``#ID`` too; ``G12`` is a contact group at the provider.
            files: Files of an MMS, call or e-mail: paths, or names with contents.

        Raises:
            BadRecipient: A phone or the text can't be used; nothing was sent.
            UsageError: The parts of the message don't go together; nothing was sent.
            Conflict: The key was used before with another content; nothing was sent.
            Unavailable: Redis can't be reached or is full. Repeating with the same ``key`` is safe.
        """
        flow = self._requests.send(phones, text, sender, provider, urgent, key, options, files)
        return Receipt(self.store, self.store.drive(flow))

    def hlr(self, phones: Phones, *, key: str | None = None) -> Receipt:
        """Ask the network whether phones can be reached. Costs money, like a message; errors as `send`.

        The receipt's `refresh` brings what the network says: a recipient is ``delivered`` when reachable,
        ``failed`` when not, and ``hlr`` holds networks and countries.
        """
        return self.send(phones, "", key=key, options=SendOptions(kind=Kind.HLR))

    def message(self, message: str) -> Receipt:
        """Return the receipt of a message by its id."""
        return Receipt(self.store, message)

    def campaign(
        self,
        name: str,
        rows: Iterable[Row],
        text: str,
        *,
        phone_column: str | None = None,
        sender: str | None = None,
        provider: str | None = None,
        at_ms: int = 0,
    ) -> Campaign:
        """Start a campaign. The rows are streamed; nothing is sent before the last one was read.

        Args:
            name: Unique name; the same call again under the same name goes on where it was interrupted.
            rows: Mappings with a phone column, or plain phones.
            text: The text, with ``{column}`` for personal parts.
            phone_column: Name of the phone column; found by its name when None.
            sender: As in `send`.
            provider: As in `send`.
            at_ms: When to start, unix milliseconds; 0 is now.

        Raises:
            BadFile: No usable recipient, or no phone column.
            BadTemplate: The text names an unknown column.
            Conflict: The name belongs to a campaign with another content.
            Unavailable: Redis can't be reached or is full; repeat the call.
        """
        source = self._requests.intake(rows, text, phone_column, provider)
        return self.start(name, source, text, sender=sender, provider=provider, at_ms=at_ms)

    def start(
        self,
        name: str,
        source: Intake,
        text: str,
        *,
        sender: str | None = None,
        provider: str | None = None,
        at_ms: int = 0,
        on_progress: Callable[[IntakeStats], None] | None = None,
    ) -> Campaign:
        """Start a campaign from an intake that the caller has made for ``text``; see `campaign`."""
        flow = self._requests.campaign(
            name, source, text, sender=sender, provider=provider, at_ms=at_ms, on_progress=on_progress
        )
        return Campaign(self.store, self.store.drive(flow))

    def find_campaign(self, id_or_name: str) -> Campaign:
        """Return a campaign by id or name.

        Raises:
            NotFound: There is none.
        """
        return Campaign(self.store, self.store.drive(flows.read_campaign(id_or_name)).id)

    def campaigns(self, count: int = 100) -> list[Campaign]:
        """Return the newest campaigns, newest first."""
        return [Campaign(self.store, view.id) for view in self.store.drive(flows.list_campaigns(count))]

    def close(self) -> None:
        """Close the connections."""
        self.store.close()

    def __enter__(self) -> Producer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncProducer(AsyncCalls):
    """The twin of `Producer` for asyncio; belongs to one event loop."""

    def __init__(self, settings: Settings) -> None:
        self._requests = _Requests(settings)
        self.settings = settings
        self.store = AsyncStore(self._requests.address)

    @classmethod
    def from_env(cls) -> AsyncProducer:
        """As `Producer.from_env`."""
        return cls(Settings.from_env())

    async def send(
        self,
        phones: Phones,
        text: str,
        *,
        sender: str | None = None,
        provider: str | None = None,
        urgent: bool = False,
        key: str | None = None,
        options: SendOptions = PLAIN,
        files: Iterable[Attachment] = (),
    ) -> AsyncReceipt:
        """As `Producer.send`."""
        flow = self._requests.send(phones, text, sender, provider, urgent, key, options, files)
        return AsyncReceipt(self.store, await self.store.drive(flow))

    async def hlr(self, phones: Phones, *, key: str | None = None) -> AsyncReceipt:
        """As `Producer.hlr`."""
        return await self.send(phones, "", key=key, options=SendOptions(kind=Kind.HLR))

    def message(self, message: str) -> AsyncReceipt:
        """As `Producer.message`."""
        return AsyncReceipt(self.store, message)

    async def campaign(
        self,
        name: str,
        rows: Iterable[Row],
        text: str,
        *,
        phone_column: str | None = None,
        sender: str | None = None,
        provider: str | None = None,
        at_ms: int = 0,
    ) -> AsyncCampaign:
        """As `Producer.campaign`."""
        source = self._requests.intake(rows, text, phone_column, provider)
        flow = self._requests.campaign(name, source, text, sender=sender, provider=provider, at_ms=at_ms)
        return AsyncCampaign(self.store, await self.store.drive(flow))

    async def find_campaign(self, id_or_name: str) -> AsyncCampaign:
        """As `Producer.find_campaign`."""
        return AsyncCampaign(self.store, (await self.store.drive(flows.read_campaign(id_or_name))).id)

    async def campaigns(self, count: int = 100) -> list[AsyncCampaign]:
        """As `Producer.campaigns`."""
        views = await self.store.drive(flows.list_campaigns(count))
        return [AsyncCampaign(self.store, view.id) for view in views]

    async def close(self) -> None:
        """Close the connections."""
        await self.store.close()

    async def __aenter__(self) -> AsyncProducer:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
