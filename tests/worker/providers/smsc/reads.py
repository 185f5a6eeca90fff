"""The table: replies to requests for statuses and for the balance."""

from __future__ import annotations

from producers.answers import Hlr
from producers.contract import Balance
from producers.meanings.smsc import DELIVERY_ERRORS
from producers.states import RecipientState as S

from .calls import BALANCE, LOGIN, STATUS_24, STATUS_FULL, STATUS_ONE, STATUS_TWO, B, Call, Case, bad, status

HLR = Hlr("250011234567890", "79001234567", "250", "01", "Russia", "MTS")

STATUS = [
    Case(
        "V-42",
        STATUS_24,
        '{"status":1,"last_date":"28.12.2019 19:20:22","last_timestamp":1577550022}',
        [status(S.DELIVERED, 1, 1577550022)],
    ),
    Case(
        "V-43 and V-47, any order",
        STATUS_TWO,
        '[{"status":-3,"id":138,"phone":"79990000002"},{"status":1,"last_date":"15.08.2021 20:27:22",'
        '"last_timestamp":1629048442,"id":182,"phone":"79990000001"}]',
        [status(S.DELIVERED, 1, 1629048442), status(S.TAKEN, -3, phone=B)],
    ),
    Case(
        "V-44",
        STATUS_ONE,
        '{"last_date":"03.03.2018 15:47:14","last_timestamp":1520070434,"status":1}',
        [status(S.DELIVERED, 1, 1520070434)],
    ),
    Case(
        "V-45 test mode",
        STATUS_ONE,
        '{"status":-1,"last_date":"21.05.2023 19:16:17","last_timestamp":1684685777,"flag":0,"err":200}',
        [status(S.TAKEN, -1, 1684685777, err=200)],
    ),
    Case("V-47 alone", STATUS_ONE, '[{"status":-3,"id":"c1.1.1","phone":"7999.."}]', [status(S.TAKEN, -3)]),
    Case(
        "V-49",
        STATUS_ONE,
        '{"status":1,"last_date":"05.11.2021 15:08:20","last_timestamp":1636114100}',
        [status(S.DELIVERED, 1, 1636114100)],
    ),
    Case(
        "V-50",
        STATUS_ONE,
        '{"status":0,"last_date":"01.09.2023 14:39:01","last_timestamp":1693568341,"flag":40}',
        [status(S.TAKEN, 0, 1693568341)],
    ),
    Case(
        "V-51 windows-1251",
        STATUS_FULL,
        '{"cost":"0.00","last_date":"12.03.2018 12:01:04","last_timestamp":1520834464,"message":"hello",'
        '"phone":"79990000001","send_date":"12.03.2018 12:01:02","send_timestamp":1520834462,'
        '"sender_id":"SMS-CENTRE","status":1,"status_name":"Доставлено","type":0}'.encode("cp1251"),
        [status(S.DELIVERED, 1, 1520834464, cost=0)],
    ),
    Case("V-53 deleted", STATUS_ONE, '{"result":"OK"}', bad("bad_reply")),
    Case(
        "V-55",
        STATUS_ONE,
        '{"status":1,"last_date":"06.06.2021 22:11:21","last_timestamp":1623006681}',
        [status(S.DELIVERED, 1, 1623006681)],
    ),
    Case(
        "V-56 HLR",
        Call(
            "/sys/status.php",
            {**LOGIN, "phone": "79991234567", "id": "1001", "all": "1"},
            queries=(("1001", 79991234567),),
            full=True,
        ),
        '{"id":1001,"phone":"79991234567","status":1,"err":0,"imsi":"250011234567890","msc":"79001234567",'
        '"mcc":"250","mnc":"01","cn":"Russia","net":"MTS","region":"Moscow","type":4,"cost":"0.30"}',
        [status(S.DELIVERED, 1, err=0, cost=3_000, phone=79991234567, hlr=HLR)],
    ),
    Case(
        "V-59",
        STATUS_FULL,
        '{"cost":"0.00","country":"Казахстан","last_date":"13.03.2018 15:50:50","last_timestamp":1520934650,'
        '"message":"hello","operator":"Beeline","phone":"79990000001","region":"","send_date":'
        '"13.03.2018 15:50:46","send_timestamp":1520934646,"sender_id":"SMS-CENTRE","status":1,'
        '"status_name":"Доставлено","type":0}',
        [status(S.DELIVERED, 1, 1520934650, cost=0)],
    ),
    Case("V-81", STATUS_ONE, "1,1286524541", [status(S.DELIVERED, 1, 1286524541)]),
    Case("fmt 1 with err", STATUS_ONE, "20,1286524541,255", [status(S.FAILED, 20, 1286524541, err=255)]),
    Case("fmt 1 unknown", STATUS_ONE, "-3,0,0", [status(S.TAKEN, -3, err=0)]),
    Case(
        "fmt 1, several",
        STATUS_TWO,
        "20,1286524542,6,138,79990000002\n1,1286524541,0,182,79990000001\n",
        [status(S.DELIVERED, 1, 1286524541, err=0), status(S.FAILED, 20, 1286524542, err=6, phone=B)],
    ),
    Case("fmt 1, several, nameless", STATUS_TWO, "1,1286524541\n1,1286524541", bad("bad_reply")),
    Case("fmt 1, words", STATUS_TWO, "soon,there\nand,back", bad("bad_reply")),
    Case("fmt 1 error", STATUS_TWO, "0,-9", bad("duplicate_request", 62.0, 9)),
    Case(
        "strings and parts",
        STATUS_FULL,
        '{"status":"20","err":"6","last_timestamp":"1","cost":"6.40","sms_cnt":"2"}',
        [status(S.FAILED, 20, 1, err=6, cost=64_000, segments=2)],
    ),
    Case(
        "several, without ids, in order",
        STATUS_TWO,
        '[{"status":1,"phone":"79990000001"},{"status":3,"phone":"+79990000002"}]',
        [status(S.DELIVERED, 1), status(S.EXPIRED, 3, phone=B)],
    ),
    Case("several, nameless", STATUS_TWO, '[{"status":1},{"status":-3}]', bad("bad_reply")),
    Case(
        "several, without phones",
        STATUS_TWO,
        '[{"status":1,"id":182},{"status":-3,"id":138}]',
        bad("bad_reply"),
    ),
    *(
        Case(f"status {code}", STATUS_ONE, f'{{"status":{code},"err":248}}', [status(state, code, err=248)])
        for code, state in {
            -2: S.TAKEN,
            2: S.READ,
            4: S.READ,
            22: S.FAILED,
            23: S.FAILED,
            24: S.FAILED,
            25: S.FAILED,
            6: S.TAKEN,
        }.items()
    ),
    *(
        Case(f"err {code}", STATUS_ONE, f'{{"status":20,"err":{code}}}', [status(S.FAILED, 20, err=code)])
        for code in DELIVERY_ERRORS
    ),
    Case("a row is missing", STATUS_TWO, '[{"status":-3,"id":138,"phone":"79990000002"}]', bad("bad_reply")),
    Case(
        "a row of another",
        STATUS_ONE,
        '[{"status":-3,"id":"c1.1.2","phone":"79990000001"}]',
        bad("bad_reply"),
    ),
    Case("a row too many", STATUS_ONE, '[{"status":-3},{"status":1}]', bad("bad_reply")),
    Case("no status", STATUS_ONE, '{"last_timestamp":5}', bad("bad_reply")),
    *(
        Case(f"nothing to believe: {reply!r}", STATUS_ONE, reply, bad("bad_reply"))
        for reply in ("", "{}", "[]", "null", "<html></html>", '[{"status":-3', "OK", '["a"]')
    ),
    Case("auth", STATUS_ONE, '{"error":"authorise error","error_code":2}', bad("auth", 600.0, 2, pause=True)),
    Case("blocked", STATUS_ONE, '{"error":"x","error_code":4}', bad("ip_blocked", 600.0, 4, pause=True)),
    Case(
        "parameters",
        STATUS_ONE,
        '{"error":"parameters error","error_code":1}',
        bad("parameters_error", 60.0, 1),
    ),
    Case("not found, old", STATUS_ONE, '{"error":"not found","error_code":3}', bad("not_found", 60.0, 3)),
    Case("delete failed", STATUS_ONE, '{"error":"x","error_code":5}', bad("delete_failed", 60.0, 5)),
    Case("unknown error", STATUS_ONE, '{"error":"x","error_code":77}', bad("unknown_error", 60.0, 77)),
    Case(
        "V-84 duplicate",
        STATUS_ONE,
        "ERROR = 9 (duplicate request, wait a minute)",
        bad("duplicate_request", 62.0, 9),
    ),
    Case(
        "parallel", STATUS_ONE, '{"error":"too many concurrent requests"}', bad("too_many_concurrent", 5.0, 9)
    ),
    Case("502", STATUS_ONE, "<html>", bad("http_502"), 502),
    Case("502 -3", STATUS_ONE, '[{"status":-3}]', bad("http_502"), 502),
    Case("500 error", STATUS_ONE, '{"error_code":2}', bad("http_500"), 500),
    Case("403 error", STATUS_ONE, '{"error_code":2}', bad("auth", 600.0, 2, pause=True), 403),
]

BALANCES = [
    Case("V-60", BALANCE, '{"balance":"84.75"}', Balance(847_500)),
    Case("V-62", BALANCE, '{"balance":"0.00","currency":"KZT"}', Balance(0, currency="KZT")),
    Case("V-63", BALANCE, '{"balance":"100.01","currency":"RUR"}', Balance(1_000_100, currency="RUR")),
    Case("V-64", BALANCE, '{"balance":"178.10"}', Balance(1_781_000)),
    Case("V-65", BALANCE, "250.80", Balance(2_508_000)),
    Case("number", BALANCE, '{"balance":-1.5,"credit":"100","currency":null}', Balance(-15_000, 1_000_000)),
    Case("fmt 0 with currency", BALANCE, "250.80 RUR", Balance(2_508_000, currency="RUR")),
    Case("fmt 0 with credit", BALANCE, "250.80 + 100 RUR\n", Balance(2_508_000, 1_000_000, "RUR")),
    Case("fmt 1 with currency", BALANCE, "250.80,RUR", Balance(2_508_000, currency="RUR")),
    Case("xml", BALANCE, "<balance>250.80</balance>", Balance(2_508_000)),
    Case(
        "xml with currency",
        BALANCE,
        "<result><balance>250.80</balance><currency>RUR</currency></result>",
        Balance(2_508_000, currency="RUR"),
    ),
    Case("fmt 1 error", BALANCE, "0,-2", bad("auth", 600.0, 2, pause=True)),
    Case("no money is no error here", BALANCE, '{"error":"x","error_code":3}', bad("not_found", 60.0, 3)),
    Case(
        "throttled",
        BALANCE,
        "ERROR = 9 (duplicate request, wait a minute)",
        bad("duplicate_request", 62.0, 9),
    ),
    *(
        Case(f"nothing to believe: {reply!r}", BALANCE, reply, bad("bad_reply"))
        for reply in (
            "",
            "{}",
            '{"balance":""}',
            '{"balance":"много"}',
            "[]",
            "OK",
            "<html>1</html>",
            "1.5.5",
        )
    ),
    Case("500", BALANCE, "250.80", bad("http_500"), 500),
]
