"""From the reply to a status request to one result for each (message id, recipient) pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from producers.contract import RecipientResult, StatusResult
from producers.meanings.smsc import STATUSES
from producers.states import RecipientState
from worker.providers.smsc import hlr, lines
from worker.providers.smsc.codes import STATUS_UNKNOWN
from worker.providers.smsc.recipients import err_code, status_code
from worker.providers.smsc.replies import Document, UnreadableError
from worker.providers.smsc.values import as_cost, as_count, as_id, as_int, as_recipient

#: A message id, and a phone (E.164 digits) or an e-mail address.
Query = tuple[str, int | str]
Row = Mapping[str, object]


def results(document: Document, queries: Sequence[Query], *, level: int = 0) -> list[StatusResult]:
    """Return one result a query, in the order of the queries; ``phone`` is 0 for an e-mail address.

    Raises:
        UnreadableError: ``bad_reply``: a query without a row, a row without a status, or no rows at all.
    """
    found = matched(document, queries, level=level)
    return [_result(row, recipient) for row, (_, recipient) in zip(found, queries, strict=True)]


def matched(document: Document, queries: Sequence[Query], *, level: int = 0) -> list[Row]:
    """Return each query's row, in the order of the queries.

    A row that is missing is never read as "unknown": on an unknown message the caller sends again.

    Args:
        document: The reply.
        queries: What was asked for.
        level: The parameter `all` of the request.

    Raises:
        UnreadableError: ``bad_reply``: a query without a row, or no rows at all.
    """
    rows = _rows(document, len(queries), level)
    return rows if _in_order(rows, queries) else _by_name(rows, queries)


def status_of(row: Row) -> int:
    """Return the status code of a record.

    Raises:
        UnreadableError: ``bad_reply``: there is none.
    """
    code = as_int(row.get("status"))
    if code is None:
        raise UnreadableError("bad_reply")
    return code


def _rows(document: Document, expected: int, level: int) -> list[Row]:
    if document.items is not None:
        return [row for row in document.items if isinstance(row, dict)]
    if document.members is not None:
        return [document.members]
    if expected == 1:
        return [lines.record(document.text, level=level)]
    return [
        lines.record(line, level=level, several=True) for line in document.text.splitlines() if line.strip()
    ]


def _in_order(rows: Sequence[Row], queries: Sequence[Query]) -> bool:
    """Say whether the rows are the queries' rows one by one.

    The form for a single message carries no names. Among several, a row without its phone could be anybody's.
    """
    alone = len(queries) == 1
    return len(rows) == len(queries) and all(
        as_id(row.get("id")) in {"", message_id}
        and (_is(row, recipient) or (alone and _unnamed(row, recipient)))
        for row, (message_id, recipient) in zip(rows, queries, strict=True)
    )


def _is(row: Row, recipient: int | str) -> bool:
    return as_recipient(row.get("phone")) == _key(recipient)


def _unnamed(row: Row, recipient: int | str) -> bool:
    """Say whether a row names nobody; a phone that is masked (``7999..``) is nobody's name."""
    name = as_recipient(row.get("phone"))
    return name is None if isinstance(recipient, str) else not isinstance(name, int)


def _key(recipient: int | str) -> int | str:
    return recipient.strip().lower() if isinstance(recipient, str) else recipient


def _by_name(rows: Sequence[Row], queries: Sequence[Query]) -> list[Row]:
    named = {(as_id(row.get("id")), as_recipient(row.get("phone"))): row for row in rows}
    try:
        return [named[message_id, _key(recipient)] for message_id, recipient in queries]
    except KeyError:
        raise UnreadableError("bad_reply") from None


def _result(row: Row, recipient: int | str) -> StatusResult:
    code = status_of(row)
    err = as_int(row.get("err"))
    state = STATUSES[code].state if code in STATUSES else RecipientState.TAKEN
    if hlr.asks_the_network(row):
        state = hlr.state(code, err, state)
    return StatusResult(
        recipient if isinstance(recipient, int) else 0,
        known=code != STATUS_UNKNOWN,
        result=RecipientResult(state, status_code(code), err_code(err), as_cost(row.get("cost"))),
        changed_at=as_count(row.get("last_timestamp")) or 0,
        segments=as_count(row.get("sms_cnt")),
        hlr=hlr.found(row),
    )
