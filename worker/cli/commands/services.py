"""Parts that run until they are told to stop: workers, the embedded server, the simulator."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def worker(
    lanes: Annotated[
        str, typer.Option("--lanes", metavar="LANES", help="Queues to work on, between commas.")
    ] = "urgent,bulk,status,control",
    processes: Annotated[
        int, typer.Option("--processes", metavar="N", min=1, max=256, help="Worker processes.")
    ] = 1,
    threads: Annotated[
        int,
        typer.Option(
            "--threads",
            metavar="N",
            min=1,
            max=1024,
            help="Threads in each process: requests it can have under way.",
        ),
    ] = 24,
) -> None:
    """Run workers until SIGTERM or Ctrl-C.

    A worker process that dies is replaced. On the signal the workers end what is in flight and hand the rest
    back, for up to a minute; then the command exits with 0. A second signal changes nothing: a request that
    is cut short could be paid for twice. Metrics of all processes are served on SMSQ_METRICS_PORT (9191).
    """
    from worker.cli import serving

    serving.run_workers(lanes, processes, threads)


def redis(
    port: Annotated[
        int, typer.Option("--port", metavar="PORT", min=1, max=65535, help="Port to listen on.")
    ] = 6379,
    directory: Annotated[
        Path, typer.Option("--dir", metavar="DIR", help="Where the data is kept. Made if it isn't there.")
    ] = Path("var/redis"),
) -> None:
    """Run a Redis-compatible server on this machine, set up so that it loses nothing.

    Listens on 127.0.0.1 only. Every write is on the disk before it is acknowledged; a full server refuses
    instead of forgetting. Uses valkey-server or redis-server if there is one, else the bundled Valkey.
    """
    from worker.cli import serving

    serving.run_redis(port, directory)


def simulate(
    host: Annotated[str, typer.Option("--host", metavar="HOST", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option("--port", metavar="PORT", min=0, max=65535, help="Port to listen on; 0 for a free one."),
    ] = 8025,
    latency_ms: Annotated[
        float, typer.Option("--latency-ms", metavar="MS", min=0, help="Milliseconds that each reply takes.")
    ] = 0.0,
    faults: Annotated[
        str,
        typer.Option(
            "--faults",
            metavar="SPEC",
            help="Faults to inject, such as drop-reply=0.05,send:late=0.02:5: endpoint, kind, probability,"
            " seconds. A wrong one lists the kinds.",
            show_default=False,
        ),
    ] = "",
    no_throttle: Annotated[
        bool, typer.Option("--no-throttle", help="Take everything: no limits, no lock-outs.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Seed of all that is drawn by lot.")] = 1,
    balance: Annotated[
        str, typer.Option("--balance", metavar="RUB", help="Money on the account, in roubles.")
    ] = "100000",
    price: Annotated[
        str, typer.Option("--price", metavar="RUB", help="Price of a segment, in roubles.")
    ] = "1.4",
    minute: Annotated[
        float | None,
        typer.Option(
            "--minute",
            metavar="S",
            min=0.01,
            help="Seconds that the throttles' minute lasts; workers need the same SMSQ_PROVIDER_MINUTE."
            " Default: SMSQ_PROVIDER_MINUTE or 60.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Play the provider on this machine: real replies, throttles, prices; nothing is sent.

    Login demo, password demo, API key demo-key. GET /_books tells what it took and what it cost.
    """
    from worker.cli import serving

    serving.run_simulator(
        host=host,
        port=port,
        latency_ms=latency_ms,
        faults=faults,
        throttle=not no_throttle,
        seed=seed,
        balance=balance,
        price=price,
        minute=minute,
    )
