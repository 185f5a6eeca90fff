"""SMSC's server: lets requests in, carries them out, and writes its replies."""

from collections.abc import Callable

from aiohttp import web

from worker.simulator.books import Books
from worker.simulator.calls import Call, Reply
from worker.simulator.config import SimulatorConfig
from worker.simulator.smsc.account import CREDENTIALS, Account
from worker.simulator.smsc.balance import write_balance
from worker.simulator.smsc.batches import LONGEST_ID, Batches, read_id
from worker.simulator.smsc.errors import LEAVES_RECORD, RefusedError
from worker.simulator.smsc.formats import encode, write_done, write_error
from worker.simulator.smsc.limits import Limits
from worker.simulator.smsc.records import look_up
from worker.simulator.smsc.requests import read_call, read_json_call
from worker.simulator.smsc.send_replies import write_sent
from worker.simulator.smsc.sending import Sending
from worker.simulator.smsc.status import delete_messages, read_status
from worker.simulator.smsc.status_replies import StatusWriter

JSON_PATH = "/rest/"
"""Requests below this path have a JSON body (SMSC protocol §1)."""


class Smsc:
    """The provider, as ``worker.simulator.calls.Provider`` wants it.

    Checks come in this order [assumed]: locked-out address, readable request, credentials, requests at once,
    repeated requests, and only then what the request says. A repeated request is therefore refused with error
    9 even if the first one failed.

    Args:
        config: the simulator's settings.
        books: where things are counted.

    Attributes:
        account: credentials and money.
        limits: throttles and lock-outs.
        sending: the part behind ``send.php``.
        delivery_scale: stretches delivery times, also of messages already taken.
    """

    endpoints: tuple[str, ...] = ("send.php", "status.php", "balance.php")
    credentials = CREDENTIALS

    def __init__(self, config: SimulatorConfig, books: Books) -> None:
        self._config = config
        self._batches = Batches(config.first_id)
        self.account = Account(config)
        self.limits = Limits(config)
        self.sending = Sending(config, self.account, self._batches, books)
        self.delivery_scale = config.delivery_scale
        self._scripts: dict[str, Callable[[Call, float], str]] = {
            "send.php": self._send,
            "status.php": self._status,
            "balance.php": self._balance,
        }

    def read(self, endpoint: str, request: web.Request, body: bytes) -> Call:
        """Read a request."""
        read = read_json_call if request.path.startswith(JSON_PATH) else read_call
        return read(endpoint, request, body)

    def room(self, call: Call) -> str:
        """Count status requests apart; all other scripts together [assumed, strict], by login."""
        kind = "status" if call.endpoint == "status.php" else "login"
        # The key's owner is the login's owner: there is one account.
        return f"{kind}:{call.parameters.get('login') or self._config.login}"

    def answer(self, call: Call, crowd: int) -> Reply:
        """Carry a request out."""
        now = self._config.clock()
        try:
            self.limits.check_address(call.address, now)
        except RefusedError as refusal:
            return self._refuse(call, refusal)
        try:
            if not call.readable:
                raise RefusedError(1)
            self.account.check(call.parameters)
            self.limits.check_crowd(call.endpoint, crowd)
            text = self._scripts[call.endpoint](call, now)
        except RefusedError as refusal:
            self.limits.saw_outcome(call, refusal.code, now)
            return self._refuse(call, refusal)
        self.limits.saw_outcome(call, None, now)
        return encode(call, text)

    def error(self, call: Call, code: int) -> Reply:
        """Form an error without doing anything; where the real one comes with an id, so does this."""
        message_id = None
        if call.endpoint == "send.php" and code in LEAVES_RECORD:
            given = call.parameters.get("id", "0")
            message_id = self._batches.assign_id() if given in ("", "0") else read_id(given[:LONGEST_ID])
        return self._refuse(call, RefusedError(code, message_id=message_id))

    def _refuse(self, call: Call, refusal: RefusedError) -> Reply:
        text = write_error(call.form, refusal.code, refusal.text, refusal.message_id)
        return encode(call, text, refusal.code)

    def _send(self, call: Call, now: float) -> str:
        self.limits.check_send(call, now)
        sent = self.sending.send(call, now)
        return write_sent(call.form, sent, prices_in_text=self._config.prices_in_text)

    def _status(self, call: Call, now: float) -> str:
        asked = read_status(call)
        self.limits.check_status(asked.messages, now, mass=asked.mass)
        if asked.delete:
            delete_messages(self._batches, asked.messages)
            return write_done(call.form)
        records = [
            look_up(
                self._config,
                self.delivery_scale,
                self._batches.find(message_id, phone),
                message_id,
                phone,
                now,
            )
            for message_id, phone in asked.messages
        ]
        return StatusWriter(self._config, call.form, asked.detail, mass=asked.mass).write(records)

    def _balance(self, call: Call, now: float) -> str:
        self.limits.check_balance(now)
        currency = self._config.currency if call.parameters.get("cur") == "1" else None
        return write_balance(call.form, self.account.balance, self.account.credit, currency)
