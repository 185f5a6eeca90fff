"""Everything that an application imports to send, and everything that puts work on the queue.

    from producers import Producer

    sms = Producer.from_env()
    receipt = sms.send("+79991234567", "Код 1234", urgent=True, key="otp-42")
    receipt.outcome(timeout=30)

`Producer` and `AsyncProducer` have the same methods. Errors: `producers.errors`.
"""

from producers.errors import (
    BadFile,
    BadRecipient,
    BadTemplate,
    Conflict,
    NotFound,
    SettingsError,
    SmsqError,
    Unavailable,
    UsageError,
    WaitTimeout,
)
from producers.producer import AsyncProducer, Producer
from producers.receipts import AsyncCampaign, AsyncReceipt, Campaign, Receipt
from producers.settings import Settings

__all__ = [
    "AsyncCampaign",
    "AsyncProducer",
    "AsyncReceipt",
    "BadFile",
    "BadRecipient",
    "BadTemplate",
    "Campaign",
    "Conflict",
    "NotFound",
    "Producer",
    "Receipt",
    "Settings",
    "SettingsError",
    "SmsqError",
    "Unavailable",
    "UsageError",
    "WaitTimeout",
]
