"""Every kind of message through real workers: what the provider's books say, and what comes back."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest

from producers import Producer, Settings
from producers.kinds import Kind, SendOptions
from producers.ledger import files
from producers.ledger.keys import PREFIX
from producers.receipts import Receipt
from tests.worker.conftest import SimulatorProcess, Workers

PHONE, OTHER = "79991234567", "79991234568"
FROM = "shop@example.org"
PICTURE = ("фото.png", b"\x89PNG\r\n\x1a\n\x00\xff" * 50)
SOUND = ("privet.mp3", b"ID3\x00" * 200)
PDF = ("счёт.pdf", b"%PDF-1.7\r\n" * 30)


def taken(simulator: SimulatorProcess, receipt: Receipt) -> dict[str, Any]:
    """What the provider has of a message: exactly one request, taken."""
    with urllib.request.urlopen(f"{simulator.url}/_books/messages?id={receipt.id}.0.1", timeout=10) as reply:
        [found] = json.load(reply)
    assert found["refused"] is None
    return dict(found)


def sent(simulator: SimulatorProcess, receipt: Receipt) -> dict[str, str]:
    """The parameters of the request."""
    with urllib.request.urlopen(f"{simulator.url}/_books/requests?last=1000", timeout=10) as reply:
        requests = json.load(reply)
    [found] = [
        request["parameters"]
        for request in requests
        if request["parameters"].get("id") == f"{receipt.id}.0.1"
    ]
    return dict(found)


Case = tuple[str, str, dict[str, Any], dict[str, Any], dict[str, Any]]
#: Recipient, text, what `send` is given, members of the provider's record, members of its note.
CASES: list[Case] = [
    (PHONE, "Привет", {"options": SendOptions()}, {"kind": "sms", "texts": ["Привет"]}, {}),
    (
        PHONE,
        "Привет\n~~~\nзаказ 7",
        {"options": SendOptions(partner="77", valid="01:00", shorten_links=True), "sender": "Shop"},
        {"kind": "sms", "comment": "заказ 7", "texts": ["Привет"], "sender": "Shop"},
        {"pp": "77", "valid": "01:00", "tinyurl": "1"},
    ),
    (PHONE, "Привет", {"options": SendOptions(kind=Kind.FLASH)}, {"kind": "flash"}, {}),
    (
        PHONE,
        "http://example.org\nСкидки",
        {"options": SendOptions(kind=Kind.PUSH)},
        {"kind": "push", "texts": ["http://example.org\nСкидки"]},
        {},
    ),
    (PHONE, "", {"options": SendOptions(kind=Kind.HLR)}, {"kind": "hlr"}, {}),
    (PHONE, "", {"options": SendOptions(kind=Kind.PING)}, {"kind": "ping"}, {}),
    (
        PHONE,
        "06 05 04 0B 84 23 F0 DC",
        {"options": SendOptions(kind=Kind.BINARY_HEX)},
        {"kind": "bin", "texts": ["0605040B8423F0DC"]},
        {"bin": "2"},
    ),
    (
        PHONE,
        "\x02\x70\x01\xfftext",
        {"options": SendOptions(kind=Kind.BINARY)},
        {"kind": "bin"},
        {"bin": "1"},
    ),
    (
        PHONE,
        "Смотрите",
        {"options": SendOptions(kind=Kind.MMS, subject="Фото"), "files": [PICTURE]},
        {"kind": "mms", "texts": ["Смотрите"]},
        {"subj": "Фото", "files": [PICTURE]},
    ),
    (
        PHONE,
        "",
        {"options": SendOptions(kind=Kind.MMS, subject="Фото", file_url="https://example.org/a.png")},
        {"kind": "mms"},
        {"subj": "Фото", "fileurl": "https://example.org/a.png"},
    ),
    (
        "client@example.org",
        "Ваш счёт",
        {"options": SendOptions(kind=Kind.EMAIL, subject="Счёт"), "sender": FROM, "files": [PDF, PICTURE]},
        {"kind": "mail", "phones": ["client@example.org"], "sender": FROM},
        {"subj": "Счёт", "files": [PDF, PICTURE]},
    ),
    (
        PHONE,
        "Код 1 2 3",
        {"options": SendOptions(kind=Kind.CALL, voice="w,en", call_timing="22,20,5")},
        {"kind": "call", "texts": ["Код 1 2 3"]},
        {"voice": "w,en", "param": "22,20,5"},
    ),
    (
        PHONE,
        "",
        {"options": SendOptions(kind=Kind.CALL), "files": [SOUND]},
        {"kind": "call"},
        {"files": [SOUND]},
    ),
    (PHONE, "Привет", {"options": SendOptions(kind=Kind.VIBER)}, {"kind": "viber"}, {}),
    (PHONE, "Привет", {"options": SendOptions(kind=Kind.SOCIAL)}, {"kind": "soc"}, {}),
    (
        "@smith_j",
        "Привет",
        {"options": SendOptions(kind=Kind.TELEGRAM, bot="@shop_bot")},
        {"kind": "tg", "phones": ["@smith_j"]},
        {"bot": "@shop_bot"},
    ),
    (
        PHONE,
        "Капча",
        {"options": SendOptions(captcha="12345", user_ip="203.0.113.9")},
        {"kind": "sms"},
        {"userip": "203.0.113.9"},
    ),
    (
        PHONE,
        "Постепенно",
        {"options": SendOptions(period="2.5", freq=30)},
        {"kind": "sms"},
        {"period": "2.5", "freq": "30"},
    ),
]


def test_each_kind_is_taken_as_it_was_asked(
    sms: Producer, workers: Workers, simulator: SimulatorProcess
) -> None:
    receipts = [
        sms.send(recipient, text, urgent=number % 2 == 0, **more)
        for number, (recipient, text, more, _, _) in enumerate(CASES)
    ]
    for receipt, (recipient, text, more, record, note) in zip(receipts, CASES, strict=True):
        what = f"{more['options'].kind.value} {text!r}"
        found = receipt.outcome(timeout=30)
        [one] = found["recipients"]
        assert (found["kind"], one["state"], one["phone"]) == (
            more["options"].kind.value,
            "taken",
            recipient,
        ), what
        assert float(one["cost"]) > 0, what
        books = taken(simulator, receipt)
        assert {name: books[name] for name in record} == record, what
        said = dict(books["note"])
        uploads = [(part["name"], part["size"]) for part in said.pop("files", [])]
        assert uploads == [(name, len(content)) for name, content in note.get("files", [])], what
        assert said == {name: value for name, value in note.items() if name != "files"}, what
    binary = next(n for n, case in enumerate(CASES) if case[2]["options"].kind is Kind.BINARY)
    assert sent(simulator, receipts[binary])["mes"].encode("cp1251") == b"\x02\x70\x01\xfftext"
    assert set(simulator.books()["kinds"]) == {
        "sms", "flash", "push", "hlr", "ping", "bin", "mms", "mail", "call", "viber", "soc", "tg",
    }  # fmt: skip
    assert {options["options"].kind for _, _, options, _, _ in CASES} == set(Kind)
    assert simulator.books()["requests"]["send.php"] == len(CASES)
    assert simulator.books()["errors"] == {}


def test_parameters_that_only_the_request_shows(
    sms: Producer, workers: Workers, simulator: SimulatorProcess
) -> None:
    options = SendOptions(translit=2, time="+60", tz=-2, max_segments=3, keep_plus=True)
    receipt = sms.send([PHONE, OTHER], "Привет", options=options)
    receipt.outcome(timeout=30)
    found = sent(simulator, receipt)
    assert found["phones"] == f"+{PHONE},+{OTHER}"
    wanted = {"translit": "2", "time": "+60", "tz": "-2", "maxsms": "3"}
    assert {name: found.get(name) for name in wanted} == wanted
    assert taken(simulator, receipt)["phones"] == [PHONE, OTHER]


def test_addresses_groups_and_names(sms: Producer, workers: Workers, simulator: SimulatorProcess) -> None:
    simulator.order(groups={"12": ["79991110001", "79991110002"]}, delivery_scale=0.0001)
    mail = SendOptions(kind=Kind.EMAIL, subject="Счёт")
    receipts = [
        sms.send(
            ["a@example.org", "read@example.org", "nohost@example.org"], "Счёт", sender=FROM, options=mail
        ),
        sms.send(["@smith_j", "#123", PHONE], "Привет", options=SendOptions(kind=Kind.TELEGRAM)),
        sms.send("G12", "Группе"),
    ]
    for receipt in receipts:
        found = receipt.outcome(timeout=30)
        assert {one["state"] for one in found["recipients"]} == {"taken"}
    assert taken(simulator, receipts[0])["phones"] == [
        "a@example.org",
        "read@example.org",
        "nohost@example.org",
    ]
    assert taken(simulator, receipts[1])["phones"] == ["@smith_j", "#123", PHONE]
    assert taken(simulator, receipts[2])["phones"] == ["79991110001", "79991110002"]
    states = {one["phone"]: one["state"] for one in receipts[0].refresh(timeout=20)["recipients"]}
    assert states["read@example.org"] == "read"
    assert states["nohost@example.org"] == "failed"


def test_a_voice_code_comes_back_and_is_in_no_log(
    sms: Producer, settings: Settings, simulator: SimulatorProcess, capfd: pytest.CaptureFixture[str]
) -> None:
    workers = Workers(settings)
    try:
        code = sms.send([PHONE, OTHER], "code", urgent=True, options=SendOptions(kind=Kind.CALL))
        plain = sms.send(PHONE, "Код 1 2 3", urgent=True, options=SendOptions(kind=Kind.CALL))
        found = code.outcome(timeout=30)["recipients"]
        without = plain.outcome(timeout=30)["recipients"]
    finally:
        workers.stop()
    codes = [one["voice_code"] for one in found]
    assert all(isinstance(one, str) and one.isdecimal() and len(one) == 6 for one in codes)
    assert len(set(codes)) == 2
    assert "voice_code" not in without[0]
    logged = "".join(capfd.readouterr())
    assert logged.count("batch_sent") == 3
    assert not any(one in logged for one in (*codes, PHONE, OTHER))
    assert not any(one in repr(code) + repr(plain) for one in codes)


def test_what_the_network_says(sms: Producer, workers: Workers, simulator: SimulatorProcess) -> None:
    simulator.order(delivery_scale=0.0001)
    phones = [f"7900000040{number}" for number in range(1, 6)]
    receipt = sms.hlr(phones, key="hlr")
    assert {one["state"] for one in receipt.outcome(timeout=30)["recipients"]} == {"taken"}
    assert sms.hlr(phones, key="hlr").id == receipt.id
    found = {one["phone"]: one for one in receipt.refresh(timeout=20)["recipients"]}
    assert [found[phone]["state"] for phone in phones] == [
        "delivered",  # reachable
        "failed",  # known, but out of reach
        "failed",  # no such subscriber
        "delivered",  # roaming
        "taken",  # undecided
    ]
    assert [(found[phone]["status"], found[phone]["err"]) for phone in phones[:4]] == [
        (1, 0), (1, 6), (20, 1), (1, 0),
    ]  # fmt: skip
    home, roaming = found[phones[0]]["hlr"], found[phones[3]]["hlr"]
    assert (home["mcc"], home["mnc"], home["country"], home["network"]) == (
        "250",
        "01",
        "Россия",
        "Simulator",
    )
    assert "roaming_country" not in home
    assert home["imsi"].startswith("25001")
    assert (roaming["roaming_country"], roaming["roaming_network"]) == ("Казахстан", "Simulator KZ")
    assert "msc" not in found[phones[1]]["hlr"]
    # Kept: whoever reads the receipt later sees it too.
    assert receipt.status()["recipients"] == list(found.values())
    assert simulator.books()["errors"] == {}
    assert simulator.books()["hlr"] == 5


def test_a_ping_says_it_too(sms: Producer, workers: Workers, simulator: SimulatorProcess) -> None:
    simulator.order(delivery_scale=0.0001)
    receipt = sms.send(["79000000401", "79000000402"], "", options=SendOptions(kind=Kind.PING))
    receipt.outcome(timeout=30)
    assert [one["state"] for one in receipt.refresh(timeout=20)["recipients"]] == ["delivered", "failed"]


def test_a_file_that_is_gone_holds_the_message(
    sms: Producer, simulator: SimulatorProcess, settings: Settings
) -> None:
    receipt = sms.send(PHONE, "", options=SendOptions(kind=Kind.MMS, subject="Фото"), files=[PICTURE])
    [name] = sms.store.ledger.scan_iter(f"{PREFIX}f:*")
    content = sms.store.ledger.get(name)
    sms.store.ledger.delete(name)
    workers = Workers(settings)
    try:
        [found] = receipt.outcome(timeout=30)["recipients"]
        assert (found["state"], found["reason"]) == ("held", "file_missing")
        assert "send.php" not in simulator.books()["requests"]
    finally:
        workers.stop()
    assert content == PICTURE[1]
    assert files.KEPT > 7 * 24 * 3600
