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
from producers.kinds import Kind, SendOptions
from producers.producer import AsyncProducer, Producer
from producers.provider_calls import AsyncWaitCall, WaitCall
from producers.receipts import AsyncCampaign, AsyncReceipt, Campaign, Receipt
from producers.settings import Settings

__all__ = [
    "AsyncCampaign",
    "AsyncProducer",
    "AsyncReceipt",
    "AsyncWaitCall",
    "BadFile",
    "BadRecipient",
    "BadTemplate",
    "Campaign",
    "Conflict",
    "Kind",
    "NotFound",
    "Producer",
    "Receipt",
    "SendOptions",
    "Settings",
    "SettingsError",
    "SmsqError",
    "Unavailable",
    "UsageError",
    "WaitCall",
    "WaitTimeout",
]
