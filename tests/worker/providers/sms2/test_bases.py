"""The answer in Perl, the start of a mailing, and what is not asked at all."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfoNotFoundError

import aiohttp
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from producers.contract import Hold
from tests.worker.providers.smsc.servers import LiteralServer
from worker.providers.sms2 import Sms2Account, Sms2Client, multicast
from worker.providers.sms2.perl import AddedPhones, added_phones
from worker.providers.sms2.replies import UnreadableError

from .calls import A

phones = st.lists(
    st.text(st.characters(codec="ascii", exclude_characters='"\\', min_codepoint=32), max_size=64)
)


@given(st.integers(0, 999_999_999), phones, st.sampled_from(["", " ", "\r\n  "]))
@example(2, [], "")
def test_what_is_written_is_read(added: int, refused: list[str], gap: str) -> None:
    listed = f"{gap},{gap}".join(f'"{phone}"' for phone in refused)
    tokens = ["{", '"success"', "=>", str(added), ",", '"errors"', "=>", "[", listed, "]", "}"]
    text = gap + gap.join(tokens) + gap
    assert added_phones(text) == AddedPhones(added, tuple(refused))


@given(st.text('{}[]"=>,: \n0179successerrors', max_size=60) | st.text(max_size=40))
def test_anything_else_is_refused_in_one_way(text: str) -> None:
    with suppress(UnreadableError):
        added_phones(text)


GOOD = '{"success"=>2, "errors"=>["70987654321", "1728376"]}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Success",
        json.dumps({"success": 2, "errors": []}),
        GOOD[:-1],
        GOOD + "}",
        GOOD + " and more",
        GOOD.replace("2,", "2"),
        GOOD.replace('"errors"', '"error"'),
        GOOD.replace('"success"', "success"),
        GOOD.replace("=>2", "=>"),
        GOOD.replace("=>2", "=>-2"),
        GOOD.replace("=>2", "=>2.5"),
        GOOD.replace("=>2", '=>"2"'),
        GOOD.replace("=>2", "=>1234567890"),
        GOOD.replace("=>", "="),
        GOOD.replace(', "1728376"', ","),
        GOOD.replace(', "1728376"', ' "1728376"'),
        GOOD.replace('"1728376"', "1728376"),
        GOOD.replace('"1728376"', '"1728376'),
        GOOD.replace('"1728376"', r'"\x41"'),
        GOOD.replace("[", "[,"),
        GOOD.replace("=>[", "=>(").replace("]", ")"),
        '{"errors"=>[], "success"=>2}',
    ],
)
def test_what_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        added_phones(text)


def test_every_cut_is_refused() -> None:
    for length in range(len(GOOD)):
        with pytest.raises(UnreadableError):
            added_phones(GOOD[:length])


def test_phones_are_not_shown() -> None:
    assert repr(added_phones(GOOD)) == "AddedPhones(added=2, refused=2)"


@pytest.mark.parametrize(
    ("start", "zone", "written"),
    [
        (datetime(2026, 3, 1, 9, 5, tzinfo=UTC), "Europe/Moscow", "2026-03-01 12:05"),
        (datetime(2026, 3, 1, 9, 5, tzinfo=UTC), "Asia/Yekaterinburg", "2026-03-01 14:05"),
        (datetime(2026, 12, 31, 20, 59, 59, tzinfo=UTC), "Europe/Moscow", "2027-01-01 00:00"),
        (datetime(2026, 3, 1, 9, 5, 0, 1, tzinfo=UTC), "Europe/Moscow", "2026-03-01 12:06"),
        (datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=3))), "Europe/Moscow", "2026-03-01 00:00"),
    ],
)
def test_start_of_a_mailing(start: datetime, zone: str, written: str) -> None:
    parameters = multicast.parameters("Hi", "Shop", ["B1"], start, multicast.zone_of(zone))
    assert dict(parameters)["start_at"] == written


@pytest.mark.parametrize(
    ("bases", "start"),
    [
        ([], None),
        (["B1", ""], None),
        (["B1,B2"], None),
        (["B1"], datetime(2026, 3, 1, 12)),  # noqa: DTZ001
    ],
)
async def test_mailings_that_cannot_be_asked_for(
    bases: list[str], start: datetime | None, client: Sms2Client, server: LiteralServer
) -> None:
    with pytest.raises(ValueError, match=r"^(bases|start_at): "):
        await client.start_multicast("Hi", "Shop", bases, start)
    assert server.asked == []


async def test_a_mailing_has_no_utf_8(client: Sms2Client, server: LiteralServer) -> None:
    assert await client.start_multicast("😀", "Shop", ["B1"]) == Hold(0, "unsendable_text")
    assert server.asked == []


async def test_phones_that_no_base_takes(client: Sms2Client, server: LiteralServer) -> None:
    for call in (
        client.add_phone("B1", 380501234567),
        client.add_phones("B1", [A, 1]),
        client.add_phones("B1", []),
        client.has_phone("B1", 0),
        client.remove_phone("B1", A * 10),
    ):
        with pytest.raises(ValueError, match=r"^phones?: "):
            await call
    assert server.asked == []


def test_zones(session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch) -> None:
    account = Sms2Account(user="LOGIN", password="PASSWORD")
    for zone in ("Nowhere/Else", "../etc/passwd", ""):
        with pytest.raises(ValueError, match="time zone"):
            Sms2Client(account, session, zone=zone)

    def missing(name: str) -> None:
        raise ZoneInfoNotFoundError

    monkeypatch.setattr(multicast, "ZoneInfo", missing)
    summer = datetime(2026, 7, 1, tzinfo=UTC)
    assert summer.astimezone(multicast.zone_of("Europe/Moscow")).hour == 3
