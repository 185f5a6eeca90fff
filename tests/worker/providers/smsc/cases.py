"""The table: what is asked, what goes over the wire, what the provider answers, what comes of it.

``V-nn`` are literal replies recorded from the provider or printed in its documents, with phones
replaced by 7999000000N.
"""

from .reads import BALANCES, STATUS
from .send_formats import REQUESTS, SEND_JSON, SEND_TEXT, SEND_UNREADABLE, SEND_XML
from .send_rules import SEND_HTTP, SEND_RECIPIENTS

CASES = [
    *REQUESTS,
    *SEND_TEXT,
    *SEND_XML,
    *SEND_JSON,
    *SEND_UNREADABLE,
    *SEND_HTTP,
    *SEND_RECIPIENTS,
    *STATUS,
    *BALANCES,
]
