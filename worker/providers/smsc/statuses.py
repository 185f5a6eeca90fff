"""From the reply to a status request to one result for each (message id, phone) pair that was asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from producers.contract import RecipientResult, StatusResult
from producers.meanings.smsc import STATUSES
from producers.states import RecipientState
from worker.providers.smsc.codes import STATUS_UNKNOWN
from worker.providers.smsc.recipients import err_code, status_code
from worker.providers.smsc.replies import Document, UnreadableError
from worker.providers.smsc.values import as_cost, as_count, as_id, as_int, as_phone

Query = tuple[str, int]
_Row = Mapping[str, object]

_LINE = re.compile(r"-?\d+(?:,.*)?")


def results(document: Document, queries: Sequence[Query]) -> list[StatusResult]:
    """Return one result a query, in the order of the queries.

    A row that is missing is never read as "unknown": on an unknown message the caller sends again.

    Raises:
        UnreadableError: ``bad_reply``: a query without a row, a row without a status, or no rows at all.
    """
    rows = _rows(document, len(queries))
    found = rows if _in_order(rows, queries) else _by_name(rows, queries)
    return [_result(row, phone) for row, (_, phone) in zip(found, queries, strict=True)]


def _rows(document: Document, expected: int) -> list[_Row]:
    if document.items is not None:
        return [row for row in document.items if isinstance(row, dict)]
    if document.members is not None:
        return [document.members]
    return [_line_members(line, single=expected == 1) for line in document.text.splitlines() if line.strip()]


def _line_members(line: str, *, single: bool) -> _Row:
    """Read a line of format 1: status, time, error; in the form for several messages id and phone last."""
    if not _LINE.fullmatch(line):
        raise UnreadableError("bad_reply")
    fields = line.split(",")
    members: dict[str, object] = dict(zip(("status", "last_timestamp", "err"), fields, strict=False))
    if len(fields) >= 5:
        members["id"], members["phone"] = fields[-2:]
    elif not single:
        raise UnreadableError("bad_reply")
    return members


def _in_order(rows: Sequence[_Row], queries: Sequence[Query]) -> bool:
    """Say whether the rows are the queries' rows one by one.

    The form for a single message carries no names. Among several, a row without its phone could be anybody's.
    """
    alone = len(queries) == 1
    return len(rows) == len(queries) and all(
        as_id(row.get("id")) in {"", message_id}
        and (as_phone(row.get("phone")) == phone or (alone and as_phone(row.get("phone")) is None))
        for row, (message_id, phone) in zip(rows, queries, strict=True)
    )


def _by_name(rows: Sequence[_Row], queries: Sequence[Query]) -> list[_Row]:
    named = {(as_id(row.get("id")), as_phone(row.get("phone"))): row for row in rows}
    try:
        return [named[query] for query in queries]
    except KeyError:
        raise UnreadableError("bad_reply") from None


def _result(row: _Row, phone: int) -> StatusResult:
    code = as_int(row.get("status"))
    if code is None:
        raise UnreadableError("bad_reply")
    state = STATUSES[code].state if code in STATUSES else RecipientState.TAKEN
    return StatusResult(
        phone,
        known=code != STATUS_UNKNOWN,
        result=RecipientResult(
            state, status_code(code), err_code(as_int(row.get("err"))), as_cost(row.get("cost"))
        ),
        changed_at=as_count(row.get("last_timestamp")) or 0,
        segments=as_count(row.get("sms_cnt")),
    )
