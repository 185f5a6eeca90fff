"""Takes phone numbers, texts and secrets out of whatever is about to be logged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from producers.masking import mask_phone

#: Members that are never logged, whatever they hold.
SECRET_KEYS = frozenset(
    {
        "psw",
        "password",
        "apikey",
        "api_key",
        "authorization",
        "pass",
        "hash",
        "login",
        "secret",
        "token_value",
    }
)
TEXT_KEYS = frozenset({"mes", "message", "text", "texts", "list", "template", "body"})
_SECRET_PAIR = re.compile(r"(?i)\b(psw|password|apikey|api_key|pass|hash|secret)=[^&\s\"']+")
_URL_PASSWORD = re.compile(r"(?i)\b([a-z+]+://)[^/@\s]*@")
#: A run of 10 to 15 digits that isn't part of a longer word: what a phone number looks like. Times in
#: milliseconds have 13 and are written as numbers, not as text.
_PHONE = re.compile(r"(?<![\w.])\+?\d{10,15}(?![\w.])")


def redact_text(text: str) -> str:
    """Return a text without secrets and with phone numbers masked."""
    text = _SECRET_PAIR.sub(lambda match: f"{match[1]}=***", text)
    text = _URL_PASSWORD.sub(r"\1***@", text)
    return _PHONE.sub(lambda match: mask_phone(match[0].lstrip("+")), text)


def redact(value: Any, key: str = "") -> Any:
    """Return a value fit for logging: any depth of mappings and lists."""
    lowered = key.lower()
    if lowered in SECRET_KEYS:
        return "***"
    if lowered in TEXT_KEYS:
        return "[text]" if isinstance(value, str) else "[texts]"
    if lowered in {"phone", "phones"} and isinstance(value, (int, str)):
        return mask_phone(value)
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, Mapping):
        return {name: redact(item, str(name)) for name, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [redact(item, key) for item in value]
    return value


def redact_event(_logger: Any, _method: str, event: Mapping[str, Any]) -> dict[str, Any]:
    """A structlog processor that redacts every member of an event; ``event`` itself is a fixed word."""
    return {name: redact(value, name if name != "event" else "") for name, value in event.items()}
