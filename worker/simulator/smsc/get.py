"""Carrying out ``get.php``: history, inbox, statistics, tariffs, sender names (SMSC protocol §9)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from worker.simulator.calls import Call
from worker.simulator.config import SimulatorConfig
from worker.simulator.prices import padded, unpadded
from worker.simulator.smsc.account import Account
from worker.simulator.smsc.batches import Batches
from worker.simulator.smsc.errors import RefusedError
from worker.simulator.smsc.formats import COMMAS, TEXT, write_rows
from worker.simulator.smsc.history import Found, HistoryWriter, find_messages, read_query
from worker.simulator.smsc.inbox import (
    LONGEST_HOURS,
    MOST_ANSWERS,
    Inbox,
    InboxQuery,
    Incoming,
)
from worker.simulator.smsc.numbers import read_whole
from worker.simulator.smsc.operators import OPERATOR
from worker.simulator.smsc.records import Record, look_up
from worker.simulator.smsc.times import read_days
from worker.simulator.smsc.waits import Waits

_NETWORKS = (("250", "01", "Россия"), ("401", "01", "Казахстан"))


class Getting:
    """The part of the server behind ``get.php``.

    Exactly one of the commands must be there with the value 1; anything else is error 1 [assumed].

    Args:
        config: the simulator's settings.
        account: whose statistics these are.
        batches: past messages.
        inbox: incoming messages.
        waits: confirmation calls, which may have come meanwhile.
        delivery_scale: tells how delivery times are stretched now.
    """

    def __init__(
        self,
        config: SimulatorConfig,
        account: Account,
        batches: Batches,
        inbox: Inbox,
        waits: Waits,
        delivery_scale: Callable[[], float],
    ) -> None:
        self._config = config
        self._account = account
        self._batches = batches
        self._inbox = inbox
        self._waits = waits
        self._scale = delivery_scale
        self._zone = timezone(timedelta(hours=config.utc_offset_hours))
        self._commands: dict[str, Callable[[Call, float], str]] = {
            "get_messages": self._messages,
            "get_answers": self._answers,
            "get_stat": self._statistics,
            "get_price": self._prices,
            "get_senders": self._senders,
        }

    def get(self, call: Call, now: float) -> str:
        """Carry a request out; raises RefusedError."""
        chosen = [name for name in self._commands if call.parameters.get(name) == "1"]
        if len(chosen) != 1:
            raise RefusedError(1)
        return self._commands[chosen[0]](call, now)

    def _messages(self, call: Call, now: float) -> str:
        found = find_messages(self._batches, read_query(call.parameters, self._config, now))
        return HistoryWriter(self._config, call.form).write([(one, self._record(one, now)) for one in found])

    def _record(self, found: Found, now: float) -> Record:
        batch = found.batch
        return look_up(self._config, self._scale(), batch, str(batch.message_id), found.phone, now)

    def _answers(self, call: Call, now: float) -> str:
        given = call.parameters
        hours = read_whole(given, "hour", 1, LONGEST_HOURS)
        query = InboxQuery(
            most=read_whole(given, "cnt", 1, MOST_ANSWERS) or MOST_ANSWERS,
            since=now - 3600 * hours if hours else 0.0,
            after=read_whole(given, "after_id", 0, 10**15),
            to_phone=given.get("to_phone", "").strip().removeprefix("+"),
        )
        self._waits.settle(now)
        messages = self._inbox.find(query, empty_is_error=self._config.empty_inbox_is_error)
        return write_rows(call.form, [self._describe(message, call.form) for message in messages])

    def _describe(self, message: Incoming, form: int) -> dict[str, Any]:
        """Describe an incoming message: the text last in lines, as a client parses them."""
        head = {"id": message.number, "received": self._date(message.received), "phone": message.phone}
        text, sent = {"message": message.text}, {"sent": self._date(message.sent)}
        if form in (TEXT, COMMAS):
            return head | {"to_phone": message.to_phone} | sent | text
        return head | text | {"to_phone": message.to_phone} | sent

    def _statistics(self, call: Call, now: float) -> str:
        """Sum up the days asked for, in one object in a list [assumed: subclients would be further ones].

        Lines have the bare values in fmt 0 too: a client finds the count in the second place (§9.3). The
        simulator has no second balance: ``balance2=1`` gives zeros [assumed], and one currency: ``mycur``
        changes nothing [assumed].
        """
        given = call.parameters
        total = self._account.ledger.total(*read_days(given, now, self._config.utc_offset_hours))
        second = given.get("balance2") == "1"
        row = {
            "login": self._config.login,
            "cnt": 0 if second else total.messages,
            "credit": padded(total.spent * (not second)),
            "debit": padded(total.added * (not second)),
            "currency": self._config.currency,
        }
        return write_rows(COMMAS if call.form == TEXT else call.form, [row])

    def _prices(self, call: Call, _now: float) -> str:
        """Write a price for each network known here [assumed, all of it: no layout is known]."""
        price = unpadded(self._config.price)
        rows = [
            {"mcc": mcc, "mnc": mnc, "country": country, "operator": OPERATOR, "price": price}
            for mcc, mnc, country in _NETWORKS
        ]
        return write_rows(call.form, rows)

    def _senders(self, call: Call, _now: float) -> str:
        """Write the sender names: objects, or in fmt 0 and 1 a name a line [assumed]."""
        names: Sequence[str] = [name for name in (self._config.default_sender, *self._config.senders) if name]
        rows: list[Mapping[str, Any]] = [{"sender": name} for name in names]
        return "\n".join(names) if call.form in (TEXT, COMMAS) else write_rows(call.form, rows)

    def _date(self, moment: float) -> str:
        return datetime.fromtimestamp(moment, self._zone).strftime("%d.%m.%Y %H:%M:%S")
