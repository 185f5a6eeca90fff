"""SMSC.ru: requests, replies and error tables with decisions.

Where a change goes. Sends: parameters, `requests` and `options`; the reply, `sent` and, for one recipient,
`recipients`; a code or what we decide on it, `codes`. Questions: `methods` is the table of all; each method's
request and reply stand together in `balances`, `prices`, `records`, `inbox`, `books`, `numbers`, `downloads`;
what an error means there, `read_codes`; files, `files`. Statuses for the worker: `statuses`, `hlr`.

On the wire: how a call is written, `wire` and `multipart`; the formats of replies, `replies`, `rows`, `lines`
and `xml`; time-outs, hosts and what a network failure means, `session`, `transport`, `hosts` and `failures`.
`client` puts them together. By mail, without any of this: `mail`.
"""

from worker.providers.smsc.account import SmscAccount
from worker.providers.smsc.client import SmscClient
from worker.providers.smsc.session import Timeouts, create_session

__all__ = ["SmscAccount", "SmscClient", "Timeouts", "create_session"]
