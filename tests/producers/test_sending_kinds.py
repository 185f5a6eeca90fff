"""What a producer writes down for each kind of message, before any worker looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from producers import AsyncProducer, BadRecipient, Conflict, Producer, Settings, UsageError
from producers.contract import JOB_VERSION
from producers.kinds import FIRST_ADDRESS, PLAIN, Kind, SendOptions
from producers.ledger import batches, files
from producers.ledger.batches import BatchView
from producers.ledger.keys import PREFIX

PHONE, OTHER = "79991234567", "79991234568"
MAIL = SendOptions(kind=Kind.EMAIL, subject="Счёт")
FROM = "shop@example.org"


@pytest.fixture
def sms(redis_url: str) -> Iterator[Producer]:
    with Producer(Settings(redis_url=redis_url)) as producer:
        yield producer


def batch(sms: Producer, message: str, number: int = 0) -> BatchView:
    view = sms.store.run(batches.read(f"{message}.{number}"))
    assert view is not None
    return view


def written(sms: Producer) -> int:
    return len(list(sms.store.ledger.scan_iter(f"{PREFIX}*")))


def recipients(sms: Producer, message: str) -> list[str]:
    return [recipient["phone"] for recipient in sms.message(message).status()["recipients"]]


def test_an_ordinary_sms_is_a_job_that_older_workers_understand(sms: Producer) -> None:
    view = batch(sms, sms.send(PHONE, "Привет").id)
    assert (view.job.version, view.job.options, view.job.addresses) == (1, PLAIN, ())


@pytest.mark.parametrize(
    "options",
    [
        SendOptions(kind=Kind.FLASH),
        SendOptions(translit=1),
        SendOptions(time="+5", tz=-2),
        SendOptions(valid="01:00", max_segments=3),
        SendOptions(captcha="12345", user_ip="203.0.113.9"),
    ],
    ids=str,
)
def test_what_goes_with_a_message_is_kept_whole(sms: Producer, options: SendOptions) -> None:
    receipt = sms.send(PHONE, "Привет", options=options)
    view = batch(sms, receipt.id)
    assert view.job.options == options
    assert view.job.version == JOB_VERSION == 2
    assert receipt.status()["kind"] == options.kind.value


def test_addresses_and_phones_come_back_as_they_were_given(sms: Producer) -> None:
    telegram = SendOptions(kind=Kind.TELEGRAM)
    receipt = sms.send([PHONE, "@smith_j", "#123", "8 999 123-45-68"], "Привет", options=telegram)
    assert recipients(sms, receipt.id) == [PHONE, "@smith_j", "#123", OTHER]
    assert batch(sms, receipt.id).phones == (
        int(PHONE),
        FIRST_ADDRESS,
        FIRST_ADDRESS + 1,
        int(OTHER),
    )
    group = sms.send("G12", "Привет")
    assert recipients(sms, group.id) == ["G12"]
    assert batch(sms, group.id).job.version == JOB_VERSION
    mails = sms.send(["a@example.org", "b@example.org", "a@example.org"], "Текст", sender=FROM, options=MAIL)
    assert recipients(sms, mails.id) == ["a@example.org", "b@example.org"]


def test_files_are_kept_once_for_each_content(sms: Producer, tmp_path: Path) -> None:
    path = tmp_path / "счёт.pdf"
    path.write_bytes(b"%PDF content")
    receipt = sms.send(
        "a@example.org", "Текст", sender=FROM, options=MAIL, files=[path, ("same.pdf", b"%PDF content")]
    )
    refs = batch(sms, receipt.id).job.options.files
    assert [(ref.name, ref.size) for ref in refs] == [("счёт.pdf", 12), ("same.pdf", 12)]
    assert refs[0].digest == refs[1].digest
    assert sms.store.run(files.read(refs)) == [b"%PDF content", b"%PDF content"]
    left = sms.store.ledger.ttl(f"{PREFIX}f:{refs[0].digest}")
    assert files.KEPT - 60 < left <= files.KEPT


def test_a_call_with_a_code_made_up_is_a_request_for_each(sms: Producer) -> None:
    call = SendOptions(kind=Kind.CALL)
    code = sms.send([PHONE, OTHER], "code", options=call)
    assert [batch(sms, code.id, number).phones for number in (0, 1)] == [(int(PHONE),), (int(OTHER),)]
    text = sms.send([PHONE, OTHER], "Код 1 2 3", options=call)
    assert batch(sms, text.id).phones == (int(PHONE), int(OTHER))


def test_hlr_is_a_message_without_text(sms: Producer) -> None:
    receipt = sms.hlr([PHONE, OTHER], key="hlr-1")
    view = batch(sms, receipt.id)
    assert (view.job.options.kind, view.job.text, view.segments) == (Kind.HLR, "", (1, 1))
    assert sms.hlr([OTHER, PHONE], key="hlr-1").id == receipt.id
    with pytest.raises(Conflict):
        sms.hlr(PHONE, key="hlr-1")


#: A message under a key, then another one under the same key.
Sent = tuple[Any, str, dict[str, Any]]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((PHONE, "Привет", {}), (PHONE, "Привет", {"options": SendOptions(kind=Kind.FLASH)})),
        ((PHONE, "Привет", {"options": SendOptions(kind=Kind.FLASH)}), (PHONE, "Привет", {})),
        (
            (PHONE, "Привет", {"options": SendOptions(time="+5")}),
            (PHONE, "Привет", {"options": SendOptions(time="+6")}),
        ),
        (
            ("a@example.org", "Текст", {"options": MAIL, "sender": FROM, "files": [("a", b"1")]}),
            ("a@example.org", "Текст", {"options": MAIL, "sender": FROM, "files": [("a", b"2")]}),
        ),
        (
            ("a@example.org", "Текст", {"options": MAIL, "sender": FROM, "files": [("a", b"1")]}),
            ("a@example.org", "Текст", {"options": MAIL, "sender": FROM, "files": [("b", b"1")]}),
        ),
        (
            ("a@example.org", "Текст", {"options": MAIL, "sender": FROM}),
            ("b@example.org", "Текст", {"options": MAIL, "sender": FROM}),
        ),
        (("G12", "Привет", {}), ("G13", "Привет", {})),
        (("G12", "Привет", {}), ([PHONE, "G12"], "Привет", {})),
    ],
    ids=lambda sent: f"{sent[0]} {sent[2]}",
)
def test_a_key_stands_for_everything_that_is_sent(sms: Producer, first: Sent, second: Sent) -> None:
    phones, text, more = first
    receipt = sms.send(phones, text, key="k", **more)
    assert sms.send(phones, text, key="k", **more).id == receipt.id
    phones, text, more = second
    with pytest.raises(Conflict) as caught:
        sms.send(phones, text, key="k", **more)
    assert receipt.id in caught.value.message


def test_the_order_of_recipients_makes_no_other_message(sms: Producer) -> None:
    one = sms.send(["G1", PHONE, "G2"], "Привет", key="k")
    assert sms.send(["G2", "G1", PHONE], "Привет", key="k").id == one.id


@pytest.mark.parametrize(
    ("phones", "text", "more", "code"),
    [
        (PHONE, "Привет", {"options": SendOptions(valid="x")}, "bad_valid"),
        (PHONE, "Привет", {"files": [("a.pdf", b"1")]}, "bad_files"),
        ("a@example.org", "Текст", {"options": MAIL, "sender": FROM, "files": [("a", b"")]}, "bad_files"),
        ("a@example.org", "Текст", {"options": MAIL, "sender": FROM, "files": ["/no/file"]}, "bad_files"),
        (
            "a@example.org",
            "Текст",
            {"options": MAIL, "sender": FROM, "files": [("a", b"1" * (5 * 2**20)), ("b", b"2")]},
            "bad_files",
        ),
        ("a@example.org", "Текст", {"options": MAIL, "sender": ""}, "bad_email"),
        ("a@example.org", "Текст", {"options": MAIL, "sender": "a" * 255}, "bad_sender"),
        (PHONE, "Привет", {"sender": "a" * 16}, "bad_sender"),
        (PHONE, "Привет", {"key": ""}, "bad_key"),
        (PHONE, "Привет", {"provider": "nobody"}, "provider"),
    ],
)
def test_nothing_is_written_of_what_can_t_be_sent(
    sms: Producer, phones: str, text: str, more: dict[str, Any], code: str
) -> None:
    with pytest.raises(UsageError) as caught:
        sms.send(phones, text, **more)
    assert caught.value.code == code
    assert written(sms) == 0


def test_one_recipient_of_no_use_stops_all(sms: Producer) -> None:
    with pytest.raises(BadRecipient) as caught:
        sms.send(["a@example.org", PHONE], "Текст", sender=FROM, options=MAIL)
    assert (caught.value.code, caught.value.row) == ("bad_email", 2)
    assert written(sms) == 0


async def test_the_async_twin_writes_the_same(sms: Producer) -> None:
    options = SendOptions(kind=Kind.TELEGRAM, bot="@shop_bot")
    async with AsyncProducer(sms.settings) as producer:
        receipt = await producer.send(["@smith_j", PHONE], "Привет", key="k", options=options)
        assert sms.send(["@smith_j", PHONE], "Привет", key="k", options=options).id == receipt.id
        mail = await producer.send(
            "a@example.org", "Текст", sender=FROM, options=MAIL, files=[("a.txt", b"1")]
        )
        assert (await receipt.status())["kind"] == "telegram"
        hlr = await producer.hlr(PHONE)
    assert batch(sms, mail.id).job.options.files[0].size == 1
    assert batch(sms, hlr.id).job.options.kind is Kind.HLR
