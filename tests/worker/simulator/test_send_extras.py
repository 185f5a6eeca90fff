"""send.php: comments, short links, groups, captcha, spreading over time."""

from typing import Any

import pytest

from tests.worker.simulator.conftest import Play, Stage

PHONE = "79990000001"
LONG = "https://example.com/a/very/long/path?with=a&query=string"

# Text, what is sent, comment.
COMMENTS = [
    ("hello\n~~~\nfor Anna", "hello", "for Anna"),
    ("hello\r\n~~~\r\nfor Anna\nand Bob", "hello", "for Anna\nand Bob"),
    ("hello\n~~~", "hello", ""),
    ("hello ~~~ there", "hello ~~~ there", ""),
    ("hello\n~~~~\nthere", "hello\n~~~~\nthere", ""),
]


@pytest.mark.parametrize(("text", "sent", "comment"), COMMENTS)
async def test_comment(free: Stage, text: Any, sent: Any, comment: Any) -> None:
    assert (await free.send(mes=text, id=5))["cnt"] == 1
    record = await free.status(5, PHONE, all=1)
    assert (record["message"], record.get("comment", "")) == (sent, comment)
    (message,) = await (await free.client.get("/_books/messages?id=5")).json()
    assert (message["texts"], message["comment"]) == ([sent], comment)


async def test_comment_is_not_priced(free: Stage) -> None:
    assert (await free.send(mes="a" * 160 + "\n~~~\n" + "я" * 500, cost=1))["cnt"] == 1
    assert (await free.send(mes="\n~~~\ncomment only"))["error_code"] == 1


async def test_comments_in_a_list(free: Stage) -> None:
    lines = (
        r"79990000001:one\n~~~\nfirst" + "\n" + r"79990000002:two" + "\n" + r"79990000003:three\n~~~\nthird"
    )
    assert (await free.send("", "", list=lines, id=5))["cnt"] == 3
    records = [await free.status(5, f"7999000000{number}", all=1) for number in (1, 2, 3)]
    assert [(one["message"], one.get("comment")) for one in records] == [
        ("one", "first"),
        ("two", None),
        ("three", "third"),
    ]


async def test_comment_in_fmt_0(free: Stage) -> None:
    await free.send(mes="a\n~~~\nb", id=5)
    assert "message = a, comment = b, type = 0" in await free.text("status", id=5, phone=PHONE, all=1)


async def test_short_links(free: Stage) -> None:
    assert (await free.send(mes=f"see {LONG} and http://a.ru", tinyurl=1, id=5))["cnt"] == 1
    text = (await free.status(5, PHONE, all=1))["message"]
    assert text.startswith("see https://sms.example/")
    assert text.endswith(" and http://a.ru")
    assert len(text) < len(LONG)


async def test_groups(play: Play) -> None:
    stage = await play(groups={1: ("79990000001", "79990000002"), 2: ()}, throttle=False)
    assert (await stage.send("G1,79990000003"))["cnt"] == 3
    assert (await stage.send("", "", list="G1;79990000003:hello"))["cnt"] == 3
    reply = await stage.send("G1,G9,XG1", err=1)
    assert [one["phone"] for one in reply["phones"]] == ["G9", "XG1"]
    assert (await stage.send("G9"))["error_code"] == 7
    assert (await stage.send("G2"))["error_code"] == 1
    await stage.control(groups={"9": ["79990000009"]})
    assert (await stage.send("G9"))["cnt"] == 1
    assert (await stage.send("G1"))["error_code"] == 7


IMG = "12345"
CAPTCHAS = [
    ({"imgcode": IMG, "userip": "192.0.2.1"}, True),
    ({"imgcode": IMG, "userip": "2001:db8::1"}, True),
    ({"userip": "192.0.2.1"}, True),
    ({"imgcode": ""}, True),
    ({"imgcode": "", "userip": ""}, True),
    ({"imgcode": "54321", "userip": "192.0.2.1"}, False),
    ({"imgcode": "", "userip": "192.0.2.1"}, False),
    ({"imgcode": IMG}, False),
    ({"imgcode": IMG, "userip": "home"}, False),
]


@pytest.mark.parametrize(("given", "taken"), CAPTCHAS)
async def test_captcha(free: Stage, given: Any, taken: Any) -> None:
    reply = await free.send(**given)
    assert reply == ({"id": 1, "cnt": 1} if taken else {"error": "parameters error", "error_code": 1})


RANGES = [
    ({"period": "0.1"}, True),
    ({"period": "720", "freq": "1440"}, True),
    ({"period": "", "freq": ""}, True),
    ({"freq": "30"}, True),
    ({"smsreq": "10"}, True),
    ({"period": "0.05"}, False),
    ({"period": "721"}, False),
    ({"period": "day"}, False),
    ({"period": "nan"}, False),
    ({"period": "1", "freq": "1441"}, False),
    ({"smsreq": "9"}, False),
    ({"smsreq": "1000"}, False),
]


@pytest.mark.parametrize(("given", "taken"), RANGES)
async def test_ranges(free: Stage, given: Any, taken: Any) -> None:
    assert ("id" in await free.send(**given)) is taken


async def test_spread_over_time(play: Play) -> None:
    stage = await play(delivery_scale=0, throttle=False)
    phones = ["79000000101", "79000000102", "79990000003", "79000000101"[:-3] + "103"]
    await stage.send(",".join(phones), period=2, freq=60, id=5)
    assert [(await stage.status(5, phone))["status"] == -1 for phone in phones] == [False, False, True, True]
    stage.clock.now += 3600
    assert [(await stage.status(5, phone))["status"] == -1 for phone in phones] == [False] * 4
    assert (await stage.status(5, phones[3]))["last_timestamp"] == int(stage.clock.now)
