"""get.php: history, inbox, statistics, tariffs, sender names."""

import json
import zlib
from typing import Any

import pytest

from tests.worker.simulator.conftest import Play, Stage
from worker.simulator import DeliveryCurve

PHONE = "79990000001"
AT = 1_700_000_000
DATE = "15.11.2023 01:13:20"
TODAY = {"start": "15.11.2023", "end": "15.11.2023"}
CRC = zlib.crc32(b"a, b")


async def got(stage: Stage, /, **given: Any) -> Any:
    return json.loads(await stage.text("get", fmt=3, **given))


async def history(stage: Stage, /, **given: Any) -> Any:
    return await got(stage, get_messages=1, **TODAY | given)


@pytest.fixture
async def done(play: Play) -> Any:
    """A simulator with one delivered message."""
    stage = await play(delivery=DeliveryCurve(outcomes=()), delivery_scale=0, throttle=False)
    await stage.send(PHONE, "a, b", sender="Shop", id=24)
    return stage


LINE = (  # V-54
    f"Status = 1, check_time = {DATE}, send_date = {DATE}, phone = {PHONE}, mccmnc = 25001, "
    "country = Россия, operator = Simulator, region = , cost = 1.40, sender_id = Shop, "
    "status_name = Доставлено, "
    f"message = a, b, type = 0, ID = 24, int_id = 1000001, sms_cnt = 1, format = 0, crc = {CRC}"
)
MEMBERS = [
    ("status", 1),
    ("last_date", DATE),
    ("last_timestamp", AT),
    ("flag", 0),
    ("send_date", DATE),
    ("send_timestamp", AT),
    ("phone", PHONE),
    ("cost", "1.40"),
    ("sender_id", "Shop"),
    ("status_name", "Доставлено"),
    ("message", "a, b"),
    ("mccmnc", "25001"),
    ("country", "Россия"),
    ("operator", "Simulator"),
    ("region", ""),
    ("type", 0),
    ("id", 24),
    ("int_id", 1_000_001),
    ("sms_cnt", 1),
    ("format", 0),
    ("crc", CRC),
]
COMMAS = f"1000001,24,1,0,{CRC},1,{AT},0,{AT},{PHONE},Россия,Simulator,,1.40,Shop,Доставлено,a, b"
XML = "".join(f"<{name}>{value}</{name}>" for name, value in MEMBERS)
HISTORIES = [
    (0, LINE),
    (1, COMMAS),
    (2, f"<result><sms>{XML}</sms></result>"),
    (3, json.dumps([dict(MEMBERS)], ensure_ascii=False, separators=(",", ":"))),
]


@pytest.mark.parametrize(("fmt", "reply"), HISTORIES)
async def test_history_in_all_formats(done: Stage, fmt: Any, reply: Any) -> None:
    assert await done.text("get", get_messages=1, fmt=fmt, **TODAY) == reply
    # Today is what is asked for without dates.
    assert await done.text("get", get_messages=1, fmt=fmt) == reply


@pytest.fixture
async def week(play: Play) -> Any:
    """Messages of two days: numbers, a list, an e-mail, a refused one, a deleted one, a rejected one."""
    stage = await play(delivery_scale=0, throttle=False)
    await stage.send("79990000001,79990000002,123", "one", id=1)
    await stage.send("", "", list="79990000001:two\n79990000003:three", id=2)
    stage.clock.now += 86_400
    await stage.send("a@example.com", "four", mail=1, subj="s", sender="b@example.com", id=3)
    await stage.send("79000000008", "five", id=4)
    await stage.send("79990000001,79990000004", "six", id=5)
    await stage.text("status", id=5, phone="79990000004", **{"del": 1})
    return stage


BOTH = {"start": "15.11.2023", "end": "16.11.2023"}
# Query, [(id, phone, message)].
FILTERS = [
    (
        BOTH,
        [
            (5, "79990000001", "six"),
            (4, "79000000008", ""),
            (2, "79990000003", "three"),
            (2, "79990000001", "two"),
            (1, "123", "one"),
            (1, "79990000002", "one"),
            (1, "79990000001", "one"),
        ],
    ),
    (BOTH | {"cnt": 2}, [(5, "79990000001", "six"), (4, "79000000008", "")]),
    ({"start": "16.11.2023", "end": "16.11.2023"}, [(5, "79990000001", "six"), (4, "79000000008", "")]),
    ({"start": "15.11.2023", "end": "15.11.2023", "phone": "+79990000003"}, [(2, "79990000003", "three")]),
    (
        BOTH | {"phone": "79990000002,79990000003"},
        [(2, "79990000003", "three"), (1, "79990000002", "one")],
    ),
    (BOTH | {"format": 8}, [(3, "a@example.com", "four")]),
    (BOTH | {"format": 8, "email": "a@example.com"}, [(3, "a@example.com", "four")]),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
async def test_history_filters(week: Stage, query: Any, expected: Any) -> None:
    assert [(one["id"], one["phone"], one["message"]) for one in await history(week, **query)] == expected


async def test_history_pages(week: Stage) -> None:
    whole = await history(week, **BOTH)
    paged, last = [], 0
    while True:
        page = await history(week, cnt=3, prev_id=last, **BOTH)
        if isinstance(page, dict):
            break
        paged += page
        last = page[-1]["int_id"]
    assert page == {"error": "no data", "error_code": 3}
    assert paged == whole
    assert len({one["int_id"] for one in whole}) == len(whole)


NOTHING = [{"start": "14.11.2023", "end": "14.11.2023"}, {"phone": "79990000009"}, {"format": 8}]


@pytest.mark.parametrize("query", NOTHING)
async def test_nothing_found(done: Stage, query: Any) -> None:
    assert await history(done, **query) == {"error": "no data", "error_code": 3}


WRONG = [
    {},
    {"get_messages": 2},
    {"get_messages": 1, "get_answers": 1},
    {"get_messages": 1, "start": "2023-11-15"},
    {"get_messages": 1, "start": "32.11.2023"},
    {"get_messages": 1, "start": "15.04.2023"},
    {"get_messages": 1, "start": "15.11.2023", "end": "14.11.2023"},
    {"get_messages": 1, "cnt": 0},
    {"get_messages": 1, "cnt": 1001},
    {"get_messages": 1, "format": 7},
    {"get_messages": 1, "prev_id": "x"},
    {"get_answers": 1, "cnt": 10_001},
    {"get_answers": 1, "hour": 169},
    {"get_answers": 1, "after_id": "-1"},
    {"get_stat": 1, "start": "yesterday"},
]


@pytest.mark.parametrize("given", WRONG)
async def test_wrong_parameters(free: Stage, given: Any) -> None:
    assert await free.text("get", fmt=1, **given) == "0,-1"


INCOMING = {"phone": PHONE, "mes": "Стоп, да", "to_phone": "79000000901", "sent": AT - 5}
HEAD = f"{DATE},{PHONE},79000000901,15.11.2023 01:13:15,Стоп, да"
INBOXES = [
    (
        0,
        (
            f"id = 1, received = {DATE}, phone = {PHONE}, to_phone = 79000000901, "
            "sent = 15.11.2023 01:13:15, message = Стоп, да"
        ),
    ),
    (1, f"1,{HEAD}"),  # V-85
    (
        2,
        (
            f"<result><item><id>1</id><received>{DATE}</received><phone>{PHONE}</phone>"
            "<message>Стоп, да</message><to_phone>79000000901</to_phone>"
            "<sent>15.11.2023 01:13:15</sent></item></result>"
        ),
    ),
    (
        3,
        (
            f'[{{"id":1,"received":"{DATE}","phone":"{PHONE}","message":"Стоп, да","to_phone":"79000000901",'
            '"sent":"15.11.2023 01:13:15"}]'
        ),
    ),  # V-86
]


@pytest.mark.parametrize(("fmt", "reply"), INBOXES)
async def test_inbox_in_all_formats(free: Stage, fmt: Any, reply: Any) -> None:
    await free.control(incoming=INCOMING)
    assert await free.text("get", get_answers=1, fmt=fmt) == reply


EMPTY = [(0, ""), (1, ""), (2, "<result></result>"), (3, "[]")]


@pytest.mark.parametrize(("fmt", "reply"), EMPTY)
async def test_empty_inbox(play: Play, fmt: Any, reply: Any) -> None:
    stage = await play()
    assert await stage.text("get", get_answers=1, fmt=fmt) == reply
    stage = await play(empty_inbox_is_error=True)
    assert await stage.text("get", get_answers=1) == "ERROR = 3 (no data)"


ANSWERS = [
    ({}, [1, 2, 3, 4]),
    ({"cnt": 2}, [3, 4]),
    ({"after_id": 0, "cnt": 2}, [1, 2]),
    ({"after_id": 2}, [3, 4]),
    ({"after_id": 4}, []),
    ({"hour": 1}, [3, 4]),
    ({"hour": 168}, [1, 2, 3, 4]),
    ({"to_phone": "+79000000901"}, [2]),
]


@pytest.mark.parametrize(("query", "ids"), ANSWERS)
async def test_inbox_filters(free: Stage, query: Any, ids: Any) -> None:
    await free.control(incoming=[{"phone": PHONE, "mes": "1"}, INCOMING])
    free.clock.now += 3601
    await free.control(incoming={"phone": PHONE, "mes": "3"})
    await free.control(incoming={"phone": PHONE, "mes": "4"})
    assert [one["id"] for one in await got(free, get_answers=1, **query)] == ids


BAD_INCOMING = [
    (1, "expected an object"),
    ({"phone": PHONE}, "'mes' is missing"),
    ({"phone": PHONE, "mes": 1}, "mes is no str"),
    ({"phone": PHONE, "mes": "a", "when": 1}, "unknown member 'when'"),
]


@pytest.mark.parametrize(("order", "complaint"), BAD_INCOMING)
async def test_bad_incoming(free: Stage, order: Any, complaint: Any) -> None:
    response = await free.client.post("/_control", json={"incoming": [INCOMING, order]})
    assert (response.status, complaint in (await response.json())["error"]) == (400, True)
    assert await got(free, get_answers=1) == []


@pytest.fixture
async def spent(play: Play) -> Any:
    """Two days of sends: 3 for 4.20, then 1 for 1.40 after 100 were paid in."""
    stage = await play(throttle=False)
    await stage.send("79990000001,79990000002,79990000003")
    stage.clock.now += 86_400
    await stage.control(balance="1095.8")
    await stage.send()
    return stage


STATISTICS = [
    (0, {}, "demo,1,1.40,100.00,RUR"),  # V-88
    (1, BOTH, "demo,4,5.60,100.00,RUR"),
    (1, TODAY, "demo,3,4.20,0.00,RUR"),
    (1, BOTH | {"balance2": 1, "mycur": 1}, "demo,0,0.00,0.00,RUR"),
    (
        2,
        {},
        (
            "<result><item><login>demo</login><cnt>1</cnt><credit>1.40</credit><debit>100.00</debit>"
            "<currency>RUR</currency></item></result>"
        ),
    ),
    (3, {}, '[{"login":"demo","cnt":1,"credit":"1.40","debit":"100.00","currency":"RUR"}]'),
]


@pytest.mark.parametrize(("fmt", "query", "reply"), STATISTICS)
async def test_statistics(spent: Stage, fmt: Any, query: Any, reply: Any) -> None:
    assert await spent.text("get", get_stat=1, fmt=fmt, **query) == reply


async def test_prices(free: Stage) -> None:
    assert (await got(free, get_price=1))[0] == {
        "mcc": "250",
        "mnc": "01",
        "country": "Россия",
        "operator": "Simulator",
        "price": "1.4",
    }
    assert (await free.text("get", get_price=1, fmt=1)).split("\n")[1] == "401,01,Казахстан,Simulator,1.4"


SENDERS = [
    (0, "SMSC.RU\nShop"),
    (1, "SMSC.RU\nShop"),
    (2, "<result><item><sender>SMSC.RU</sender></item><item><sender>Shop</sender></item></result>"),
    (3, '[{"sender":"SMSC.RU"},{"sender":"Shop"}]'),
]


@pytest.mark.parametrize(("fmt", "reply"), SENDERS)
async def test_senders(play: Play, fmt: Any, reply: Any) -> None:
    stage = await play(senders=("Shop",))
    assert await stage.text("get", get_senders=1, fmt=fmt) == reply
