"""The order ``sms2`` of ``/_control``: changing SMS2's side."""

from collections.abc import Callable
from typing import Any

from worker.simulator.config import PhoneBase
from worker.simulator.members import LeverError, check_members, read_money
from worker.simulator.sms2.provider import Sms2
from worker.simulator.sms2.rules import is_phone

Change = Callable[[], None]

_MEMBERS = {"balance": object, "overdraft": object, "switched_off": bool, "senders": list, "bases": list}


def pull(sms2: Sms2, value: Any, now: float) -> Change:
    """Change the account or the bases.

    All members may be left out: ``balance`` and ``overdraft`` (money, as a string), ``switched_off`` (true or
    false), ``senders`` (the registered sender IDs; an empty list for any), ``bases`` (a list of objects with
    ``name``, ``phones`` and ``protected``; one that exists gets these numbers in place of its own).

    Args:
        sms2: the provider.
        value: the order.
        now: seconds since 1970.

    Returns:
        What carries it out.

    Raises:
        LeverError: it can't be read.
    """
    check_members("sms2", value, {}, _MEMBERS)
    money = {
        name: read_money(f"sms2.{name}", value[name]) for name in ("balance", "overdraft") if name in value
    }
    senders = value.get("senders", [])
    if not all(isinstance(sender, str) for sender in senders):
        raise LeverError("sms2.senders: expected a list of strings")
    bases = [_read_base(entry) for entry in value.get("bases", [])]

    def change() -> None:
        sms2.settle(now)
        for name, amount in money.items():
            setattr(sms2.account, name, amount)
        if "switched_off" in value:
            sms2.account.switched_off = value["switched_off"]
        if "senders" in value:
            sms2.account.senders = tuple(senders)
        for base in bases:
            sms2.bases.put(base)

    return change


def _read_base(entry: Any) -> PhoneBase:
    check_members("sms2.bases", entry, {"name": str}, {"phones": list, "protected": bool})
    name, phones = entry["name"], entry.get("phones", [])
    if not name.strip() or name != name.strip() or "," in name:
        raise LeverError(f"sms2.bases: {name!r} can't name a base")
    for phone in phones:
        if not isinstance(phone, str) or not is_phone(phone):
            raise LeverError(f"sms2.bases: {phone!r} is no number")
    return PhoneBase(name, tuple(phones), entry.get("protected", False))
