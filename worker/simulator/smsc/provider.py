"""SMSC's server: lets requests in, carries them out, and writes its replies."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from aiohttp import web

from worker.simulator.books import Books
from worker.simulator.calls import Call, Reply
from worker.simulator.config import SimulatorConfig
from worker.simulator.prices import unpadded
from worker.simulator.smsc.account import CREDENTIALS, Account
from worker.simulator.smsc.balance import write_balance
from worker.simulator.smsc.batches import LONGEST_ID, Batches, read_id
from worker.simulator.smsc.download_replies import write_jobs
from worker.simulator.smsc.downloads import Downloads
from worker.simulator.smsc.errors import LEAVES_RECORD, RefusedError
from worker.simulator.smsc.formats import encode, write_done, write_error, write_item, write_rows
from worker.simulator.smsc.get import Getting
from worker.simulator.smsc.inbox import Inbox
from worker.simulator.smsc.limits import Limits
from worker.simulator.smsc.operators import find_operators
from worker.simulator.smsc.records import look_up
from worker.simulator.smsc.rentals import Rentals
from worker.simulator.smsc.requests import read_call, read_json_call
from worker.simulator.smsc.send_replies import write_sent
from worker.simulator.smsc.sending import Sending
from worker.simulator.smsc.status import delete_messages, read_status
from worker.simulator.smsc.status_replies import StatusWriter
from worker.simulator.smsc.waits import Waits

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
        batches: the messages.
        inbox: incoming messages.
        waits: confirmation calls.
        rentals: the stock of numbers.
        downloads: deferred exports.
        traffic: where requests are counted.
    """

    endpoints: tuple[str, ...] = (
        "send.php",
        "status.php",
        "balance.php",
        "get.php",
        "info.php",
        "wait_call.php",
        "receive_phones.php",
        "downloads.php",
    )
    credentials = CREDENTIALS
    immune: Mapping[str, frozenset[str]] = MappingProxyType({})

    def __init__(self, config: SimulatorConfig, books: Books) -> None:
        self._config = config
        self.traffic = books.traffic
        self.batches = Batches(config.first_id)
        self.account = Account(config)
        self.limits = Limits(config)
        self.sending = Sending(config, self.account, self.batches, books)
        self.delivery_scale = config.delivery_scale
        self.inbox = Inbox()
        self.waits = Waits(config, self.inbox, books)
        self.rentals = Rentals(config, self.account, books)
        self.downloads = Downloads(config, books)
        self._getting = Getting(
            config, self.account, self.batches, self.inbox, self.waits, lambda: self.delivery_scale
        )
        self._scripts: dict[str, Callable[[Call, float], str | Reply]] = {
            "send.php": self._send,
            "status.php": self._status,
            "balance.php": self._balance,
            "get.php": self._get,
            "info.php": self._info,
            "wait_call.php": self._wait_call,
            "receive_phones.php": self._receive_phones,
            "downloads.php": self._downloads,
        }

    def read(self, endpoint: str, request: web.Request, body: bytes) -> Call:
        """Read a request."""
        read = read_json_call if request.path.startswith(JSON_PATH) else read_call
        call = read(endpoint, request, body)
        if endpoint == "downloads.php":
            call.headers = request.headers
        return call

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
            answer = self._scripts[call.endpoint](call, now)
        except RefusedError as refusal:
            self.limits.saw_outcome(call, refusal.code, now)
            return self._refuse(call, refusal)
        self.limits.saw_outcome(call, None, now)
        return answer if isinstance(answer, Reply) else encode(call, answer)

    def error(self, call: Call, code: int) -> Reply:
        """Form an error without doing anything; where the real one comes with an id, so does this."""
        message_id = None
        if call.endpoint == "send.php" and code in LEAVES_RECORD:
            given = call.parameters.get("id", "0")
            message_id = self.batches.assign_id() if given in ("", "0") else read_id(given[:LONGEST_ID])
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
            delete_messages(self.batches, asked.messages)
            return write_done(call.form)
        records = [
            look_up(
                self._config,
                self.delivery_scale,
                self.batches.find(message_id, phone),
                message_id,
                phone,
                now,
            )
            for message_id, phone in asked.messages
        ]
        return StatusWriter(self._config, call.form, asked.detail, mass=asked.mass).write(records)

    def _balance(self, call: Call, now: float) -> str:
        self.limits.check_any("balance", now)
        currency = self._config.currency if call.parameters.get("cur") == "1" else None
        return write_balance(call.form, self.account.balance, self.account.credit, currency)

    def _get(self, call: Call, now: float) -> str:
        self.limits.check_identical("get", call, now)
        return self._getting.get(call, now)

    def _info(self, call: Call, now: float) -> str:
        self.limits.check_identical("info", call, now)
        self.limits.check_any("info of any kind", now)
        operators, mass = find_operators(call.parameters)
        return write_rows(call.form, operators) if mass else write_item(call.form, operators[0])

    def _wait_call(self, call: Call, now: float) -> str:
        """Write the number to call; in JSON all numbers are an array [assumed]."""
        self.limits.check_identical("wait_call", call, now)
        self.waits.settle(now)
        number, numbers = self.waits.ask(call.parameters, now)
        return write_item(call.form, {"phone": number, "all_phones": list(numbers)})

    def _receive_phones(self, call: Call, now: float) -> str:
        self.limits.check_identical("receive_phones", call, now)
        command = _choose(call, "get", "buy", "chg")
        if command == "get":
            return write_rows(call.form, self.rentals.free(now))
        if command == "buy":
            return write_item(call.form, {"cost": unpadded(self.rentals.buy(call.parameters, now))})
        self.rentals.change(call.parameters)
        return write_done(call.form)

    def _downloads(self, call: Call, now: float) -> str | Reply:
        self.limits.check_identical("downloads", call, now)
        if _choose(call, "get_list", "get_file") == "get_file":
            return self.downloads.file(call, now)
        return write_jobs(call.form, self.downloads.find(call.parameters, now), self._config.utc_offset_hours)


def _choose(call: Call, *commands: str) -> str:
    """Tell which command a request has; none, or several, are error 1 [assumed]."""
    chosen = [command for command in commands if call.parameters.get(command) == "1"]
    if len(chosen) != 1:
        raise RefusedError(1)
    return chosen[0]
