"""Nothing that is printed, logged or raised shows a login, a text or a phone; whatever the bytes."""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from producers.contract import Hold, InDoubt, NotSent, Refused, SendRequest, Taken
from tests.worker.providers.smsc.servers import LiteralServer, Misbehaving, closed_port
from worker.providers.base import ProviderError
from worker.providers.sms2 import Sms2Account, Sms2Client, balances, codes, mms, requests, sends, statuses
from worker.providers.sms2.replies import UnreadableError, text_of, without
from worker.providers.smsc.transport import Reply

from .calls import A

ACCOUNT = Sms2Account(user="LOGIN", password="PASSWORD")
REQUEST = SendRequest("c1.1.1", (79991234567,), sender="SENDER", text="TEXT OF\nTHE MESSAGE")
HIDDEN = ("LOGIN", "PASSWORD", "TEXT", "79991234567", "127.0.0.1")


def assert_clean(*things: object) -> None:
    for thing in things:
        shown = thing if isinstance(thing, str) else f"{thing!r} {thing!s}"
        assert not [word for word in HIDDEN if word in shown], shown


def test_reprs(client: Sms2Client) -> None:
    assert repr(Sms2Account(user="LOGIN", password="PASSWORD")) == "Sms2Account(url='https://my.sms2.ru')"
    assert_clean(ACCOUNT, sends.message(ACCOUNT, REQUEST), requests.fingerprint(REQUEST))


REPLIES = [
    "",
    "<html>PASSWORD 79991234567</html>",
    "PASSWORD",
    "Error: LOGIN PASSWORD TEXT OF THE MESSAGE 79991234567",
    "Error: TEXT OF\r\nTHE MESSAGE",
]


@pytest.mark.parametrize("reply", REPLIES)
async def test_what_the_provider_repeats(
    reply: str, client_for: Callable[..., Sms2Client], server: LiteralServer
) -> None:
    server.body = reply.encode()
    client = client_for(server.url)
    with capture_logs() as logs:
        assert_clean(await client.send(REQUEST))
        assert_clean(await client.start_multicast(REQUEST.text or "", "SENDER", ["B1"]))
        for call in (client.balance(), client.status([("1", A)]), client.get_base("B1")):
            with pytest.raises(ProviderError) as caught:
                await call
            assert_clean(caught.value, "".join(traceback.format_exception(caught.value)))
    assert_clean(*logs)


async def test_network_failures(client_for: Callable[..., Sms2Client]) -> None:
    async with Misbehaving() as provider:
        for url in (provider.url, f"http://127.0.0.1:{closed_port()}"):
            client = client_for(url)
            with capture_logs() as logs:
                assert_clean(await client.send(REQUEST))
                with pytest.raises(ProviderError) as caught:
                    await client.has_phone("B1", REQUEST.phones[0])
            assert_clean(caught.value, "".join(traceback.format_exception(caught.value)), *logs)


def test_a_secret_within_another() -> None:
    assert (
        without("Error:  LOGIN is my\nname, abc", ("LOGIN", "LOGIN is\nmy name", "abc")) == "Error: ***, abc"
    )


def test_an_mms_has_the_password_only_as_its_hash() -> None:
    picture = SendRequest("c1.1.1", (A,), text="x", files=(b"\x89PNG\r\n\x1a\n",))
    body = mms.message(ACCOUNT, picture).body
    assert b"PASSWORD" not in body
    assert hashlib.md5(b"PASSWORD", usedforsecurity=False).hexdigest().encode() in body


bodies = (
    st.binary(max_size=200)
    | st.text(max_size=100).map(lambda text: f"Error: {text}".encode())
    | st.text(max_size=30).map(lambda text: f"Message successfully sent! Message_ID={text}".encode())
    | st.sampled_from([f"Error: {words}".encode() for words in codes.EVERY_ERROR])
)


@given(st.sampled_from([200, 201, 302, 400, 404, 500, 502]), bodies)
@example(200, b"Message successfully sent! Message_ID=7")
def test_whatever_the_bytes(status: int, body: bytes) -> None:
    """Nothing is raised; nothing is taken but with an id; a 5xx proves nothing."""
    for script in (sends, mms):
        outcome = script.outcome(Reply(status, body), ("PASSWORD",))
        assert isinstance(outcome, Taken | Refused | NotSent | InDoubt | Hold)
        if isinstance(outcome, Taken):
            assert status == 200
            assert outcome.provider_id
        if not 200 <= status < 300 and not 400 <= status < 500:
            assert outcome == InDoubt(f"http_{status}")
        if isinstance(outcome, Hold):
            assert outcome.code
            assert len(outcome.detail) <= codes.DETAIL_LENGTH
    for parse in (lambda text: statuses.result(text, A), balances.answer):
        try:
            parse(text_of(body))
        except UnreadableError:
            pass
