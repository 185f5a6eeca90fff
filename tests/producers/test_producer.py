"""The library against a real server, without a worker: what is in the ledger after each call."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from producers import (
    AsyncProducer,
    BadFile,
    BadRecipient,
    BadTemplate,
    Conflict,
    NotFound,
    Producer,
    Settings,
    Unavailable,
    UsageError,
    WaitTimeout,
)
from producers.ledger import batches
from producers.ledger.keys import TIMER
from producers.ledger.timer import take_due
from producers.states import BatchState, Lane, RecipientState
from tests.conftest import RedisServer, free_port


@pytest.fixture
def sms(redis_url: str) -> Iterator[Producer]:
    with Producer(Settings(redis_url=redis_url, sender="Shop")) as producer:
        yield producer


def queued(sms: Producer, lane: Lane) -> int:
    return sms.store.queues.llen(f"{sms.store.address.queue_namespace}:{lane.value}")


class TestSend:
    def test_a_message_is_in_the_ledger_on_the_timer_and_on_its_lane(self, sms: Producer) -> None:
        receipt = sms.send("8 (999) 123-45-67", "Код 1234", urgent=True)
        view = sms.store.run(batches.read(f"{receipt.id}.0"))
        assert view is not None
        assert view.phones == (79991234567,)
        assert (view.job.text, view.job.sender, view.job.lane) == ("Код 1234", "Shop", Lane.URGENT)
        assert sms.store.ledger.zcard(TIMER) == 1
        assert (queued(sms, Lane.URGENT), queued(sms, Lane.BULK)) == (1, 0)
        [recipient] = receipt.status()["recipients"]
        assert (recipient["phone"], recipient["state"], recipient["cost"]) == ("79991234567", "pending", None)

    def test_a_lost_wake_up_comes_from_the_timer(self, sms: Producer) -> None:
        receipt = sms.send("79991234567", "Код", urgent=True)
        sms.store.queues.flushdb()
        created = sms.store.run(batches.read(f"{receipt.id}.0")).created  # type: ignore[union-attr]
        assert [due.id for due in sms.store.run(take_due(now_ms=created + 2_000))] == [f"{receipt.id}.0"]

    def test_a_wake_up_that_can_t_be_queued_is_no_error(self, sms: Producer) -> None:
        # As if the producer had died between ledger and queue.
        sms.store.queues.set(f"{sms.store.address.queue_namespace}:urgent", "not a list")
        receipt = sms.send("79991234567", "Код", urgent=True)
        assert receipt.status()["recipients"][0]["state"] == "pending"
        assert sms.store.ledger.zcard(TIMER) == 1

    def test_many_recipients_become_batches_of_one_message(self, sms: Producer) -> None:
        phones = [79_990_000_000 + n for n in range(1_201)]
        receipt = sms.send([*phones, "+7 999 000-00-00"], "Привет")
        message = receipt.status()
        assert [int(recipient["phone"]) for recipient in message["recipients"]] == phones
        assert queued(sms, Lane.BULK) == 3

    @pytest.mark.parametrize(
        ("phones", "text", "code"),
        [
            ("not a phone", "x", "phone_not_a_number"),
            ([], "x", "no_recipients"),
            ("79991234567", " ", "text_empty"),
            ("79991234567", "x" * 1_001, "text_too_long"),
            (["79991234567", "12"], "x", "phone_too_short"),
        ],
    )
    def test_bad_input_sends_nothing(self, sms: Producer, phones: object, text: str, code: str) -> None:
        with pytest.raises(BadRecipient) as caught:
            sms.send(phones, text)  # type: ignore[arg-type]
        assert caught.value.code == code
        assert sms.store.ledger.dbsize() == 0

    def test_too_many_recipients_belong_into_a_campaign(self, sms: Producer) -> None:
        with pytest.raises(UsageError, match="campaign"):
            sms.send([79_990_000_000 + n for n in range(10_001)], "x")
        assert sms.store.ledger.dbsize() == 0

    def test_waiting_for_an_outcome_ends_in_time(self, sms: Producer) -> None:
        receipt = sms.send("79991234567", "x")
        with pytest.raises(WaitTimeout):
            receipt.outcome(timeout=0.1)

    def test_an_unknown_message_is_not_found(self, sms: Producer) -> None:
        with pytest.raises(NotFound):
            sms.message("m0").status()


class TestIdempotencyKey:
    def test_the_same_key_gives_the_same_receipt_and_sends_nothing(self, sms: Producer) -> None:
        first = sms.send("79991234567", "Код 1", key="otp-1", urgent=True)
        again = sms.send("+7 999 123-45-67", "Код 1", key="otp-1", urgent=True)
        assert again.id == first.id
        assert queued(sms, Lane.URGENT) == 1

    def test_the_same_key_with_another_content_is_an_error(self, sms: Producer) -> None:
        sms.send("79991234567", "Код 1", key="otp-1")
        for phone, text in (("79991234567", "Код 2"), ("79991234568", "Код 1")):
            with pytest.raises(Conflict):
                sms.send(phone, text, key="otp-1")
        assert queued(sms, Lane.BULK) == 1

    def test_no_key_sends_again(self, sms: Producer) -> None:
        assert sms.send("79991234567", "x").id != sms.send("79991234567", "x").id

    def test_racing_producers_get_one_receipt(self, sms: Producer) -> None:
        ids: list[str] = []
        barrier = threading.Barrier(8)

        def race() -> None:
            with Producer(sms.settings) as other:
                barrier.wait()
                ids.append(other.send("79991234567", "Код", key="race").id)

        threads = [threading.Thread(target=race) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(ids) == 8
        assert len(set(ids)) == 1
        assert queued(sms, Lane.BULK) == 1

    def test_a_key_is_forgotten_after_its_time(self, redis_url: str) -> None:
        settings = Settings(redis_url=redis_url, key_hours=1)
        with Producer(settings) as sms:
            sms.send("79991234567", "x", key="k")
            [key] = sms.store.ledger.keys("{smsq}:key:*")
            assert 3_590 <= sms.store.ledger.ttl(key) <= 3_600

    def test_a_key_survives_a_restart_of_the_server(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        server = RedisServer(tmp_path_factory.mktemp("killed"))
        server.start()
        try:
            with Producer(Settings(redis_url=server.url)) as sms:
                first = sms.send("79991234567", "x", key="k")
            server.kill()
            server.start()
            with Producer(Settings(redis_url=server.url)) as sms:
                assert sms.send("79991234567", "x", key="k").id == first.id
                assert sms.message(first.id).status()["recipients"][0]["state"] == "pending"
        finally:
            server.stop()


ROWS = [{"phone": f"7999000{n:04d}", "name": f"Имя {n}"} for n in range(1_100)]


class TestCampaign:
    def test_recipients_are_planned_counted_and_fed(self, sms: Producer) -> None:
        campaign = sms.campaign(
            "spring", [*ROWS, ROWS[0], {"phone": "rubbish", "name": "x"}], "{name}, привет"
        )
        progress = campaign.progress()
        assert progress["state"] == "running"
        assert progress["recipients"] == {
            "total": 1_101,
            "rejected": 1,
            "pending": 1_100,
            "in_doubt": 0,
            "held": 0,
            "taken": 0,
            "delivered": 0,
            "failed": 0,
            "refused": 0,
            "cancelled": 0,
        }
        assert (progress["duplicates"], progress["batches"], progress["segments"]) == (1, 3, 1_100)
        assert queued(sms, Lane.BULK) == 3
        view = sms.store.run(batches.read(f"{campaign.id}.2", texts=True))
        assert view is not None
        assert view.texts is not None
        assert (len(view.phones), view.texts[-1]) == (100, "Имя 1099, привет")

    def test_repeating_it_changes_nothing(self, sms: Producer) -> None:
        first = sms.campaign("spring", ROWS, "{name}")
        before = first.progress()
        again = sms.campaign("spring", ROWS, "{name}")
        assert again.id == first.id
        assert again.progress() == before
        assert queued(sms, Lane.BULK) == 3

    @pytest.mark.parametrize(
        ("rows", "text"),
        [
            (ROWS, "{name}!"),
            (ROWS[:-1], "{name}"),
            (ROWS[:-200], "{name}"),
            ([*ROWS, {"phone": "79995550000", "name": "x"}], "{name}"),
            ([ROWS[1], ROWS[0], *ROWS[2:]], "{name}"),
        ],
        ids=["another text", "one fewer", "a batch fewer", "one more", "another order"],
    )
    def test_another_content_under_the_name_is_refused(
        self, sms: Producer, rows: list[dict[str, str]], text: str
    ) -> None:
        before = sms.campaign("spring", ROWS, "{name}").progress()
        with pytest.raises(Conflict):
            sms.campaign("spring", rows, text)
        assert sms.find_campaign("spring").progress() == before

    def test_an_interrupted_producer_has_sent_nothing_and_goes_on(self, sms: Producer) -> None:
        class Killed(BaseException):
            """Stands for a kill: no handler runs."""

        def rows() -> Iterator[dict[str, str]]:
            for number, row in enumerate(many):
                if number == 33_333:
                    raise Killed
                yield row

        many = [{"phone": str(79_000_000_000 + n)} for n in range(40_000)]
        with pytest.raises(Killed):
            sms.campaign("half", rows(), "Привет")
        half = sms.find_campaign("half").progress()
        assert half["state"] == "planned"
        assert not half["complete"]
        assert 0 < half["recipients"]["pending"] < 33_333
        assert queued(sms, Lane.BULK) == 0
        assert sms.store.ledger.zcard(TIMER) == 0
        campaign = sms.campaign("half", many, "Привет")
        assert campaign.progress()["recipients"]["pending"] == 40_000
        phones = [row["phone"] for row in campaign.report()]
        assert phones == [row["phone"] for row in many]

    def test_nothing_usable_makes_no_campaign(self, sms: Producer) -> None:
        with pytest.raises(BadFile) as caught:
            sms.campaign("spring", [{"phone": "rubbish"}], "x")
        assert caught.value.code == "no_recipients"
        with pytest.raises(BadTemplate):
            sms.campaign("spring", ROWS, "{nmae}")
        assert sms.store.ledger.dbsize() == 0

    def test_pause_resume_and_cancel(self, sms: Producer) -> None:
        campaign = sms.campaign("spring", ROWS, "Привет")
        campaign.pause()
        assert campaign.progress()["state"] == "paused"
        campaign.resume()
        assert campaign.progress()["state"] == "running"
        campaign.cancel()
        progress = campaign.progress()
        assert progress["state"] == "cancelled"
        assert progress["recipients"]["cancelled"] == 1_100
        assert progress["recipients"]["pending"] == 0
        assert {row["state"] for row in campaign.report()} == {"cancelled"}
        with pytest.raises(UsageError):
            campaign.resume()

    def test_a_start_in_the_future_is_planned(self, sms: Producer) -> None:
        campaign = sms.campaign("later", ROWS, "Привет", at_ms=4_000_000_000_000)
        assert campaign.progress()["state"] == "planned"
        assert queued(sms, Lane.BULK) == 0
        assert campaign.progress()["start_at"].startswith("2096-")

    def test_the_list_is_newest_first(self, sms: Producer) -> None:
        first, second = sms.campaign("one", ROWS, "x"), sms.campaign("two", ROWS, "x")
        sms.store.ledger.zincrby("{smsq}:campaigns", 1, second.id)
        assert [campaign.id for campaign in sms.campaigns()] == [second.id, first.id]


def test_the_async_twin_does_the_same(redis_url: str) -> None:
    async def use() -> None:
        async with AsyncProducer(Settings(redis_url=redis_url)) as sms:
            receipt = await sms.send("79991234567", "Код", key="k")
            assert (await sms.send("79991234567", "Код", key="k")).id == receipt.id
            assert (await receipt.status())["recipients"][0]["state"] == "pending"
            with pytest.raises(WaitTimeout):
                await receipt.outcome(timeout=0.05)
            campaign = await sms.campaign("spring", ROWS, "{name}")
            await campaign.pause()
            assert (await (await sms.find_campaign("spring")).progress())["state"] == "paused"
            await campaign.resume()
            assert len([row async for row in campaign.report()]) == 1_100
            await campaign.cancel()
            assert [item.id for item in await sms.campaigns()] == [campaign.id]

    asyncio.run(use())


def test_producer_and_its_twin_have_the_same_methods() -> None:
    def public(kind: type) -> set[str]:
        return {name for name in dir(kind) if not name.startswith("_")}

    assert public(Producer) - public(AsyncProducer) == {"start"}
    assert public(AsyncProducer) - public(Producer) == set()


def test_an_unreachable_server_is_said_so_without_the_address_s_password() -> None:
    settings = Settings(redis_url=f"redis://:geheim@127.0.0.1:{free_port()}/0")
    with Producer(settings) as sms, pytest.raises(Unavailable) as caught:
        sms.send("79991234567", "x")
    assert "geheim" not in str(caught.value)
    assert caught.value.hint


def test_a_full_server_takes_nothing_by_halves(sms: Producer) -> None:
    sms.store.ledger.config_set("maxmemory", "1mb")
    try:
        with pytest.raises(Unavailable) as caught:
            sms.send("79991234567", "x")
        assert caught.value.code == "redis_full"
        assert sms.store.ledger.dbsize() == 0
    finally:
        sms.store.ledger.config_set("maxmemory", "0")
    assert sms.send("79991234567", "x").status()["recipients"][0]["state"] == "pending"


def test_batches_know_their_states(sms: Producer) -> None:
    campaign = sms.campaign("spring", ROWS, "x")
    view = sms.store.run(batches.read(f"{campaign.id}.0"))
    assert view is not None
    assert view.state is BatchState.QUEUED
    assert view.counts() == {RecipientState.PENDING: 500}
