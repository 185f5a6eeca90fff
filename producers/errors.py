"""The errors that a user of the library or the command line can meet.

The whole tree::

    SmsqError                     code, message, hint
    ├── UsageError                the caller's input is wrong; nothing was done (exit 2)
    │   ├── SettingsError         an environment variable or the configuration is wrong
    │   ├── BadRecipient          one recipient can't be used (phone, text); others are not concerned
    │   ├── BadFile               a file of recipients can't be read
    │   ├── BadTemplate           a text template doesn't fit the columns
    │   └── Conflict              the same name or key was used with another content
    ├── NotFound                  no campaign, message or batch of that id
    ├── Unavailable               Redis can't be reached or refuses; nothing was half done: try again
    └── WaitTimeout               an outcome did not come in the time given; the work goes on

``str(error)`` is safe to log: no full phone number, text or secret is ever put into a message.
"""

from __future__ import annotations


class SmsqError(Exception):
    """Base of all errors raised on purpose by this project.

    Attributes:
        code: A short stable word for programs, such as ``bad_phone``.
        message: What happened, to what, and what was not done.
        hint: What to do about it; may be empty.
    """

    code = "error"
    exit_status = 1

    def __init__(self, message: str, *, hint: str = "", code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message

    def as_dict(self) -> dict[str, str]:
        """Return the members of the public ``error`` object."""
        return {"code": self.code, "message": self.message, "hint": self.hint}


class UsageError(SmsqError):
    """The caller's input is wrong; nothing was done."""

    code = "usage"
    exit_status = 2


class SettingsError(UsageError):
    """A setting is missing or wrong; the message names every one that is."""

    code = "settings"


class BadRecipient(UsageError):
    """One recipient can't be used. ``field`` is the column; ``row`` counts from 1, 0 when there is none."""

    code = "bad_recipient"

    def __init__(
        self, message: str, *, field: str = "phone", row: int = 0, hint: str = "", code: str | None = None
    ) -> None:
        super().__init__(message, hint=hint, code=code)
        self.field = field
        self.row = row


class BadFile(UsageError):
    """A file of recipients can't be read: missing, empty, undecodable, without a phone column."""

    code = "bad_file"


class BadTemplate(UsageError):
    """A text template names a column that isn't there, or isn't well formed."""

    code = "bad_template"


class Conflict(UsageError):
    """The same campaign name or idempotency key was used before with another content."""

    code = "conflict"


class NotFound(SmsqError):
    """No campaign, message or batch has that id."""

    code = "not_found"


class Unavailable(SmsqError):
    """Redis can't be reached, is full, or refuses writes. The call either happened or did not, never half."""

    code = "redis_unavailable"


class WaitTimeout(SmsqError):
    """The outcome was not known in the time given; the work goes on regardless."""

    code = "timeout"
