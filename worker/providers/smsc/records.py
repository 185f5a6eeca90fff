"""Whole records of messages: look-up, history and deletion."""

from __future__ import annotations

from producers.answers import Done, Record, Records
from producers.questions import AskHistory, AskStatus, DeleteMessage
from worker.providers.smsc import hlr, lines, requests, statuses
from worker.providers.smsc.call import GET_PATH, STATUS_PATH, Call, UnsendableError, single
from worker.providers.smsc.codes import STATUS_UNKNOWN
from worker.providers.smsc.replies import Document, UnreadableError
from worker.providers.smsc.rows import Row, rows
from worker.providers.smsc.values import as_cost, as_count, as_id, as_int, as_text

#: The parameter `all` that brings the whole record.
WHOLE = 2

#: The number of e-mails in the parameter `format` of the history (SMSC protocol, history).
_EMAIL_FORMAT = "8"

#: Members that are words, by the names of `Record`.
_WORDS = {
    "status_name": "status_name",
    "sender": "sender_id",
    "text": "message",
    "comment": "comment",
    "country": "country",
    "operator": "operator",
    "original_operator": "operator_orig",
    "region": "region",
    "mccmnc": "mccmnc",
}


def ask_status(question: AskStatus) -> Call:
    """Return the look-up of messages with all that the provider knows of them."""
    return requests.status_call(queries(question), level=WHOLE)


def queries(question: AskStatus | DeleteMessage) -> list[statuses.Query]:
    """Return the (message id, phone or e-mail address) pairs of a question.

    Raises:
        UnsendableError: ``bad_recipient`` or ``bad_id``: one that would be read as several, or none.
    """
    pairs = (
        question.messages if isinstance(question, AskStatus) else ((question.message_id, question.recipient),)
    )
    if not pairs:
        raise UnsendableError("bad_id")
    return [(single(message_id, "bad_id"), _recipient(single(name))) for message_id, name in pairs]


def _recipient(name: str) -> int | str:
    digits = name.removeprefix("+")
    return int(digits) if digits.isdecimal() and digits.isascii() else name


def looked_up(document: Document, question: AskStatus) -> Records:
    """Return the records in the order of the question.

    Raises:
        UnreadableError: ``bad_reply``: a message without a record.
    """
    found = statuses.matched(document, queries(question), level=WHOLE)
    return Records(
        tuple(
            _record(row, message_id, name)
            for row, (message_id, name) in zip(found, question.messages, strict=True)
        )
    )


def ask_history(question: AskHistory) -> Call:
    """Return the request for a page of the history."""
    given = [
        ("start", question.start),
        ("end", question.end),
        ("phone", ",".join(map(single, question.phones))),
        ("email", ",".join(map(single, question.emails))),
        ("format", _EMAIL_FORMAT if question.email or question.emails else ""),
        ("cnt", str(question.count)),
        ("prev_id", str(question.before) if question.before else ""),
    ]
    return Call(
        GET_PATH, [("get_messages", "1"), *[(name, value) for name, value in given if value]], reads=True
    )


def history(document: Document, question: AskHistory) -> Records:  # noqa: ARG001
    """Return a page of the history, in the provider's order.

    Raises:
        UnreadableError: ``bad_reply``: something else than records.
    """
    if document.members is None and document.items is None:
        # Format 0 as recorded; format 1 isn't documented.
        found: list[Row] = [lines.record(line) for line in document.text.splitlines() if line.strip()]
    else:
        found = rows(document)
    return Records(tuple(_record(row, "", "") for row in found))


def delete(question: DeleteMessage) -> Call:
    """Return the request to delete a message."""
    call = requests.status_call(queries(question), level=0)
    return Call(STATUS_PATH, [*call.parameters, ("del", "1")])


def done(document: Document, question: object) -> Done:  # noqa: ARG001
    """Return that it is done.

    JSON has been recorded; that the other formats say the word alone is unconfirmed.

    Raises:
        UnreadableError: ``bad_reply``: the provider doesn't say so.
    """
    said = document.members.get("result") if document.members is not None else document.text
    if as_text(said).upper() != "OK":
        raise UnreadableError("bad_reply")
    return Done()


def _record(row: Row, message_id: str, recipient: str) -> Record:
    code = statuses.status_of(row)
    return Record(
        message_id=message_id or as_id(row.get("id")),
        recipient=recipient or as_text(row.get("phone")).removeprefix("+"),
        known=code != STATUS_UNKNOWN,
        status=code,
        err=as_int(row.get("err")),
        changed_at=as_count(row.get("last_timestamp")) or 0,
        sent_at=as_count(row.get("send_timestamp")) or 0,
        cost=as_cost(row.get("cost")),
        segments=as_count(row.get("sms_cnt")),
        kind=hlr.kind(row),
        global_id=as_int(row.get("int_id")) or 0,
        hlr=hlr.found(row),
        **{name: as_text(row.get(member)) for name, member in _WORDS.items()},
    )
