"""Orders of ``/_control`` that play the outside world: subscribers, groups, and exports that get ready."""

from collections.abc import Callable, Mapping
from typing import Any

from worker.simulator.members import LeverError, check_members
from worker.simulator.smsc.downloads import CANCELLED, DONE, FAILED, RUNS, WAITS, JobPlan
from worker.simulator.smsc.exports import rows_for
from worker.simulator.smsc.provider import Smsc

Change = Callable[[], None]

_ENDS = (WAITS, RUNS, DONE, CANCELLED, FAILED)
_OWN_NUMBER = "79000000900"
"""The account's number that gets an incoming SMS if the order names none."""


def set_groups(smsc: Smsc, value: Any, _now: float) -> Change:
    """Have these contact groups: ``{"1": ["79990000001", ...], ...}``."""
    try:
        groups = {int(number): tuple(map(str, phones)) for number, phones in value.items()}
    except (AttributeError, TypeError, ValueError):
        raise LeverError("groups: expected an object of lists, by number") from None
    return lambda: smsc.sending.groups.replace(groups)


def put_incoming(smsc: Smsc, value: Any, now: float) -> Change:
    """Put an SMS into the inbox, or each of a list.

    Each is ``{"phone", "mes"}``, with ``to_phone`` (the account's number) and ``sent`` (seconds since 1970,
    now by default) if wanted.
    """
    entries = value if isinstance(value, list) else [value]
    for entry in entries:
        check_members("incoming", entry, {"phone": str, "mes": str}, {"to_phone": str, "sent": float})

    def put() -> None:
        smsc.waits.settle(now)
        for entry in entries:
            to_phone, sent = entry.get("to_phone", _OWN_NUMBER), entry.get("sent", now)
            smsc.inbox.put(entry["phone"], to_phone, entry["mes"], sent=float(sent), received=now)

    return put


def call_in(smsc: Smsc, value: Any, now: float) -> Change:
    """Have a subscriber call.

    ``{"phone"}`` calls the right number; ``number`` names another one, and ``late: true`` has the call come
    when its time is over, whatever the clock says.
    """
    check_members("subscriber_call", value, {"phone": str}, {"number": str, "late": bool})

    def call() -> None:
        smsc.waits.settle(now)
        smsc.waits.call(value["phone"], value.get("number"), now, late=value.get("late", False))

    return call


def order_download(smsc: Smsc, value: Any, now: float) -> Change:
    """Order an export.

    All members may be left out: ``name``, ``rows`` (100) or ``bytes`` (a size that the file reaches at
    least), ``status`` (how the job ends: 2 done, 3 cancelled, 4 failed, or 0 or 1 to stay there), ``wait``
    (1) and ``run`` (2), both in sixtieths of the provider's minute.
    """
    optional = {"name": str, "rows": int, "bytes": int, "status": int, "wait": float, "run": float}
    check_members("download", value, {}, optional)
    ends = value.get("status", DONE)
    if ends not in _ENDS:
        raise LeverError("download: status must be between 0 and 4")
    rows = rows_for(value["bytes"]) if "bytes" in value else value.get("rows", 100)
    plan = JobPlan(value.get("name", ""), rows, ends, value.get("wait", 1.0), value.get("run", 2.0))
    return lambda: smsc.downloads.order(plan, now)


LEVERS: Mapping[str, Callable[[Smsc, Any, float], Change]] = {
    "groups": set_groups,
    "incoming": put_incoming,
    "subscriber_call": call_in,
    "download": order_download,
}
"""What carries each order out once it is checked; raises LeverError before anything is changed."""
