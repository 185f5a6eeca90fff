"""Urgent messages, one after the other, while a campaign runs: each with a key, repeated until it is in."""

from __future__ import annotations

import threading
import time

from producers import Producer, Settings
from producers.errors import Unavailable

FIRST_PHONE = 79_881_000_000


class Trickle(threading.Thread):
    """Sends an urgent message every so often until told to end.

    Args:
        settings: Of the producer.
        pause: Seconds between two messages.
    """

    def __init__(self, settings: Settings, pause: float) -> None:
        super().__init__(name="trickle")
        self._settings = settings
        self._pause = pause
        self._ending = threading.Event()
        self.sent: dict[str, str] = {}

    def run(self) -> None:
        with Producer(self._settings) as sms:
            while not self._ending.wait(self._pause):
                self._send(sms)

    def _send(self, sms: Producer) -> None:
        phone = str(FIRST_PHONE + len(self.sent))
        while True:
            try:
                self.sent[phone] = sms.send(phone, f"Код {phone[-4:]}", urgent=True, key=phone).id
            except Unavailable:
                # The server is away, and it may have the message or not. With the key, asking again is safe;
                # giving up is not an option, or nobody would know of a message that is in the ledger.
                time.sleep(0.05)
            else:
                return

    def end(self) -> dict[str, str]:
        """Send no more; returns the messages' ids by phone."""
        self._ending.set()
        if self.ident is not None:
            self.join()
        return self.sent
