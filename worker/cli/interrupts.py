"""Ctrl-C and SIGTERM: at a moment when it is known what has been done and what hasn't."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType
from typing import Any

from worker.cli.answered import AnsweredError

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(AnsweredError):
    """The user ended the command; the message says what goes on without it."""

    def __init__(self, message: str, *, hint: str = "", number: int = 0, **answer: object) -> None:
        super().__init__(
            message,
            hint=hint,
            code="interrupted",
            exit_status=128 + (number or signal.SIGINT),
            answer=answer,
        )


class Interrupts:
    """Turns both signals into `KeyboardInterrupt`, but lets none into a stretch that must not be cut.

    Within `held` a first signal is only noted, for `check` to raise it; a second one doesn't wait. Signals
    that the parent has set to be ignored, as ``nohup`` does, stay ignored.

    Attributes:
        number: The signal that came; 0 when none did.
    """

    def __init__(self) -> None:
        self.number = 0
        self._held = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Interrupts:
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._came)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _came(self, number: int, _frame: FrameType | None) -> None:
        again, self.number = self.number != 0, number
        if again or not self._held:
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold signals back within the block; one that came is raised by `check`, not at its end."""
        self._held = True
        try:
            yield
        finally:
            self._held = False

    def check(self) -> None:
        """Raise what was held back."""
        if self.number:
            raise KeyboardInterrupt
