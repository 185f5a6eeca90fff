"""Every row of the table, over a real socket."""

from __future__ import annotations

import re

import pytest

from producers.contract import Hold, NotSent, Refused
from worker.providers.base import ProviderError
from worker.providers.smsc import SmscClient
from worker.providers.smsc.codes import SEND_ERRORS

from .calls import BALANCE, Case
from .cases import CASES
from .servers import LiteralServer


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_case(case: Case, client: SmscClient, server: LiteralServer) -> None:
    server.status, server.body, server.headers = case.status, case.body, case.headers

    if isinstance(case.outcome, ProviderError):
        with pytest.raises(ProviderError) as caught:
            await _call(client, case)
        assert vars(caught.value) == vars(case.outcome)
    else:
        assert await _call(client, case) == case.outcome

    assert server.asked == [("POST", case.call.path, case.call.form)]


async def _call(client: SmscClient, case: Case) -> object:
    call = case.call
    if call is BALANCE:
        return await client.balance()
    if call.request is not None:
        return await client.send(call.request)
    return await client.status(call.queries, full=call.full)


@pytest.mark.parametrize("code", sorted(SEND_ERRORS))
def test_every_error_code_has_a_row(code: int) -> None:
    decided = [
        case.outcome
        for case in CASES
        if case.call.request is not None and isinstance(case.outcome, Refused | NotSent | Hold)
    ]
    assert [outcome for outcome in decided if outcome.code == code]


def test_the_documented_codes_are_all_there() -> None:
    assert set(range(1, 10)) <= set(SEND_ERRORS)


def test_every_literal_reply_has_a_row() -> None:
    wanted = {
        *range(1, 14), 15, 16, 18, 19, 20, 23, *range(25, 29), *range(30, 35), 36, 38, 39, 40,
        42, 43, 44, 45, 47, 49, 50, 51, 53, 55, 56, 59, 60, 62, 63, 64, 65, 73, 74, 75, 77, 78, 79,
    }  # fmt: skip
    found = {int(number) for case in CASES for number in re.findall(r"V-(\d+)", case.name)}
    assert wanted <= found
