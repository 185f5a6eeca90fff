"""The provider's own record of a message's recipients."""

from __future__ import annotations

from producers import Producer
from producers.answers import Record, Records
from producers.questions import AskStatus
from worker.cli import answers, asking
from worker.cli.provider_ids import find_pairs
from worker.cli.record_views import moment, money, record_json, status_words

_COLUMNS = ("recipient", "status", "changed", "cost", "segments", "operator", "country", "region")


def show(message: str, *, timeout: float, as_json: bool) -> None:
    """Ask the provider for its records and show them."""
    with Producer.from_env() as producer:
        pairs = find_pairs(producer, message)
        at_once = producer.settings.smsc.status_pairs
    records: list[Record] = []
    age = 0.0
    for start in range(0, len(pairs), at_once):
        question = AskStatus(messages=tuple(pairs[start : start + at_once]))
        found = asking.ask(question, timeout=timeout)
        records += asking.expect(found, Records).records
        age = max(age, found.age)
    if as_json:
        answers.write_json(
            {
                "id": message,
                "records": [record_json(record, with_text=False) for record in records],
                "age_seconds": round(age, 3),
            }
        )
        return
    answers.write_table(
        _COLUMNS,
        (
            (
                record.recipient,
                status_words(record) if record.known else "the provider has no such message",
                moment(record.changed_at),
                money(record.cost),
                "" if record.segments is None else record.segments,
                record.operator,
                record.country,
                record.region,
            )
            for record in records
        ),
        right=("cost", "segments"),
    )
    answers.note_age(age)
