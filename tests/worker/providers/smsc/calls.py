"""What the table is made of: calls with the requests that they must make, and outcomes in short."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from producers.answers import Hlr
from producers.contract import (
    NO_ERR,
    NO_STATUS,
    InDoubt,
    NotSent,
    RecipientResult,
    SendRequest,
    StatusResult,
    Taken,
)
from producers.states import RecipientState as S
from worker.providers.base import ProviderError

A, B, C = 79990000001, 79990000002, 79990000003

LOGIN = {"login": "LOGIN", "psw": "p&w +я", "fmt": "3", "charset": "utf-8"}
SEND = {**LOGIN, "cost": "3", "op": "1"}
READ_WAIT = 62.0


@dataclass(frozen=True)
class Call:
    """A call of the client and the request that it must make."""

    path: str
    form: dict[str, str]
    request: SendRequest | None = None
    queries: tuple[tuple[str, int | str], ...] = ()
    full: bool = False


ONE = Call(
    "/sys/send.php",
    {**SEND, "id": "c1.1.1", "phones": f"{A}", "mes": "Привет, мир & 100% + ещё\nстрока"},
    request=SendRequest("c1.1.1", (A,), text="Привет, мир & 100% + ещё\nстрока"),
)
THREE = Call(
    "/sys/send.php",
    {**SEND, "id": "c1.2.1", "sender": "My Shop", "phones": f"{A},{B},{C}", "mes": "Hi"},
    request=SendRequest("c1.2.1", (A, B, C), sender="My Shop", text="Hi"),
)
LIST = Call(
    "/sys/send.php",
    {**SEND, "id": "c1.3.1", "list": f"{A}:Код: 12:34\n{B}:две\\nстроки 😀"},
    request=SendRequest("c1.3.1", (A, B), texts=("Код: 12:34", "две\nстроки 😀")),
)
LIST_OF_ONE = Call(
    "/sys/send.php",
    {**SEND, "id": "c1.4.1", "phones": f"{A}", "mes": "две\nстроки"},
    request=SendRequest("c1.4.1", (A,), texts=("две\nстроки",)),
)
ABROAD = Call(
    "/sys/send.php",
    {**SEND, "id": "c1.5.1", "phones": f"+84912345678,+{A}", "mes": "Hi"},
    request=SendRequest("c1.5.1", (84912345678, A), text="Hi"),
)
LIST_ABROAD = Call(
    "/sys/send.php",
    {**SEND, "id": "c1.6.1", "list": f"+84912345678:a\n+{A}:b"},
    request=SendRequest("c1.6.1", (84912345678, A), texts=("a", "b")),
)
STATUS_ONE = Call("/sys/status.php", {**LOGIN, "phone": f"{A}", "id": "c1.1.1"}, queries=(("c1.1.1", A),))
STATUS_24 = Call("/sys/status.php", {**LOGIN, "phone": f"{A}", "id": "24"}, queries=(("24", A),))
STATUS_FULL = Call(
    "/sys/status.php",
    {**LOGIN, "phone": f"{A}", "id": "37", "all": "1"},
    queries=(("37", A),),
    full=True,
)
STATUS_TWO = Call(
    "/sys/status.php", {**LOGIN, "phone": f"{A},{B}", "id": "182,138"}, queries=(("182", A), ("138", B))
)
BALANCE = Call("/sys/balance.php", {**LOGIN, "cur": "1"})


@dataclass(frozen=True)
class Case:
    name: str
    call: Call
    reply: str | bytes
    outcome: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        return self.reply if isinstance(self.reply, bytes) else self.reply.encode()


def taken(provider_id: str, segments: int | None = None, cost: int | None = None, **more: Any) -> Taken:
    return Taken(provider_id, segments=segments, cost=cost, **more)


def refused(status: int = NO_STATUS, err: int = NO_ERR) -> RecipientResult:
    return RecipientResult(S.REFUSED, status, err)


def status(
    state: S,
    code: int,
    at: int = 0,
    *,
    err: int = NO_ERR,
    cost: int | None = None,
    phone: int = A,
    segments: int | None = None,
    hlr: Hlr | None = None,
) -> StatusResult:
    return StatusResult(phone, code != -3, RecipientResult(state, code, err, cost), at, segments, hlr)


def bad(reason: str, wait: float = READ_WAIT, code: int = 0, *, pause: bool = False) -> ProviderError:
    """Return the error for a reply; one without a code is in doubt."""
    return ProviderError(reason, code=code, wait=wait, pause_account=pause, in_doubt=not code)


DUPLICATE = NotSent("duplicate_request", wait=62.0, code=9)
CONCURRENT = NotSent("too_many_concurrent", wait=5.0, code=9)
AUTH = NotSent("auth", wait=600.0, code=2, pause_account=True)
NO_MONEY = NotSent("no_money", wait=60.0, code=3, pause_account=True)
BLOCKED = NotSent("ip_blocked", wait=600.0, code=4, pause_account=True)
UNREADABLE = InDoubt("unreadable_reply")
NO_ID = InDoubt("reply_without_id")
EVERY_ROW = '[{"phone":"79990000001"},{"phone":"79990000002"},{"phone":"79990000003"}]'


def batch(rows: str, cost: str = "8.4") -> str:
    """Return the reply to THREE with the given member ``phones``."""
    return f'{{"id":"c1.2.1","cnt":3,"cost":"{cost}","balance":"100.5","phones":{rows}}}'


def batch_taken(exceptions: dict[int, RecipientResult]) -> Taken:
    return taken("c1.2.1", 3, 84_000, balance=1_005_000, exceptions=exceptions)
