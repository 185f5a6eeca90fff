"""``sms_status2.cgi``: what became of a message."""

from worker.simulator.config import SimulatorConfig
from worker.simulator.delivery import HANDED_OVER, WAITING, draw_fate
from worker.simulator.sms2 import errors
from worker.simulator.sms2.errors import RefusedError
from worker.simulator.sms2.messages import Messages
from worker.simulator.smsc.magic import bend

_DELIVERED = (1, 2)
"""Final statuses of the common delivery curve that mean that the message arrived."""


def read_status(
    config: SimulatorConfig, messages: Messages, message_id: str, scale: float, now: float
) -> str:
    """Tell the status of a message.

    It fares as at SMSC. The provider has one status for all that isn't final: ``unknown`` from the beginning
    on [assumed for the moment before the operator has it]. An MMS is asked for like an SMS [assumed].

    Args:
        config: the simulator's settings.
        messages: the messages.
        message_id: which, word for word: upper and lower case differ.
        scale: stretches delivery times.
        now: seconds since 1970.

    Returns:
        The reply.

    Raises:
        RefusedError: there is no such message.
    """
    message = messages.find(message_id)
    if message is None:
        raise RefusedError(errors.NO_SUCH_MESSAGE)
    phone = message.phones[0]
    fate = bend(draw_fate(config.delivery, config.seed, message_id, phone), phone)
    status = fate.at(now - message.taken_at, scale)[0]
    if status in (WAITING, HANDED_OVER):
        return "Status: unknown"
    return "Status: delivered" if status in _DELIVERED else "Status: not_delivered"
