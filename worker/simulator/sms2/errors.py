"""The error texts of SMS2, word for word (SMS2 protocol)."""

AUTHENTICATION = "Error: authentication failure"
CANNOT_SEND = "Error: can't send this message"
NO_CREDIT = "Error: your credit is null"
CLOSED = "Error: direction is closed"
UNSUPPORTED_PHONE = "Error: unsupported phone number"
UNSUPPORTED_SENDER = "Error: unsupported sender"
BLACKLISTED = "Error: phone blacklisted"
BLOCKED_TEXT = "Error: blocked text message"
DUPLICATION = "Error: message duplication"
SWITCHED_OFF = "Error: service is switched off"
# [assumed]: the provider lists "the most likely" errors only, so that there are others.
UNLISTED = "Error: internal failure, code 17"

NO_SUCH_MESSAGE = "Error: no such message"

WRONG_FUNCTION = "Error: wrong function"
WRONG_PHONE = "Error: wrong phone number"
WRONG_BASE = "Error: wrong base"
PROTECTED_BASE = "Error: base is protected"
CANNOT_ADD = "Error: can't add phone number"
CANNOT_REMOVE = "Error: can't remove phone number"

# [assumed]: the texts of the MMS gate aren't published; only that they begin with "Error".
WRONG_PICTURE = "Error: wrong picture format"
TOO_LARGE = "Error: message is too large"


class RefusedError(Exception):
    """The request is refused.

    Args:
        text: the error as the reply has it.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text
