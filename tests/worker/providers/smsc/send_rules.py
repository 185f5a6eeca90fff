"""The table: HTTP statuses of replies to a send, and what is said of single recipients."""

from __future__ import annotations

from producers.contract import NO_ERR, InDoubt, RecipientResult, Refused
from producers.states import RecipientState as S

from .calls import AUTH, CONCURRENT, EVERY_ROW, ONE, THREE, Case, batch, batch_taken, refused

_OK = '{"id":7,"cnt":1}'
_DENIED = '{"error":"message is denied","error_code":6}'

SEND_HTTP = [
    Case("201 ok", ONE, _OK, InDoubt("http_201"), 201),
    Case("204", ONE, "", InDoubt("http_204"), 204),
    Case("206 ok", ONE, _OK, InDoubt("http_206"), 206),
    Case("302", ONE, "", InDoubt("http_302"), 302, {"Location": "/elsewhere"}),
    Case("307 ok", ONE, _OK, InDoubt("http_307"), 307, {"Location": "/elsewhere"}),
    Case("302 error", ONE, _DENIED, InDoubt("http_302"), 302, {"Location": "/elsewhere"}),
    Case("400 error", ONE, _DENIED, Refused(6, "message_denied"), 400),
    Case("403 error", ONE, '{"error":"authorise error","error_code":2}', AUTH, 403),
    Case("429 error", ONE, "ERROR = 9 (too many concurrent requests)", CONCURRENT, 429),
    Case("429 of another machine", ONE, '{"error":"rate limited"}', InDoubt("http_429"), 429),
    Case("429 words", ONE, "Too Many Requests", InDoubt("http_429"), 429),
    Case("400 ok", ONE, _OK, InDoubt("http_400"), 400),
    Case("404 page", ONE, "<html>404</html>", InDoubt("http_404"), 404),
    Case("413", ONE, "<html>413</html>", InDoubt("http_413"), 413),
    Case("500 empty", ONE, "", InDoubt("http_500"), 500),
    Case("500 ok", ONE, _OK, InDoubt("http_500"), 500),
    Case("500 error", ONE, _DENIED, InDoubt("http_500"), 500),
    Case("502 page", ONE, "<html>Bad Gateway</html>", InDoubt("http_502"), 502),
    Case("503 throttle", ONE, '{"error_code":9}', InDoubt("http_503"), 503),
]

SEND_RECIPIENTS = [
    Case("rows with nothing to say", THREE, batch(EVERY_ROW), batch_taken({})),
    Case(
        "costs",
        THREE,
        batch(
            '[{"phone":"79990000001","mccmnc":"25001","cost":"2.8","status":"","error":""},'
            '{"phone":"79990000002","mccmnc":"25002","cost":"2.80"},{"phone":"79990000003","cost":2.8}]'
        ),
        batch_taken({index: RecipientResult(S.TAKEN, cost=28_000) for index in range(3)}),
    ),
    Case(
        "one refused",
        THREE,
        batch(
            '[{"phone":"79990000001","cost":"4.2","status":"-1"},'
            '{"phone":"79990000002","cost":"0","status":"22","error":"7"},'
            '{"phone":"79990000003","cost":"4.2","status":"0","error":"0"}]'
        ),
        batch_taken(
            {
                0: RecipientResult(S.TAKEN, -1, NO_ERR, 42_000),
                1: refused(22, 7),
                2: RecipientResult(S.TAKEN, 0, 0, 42_000),
            }
        ),
    ),
    Case(
        "no money for one",
        THREE,
        batch('[{"phone":"79990000003","status":"24","error":"3"},{"phone":"79990000001","error":"8"}]'),
        batch_taken({2: refused(24, 3), 0: refused(err=8)}),
    ),
    Case(
        "each refusing status",
        THREE,
        batch(
            '[{"phone":"79990000001","status":20},{"phone":"79990000002","status":23},'
            '{"phone":"79990000003","status":25}]'
        ),
        batch_taken({0: refused(20), 1: refused(23), 2: refused(25)}),
    ),
    Case(
        "test mode",
        THREE,
        batch('[{"phone":"79990000001","status":"-1","error":"200","cost":null}]'),
        batch_taken({0: RecipientResult(S.TAKEN, -1, 200)}),
    ),
    Case(
        "already delivered",
        THREE,
        batch('[{"phone":"79990000001","status":"1","error":"6"}]'),
        batch_taken({0: RecipientResult(S.DELIVERED, 1, 6)}),
    ),
    Case(
        "plus, strangers, twice the same",
        THREE,
        batch(
            '[{"phone":"+79990000002","error":"7"},{"phone":"79990000009","error":"7"},{"phone":"G5"},'
            '{"phone":"79990000002","cost":"1"},{"error":"7"},null,7]'
        ),
        batch_taken({1: refused(err=7)}),
    ),
    Case(
        "an object by number",
        THREE,
        batch('{"0":{"phone":"79990000001","cost":"1"},"2":{"phone":79990000003,"error":7}}'),
        batch_taken({0: RecipientResult(S.TAKEN, cost=10_000), 2: refused(err=7)}),
    ),
    Case(
        "an object by phone",
        THREE,
        batch('{"79990000002":{"cost":"1"},"+79990000003":{"error":7}}'),
        batch_taken({1: RecipientResult(S.TAKEN, cost=10_000), 2: refused(err=7)}),
    ),
    Case(
        "one row alone", THREE, batch('{"phone":"79990000002","error":"7"}'), batch_taken({1: refused(err=7)})
    ),
    Case(
        "odd members",
        THREE,
        batch(
            '[{"phone":"79990000001","status":[1],"error":{},"cost":true},'
            '{"phone":"79990000002","status":"999","error":"-5","cost":"x"},'
            '{"phone":"79990000003","status":"6","error":"denied","cost":"1"}]'
        ),
        batch_taken({1: refused(), 2: RecipientResult(S.TAKEN, 6, cost=10_000)}),
    ),
]
