"""``POST /_control``: changing a running simulator."""

from collections.abc import Awaitable, Callable
from typing import Any

from worker.simulator.faults import FaultSpecError
from worker.simulator.levers import LEVERS
from worker.simulator.members import LeverError, read_money
from worker.simulator.sandbox import Sandbox, plan_faults
from worker.simulator.scripts import ScriptError
from worker.simulator.sms2.levers import pull

ORDERS = (
    "balance",
    "faults",
    "latency_ms",
    "delivery_scale",
    "test_mode",
    "sms2",
    "script",
    "clear_script",
    "reset_books",
    "reset_throttles",
    *LEVERS,
)
"""What may be ordered; anything else is an error."""


class ControlError(ValueError):
    """An order can't be carried out; the message says which and why. Nothing was changed."""


async def control(sandbox: Sandbox, orders: Any) -> None:
    """Carry orders out, all or none.

    Args:
        sandbox: the simulator.
        orders: a JSON object: ``balance`` (money as a string), ``faults`` (a specification, empty for none),
            ``latency_ms``, ``delivery_scale`` (numbers; the scale applies to messages already taken too),
            ``test_mode`` (true or false), ``script`` (a list of replies, added to those that wait),
            ``clear_script``, ``reset_books``, ``reset_throttles`` (true); ``groups``, ``incoming``,
            ``subscriber_call`` and ``download``, which ``worker.simulator.levers`` explains; ``sms2``, an
            object of orders for that provider, which ``worker.simulator.sms2.levers`` explains. ``balance``
            and ``test_mode`` are SMSC's alone.

    Raises:
        ControlError: an order is wrong.
    """
    if not isinstance(orders, dict):
        raise ControlError("expected a JSON object")
    if unknown := set(orders) - set(ORDERS):
        raise ControlError(f"there is no order {min(unknown)!r}; there are {', '.join(ORDERS)}")
    try:
        changes = [_prepare(sandbox, name, orders[name]) for name in ORDERS if name in orders]
    except (FaultSpecError, ScriptError, LeverError) as error:
        raise ControlError(str(error)) from error
    for change in changes:
        outcome = change()
        if outcome is not None:
            await outcome


def _prepare(sandbox: Sandbox, name: str, value: Any) -> Callable[[], Awaitable[None] | None]:
    """Check an order and give what carries it out."""
    if name == "balance":
        money = read_money(name, value)
        return lambda: sandbox.smsc.account.set_balance(money, sandbox.config.clock())
    if name == "faults":
        plan_faults(str(value), sandbox.config.seed, (sandbox.smsc, sandbox.sms2))
        return lambda: sandbox.set_faults(str(value))
    if name == "latency_ms":
        latency = _number(name, value)
        return lambda: setattr(sandbox, "latency_ms", latency)
    if name == "delivery_scale":
        scale = _number(name, value)
        return lambda: sandbox.set_delivery_scale(scale)
    if name == "sms2":
        return pull(sandbox.sms2, value, sandbox.config.clock())
    if name == "script":
        replies = sandbox.scripts.read(value)
        return lambda: sandbox.scripts.order(replies)
    if name in LEVERS:
        return LEVERS[name](sandbox.smsc, value, sandbox.config.clock())
    if not isinstance(value, bool):
        raise ControlError(f"{name}: expected true or false")
    if name == "test_mode":
        return lambda: setattr(sandbox.smsc.sending, "test_mode", value)
    if not value:
        return lambda: None
    return {
        "clear_script": sandbox.scripts.clear,
        "reset_books": sandbox.reset_books,
        "reset_throttles": sandbox.reset_throttles,
    }[name]


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise ControlError(f"{name}: expected a number, 0 or more")
    return float(value)
