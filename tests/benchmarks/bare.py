"""The yardstick: asyncio and aiohttp with 14 connections and nothing else, in a process of its own.

No file, queue, ledger, governor or log; replies are read but not parsed. The bodies are built by the
product's own `requests`, so that both sides send the same bytes. ``campaign`` runs this and reads the JSON
line that it prints.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Iterator, Sequence

import aiohttp

from producers.contract import SendRequest
from tests.benchmarks.material import CASES, WARM_UP_BATCHES, batches
from worker.providers.smsc import SmscAccount, requests

CONNECTIONS = 14
_HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Encoding": "identity"}


def request_of(provider_id: str, phones: tuple[int, ...], words: str | Sequence[str]) -> SendRequest:
    if isinstance(words, str):
        return SendRequest(provider_id=provider_id, phones=phones, text=words)
    return SendRequest(provider_id=provider_id, phones=phones, texts=tuple(words))


async def send_all(url: str, pending: Iterator[SendRequest]) -> None:
    head = requests.credentials(SmscAccount(url=url, login="demo", password="demo"))
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def connection() -> None:
            for request in pending:
                body = f"{head}&{requests.send_body(request)}".encode("ascii")
                async with session.post(url + requests.SEND_PATH, data=body, headers=_HEADERS) as response:
                    reply = await response.read()
                if request.provider_id.encode() not in reply:
                    raise SystemExit(f"the simulator did not take a request: {reply[:200]!r}")

        async with asyncio.TaskGroup() as group:
            for _ in range(CONNECTIONS):
                group.create_task(connection())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--case", choices=CASES, required=True)
    parser.add_argument("--recipients", type=int, required=True)
    options = parser.parse_args()
    case = CASES[options.case]
    warm_up = batches(case, WARM_UP_BATCHES * case.batch, 0)
    asyncio.run(send_all(options.url, (request_of(f"w{n}", *batch) for n, batch in enumerate(warm_up))))
    work = batches(case, options.recipients, 1)
    clock, cpu = time.monotonic(), time.process_time()
    asyncio.run(send_all(options.url, (request_of(f"b{n}", *batch) for n, batch in enumerate(work))))
    taken = {"seconds": time.monotonic() - clock, "cpu": time.process_time() - cpu}
    print(json.dumps(taken))


if __name__ == "__main__":
    main()
