"""Incoming messages."""

from __future__ import annotations

from datetime import datetime

from producers.answers import Inbox
from producers.phones import parse_phone
from producers.questions import AskInbox
from worker.cli import answers, asking

_COLUMNS = ("id", "received", "phone", "to", "text")


def show(*, after: int, hours: int, to_phone: str | None, count: int, timeout: float, as_json: bool) -> None:
    """Ask for incoming messages and show them with their texts."""
    to = str(parse_phone(to_phone)) if to_phone else ""
    found = asking.ask(AskInbox(count=count, hours=hours, after=after, to_phone=to), timeout=timeout)
    messages = asking.expect(found, Inbox).messages
    if as_json:
        answers.write_json(
            {
                "messages": [
                    {
                        "id": message.id,
                        "phone": message.phone,
                        "to_phone": message.to_phone,
                        "text": message.text,
                        "received": account_time(message.received),
                        "sent": account_time(message.sent),
                    }
                    for message in messages
                ],
                "age_seconds": round(found.age, 3),
            }
        )
        return
    answers.write_table(
        _COLUMNS,
        ((item.id, item.received, item.phone, item.to_phone, item.text) for item in messages),
        right=("id",),
    )
    answers.note_age(found.age)


def account_time(text: str) -> str:
    """Return a time in the account's zone, which the provider doesn't tell, as ISO 8601 without one."""
    try:
        return datetime.strptime(text, "%d.%m.%Y %H:%M:%S").isoformat()  # noqa: DTZ007
    except ValueError:
        return text
