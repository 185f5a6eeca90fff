"""What it means to a person when a request for a phone base fails."""

from __future__ import annotations

from producers.errors import NotFound, SmsqError, UsageError
from worker.providers.base import ProviderError


def failed(error: ProviderError, base: str = "") -> SmsqError:
    """Return what a request's failure means to a person."""
    name = repr(base[:40])
    if error.reason == "wrong_base":
        return NotFound(
            f"SMS2 has no base {name}",
            hint="smsq bases list shows them; a new one is made on the provider's page, no call does that",
            code=error.reason,
        )
    if error.reason == "unsendable_text":
        return UsageError(f"SMS2 can have no base {name}: windows-1251 lacks a letter of it", code="bad_base")
    rows = {
        "base_protected": (
            f"base {name} is protected: messages can be sent to it, but it can't be read or changed",
            "smsq bases list shows the others",
        ),
        "auth": ("SMS2 refuses the login or password", "check SMSQ_SMS2_USER and SMSQ_SMS2_PASSWORD"),
        "wrong_phone": ("SMS2 doesn't take this number", ""),
        "reply_too_long": (f"base {name} is too large to be read: its list has more than 8 MB", ""),
    }
    message, hint = rows.get(
        error.reason, (f"SMS2 could not be asked ({error.reason})", "the same command asks again")
    )
    return SmsqError(message, hint=hint, code=error.reason)
