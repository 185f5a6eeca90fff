"""What is known of one message when somebody asks for its status (SMSC protocol §5)."""

from dataclasses import dataclass
from decimal import Decimal

from worker.simulator.config import SimulatorConfig
from worker.simulator.delivery import WAITING, draw_fate
from worker.simulator.segments import count_segments
from worker.simulator.smsc.batches import Batch
from worker.simulator.smsc.hlr import UNDECIDED, bend_query
from worker.simulator.smsc.kinds import HLR, MAIL, PING
from worker.simulator.smsc.magic import bend, bend_mail

UNKNOWN = -3
VIRTUAL = 200
"""Delivery error code of a message taken in test mode (SMSC protocol §5.8)."""

STATUS_NAMES = {
    -3: "Сообщение не найдено",
    -2: "Остановлено",
    -1: "Ожидает отправки",
    0: "Передано оператору",
    1: "Доставлено",
    2: "Прочитано",
    3: "Просрочено",
    4: "Нажата ссылка",
    20: "Невозможно доставить",
    22: "Неверный номер",
    23: "Запрещено",
    24: "Недостаточно средств",
    25: "Недоступный номер",
}
"""SMSC protocol §5.7."""


@dataclass(slots=True)
class Record:
    """The state of one message.

    Attributes:
        message_id: as it was asked for.
        phone: recipient, without plus sign.
        batch: where it is, None for an unknown message.
        status: status code.
        err: delivery error code, 0 for none.
        changed_at: when the status changed last, seconds since 1970.
    """

    message_id: str
    phone: str
    batch: Batch | None = None
    status: int = UNKNOWN
    err: int = 0
    changed_at: float = 0.0

    @property
    def status_name(self) -> str:
        """The status in the provider's words."""
        return STATUS_NAMES[self.status]

    @property
    def always_has_err(self) -> bool:
        """Whether ``err`` means something even after delivery (SMSC protocol §5.6; for ping [assumed])."""
        return self.batch is not None and self.batch.kind in (HLR, PING) and not self.undecided

    @property
    def undecided(self) -> bool:
        """Whether an HLR request has no ``err`` although it is over, as the magic recipient asks for."""
        return (
            self.batch is not None and self.batch.kind is HLR and self.phone == UNDECIDED and self.status > 0
        )


def look_up(
    config: SimulatorConfig, scale: float, batch: Batch | None, message_id: str, phone: str, now: float
) -> Record:
    """Find out the state of a message.

    Args:
        config: the simulator's settings.
        scale: stretches delivery times.
        batch: where the message is, None if it is unknown.
        message_id: its id as it was asked for.
        phone: its recipient, without plus sign.
        now: seconds since 1970.

    Returns:
        The record.
    """
    record = Record(message_id, phone, batch)
    if batch is None:
        return record
    record.changed_at = batch.taken_at
    if batch.status is not None:
        record.status = batch.status
    elif batch.rejected is not None and phone in batch.rejected:
        record.status, record.err = batch.rejected[phone]
    elif batch.virtual:
        record.status, record.err = WAITING, VIRTUAL
    else:
        fate = bend(draw_fate(config.delivery, config.seed, batch.message_id, phone), phone)
        if batch.kind in (HLR, PING):
            fate = bend_query(fate, phone)
        elif batch.kind is MAIL:
            fate = bend_mail(fate, phone)
        start = batch.start_for(phone)
        elapsed = now - start
        if elapsed >= 0:
            record.status, record.err, changed = fate.at(elapsed, scale)
            record.changed_at = start + changed
        else:
            record.status = WAITING
    return record


def parts_of(batch: Batch, text: str) -> int:
    """Count the segments that a message took."""
    if not batch.kind.counted:
        return 1
    parts = count_segments(text)
    return min(parts, batch.max_parts) if batch.max_parts else parts


def cost_of(batch: Batch, record: Record, text: str) -> Decimal:
    """Give what a message cost, 0 if it wasn't taken."""
    if batch.status is not None or (batch.rejected is not None and record.phone in batch.rejected):
        return Decimal(0)
    return batch.price * parts_of(batch, text)
