"""SMSC.ru: requests, replies and error tables with decisions.

Where a change goes: a code or what we decide on it, `codes`; how a request is written, `requests`; the
formats of a reply, `replies`; what the reply to a send means, `sent` and, for single recipients,
`recipients`; status and balance replies, `statuses` and `balances`; time-outs, hosts and what a network
failure means, `transport`, `hosts` and `failures`. `client` puts them together.
"""

from worker.providers.smsc.account import SmscAccount
from worker.providers.smsc.client import SmscClient
from worker.providers.smsc.transport import Timeouts, create_session

__all__ = ["SmscAccount", "SmscClient", "Timeouts", "create_session"]
