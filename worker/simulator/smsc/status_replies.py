"""Writing statuses in the four forms, single and many (SMSC protocol §5.2, §5.3, §5.6, §5.9)."""

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from worker.simulator.config import SimulatorConfig
from worker.simulator.prices import padded
from worker.simulator.smsc.batches import Batch, read_id
from worker.simulator.smsc.formats import COMMAS, JSON, TEXT, XML, flat, write_json, write_xml
from worker.simulator.smsc.hlr import HLR_FIELDS, hlr_of, network_of
from worker.simulator.smsc.kinds import HLR
from worker.simulator.smsc.records import Record, cost_of, parts_of

_PLACE = {"country": "Россия", "operator": "Simulator", "region": ""}
_COMMON = ("status", "last_timestamp", "err")
_FULL = ("send_timestamp", "phone", "cost", "sender_id", "status_name", "message")
_FULLER = ("send_timestamp", "phone", *_PLACE, "cost", "sender_id", "status_name", "message")

_NOT_IN_TEXT = ("last_timestamp", "send_timestamp", "flag", "mccmnc", "sms_cnt")

Members = dict[str, Any]


class StatusWriter:
    """Writes the records of one request.

    Args:
        config: the simulator's settings.
        form: value of ``fmt``.
        detail: value of ``all``.
        mass: the form for many messages.
    """

    def __init__(self, config: SimulatorConfig, form: int, detail: int, *, mass: bool) -> None:
        self._config = config
        self._form = form
        self._detail = detail
        self._mass = mass
        self._zone = timezone(timedelta(hours=config.utc_offset_hours))

    def write(self, records: Sequence[Record]) -> str:
        """Write all records: for many an array, a line each, or elements in ``result`` [assumed]."""
        if self._form == JSON:
            members = [self.members(record) for record in records]
            return write_json(members if self._mass else members[0])
        if self._form == XML:
            items = "".join(write_xml("sms", self.members(record)) for record in records)
            return f"<result>{items}</result>" if self._mass else items
        write = self._write_commas if self._form == COMMAS else self._write_text
        return "\n".join(write(record) for record in records)

    def members(self, record: Record) -> Members:
        """Collect what the reply says of a message, in the order of recorded JSON replies."""
        batch = record.batch
        members: Members = {"status": record.status}
        if batch is not None:
            members["last_date"] = self._date(record.changed_at)
            members["last_timestamp"] = int(record.changed_at)
            if self._config.show_flag or self._form == XML:
                members["flag"] = batch.kind.number
            if record.undecided:
                # Only fmt 1 has a place for what isn't there.
                members |= {"err": ""} if self._form == COMMAS else {}
            elif record.err or record.always_has_err or (self._config.err_always and self._form != JSON):
                members["err"] = record.err
            if batch.kind is HLR:
                members |= hlr_of(record.phone, record.status, record.err)
            if self._detail:
                members |= self._full(record, batch)
        if self._mass:
            members["id"] = read_id(record.message_id)
            members.setdefault("phone", record.phone)
        return members

    def _full(self, record: Record, batch: Batch) -> Members:
        text = batch.text_for(record.phone)
        members: Members = {
            "send_date": self._date(batch.taken_at),
            "send_timestamp": int(batch.taken_at),
            "phone": record.phone,
            "cost": padded(cost_of(batch, record, text)),
            "sender_id": "HLR" if batch.kind is HLR else batch.sender,
            "status_name": record.status_name,
            "message": text,
        }
        # [assumed]: JSON and XML name a comment only where there is one.
        if self._form == TEXT or batch.comment:
            members["comment"] = batch.comment
        members |= {"mccmnc": network_of(record.phone), "sms_cnt": parts_of(batch, text)}
        if self._detail > 1:
            members |= _PLACE
        members["type"] = batch.kind.number
        return members

    def _write_commas(self, record: Record) -> str:
        """Write a line of fmt 1; an unknown message has zeros for the first fields [assumed]."""
        members = self.members(record)
        columns = self.columns(record)
        if record.batch is None:
            members |= {"last_timestamp": 0, "err": 0}
        elif "err" not in members and not self._detail and not self._mass:
            columns = tuple(column for column in columns if column != "err")
        if self._mass:
            columns += ("id",) if self._detail and record.batch is not None else ("id", "phone")
        return ",".join(flat(members.get(column, 0)) for column in columns)

    def columns(self, record: Record) -> tuple[str, ...]:
        """Name the columns of fmt 1, without those that only the form for many has."""
        columns: tuple[str, ...] = _COMMON
        if record.batch is None:
            return columns
        if record.batch.kind is HLR:
            columns += HLR_FIELDS
        if self._detail:
            columns += _FULL if self._detail == 1 else _FULLER
        return columns

    def _write_text(self, record: Record) -> str:
        """Write a line of fmt 0; in the form for many, id and phone follow [assumed]."""
        members = self.members(record)
        for name in _NOT_IN_TEXT:
            members.pop(name, None)
        names = {"status": "Status", "last_date": "check_time"}
        return ", ".join(f"{names.get(name, name)} = {flat(value)}" for name, value in members.items())

    def _date(self, moment: float) -> str:
        return datetime.fromtimestamp(moment, self._zone).strftime("%d.%m.%Y %H:%M:%S")
