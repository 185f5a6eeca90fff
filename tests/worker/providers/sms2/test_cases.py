"""Every row of the table, over a real socket; and every row of the protocol page has one."""

from __future__ import annotations

from collections import Counter

import pytest

from producers.contract import Hold, NotSent, Refused, Taken
from producers.meanings import sms2 as words
from tests.worker.providers.smsc.servers import LiteralServer
from worker.providers.base import ProviderError
from worker.providers.sms2 import Sms2Client, codes, wire

from .calls import EMOJI, MMS, NOW, SEND, STATUS, Case
from .cases import CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.call.path} {case.name}")
async def test_case(
    case: Case, client: Sms2Client, server: LiteralServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.token_hex", lambda size: "0" * size * 2)
    server.status, server.body, server.headers = case.status, case.answer, case.headers
    # For the server's own reading; the bytes are compared below. With `enc`, only the text is in UTF-8.
    server.charset = {MMS: "utf-8", EMOJI: "latin-1"}.get(case.call, "windows-1251")

    if isinstance(case.decision, ProviderError):
        with pytest.raises(ProviderError) as caught:
            await case.call.do(client)
        assert vars(caught.value) == vars(case.decision)
    else:
        assert await case.call.do(client) == case.decision

    assert [(method, path) for method, path, _ in server.asked] == [("POST", case.call.path)]
    assert server.raw == [case.call.body]


def _shown(case: Case) -> str:
    reply = case.reply if isinstance(case.reply, str) else ""
    return reply.partition(": ")[2] if reply.startswith("Error: ") and case.status == 200 else ""


def _decided_in(path: str) -> Counter[str]:
    return Counter(_shown(case) for case in CASES if case.call.path == path)


#: The rows of the page: error texts by script (SMS2 protocol), counted by hand.
PAGE_ERRORS = [
    ("/sms.cgi", codes.SEND_ERRORS, 10),
    ("/sms_status2.cgi", codes.STATUS_ERRORS, 2),
    ("/api_call.cgi", codes.BASE_ERRORS, 6),
]


@pytest.mark.parametrize(("path", "rows", "number"), PAGE_ERRORS)
def test_every_error_of_the_page(path: str, rows: dict[str, codes.Row], number: int) -> None:
    assert len(rows) == number
    shown = _decided_in(path)
    assert [text for text in rows if not shown[text]] == []
    assert all(row.source for row in rows.values())


SUCCESSES = {
    "/sms.cgi": {"Message successfully sent! Message_ID=27460"},
    "/sms_status2.cgi": {"Status: unknown", "Status: delivered\n", "Status: not_delivered"},
    "/api_call.cgi": {"Success", "Yes", "No", "No phones in base", '{"success"=>2, "errors"=>[]}', "[]"},
    "/get_credit_info.cgi": {"Balance: 5006.75; Overdraft: -10000.00"},
    "/api.php": {"Ok_123456", "Error"},
}


@pytest.mark.parametrize("path", sorted(SUCCESSES))
def test_every_answer_of_the_page(path: str) -> None:
    assert SUCCESSES[path] <= {case.reply for case in CASES if case.call.path == path}


def test_every_script_and_function_of_the_page() -> None:
    assert {case.call.path for case in CASES} == set(SUCCESSES)
    functions = {
        case.call.body.partition(b"function=")[2].partition(b"&")[0].decode()
        for case in CASES
        if case.call.path == wire.BASES_PATH
    }
    assert functions == {
        "list_of_bases",
        "add_phone_to_base",
        "add_phone_to_base_batch",
        "is_phone_in_base",
        "get_base",
        "remove_phone_from_base",
        "start_multicast",
    }


PARAMETERS = "user pass phone message from flash enc mess_id function base phones bases start_at"


@pytest.mark.parametrize("name", PARAMETERS.split())
def test_every_parameter_of_the_page(name: str) -> None:
    names = {pair.partition(b"=")[0] for case in CASES for pair in case.call.body.split(b"&")}
    assert name.encode() in names


def test_every_code_has_words() -> None:
    ours = {row.outcome.code for row in codes.EVERY_ERROR.values()} | {codes.MMS_ERROR, codes.UNKNOWN}
    assert set(words.ERRORS) == ours
    assert len({row.outcome.reason for row in codes.EVERY_ERROR.values()}) == len(codes.EVERY_ERROR)
    assert len({row.outcome.code for row in codes.EVERY_ERROR.values()}) == len(codes.EVERY_ERROR)


def test_every_kind_of_decision() -> None:
    for call in (SEND, NOW):
        kinds = {type(case.decision) for case in CASES if case.call is call}
        assert kinds >= {Taken, Refused, NotSent, Hold}
    assert any(isinstance(case.decision, list) for case in CASES if case.call is STATUS)


def test_names_are_different() -> None:
    named = Counter((case.call.body, case.name) for case in CASES)
    assert [name for name, number in named.items() if number > 1] == []


@pytest.mark.parametrize(("minute", "wait"), [(60.0, 600.0), (0.6, 6.0)])
def test_a_shorter_minute(minute: float, wait: float) -> None:
    outcome = codes.decide("authentication failure", codes.SEND_ERRORS, minute=minute)
    assert isinstance(outcome, NotSent)
    assert outcome.wait == pytest.approx(wait)
    assert codes.decide_read("no such message", minute=minute).wait == minute
