"""``sms.cgi``: one text to one number."""

from worker.simulator.calls import Call
from worker.simulator.sms2 import errors
from worker.simulator.sms2.account import Account
from worker.simulator.sms2.books import Sms2Books
from worker.simulator.sms2.duplicates import Duplicates
from worker.simulator.sms2.errors import RefusedError
from worker.simulator.sms2.messages import Message, Messages
from worker.simulator.sms2.rules import check_letter, check_phone, check_registered, check_words


class Sending:
    """Takes messages.

    Args:
        account: who pays.
        messages: where they go.
        duplicates: what was taken lately.
        books: where they are counted.
    """

    def __init__(
        self, account: Account, messages: Messages, duplicates: Duplicates, books: Sms2Books
    ) -> None:
        self._account = account
        self._messages = messages
        self._duplicates = duplicates
        self._books = books

    def send(self, call: Call, now: float) -> str:
        """Take a message.

        Checks come in this order [assumed]: credentials, the gate, text and sender ID, registration of the
        sender ID, number (and the magic ones), forbidden words, duplication, money. ``flash`` other than 1 is
        no flash message [assumed].

        Args:
            call: the request.
            now: seconds since 1970.

        Returns:
            The reply with the message's id.

        Raises:
            RefusedError: it isn't taken.
        """
        given = call.parameters
        text, sender, phone = (given.get(name, "") for name in ("message", "from", "phone"))
        self._account.check(given)
        self._account.check_open()
        check_letter(text, sender)
        check_registered(sender, self._account.senders)
        check_phone(phone)
        check_words(text)
        if self._duplicates.holds(phone, text, now):
            raise RefusedError(errors.DUPLICATION)
        cost = self._account.cost_of(text)
        self._account.pay(cost)
        self._duplicates.add(phone, text, now)
        kind = "flash" if given.get("flash") == "1" else "sms"
        message = Message(self._messages.assign_id(), kind, (phone,), text, sender, now)
        self._messages.add(message)
        self._books.took(message, cost)
        return f"Message successfully sent! Message_ID={message.message_id}"
