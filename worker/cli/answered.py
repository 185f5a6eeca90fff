"""Errors of a command that has an answer all the same: its members stand beside the JSON error."""

from __future__ import annotations

from collections.abc import Mapping

from producers.errors import SmsqError


class AnsweredError(SmsqError):
    """Something failed after something else was done, which the user must know of.

    Args:
        message: What happened.
        hint: What to do.
        code: The error's code.
        exit_status: The exit status.
        answer: Members for the JSON answer beside the error.
    """

    def __init__(
        self, message: str, *, hint: str, code: str, exit_status: int = 1, answer: Mapping[str, object]
    ) -> None:
        super().__init__(message, hint=hint, code=code)
        self.exit_status = exit_status
        self.answer = dict(answer)
