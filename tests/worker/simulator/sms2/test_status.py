"""sms_status2.cgi: unknown, then delivered or not."""

import pytest

from tests.worker.simulator.sms2.conftest import PHONE, Play2, Sms2Stage
from worker.simulator import DeliveryCurve, Outcome


async def test_unknown_then_delivered(play2: Play2) -> None:
    sms2 = await play2(delivery=DeliveryCurve(outcomes=()))
    message_id = await sms2.sent()
    assert await sms2.status(message_id) == "Status: unknown"
    sms2.stage.clock.now += 3600
    assert await sms2.status(message_id) == "Status: delivered"
    assert await sms2.text("sms_status2.cgi", mess_id=message_id, method="GET") == "Status: delivered"


@pytest.mark.parametrize("status", [3, 20, 22, 23, 25])
async def test_every_other_end_is_not_delivered(play2: Play2, status: int) -> None:
    sms2 = await play2(delivery=DeliveryCurve(outcomes=(Outcome(status, 1, 1.0),)), delivery_scale=0)
    assert await sms2.status(await sms2.sent()) == "Status: not_delivered"


@pytest.mark.parametrize(
    ("phone", "status"),
    [
        ("79000000101", "delivered"),
        ("79000000102", "delivered"),
        ("79000000103", "not_delivered"),
        ("79000000120", "not_delivered"),
        ("79000000122", "not_delivered"),
        ("79000000300", "unknown"),
        ("79000000301", "unknown"),
    ],
)
async def test_magic_numbers(play2: Play2, phone: str, status: str) -> None:
    sms2 = await play2(delivery_scale=0)
    assert await sms2.status(await sms2.sent(phone=phone)) == f"Status: {status}"


async def test_the_curve_decides_by_lot(play2: Play2) -> None:
    sms2 = await play2(delivery=DeliveryCurve(outcomes=(Outcome(20, 1, 0.5),)))
    ids = [await sms2.sent(f"text {number}") for number in range(40)]
    sms2.stage.clock.now += 3600
    seen = [await sms2.status(one) for one in ids]
    assert {"Status: delivered", "Status: not_delivered"} == set(seen)


async def test_no_such_message(sms2: Sms2Stage) -> None:
    message_id = await sms2.sent()
    for other in ("", "1", message_id.swapcase(), message_id + "0", "Привет"):
        assert await sms2.status(other) == "Error: no such message"


async def test_a_scale_set_later_counts_too(sms2: Sms2Stage) -> None:
    message_id = await sms2.sent(phone="79000000101")
    assert await sms2.status(message_id) == "Status: unknown"
    await sms2.stage.control(delivery_scale=0)
    assert await sms2.status(message_id) == "Status: delivered"


async def test_smsc_knows_nothing_of_it(sms2: Sms2Stage) -> None:
    message_id = await sms2.sent()
    assert (await sms2.stage.status(message_id, PHONE))["status"] == -3
