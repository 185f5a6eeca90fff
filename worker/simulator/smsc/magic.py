"""Recipients and texts that make the simulator do something certain.

| recipient | what happens |
| --- | --- |
| 79000000001 to 79000000009 | the whole request gets error 1 to 9; nothing is taken |
| 79000000101, …102, …103 | taken; ends with status 1, 2, 3 |
| 79000000120, …122, …123, …124, …125 | taken; ends with status 20, 22, 23, 24, 25 |
| 79000000222, …223, …225 | rejected by itself with status 22, 23, 25; the rest of the request is taken |
| 79000000137, …140, …142 | taken; ends with status 20: no answer, busy, answering machine |
| 79000000300 | taken; stays at -1 (waiting) |
| 79000000301 | taken; stays at 0 (handed over to the operator) |

E-mail addresses with these words before the ``@`` do so too: ``read`` and ``click`` end with status 2 and 4;
``full``, ``nohost`` and ``blocked`` with 20 and delivery error 2, 3 and 4. For HLR and ping requests see
``worker.simulator.smsc.hlr``, for confirmation calls ``worker.simulator.smsc.waits``.

A text that contains ``[forbidden]``, or the sender ``FORBIDDEN``, gets error 6; a line of ``list`` with such
a text is rejected by itself with status 23, unless all lines are.
"""

from worker.simulator.delivery import NEVER, Fate

PREFIX = "79000000"
"""All magic recipients begin with this. They may be somebody's numbers: use them here only."""

REQUEST_ERRORS = {f"79000000{code:03}": code for code in range(1, 10)}

FINAL_STATUSES = {
    "79000000101": (1, 0),
    "79000000102": (2, 0),
    "79000000103": (3, 6),
    "79000000120": (20, 1),
    "79000000122": (22, 249),
    "79000000123": (23, 253),
    "79000000124": (24, 0),
    "79000000125": (25, 248),
    "79000000137": (20, 237),
    "79000000140": (20, 240),
    "79000000142": (20, 242),
}
"""Recipient: final status and delivery error code (SMSC protocol §5.7, §5.8)."""

FINAL_STATUSES_OF_MAIL = {
    "read": (2, 0),
    "click": (4, 0),
    "full": (20, 2),
    "nohost": (20, 3),
    "blocked": (20, 4),
}
"""First part of an address: final status and delivery error code."""

REJECTED = {"79000000222": (22, 249), "79000000223": (23, 252), "79000000225": (25, 248)}
"""Recipient: status and delivery error code with which it is rejected."""

BAD_NUMBER = (22, 249)
FORBIDDEN = (23, 253)
FORBIDDEN_TEXT = "[forbidden]"
FORBIDDEN_SENDER = "FORBIDDEN"

_WAITS = "79000000300"
_STAYS_WITH_OPERATOR = "79000000301"


def bend(fate: Fate, phone: str) -> Fate:
    """Change a fate into the one that a magic recipient asks for.

    Args:
        fate: the fate as it was drawn.
        phone: the recipient.

    Returns:
        The fate that applies.
    """
    if not phone.startswith(PREFIX):
        return fate
    if phone in FINAL_STATUSES:
        status, err = FINAL_STATUSES[phone]
        return fate._replace(status=status, err=err)
    if phone == _WAITS:
        return fate._replace(handed_over=NEVER, final=NEVER)
    if phone == _STAYS_WITH_OPERATOR:
        return fate._replace(final=NEVER)
    return fate


def bend_mail(fate: Fate, address: str) -> Fate:
    """Change the fate of an e-mail into the one that a magic address asks for."""
    final = FINAL_STATUSES_OF_MAIL.get(address.partition("@")[0])
    return fate if final is None else fate._replace(status=final[0], err=final[1])
