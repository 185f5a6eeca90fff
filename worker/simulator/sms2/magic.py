"""Recipients and texts that make SMS2's side do something certain.

| recipient | what happens |
| --- | --- |
| 79000000501 to 79000000510 | the errors of ``sms.cgi`` in the provider's order; nothing is taken |
| 79000000511 | an error that the provider doesn't list |
| 79000000101, …102 | taken; ends with ``delivered`` |
| 79000000103, …120, …122 to …125, …137, …140, …142 | taken; ends with ``not_delivered`` |
| 79000000300, …301 | taken; stays ``unknown`` |

A text that contains ``[forbidden]`` gets ``Error: blocked text message``. Recipients that are taken fare as
at SMSC, so that one file of recipients shows the same at both.

A base takes no number whose error says that the number isn't supported (79000000505). A multicast leaves
closed, unsupported and blacklisted numbers out (79000000504, …505, …507) and doesn't charge for them
[assumed].
"""

from worker.simulator.sms2 import errors

FORBIDDEN_TEXT = "[forbidden]"

REFUSED = {
    "79000000501": errors.AUTHENTICATION,
    "79000000502": errors.CANNOT_SEND,
    "79000000503": errors.NO_CREDIT,
    "79000000504": errors.CLOSED,
    "79000000505": errors.UNSUPPORTED_PHONE,
    "79000000506": errors.UNSUPPORTED_SENDER,
    "79000000507": errors.BLACKLISTED,
    "79000000508": errors.BLOCKED_TEXT,
    "79000000509": errors.DUPLICATION,
    "79000000510": errors.SWITCHED_OFF,
    "79000000511": errors.UNLISTED,
}
"""Recipient: the error that a message to it gets."""

NEVER_REACHED = frozenset(
    phone
    for phone, text in REFUSED.items()
    if text in (errors.CLOSED, errors.UNSUPPORTED_PHONE, errors.BLACKLISTED)
)
"""Recipients that a multicast leaves out."""
