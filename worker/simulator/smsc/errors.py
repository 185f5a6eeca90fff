"""The error codes of SMSC and the texts that its server gives with them (SMSC protocol §3.3, §3.4, §5.10)."""

ERROR_TEXTS: dict[int, str] = {
    1: "parameters error",
    2: "authorise error",
    3: "no money",
    4: "ip is blocked",
    5: "invalid date format",  # [assumed]: no sample shows the text
    6: "message is denied",
    7: "invalid number",
    8: "can't to deliver",
    9: "duplicate request, wait a minute",
}
TOO_MANY_AT_ONCE = "too many concurrent requests"
NO_DATA = "no data"  # [assumed]: no sample shows the text of error 3 where it means that nothing was found
INVALID_NUMBER = "invalid number"  # [assumed] text of error 5 of wait_call.php
CANNOT_DELETE = "can't delete message"  # [assumed]: no sample shows the text of a status request's error 5

LEAVES_RECORD = {3: 24, 6: 23, 7: 22, 8: 25}
"""Errors whose reply carries an id, and the status that such a message has then ([assumed], by meaning)."""


class RefusedError(Exception):
    """The request is refused as a whole.

    Args:
        code: SMSC's error code.
        text: its text when it isn't the usual one.
        message_id: the id of the record that the refusal left, None for none.
    """

    def __init__(self, code: int, text: str | None = None, *, message_id: int | str | None = None) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = ERROR_TEXTS[code] if text is None else text
        self.message_id = message_id
