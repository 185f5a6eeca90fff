"""SMS2's server: lets requests in, carries them out, and writes its replies."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from aiohttp import web

from worker.simulator.calls import Call, Reply
from worker.simulator.config import SimulatorConfig
from worker.simulator.prices import unpadded
from worker.simulator.sms2 import errors
from worker.simulator.sms2.account import CREDENTIALS, Account
from worker.simulator.sms2.base_calls import BaseCalls
from worker.simulator.sms2.bases import Bases
from worker.simulator.sms2.books import Sms2Books
from worker.simulator.sms2.duplicates import Duplicates
from worker.simulator.sms2.errors import RefusedError
from worker.simulator.sms2.messages import Messages
from worker.simulator.sms2.mms import Mms
from worker.simulator.sms2.multicasts import Multicasts
from worker.simulator.sms2.requests import read_call
from worker.simulator.sms2.sending import Sending
from worker.simulator.sms2.status import read_status
from worker.simulator.traffic import Ring

CONTENT_TYPE = "text/plain; charset=windows-1251"
"""Of all replies [assumed], the JSON of ``list_of_bases`` too."""

_ERRORS_OF_FAULTS = {2: errors.AUTHENTICATION, 3: errors.NO_CREDIT, 4: errors.SWITCHED_OFF}
"""What the faults ``error2`` to ``error4`` mean here.

There is nothing for ``error9``: SMSC says by it that a repeated request must wait, but ``message
duplication`` says that the message was taken before, which a simulator must not claim of one that wasn't.
"""

_NO_REPEATS = frozenset({"error9"})
_NO_SENDING = frozenset({"error3", "error4", "error9"})


class Sms2:
    """The provider, as ``worker.simulator.calls.Provider`` wants it.

    It has no throttles, as none are published, and answers GET like POST everywhere. Errors have HTTP status
    200 too.

    Args:
        config: the simulator's settings.
        ring: gets the requests' details.

    Attributes:
        account: credentials and money.
        bases: bases of phones.
        books: its own books.
        messages: what was taken.
        duplicates: what was taken lately.
        delivery_scale: stretches delivery times, also of messages already taken.
        traffic: where requests are counted.
    """

    endpoints: tuple[str, ...] = (
        "sms.cgi",
        "sms_status2.cgi",
        "api_call.cgi",
        "get_credit_info.cgi",
        "api.php",
    )
    credentials = CREDENTIALS
    immune: Mapping[str, frozenset[str]] = MappingProxyType(
        {
            "sms.cgi": _NO_REPEATS,
            "sms_status2.cgi": _NO_SENDING,
            "api_call.cgi": _NO_SENDING,
            "get_credit_info.cgi": _NO_SENDING,
            "api.php": _NO_REPEATS,
        }
    )

    def __init__(self, config: SimulatorConfig, ring: Ring) -> None:
        self._config = config
        self.account = Account(config)
        self.bases = Bases(config.sms2_bases)
        self.books = Sms2Books(ring)
        self.traffic = self.books.traffic
        self.messages = Messages(config.seed)
        self.duplicates = Duplicates(config.sms2_duplicate_minutes * config.minute)
        self.delivery_scale = config.delivery_scale
        self._sending = Sending(self.account, self.messages, self.duplicates, self.books)
        self._mms = Mms(self.account, self.messages, self.books)
        self._base_calls = BaseCalls(self.bases)
        self._multicasts = Multicasts(
            self.account, self.bases, self.messages, self.books, config.sms2_utc_offset_hours
        )
        self._scripts: dict[str, Callable[[Call, float], str]] = {
            "sms.cgi": self._sending.send,
            "sms_status2.cgi": self._status,
            "api_call.cgi": self._api_call,
            "get_credit_info.cgi": self._balance,
            "api.php": self._mms.send,
        }

    def read(self, endpoint: str, request: web.Request, body: bytes) -> Call:
        """Read a request."""
        return read_call(endpoint, request, body)

    def room(self, call: Call) -> str:
        """Count all scripts together: nothing depends on it."""
        return f"sms2:{call.parameters.get('user', '')}"

    def answer(self, call: Call, crowd: int) -> Reply:  # noqa: ARG002  no limit is published
        """Carry a request out."""
        now = self._config.clock()
        self._multicasts.settle(now)
        try:
            return _write(self._scripts[call.endpoint](call, now))
        except RefusedError as refusal:
            return _write(refusal.text, refusal.text)

    def error(self, call: Call, code: int) -> Reply:  # noqa: ARG002  the same for every script
        """Form the error that a fault asks for."""
        text = _ERRORS_OF_FAULTS[code]
        return _write(text, text)

    def settle(self, now: float) -> None:
        """Send the multicasts whose time has come."""
        self._multicasts.settle(now)

    async def summary(self, now: float) -> dict[str, Any]:
        """Give the books and the account as JSON-ready values."""
        self._multicasts.settle(now)
        summary = await self.books.summary(self._multicasts.waiting)
        summary["balance"] = unpadded(self.account.balance)
        summary["switched_off"] = self.account.switched_off
        return summary

    def _status(self, call: Call, now: float) -> str:
        self.account.check(call.parameters)
        message_id = call.parameters.get("mess_id", "")
        return read_status(self._config, self.messages, message_id, self.delivery_scale, now)

    def _balance(self, call: Call, _now: float) -> str:
        """Write the balance with two decimals, as in the only sample."""
        self.account.check(call.parameters)
        return f"Balance: {self.account.balance:.2f}; Overdraft: {self.account.overdraft:.2f}"

    def _api_call(self, call: Call, now: float) -> str:
        """Call a function; wrong credentials get the error that they get elsewhere [assumed]."""
        self.account.check(call.parameters)
        name = call.parameters.get("function", "")
        if name == "start_multicast":
            return self._multicasts.start(call.parameters, now)
        function = self._base_calls.functions.get(name)
        if function is None:
            raise RefusedError(errors.WRONG_FUNCTION)
        return function(call.parameters)


def _write(text: str, error: str | None = None) -> Reply:
    return Reply(text.encode("cp1251", "replace"), CONTENT_TYPE, error=error)
