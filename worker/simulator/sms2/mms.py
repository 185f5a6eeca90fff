"""``api.php``: an MMS with a picture to one number."""

from worker.simulator.calls import Call
from worker.simulator.sms2 import errors
from worker.simulator.sms2.account import Account
from worker.simulator.sms2.books import Sms2Books
from worker.simulator.sms2.errors import RefusedError
from worker.simulator.sms2.messages import Message, Messages
from worker.simulator.sms2.rules import check_phone, check_words

LARGEST = 300 * 1024
"""Bytes of subject, text and picture together [assumed: nothing else counts, and a kilobyte has 1,024]."""

_PNG = b"\x89PNG\r\n\x1a\n"
_WRONG = "\ufffd"


class Mms:
    """Takes MMS.

    Args:
        account: who pays.
        messages: where they go.
        books: where they are counted.
    """

    def __init__(self, account: Account, messages: Messages, books: Sms2Books) -> None:
        self._account = account
        self._messages = messages
        self._books = books

    def send(self, call: Call, now: float) -> str:
        """Take an MMS.

        Checks come in this order: credentials, the gate, number, UTF-8, text or picture there, picture,
        size, forbidden words, money; and the descriptions behind ``Error`` are those of ``sms.cgi`` where one
        fits [all assumed]. A picture must be a PNG: the provider only warns of other formats [assumed,
        strict]. The same MMS may be sent again [assumed].

        Args:
            call: the request.
            now: seconds since 1970.

        Returns:
            The reply with the message's id.

        Raises:
            RefusedError: it isn't taken.
        """
        given = call.parameters
        subject, text, phone = (given.get(name, "") for name in ("subject", "text", "phone"))
        picture = (call.contents or {}).get("picture", b"")
        self._account.check_hash(given)
        self._account.check_open()
        check_phone(phone)
        if _WRONG in subject + text or not (text.strip() or picture):
            raise RefusedError(errors.CANNOT_SEND)
        if picture and not picture.startswith(_PNG):
            raise RefusedError(errors.WRONG_PICTURE)
        if len(subject.encode()) + len(text.encode()) + len(picture) > LARGEST:
            raise RefusedError(errors.TOO_LARGE)
        check_words(f"{subject}\n{text}")
        cost = self._account.cost_of_mms()
        self._account.pay(cost)
        words, digest = f"{subject}\n{text}", call.files.get("picture", "")
        message = Message(self._messages.assign_id(), "mms", (phone,), words, "", now, digest)
        self._messages.add(message)
        self._books.took(message, cost)
        return f"Ok_{message.message_id}"
