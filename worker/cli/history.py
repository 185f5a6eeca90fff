"""The provider's history of sent messages."""

from __future__ import annotations

from collections.abc import Sequence

from producers.answers import Record, Records
from producers.errors import UsageError
from producers.kind_checks import parse_recipient
from producers.kinds import Kind
from producers.questions import AskHistory
from worker.cli import answers, asking
from worker.cli.moments import parse_days
from worker.cli.record_views import moment, money, record_json, status_words

_COLUMNS = ("sent", "recipient", "status", "segments", "cost", "sender", "text")
#: Most records of one request (SMSC protocol, history).
_PAGE = 1000


def show(
    *,
    start: str | None,
    end: str | None,
    phones: Sequence[str],
    emails: Sequence[str],
    count: int,
    timeout: float,
    as_json: bool,
) -> None:
    """Ask for sent messages, page by page, and show them with their texts."""
    if phones and emails:
        raise UsageError("--phone and --email are both given", hint="give one of them", code="bad_recipient")
    first, last = parse_days(start, end)
    question = AskHistory(
        start=first,
        end=last,
        phones=tuple(str(parse_recipient(Kind.SMS, phone)) for phone in phones),
        emails=tuple(str(parse_recipient(Kind.EMAIL, address)) for address in emails),
        email=bool(emails),
    )
    records, age, more = _pages(question, count, timeout)
    if as_json:
        answers.write_json(
            {
                "messages": [record_json(record, with_text=True) for record in records],
                "more": more,
                "age_seconds": round(age, 3),
            }
        )
        return
    answers.write_table(
        _COLUMNS,
        (
            (
                moment(record.sent_at),
                record.recipient,
                status_words(record),
                "" if record.segments is None else record.segments,
                money(record.cost),
                record.sender,
                record.text,
            )
            for record in records
        ),
        right=("segments", "cost"),
    )
    answers.note_age(age)
    if more:
        answers.note(f"there may be more than {count}: --count shows them")


def _pages(question: AskHistory, count: int, timeout: float) -> tuple[list[Record], float, bool]:
    """Return the records, how old the oldest page is, and whether there may be more."""
    import msgspec

    records: list[Record] = []
    age, before = 0.0, 0
    while len(records) < count:
        wanted = min(count - len(records), _PAGE)
        page = msgspec.structs.replace(question, count=wanted, before=before)
        found = asking.ask(page, timeout=timeout)
        got = asking.expect(found, Records).records
        records += got
        age = max(age, found.age)
        last = got[-1].global_id if got else 0
        if len(got) < wanted or not last or last == before:
            return records, age, False
        before = last
    return records, age, True
