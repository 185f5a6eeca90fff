"""SMS2.ru: requests, replies and error tables with decisions.

Where a change goes. What an error text means to us: `codes`; in words for people: `producers.meanings.sms2`;
how a reply is read, and what of it may be passed on: `replies`. What can be sent at all: `requests`; an SMS:
`sends`; an MMS: `mms`; a look-up: `statuses`; the balance: `balances`; phone bases: `bases`, and `perl` for
the one answer that is written in Perl; a mailing to bases: `multicast`. How a request is written: `wire`; one
call and its reply: `exchange`. `client` puts them together. Hosts, time-outs and what a network failure means
are SMSC's.
"""

from worker.providers.sms2.account import Sms2Account
from worker.providers.sms2.client import Sms2Client

__all__ = ["Sms2Account", "Sms2Client"]
