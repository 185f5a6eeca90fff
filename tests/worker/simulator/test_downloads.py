"""downloads.php: the course of an export, and its file whole or in parts."""

import json
from typing import Any

import pytest

from tests.worker.simulator.conftest import Play, Stage
from worker.simulator.smsc.exports import make_export, rows_for

AT = "15.11.2023 01:13:20"
HEAD = "id;phone;date;status;cost"
MANY = 2500


async def listed(stage: Stage, **given: Any) -> Any:
    return json.loads(await stage.text("downloads", get_list=1, fmt=3, **given))


async def ready(stage: Stage, **order: Any) -> None:
    """Order an export and wait until it is there."""
    await stage.control(download=order)
    stage.clock.now += 3


async def file(stage: Stage, headers: Any = None, **given: Any) -> Any:
    parameters = stage.login | {"get_file": "1"} | {name: str(value) for name, value in given.items()}
    response = await stage.client.get("/sys/downloads.php", params=parameters, headers=headers)
    return response, await response.read()


@pytest.mark.parametrize("minute", [60, 3])
async def test_course(play: Play, minute: Any) -> None:
    stage = await play(throttle=False, minute=minute)
    await stage.control(download={"name": "Sent in May"})
    job = {"id": 1, "name": "Sent in May", "status": 0, "created": AT, "time": "", "file": ""}
    assert await listed(stage) == [job]
    stage.clock.now += 1.01 * minute / 60
    (running,) = await listed(stage)
    assert running == job | {"status": 1, "time": running["time"]}
    assert running["time"]
    assert (await file(stage, id=1))[1] == b"ERROR = 3 (no data)"
    stage.clock.now += 2 * minute / 60
    assert await listed(stage) == [running | {"status": 2, "file": "Sent_in_May.csv"}]
    assert (await file(stage, id=1))[0].headers[
        "Content-Disposition"
    ] == 'attachment; filename="Sent_in_May.csv"'


@pytest.mark.parametrize("status", [0, 1, 3, 4])
async def test_other_ends(free: Stage, status: Any) -> None:
    await ready(free, status=status)
    free.clock.now += 100_000
    (job,) = await listed(free)
    assert (job["status"], job["file"]) == (status, "")
    assert (await file(free, id=1, fmt=1))[1] == b"0,-3"


LISTS = [
    (0, f"id = 1, name = a, status = 0, created = {AT}, time = , file = "),
    (1, f"1,a,0,{AT},,"),
    (
        2,
        (
            f"<result><item><id>1</id><name>a</name><status>0</status><created>{AT}</created><time></time>"
            "<file></file></item></result>"
        ),
    ),
]


@pytest.mark.parametrize(("fmt", "reply"), LISTS)
async def test_list_in_other_formats(free: Stage, fmt: Any, reply: Any) -> None:
    await free.control(download={"name": "a"})
    assert await free.text("downloads", get_list=1, fmt=fmt) == reply


async def test_pages(free: Stage) -> None:
    assert await listed(free) == []
    for _ in range(5):
        await free.control(download={})
    pages = [{}, {"cnt": 2}, {"cnt": 2, "after_id": 2}, {"after_id": 4}, {"after_id": 5}]
    assert [[job["id"] for job in await listed(free, **page)] for page in pages] == [
        [1, 2, 3, 4, 5],
        [1, 2],
        [3, 4],
        [5],
        [],
    ]


async def test_file(free: Stage) -> None:
    await ready(free, name="a", rows=MANY)
    for query in ({"id": 1}, {"name": "a.csv"}):
        response, body = await file(free, **query)
        assert (response.status, response.headers["Content-Length"]) == (200, str(len(body)))
        assert response.headers["Content-Type"] == "text/csv; charset=windows-1251"
        assert "Accept-Ranges" not in response.headers
        lines = body.decode("cp1251").split("\r\n")
        assert (lines[0], len(lines), lines[-1]) == (HEAD, MANY + 2, "")
        assert lines[1].startswith("0000000001;79990000000;")
        assert lines[MANY].startswith(f"{MANY:010};7999{MANY - 1:07};")
    assert (await free.books())["files"] == {"a.csv": 2}


@pytest.mark.parametrize("size", [0, 1, 1000, 1_000_000])
async def test_size(free: Stage, size: Any) -> None:
    await ready(free, bytes=size)
    _, body = await file(free, id=1)
    assert size <= len(body) < size + 80


async def test_without_the_switch_the_file_is_whole(free: Stage) -> None:
    await ready(free)
    _, whole = await file(free, id=1)
    response, body = await file(free, {"Range": "bytes=10-20"}, id=1)
    assert (response.status, body) == (200, whole)


SIZE = make_export(MANY).size
# Range, first byte, byte behind the last one.
RANGES = [
    ("bytes=0-", 0, SIZE),
    ("bytes=10-20", 10, 21),
    ("bytes=60000-", 60_000, SIZE),
    (f"bytes=100-{SIZE + 5}", 100, SIZE),
    ("bytes=-100", SIZE - 100, SIZE),
    (f"bytes=-{SIZE + 5}", 0, SIZE),
]


@pytest.mark.parametrize(("asked", "start", "stop"), RANGES)
async def test_ranges(play: Play, asked: Any, start: Any, stop: Any) -> None:
    stage = await play(download_ranges=True, throttle=False)
    await ready(stage, rows=MANY)
    whole, content = await file(stage, id=1)
    assert (whole.status, whole.headers["Accept-Ranges"], len(content)) == (200, "bytes", SIZE)
    response, body = await file(stage, {"Range": asked, "If-Range": whole.headers["ETag"]}, id=1)
    assert (response.status, body) == (206, content[start:stop])
    assert response.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{SIZE}"
    # Another version of the file is sent whole.
    response, body = await file(stage, {"Range": asked, "If-Range": '"other"'}, id=1)
    assert (response.status, body) == (200, content)


@pytest.mark.parametrize("asked", ["bytes=-", "bytes=0-1,5-6", "rows=1-2", "bytes=a-b"])
async def test_odd_ranges_get_the_whole_file(play: Play, asked: Any) -> None:
    stage = await play(download_ranges=True)
    await ready(stage)
    response, body = await file(stage, {"Range": asked}, id=1)
    assert (response.status, len(body)) == (200, make_export(100).size)


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=-0", "bytes=20-10"])
async def test_ranges_that_cannot_be(play: Play, asked: Any) -> None:
    stage = await play(download_ranges=True)
    await ready(stage)
    response, body = await file(stage, {"Range": asked}, id=1)
    assert (response.status, body) == (416, b"")
    assert response.headers["Content-Range"] == f"bytes */{make_export(100).size}"


WRONG = [
    ({}, 1),
    ({"get_list": 1, "get_file": 1}, 1),
    ({"get_list": 1, "cnt": 0}, 1),
    ({"get_list": 1, "after_id": "x"}, 1),
    ({"get_file": 1}, 1),
    ({"get_file": 1, "id": "x"}, 1),
    ({"get_file": 1, "id": 9}, 3),
    ({"get_file": 1, "name": "../a.csv"}, 3),
]


@pytest.mark.parametrize(("given", "code"), WRONG)
async def test_wrong(free: Stage, given: Any, code: Any) -> None:
    assert await free.text("downloads", fmt=1, **given) == f"0,-{code}"


BAD_ORDERS = [
    ([], "expected an object"),
    ({"status": 5}, "between 0 and 4"),
    ({"rows": -1}, "rows is no int"),
    ({"rows": 1.5}, "rows is no int"),
    ({"wait": "1"}, "wait is no float"),
    ({"size": 1}, "unknown member 'size'"),
]


@pytest.mark.parametrize(("order", "complaint"), BAD_ORDERS)
async def test_bad_orders(free: Stage, order: Any, complaint: Any) -> None:
    response = await free.client.post("/_control", json={"download": order})
    assert (response.status, complaint in (await response.json())["error"]) == (400, True)


@pytest.mark.parametrize("cut", [(0, 5), (3, 700), (27, 60), (60_000, 130_000)])
def test_any_part_is_cut_out_of_the_same_file(cut: Any) -> None:
    export = make_export(MANY)
    whole = b"".join(export.read(export.size))
    start, stop = cut
    assert b"".join(export.part(start, stop).read(stop)) == whole[start:stop]
    assert b"".join(export.part(start, stop).read(2)) == whole[start : start + 2]
    assert rows_for(len(whole)) == MANY
