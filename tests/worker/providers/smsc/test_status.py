"""`status.php`: the whole record (``all=2``) in every format; e-mails, HLR queries and pings."""

from __future__ import annotations

import pytest

from producers.answers import Hlr, Record, Records
from producers.contract import NO_ERR, RecipientResult, StatusResult
from producers.meanings.smsc import DELIVERY_ERRORS, STATUSES
from producers.questions import AskStatus
from producers.states import RecipientState as S
from worker.providers.base import ProviderError
from worker.providers.smsc import SmscClient

from .asks import Asked, Row, check, common, in_every_format
from .calls import LOGIN, bad
from .servers import LiteralServer

A, B = "79990000001", "79990000002"
MAIL = "a@example.com"


def asked(*messages: tuple[str, str]) -> Asked:
    ids, names = zip(*messages, strict=True)
    return Asked(
        AskStatus(messages=messages),
        "/sys/status.php",
        {"phone": ",".join(names), "id": ",".join(ids), "all": "2"},
    )


ONE, TWO, E_MAIL = asked(("37", A)), asked(("182", A), ("138", B)), asked(("104160267", MAIL))
NETWORK = Hlr("250011234567890", "79001234567", "250", "01", "Russia", "MTS")
V_59 = Record(
    message_id="37",
    recipient=A,
    status=1,
    status_name="Доставлено",
    changed_at=1520934650,
    sent_at=1520934646,
    cost=0,
    sender="SMS-CENTRE",
    text="hello",
    kind=0,
    country="Казахстан",
    operator="Beeline",
)
V_59_JSON = (
    '{"cost":"0.00","country":"Казахстан","last_date":"13.03.2018 15:50:50","last_timestamp":1520934650,'
    '"message":"hello","operator":"Beeline","phone":"79990000001","region":"","send_date":'
    '"13.03.2018 15:50:46","send_timestamp":1520934646,"sender_id":"SMS-CENTRE","status":1,'
    '"status_name":"Доставлено","type":0}'
)


def record(status: int, message_id: str = "37", recipient: str = A, **more: object) -> Record:
    return Record(message_id=message_id, recipient=recipient, status=status, **more)  # type: ignore[arg-type]


ROWS = [
    Row("V-59", ONE, V_59_JSON, Records((V_59,))),
    Row("V-59 in windows-1251", ONE, V_59_JSON.encode("cp1251"), Records((V_59,))),
    Row(
        "newer members",
        ONE,
        '{"status":20,"err":6,"flag":32,"mccmnc":"25001","sms_cnt":2,"operator_orig":"MTS","comment":"c","id":37}',
        Records(
            (
                record(
                    20, err=6, kind=0, mccmnc="25001", segments=2, original_operator="MTS", comment="c"
                ),
            )
        ),
    ),
    Row(
        "V-80 fmt 0",
        ONE,
        "Status = 1, check_time = 10.10.2010 10:10:10",
        Records((record(1),)),
    ),
    Row(
        "fmt 0, whole",
        ONE,
        "Status = 20, check_time = 10.10.2010 10:10:10, err = 6, send_date = 10.10.2010 10:00:00, "
        "phone = 79990000001, "
        "cost = 1.40, sender_id = Shop, status_name = Невозможно доставить, message = a, type = b, c = 1, "
        "comment = x, type = 0",
        Records(
            (
                record(
                    20,
                    err=6,
                    cost=14_000,
                    sender="Shop",
                    status_name="Невозможно доставить",
                    text="a, type = b, c = 1",
                    comment="x",
                    kind=0,
                ),
            )
        ),
    ),
    Row("V-81 fmt 1", ONE, "1,1286524541", Records((record(1, changed_at=1286524541),))),
    Row(
        "fmt 1, all=2, a text with commas",
        ONE,
        "20,1520934650,6,1520934646,79990000001,Россия,MTS,Москва,1.40,Shop,Невозможно доставить,a, b,c",
        Records(
            (
                record(
                    20,
                    err=6,
                    changed_at=1520934650,
                    sent_at=1520934646,
                    country="Россия",
                    operator="MTS",
                    region="Москва",
                    cost=14_000,
                    sender="Shop",
                    status_name="Невозможно доставить",
                    text="a, b,c",
                ),
            )
        ),
    ),
    Row(
        "fmt 1, all=2, several",
        TWO,
        "1,5,0,4,79990000001,,,,1.40,Shop,Доставлено,a,b,182\n-3,0,0,138,79990000002\n",
        Records(
            (
                record(
                    1, "182", err=0, changed_at=5, sent_at=4, cost=14_000, sender="Shop",
                    status_name="Доставлено", text="a,b",
                ),
                record(-3, "138", B, err=0, known=False),
            )
        ),
    ),
    Row(
        "fmt 1, HLR, all=2",
        ONE,
        "1,5,0,250011234567890,79001234567,250,01,Russia,MTS,,,4,79990000001,Россия,MTS,,0.30,HLR,Доставлено,",
        Records(
            (
                record(
                    1, err=0, changed_at=5, sent_at=4, country="Россия", operator="MTS", cost=3_000,
                    sender="HLR", status_name="Доставлено", hlr=NETWORK,
                ),
            )
        ),
    ),
    Row(
        "fmt 2",
        ONE,
        "<sms><status>1</status><last_date>28.12.2019 19:20:22</last_date><last_timestamp>1577550022"
        "</last_timestamp><flag>0</flag><err></err></sms>",
        Records((record(1, changed_at=1577550022, kind=0),)),
    ),
    Row(
        "fmt 2, several",
        TWO,
        "<list><sms><status>1</status><id>182</id><phone>79990000001</phone></sms>"
        "<sms><status>-3</status><id>138</id><phone>79990000002</phone></sms></list>",
        Records((record(1, "182"), record(-3, "138", B, known=False))),
    ),
    Row(
        "V-43 and V-47, any order",
        TWO,
        '[{"status":-3,"id":138,"phone":"79990000002"},{"status":1,"id":182,"phone":"79990000001"}]',
        Records((record(1, "182"), record(-3, "138", B, known=False))),
    ),
    Row(
        "V-50",
        E_MAIL,
        '{"status":0,"last_date":"01.09.2023 14:39:01","last_timestamp":1693568341,"flag":40}',
        Records((record(0, "104160267", MAIL, changed_at=1693568341, kind=8),)),
    ),
    Row(
        "an e-mail's own name",
        E_MAIL,
        '[{"status":2,"phone":"A@Example.com","id":104160267}]',
        Records((record(2, "104160267", MAIL),)),
    ),
    Row("another's e-mail", E_MAIL, '{"status":2,"phone":"b@example.com"}', bad("bad_reply")),
    Row(
        "V-56 HLR",
        ONE,
        '{"id":37,"phone":"79990000001","status":1,"err":0,"imsi":"250011234567890","msc":"79001234567",'
        '"mcc":"250","mnc":"01","cn":"Russia","net":"MTS","region":"Moscow","type":4,"cost":"0.30"}',
        Records((record(1, err=0, hlr=NETWORK, region="Moscow", kind=4, cost=3_000),)),
    ),
    Row("a row is missing", TWO, '[{"status":1,"id":182,"phone":"79990000001"}]', bad("bad_reply")),
    Row("no status", ONE, '{"last_timestamp":5}', bad("bad_reply")),
    *in_every_format("not found, old", ONE, 3, "not found", bad("not_found", 60.0, 3)),
    *in_every_format("deleted?", ONE, 5, "delete failed", bad("delete_failed", 60.0, 5)),
    *(
        Row(f"status {code}", ONE, f'{{"status":{code}}}', Records((record(code, known=code != -3),)))
        for code in STATUSES
    ),
    *(
        Row(f"err {code}", ONE, f'{{"status":20,"err":{code}}}', Records((record(20, err=code),)))
        for code in DELIVERY_ERRORS
    ),
    *common(ONE),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_status(row: Row, client: SmscClient, server: LiteralServer) -> None:
    await check(row, client, server)


@pytest.mark.parametrize(
    ("row", "state", "err"),
    [
        ('{"status":1,"err":0,"imsi":"25001"}', S.DELIVERED, 0),
        ('{"status":2,"err":"0","msc":"7900"}', S.DELIVERED, 0),
        ('{"status":1,"err":6,"imsi":"25001"}', S.FAILED, 6),
        ('{"status":2,"err":1,"type":4}', S.FAILED, 1),
        ('{"status":1,"type":4}', S.TAKEN, NO_ERR),
        ('{"status":1,"flag":5}', S.TAKEN, NO_ERR),
        ('{"status":1,"flag":"37","err":"11"}', S.FAILED, 11),
        ('{"status":1,"sender_id":"HLR","err":1}', S.FAILED, 1),
        ('{"status":20,"type":5,"err":6}', S.FAILED, 6),
        ('{"status":3,"type":5}', S.EXPIRED, NO_ERR),
        ('{"status":0,"type":4}', S.TAKEN, NO_ERR),
        ('{"status":1,"type":0,"err":6}', S.DELIVERED, 6),
        ('{"status":1,"flag":40,"sender_id":"Shop"}', S.DELIVERED, NO_ERR),
        ("1,5,6,250011234567890,79001234567,250,01,Russia,MTS,,", S.FAILED, 6),
    ],
)
async def test_who_can_be_reached(
    row: str, state: S, err: int, client: SmscClient, server: LiteralServer
) -> None:
    server.body = row.encode()
    [found] = await client.status([("37", int(A))])
    assert (found.result.state, found.result.err) == (state, err)


async def test_hlr_is_passed_on(client: SmscClient, server: LiteralServer) -> None:
    server.body = (
        b'{"status":1,"err":0,"imsi":250011234567890,"mcc":250,"mnc":2,"net":"MTS","rcn":"Spain",'
        b'"rnet":"Orange"}'
    )
    [found] = await client.status([("37", int(A))])
    assert found.hlr == Hlr("250011234567890", "", "250", "2", "", "MTS", "Spain", "Orange")


async def test_e_mails_among_phones(client: SmscClient, server: LiteralServer) -> None:
    server.body = (
        b'[{"status":2,"phone":"a+b@example.com","id":"c1.1.1"},'
        b'{"status":1,"phone":"79990000001","id":"c1.1.1"}]'
    )
    found = await client.status([("c1.1.1", int(A)), ("c1.1.1", "A+b@example.com")], full=True)
    assert found == [
        StatusResult(int(A), True, RecipientResult(S.DELIVERED, 1)),
        StatusResult(0, True, RecipientResult(S.READ, 2)),
    ]
    assert server.asked[0][2] == LOGIN | {
        "phone": f"{A},A+b@example.com",
        "id": "c1.1.1,c1.1.1",
        "all": "1",
    }


@pytest.mark.parametrize("looks", [[False], [True, False]])
async def test_a_look_up_whose_turn_is_over(
    looks: list[bool], client: SmscClient, server: LiteralServer
) -> None:
    """Said no on the connection, or later, right before the first byte."""
    for ask in (
        lambda may_send: client.ask(AskStatus(messages=(("37", A),)), may_send=may_send),
        lambda may_send: client.status([("37", int(A))], may_send=may_send),
    ):
        answers = iter(looks)
        with pytest.raises(ProviderError) as caught:
            await ask(lambda answers=answers: next(answers))
        assert (caught.value.reason, caught.value.in_doubt) == ("too_late", False)
    assert server.asked == []
