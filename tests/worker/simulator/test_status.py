"""status.php and balance.php: literal replies, unknown messages, deletion, the course of delivery."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.worker.simulator.conftest import Play, Stage
from worker.simulator import DeliveryCurve, Outcome

PHONE = "79990000001"
DELIVERED = DeliveryCurve(outcomes=())
AT = 1_700_000_000  # the clock of the stage
DATE = "15.11.2023 01:13:20"  # three hours ahead of UTC

TEXT = f"Status = 1, check_time = {DATE}, err = 0"
TEXT_ALL = (
    f"{TEXT}, send_date = {DATE}, phone = {PHONE}, cost = 1.40, sender_id = Shop, status_name = Доставлено, "
    "message = a, b, comment = , type = 0"
)
XML = (
    f"<sms><status>1</status><last_date>{DATE}</last_date><last_timestamp>{AT}</last_timestamp>"
    "<flag>0</flag><err>0</err>%s</sms>"
)
JSON = f'"status":1,"last_date":"{DATE}","last_timestamp":{AT},"flag":0'
JSON_ALL = (
    f'{JSON},"send_date":"{DATE}","send_timestamp":{AT},"phone":"{PHONE}","cost":"1.40","sender_id":"Shop",'
    '"status_name":"Доставлено","message":"a, b","mccmnc":"25001","sms_cnt":1'
)
JSON_PLACE = '"country":"Россия","operator":"Simulator","region":""'

# all, fmt, reply for a message that was delivered at once.
SINGLE = [
    (0, 0, TEXT),  # V-80
    (0, 1, f"1,{AT},0"),  # V-81
    (0, 2, XML % ""),
    (0, 3, f"{{{JSON}}}"),  # V-42
    (1, 0, TEXT_ALL),
    (1, 1, f"1,{AT},0,{AT},{PHONE},1.40,Shop,Доставлено,a, b"),
    (2, 1, f"1,{AT},0,{AT},{PHONE},Россия,Simulator,,1.40,Shop,Доставлено,a, b"),
    (1, 3, f'{{{JSON_ALL},"type":0}}'),  # V-51
    (2, 3, f'{{{JSON_ALL},{JSON_PLACE},"type":0}}'),  # V-59
]


@pytest.mark.parametrize(("detail", "fmt", "reply"), SINGLE)
async def test_single(play: Play, detail: Any, fmt: Any, reply: Any) -> None:
    stage = await play(delivery=DELIVERED, delivery_scale=0)
    await stage.send(PHONE, "a, b", sender="Shop", id=24)
    assert await stage.text("status", id=24, phone=f"+{PHONE}", all=detail, fmt=fmt) == reply


async def test_single_in_xml_with_everything(play: Play) -> None:
    stage = await play(delivery=DELIVERED, delivery_scale=0)
    await stage.send(PHONE, "a < b", id=24)
    reply = await stage.text("status", id=24, phone=PHONE, all=2, fmt=2)
    assert reply.startswith("<sms><status>1</status>")
    assert "<message>a &lt; b</message>" in reply
    assert "<country>Россия</country>" in reply


async def test_variants_of_single(play: Play) -> None:
    stage = await play(delivery=DELIVERED, delivery_scale=0, err_always=False, show_flag=False)
    await stage.send(id=24)
    assert await stage.text("status", id=24, phone=PHONE, fmt=1) == f"1,{AT}"
    assert await stage.text("status", id=24, phone=PHONE) == f"Status = 1, check_time = {DATE}"
    assert list(await stage.status(24, PHONE)) == ["status", "last_date", "last_timestamp"]


OTHER = "79990000002"
HERE_24 = f"<id>24</id><phone>{PHONE}</phone>"
HERE_AB = f"<id>ab</id><phone>{PHONE}</phone>"
NOT_HERE = f"<sms><status>-3</status><id>138</id><phone>{OTHER}</phone></sms>"
COMMAS_ALL = f"1,{AT},0,{AT},{PHONE},1.40,SMSC.RU,Доставлено"

# fmt, all, lines or elements for a delivered, an unknown and a delivered message.
MASS = [
    (
        0,
        0,
        "\n".join(
            [
                f"{TEXT}, id = 24, phone = {PHONE}",
                f"Status = -3, id = 138, phone = {OTHER}",
                f"{TEXT}, id = ab, phone = {PHONE}",
            ]
        ),
    ),
    (1, 0, f"1,{AT},0,24,{PHONE}\n-3,0,0,138,{OTHER}\n1,{AT},0,ab,{PHONE}"),
    (1, 1, f"{COMMAS_ALL},hello,24\n-3,0,0,138,{OTHER}\n{COMMAS_ALL},two\\nlines,ab"),
    (2, 0, f"<result>{XML % HERE_24}{NOT_HERE}{XML % HERE_AB}</result>"),
    (
        3,
        0,
        "["
        + ",".join(
            [
                f'{{{JSON},"id":24,"phone":"{PHONE}"}}',
                f'{{"status":-3,"id":138,"phone":"{OTHER}"}}',
                f'{{{JSON},"id":"ab","phone":"{PHONE}"}}',
            ]
        )
        + "]",
    ),  # V-43, V-47
]


@pytest.mark.parametrize(("fmt", "detail", "reply"), MASS)
async def test_mass(play: Play, fmt: Any, detail: Any, reply: Any) -> None:
    stage = await play(delivery=DELIVERED, delivery_scale=0)
    await stage.send(PHONE, "hello", id=24)
    await stage.send(PHONE, "two\nlines", id="ab")
    phones = f"{PHONE},79990000002,+{PHONE}"
    assert await stage.text("status", id="24,138,ab", phone=phones, all=detail, fmt=fmt) == reply


@pytest.mark.parametrize(("message_id", "phone"), [("24,", PHONE), ("24", PHONE + ","), ("24,", PHONE + ",")])
async def test_trailing_comma_asks_for_the_mass_form(free: Stage, message_id: Any, phone: Any) -> None:
    await free.send(id=24)
    (record,) = await free.status(message_id, phone)
    assert (record["status"], record["id"], record["phone"]) == (-1, 24, PHONE)


UNKNOWN = [(0, "Status = -3"), (1, "-3,0,0"), (2, "<sms><status>-3</status></sms>"), (3, '{"status":-3}')]


@pytest.mark.parametrize(("fmt", "reply"), UNKNOWN)
async def test_unknown(free: Stage, fmt: Any, reply: Any) -> None:
    await free.send(id=24)
    assert await free.text("status", id=24, phone="79990000002", fmt=fmt) == reply
    assert await free.text("status", id=25, phone=PHONE, fmt=fmt) == reply


WRONG = [
    {"id": "24"},
    {"phone": PHONE},
    {"id": "24,25", "phone": PHONE},
    {"id": "24", "phone": PHONE, "all": "3"},
    {"id": "9" * 5000, "phone": PHONE},
]


@pytest.mark.parametrize("given", WRONG)
async def test_wrong_parameters(free: Stage, given: Any) -> None:
    assert await free.text("status", fmt=1, **given) == "0,-1"


DELETED = [(0, "OK"), (1, "OK"), (2, "<result>OK</result>"), (3, '{"result":"OK"}')]


@pytest.mark.parametrize(("fmt", "reply"), DELETED)
async def test_delete(free: Stage, fmt: Any, reply: Any) -> None:
    await free.send(f"{PHONE},79990000002", id=29)
    wanted = {"id": 29, "phone": PHONE, "fmt": fmt}
    assert await free.text("status", **wanted, **{"del": 1}) == reply  # V-53
    assert (await free.status(29, PHONE))["status"] == -3
    assert (await free.status(29, "79990000002"))["status"] == -1
    assert await free.text("status", id=29, phone=PHONE, fmt=1, **{"del": 1}) == "0,-5"


async def test_latest_message_wins_when_an_id_repeats(free: Stage) -> None:
    await free.send(f"{PHONE},79990000002", "first", id=8)
    free.clock.now += 100
    await free.send(PHONE, "second", id=8)
    latest, older = await free.status("8,8", f"{PHONE},79990000002", all=1)
    assert (latest["message"], latest["send_timestamp"]) == ("second", AT + 100)
    assert (older["message"], older["send_timestamp"]) == ("first", AT)


async def test_hlr(play: Play) -> None:
    stage = await play(delivery=DELIVERED, delivery_scale=0)
    await stage.send(PHONE, "", hlr=1, id=1001)
    record = await stage.status(1001, PHONE, all=2)
    assert (record["status"], record["err"], record["type"], record["mcc"], record["mnc"]) == (
        1,
        0,
        4,
        "250",
        "01",
    )
    for detail, place in ((1, 14), (2, 17)):
        fields = (await stage.text("status", id=1001, phone=PHONE, all=detail, fmt=1)).split(",")
        assert fields[place] == "HLR"
        assert fields[3] == record["imsi"]


async def test_course_of_a_message(play: Play) -> None:
    stage = await play(delivery=DELIVERED, throttle=False)
    await stage.send(id=1)
    seen: list[int] = []
    for _ in range(400):
        record = await stage.status(1, PHONE)
        if not seen or seen[-1] != record["status"]:
            seen.append(record["status"])
            assert record["last_timestamp"] <= stage.clock.now
        stage.clock.now += 0.25
    assert seen == [-1, 0, 1]


async def test_scale_changes_the_course(play: Play) -> None:
    stage = await play(delivery_scale=1000)
    await stage.send("79000000101", id=1)
    stage.clock.now += 1
    assert (await stage.status(1, "79000000101"))["status"] == -1
    await stage.control(delivery_scale=0)
    assert (await stage.status(1, "79000000101"))["status"] == 1


async def test_scheduled_message_waits(play: Play) -> None:
    stage = await play(delivery_scale=0)
    await stage.send("79000000101", id=1, time="+10")
    stage.clock.now += 599
    record = await stage.status(1, "79000000101")
    assert (record["status"], record["last_timestamp"]) == (-1, AT)
    stage.clock.now += 2
    record = await stage.status(1, "79000000101")
    assert (record["status"], record["last_timestamp"]) == (1, AT + 600)


async def test_shares_of_outcomes(play: Play) -> None:
    stage = await play(delivery_scale=0, delivery=DeliveryCurve(outcomes=(Outcome(20, 1, 0.25),)))
    phones = [str(79100000000 + number) for number in range(500)]
    await stage.send(",".join(phones), id=1)
    records = await stage.status(",".join(["1"] * 500), ",".join(phones))
    failed = [record for record in records if record["status"] == 20]
    assert 90 < len(failed) < 160
    assert {record["err"] for record in failed} == {1}
    assert {record["status"] for record in records} == {1, 20}


async def test_time_zone_of_dates(play: Play) -> None:
    stage = await play(utc_offset_hours=6)
    await stage.send(id=37)
    record = await stage.status(37, PHONE)
    date = datetime.strptime(record["last_date"], "%d.%m.%Y %H:%M:%S").replace(tzinfo=UTC).timestamp()
    assert date - record["last_timestamp"] == 6 * 3600  # V-44


BALANCES = [
    # balance, credit, cur, fmt, reply; V-60 to V-65
    ("250.80", "0", 0, 0, "250.80"),
    ("250.80", "0", 0, 1, "250.80"),
    ("250.8", "0", 0, 2, "<balance>250.80</balance>"),
    ("84.75", "0", 0, 3, '{"balance":"84.75"}'),
    ("0", "0", 1, 3, '{"balance":"0.00","currency":"RUR"}'),
    ("100.01", "50", 1, 3, '{"balance":"100.01","credit":"50.00","currency":"RUR"}'),
    ("100.01", "0", 1, 0, "100.01 RUR"),
    ("100.01", "50", 1, 0, "100.01 50.00 RUR"),
    ("3215.3097", "0", 1, 1, "3215.3097,RUR"),
    ("100.01", "0", 1, 2, "<balance>100.01</balance><currency>RUR</currency>"),
]


@pytest.mark.parametrize(("balance", "credit", "cur", "fmt", "reply"), BALANCES)
async def test_balance(play: Play, balance: Any, credit: Any, cur: Any, fmt: Any, reply: Any) -> None:
    stage = await play(balance=Decimal(balance), credit=Decimal(credit))
    assert await stage.text("balance", cur=cur, fmt=fmt) == reply


async def test_balance_errors(free: Stage) -> None:
    assert await free.text("balance", psw="wrong", fmt=1) == "0,-2"
    assert json.loads(await free.text("balance", psw="wrong", fmt=3)) == {
        "error": "authorise error",
        "error_code": 2,
    }
