"""Every code and every throttled method of the protocol page has a row in one of the tables; counted here."""

from __future__ import annotations

from collections import Counter

import pytest

from producers.contract import NO_ERR, Hold, NotSent, Refused
from producers.meanings.smsc import DELIVERY_ERRORS, REQUEST_ERRORS, STATUSES
from worker.providers.base import ProviderError
from worker.providers.smsc.codes import SEND_ERRORS
from worker.providers.smsc.methods import METHODS
from worker.providers.smsc.read_codes import COMMON, NOTHING_FOUND
from worker.providers.smsc.read_codes import METHODS as READ_ERRORS

from . import (
    test_balance,
    test_delete,
    test_downloads,
    test_history,
    test_inbox,
    test_operator,
    test_price,
    test_receive_phones,
    test_statistics,
    test_status,
    test_wait_call,
)
from .asks import Row
from .cases import CASES
from .test_download_file import ERRORS as FILE_ERRORS

ROWS: list[Row] = [
    *test_balance.ROWS,
    *test_delete.ROWS,
    *test_downloads.ROWS,
    *test_history.ROWS,
    *test_inbox.ROWS,
    *test_operator.ROWS,
    *test_price.ROWS,
    *test_receive_phones.ROWS,
    *test_statistics.ROWS,
    *test_statistics.TARIFF_ROWS,
    *test_status.ROWS,
    *test_wait_call.ROWS,
]

#: By endpoint, the error codes that its rows decide on; the empty answer counts as code 3.
DECIDED = Counter(
    (METHODS[type(row.asked.question)].endpoint, row.answer.code)
    for row in ROWS
    if isinstance(row.answer, ProviderError) and row.answer.code
)

SENDS = Counter(
    case.outcome.code
    for case in CASES
    if case.call.request is not None and isinstance(case.outcome, Refused | NotSent | Hold)
)

#: What the page says is throttled, in the endpoints that we have (SMSC protocol, throttles per method).
THROTTLED = {
    "price",
    "status",
    "delete",
    "balance",
    "history",
    "inbox",
    "statistics",
    "tariffs",
    "operator",
    "numbers",
    "rent",
    "renewal",
    "wait_call",
    "downloads",
}


@pytest.mark.parametrize("code", range(1, 10))
def test_send_error(code: int) -> None:
    assert code in SEND_ERRORS
    assert code in REQUEST_ERRORS
    assert SENDS[code] >= 1


def test_every_send_error_of_our_tables() -> None:
    assert set(SENDS) >= set(SEND_ERRORS)


@pytest.mark.parametrize("code", sorted(STATUSES))
def test_status_code(code: int) -> None:
    asked = [
        record
        for row in test_status.ROWS
        if not isinstance(row.answer, ProviderError)
        for record in row.answer.records
        if record.status == code
    ]
    polled = [
        result
        for case in CASES
        if case.call.queries and isinstance(case.outcome, list)
        for result in case.outcome
        if result.result.status == code
    ]
    assert asked
    assert polled


@pytest.mark.parametrize("code", sorted(DELIVERY_ERRORS))
def test_delivery_error(code: int) -> None:
    asked = [
        record
        for row in test_status.ROWS
        if not isinstance(row.answer, ProviderError)
        for record in row.answer.records
        if record.err == code
    ]
    polled = [
        result
        for case in CASES
        if case.call.queries and isinstance(case.outcome, list)
        for result in case.outcome
        if result.result.err == code != NO_ERR
    ]
    assert asked
    assert polled


@pytest.mark.parametrize("endpoint", sorted(THROTTLED))
def test_throttled_method(endpoint: str) -> None:
    assert DECIDED[endpoint, 9] >= 5  # in four formats, and the parallel one


def test_throttled_sends_and_files() -> None:
    assert SENDS[9] >= 5
    assert sum(error.code == 9 for _, _, error in FILE_ERRORS) >= 4


def test_all_methods_are_throttled_ones() -> None:
    assert {method.endpoint for method in METHODS.values()} == THROTTLED


@pytest.mark.parametrize("endpoint", sorted(THROTTLED))
def test_common_errors(endpoint: str) -> None:
    assert [code for code in (1, 2, 4) if DECIDED[endpoint, code] < 4] == []


@pytest.mark.parametrize(
    ("endpoint", "code"), [(name, code) for name, rows in READ_ERRORS.items() for code in rows]
)
def test_error_of_a_method(endpoint: str, code: int) -> None:
    name = "status" if endpoint == "status_one" else endpoint
    assert DECIDED[name, code] >= 4
    assert READ_ERRORS[endpoint][code].source


@pytest.mark.parametrize("endpoint", sorted(NOTHING_FOUND))
def test_nothing_found(endpoint: str) -> None:
    rows = [
        row
        for row in ROWS
        if METHODS[type(row.asked.question)].endpoint == endpoint
        and row.name.startswith(("nothing found", "not found"))
    ]
    assert len(rows) == 4
    assert not [row for row in rows if isinstance(row.answer, ProviderError)]


def test_every_row_has_its_source() -> None:
    assert all(row.source for rows in (COMMON, *READ_ERRORS.values()) for row in rows.values())
    assert all(NOTHING_FOUND.values())


def test_names_of_rows_are_different() -> None:
    twice = [
        name
        for name, number in Counter((repr(row.asked.form), row.name) for row in ROWS).items()
        if number > 1
    ]
    assert twice == []
