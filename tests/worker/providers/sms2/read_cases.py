"""The table: look-ups and the balance."""

from __future__ import annotations

from producers.answers import BalanceAnswer
from producers.contract import NO_ERR, Balance, RecipientResult, StatusResult
from producers.states import RecipientState as S

from .calls import ASK_BALANCE, BALANCE, STATUS, A, Case, bad


def _status(state: S, code: int, *, known: bool = True) -> list[StatusResult]:
    return [StatusResult(A, known=known, result=RecipientResult(state, code, NO_ERR))]


STATUSES = [
    Case("unknown", STATUS, "Status: unknown", _status(S.TAKEN, 0)),
    Case("delivered", STATUS, "Status: delivered\n", _status(S.DELIVERED, 1)),
    Case("not delivered", STATUS, "Status: not_delivered", _status(S.FAILED, 20)),
    Case("no such message", STATUS, "Error: no such message", _status(S.TAKEN, -3, known=False)),
    Case("auth", STATUS, "Error: authentication failure", bad("auth", 600.0, 1, pause=True)),
    Case("undocumented", STATUS, "Error: 79119876543", bad("unknown_error", code=99)),
    Case("undocumented status", STATUS, "Status: expired", bad("bad_reply")),
    Case("empty", STATUS, "", bad("bad_reply")),
    Case("page", STATUS, "<html></html>", bad("bad_reply")),
    Case("500", STATUS, "Status: delivered", bad("http_500"), 500),
    Case("502 error", STATUS, "Error: no such message", bad("http_502"), 502),
    Case("404", STATUS, "Error: no such message", _status(S.TAKEN, -3, known=False), 404),
    Case("404 page", STATUS, "Error: what", bad("http_404"), 404),
]

_TEXT = "Balance: 5006.75; Overdraft: -10000.00"

BALANCES = [
    Case("balance", BALANCE, _TEXT, Balance(50_067_500, 100_000_000, "RUR")),
    Case("answer", ASK_BALANCE, _TEXT, BalanceAnswer(50_067_500, 100_000_000, "RUR")),
    Case("in debt", ASK_BALANCE, "Balance: -0.5; Overdraft: 0", BalanceAnswer(-5_000, 0, "RUR")),
    Case("a threshold", ASK_BALANCE, "Balance: 10; Overdraft: 2.50", BalanceAnswer(100_000, -25_000, "RUR")),
    Case("auth", ASK_BALANCE, "Error: authentication failure", bad("auth", 600.0, 1, pause=True)),
    Case("half", ASK_BALANCE, "Balance: 5006.75;", bad("bad_reply")),
    Case("words", ASK_BALANCE, "Balance: NaN; Overdraft: 0", bad("bad_reply")),
    Case("503", ASK_BALANCE, _TEXT, bad("http_503"), 503),
]

READS = [*STATUSES, *BALANCES]
