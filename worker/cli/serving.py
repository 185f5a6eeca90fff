"""Running workers, the embedded server and the simulator in this process."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from decimal import Decimal
from pathlib import Path

import structlog

from producers.errors import SettingsError, SmsqError, Unavailable, UsageError
from producers.ledger.calls import Call
from producers.ledger.store import Store
from producers.money import parse_money
from producers.redis_clients import RedisAddress
from producers.settings import Settings
from producers.states import Lane
from worker.cli.answers import note, write_lines

log = structlog.get_logger()

#: Seconds for the metrics' thread to close its port.
_EXPORTER_END = 2.0


def run_workers(lanes: str, processes: int, threads: int) -> None:
    """Run workers and their metrics until SIGTERM or SIGINT."""
    from worker.logs import configure_logs
    from worker.metrics.exporter import serve_metrics
    from worker.supervisor import Supervisor

    chosen = _lanes(lanes)
    settings = Settings.from_env()
    require_credentials(settings)
    configure_logs(settings.log_format)
    store = Store(RedisAddress.parse(settings.redis_url))
    stop = threading.Event()
    _stop_on_signals(stop)
    exporter = threading.Thread(
        target=serve_metrics,
        args=(
            store,
            settings.accounts,
            settings.metrics_host,
            settings.metrics_port,
            stop,
        ),
        name="metrics",
        daemon=True,
    )
    exporter.start()
    _warn_without_redis(store)
    Supervisor(chosen, processes, threads).run(stop)
    exporter.join(_EXPORTER_END)
    store.close()


def require_credentials(settings: Settings) -> None:
    """Make sure that there is something to log in to the provider with.

    Raises:
        SettingsError: There isn't.
    """
    if not settings.has_credentials_for(settings.provider):
        names = (
            "SMSQ_SMSC_LOGIN and SMSQ_SMSC_PASSWORD, or SMSQ_SMSC_API_KEY"
            if settings.provider == "smsc"
            else "SMSQ_SMS2_USER and SMSQ_SMS2_PASSWORD"
        )
        raise SettingsError(
            f"there are no credentials for the provider {settings.provider}",
            hint=f"set {names}, also in a file .env",
            code="no_credentials",
        )


def _lanes(text: str) -> list[Lane]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in set(Lane)]
    if unknown or not names:
        wrong = f"there is no lane {unknown[0][:20]!r}" if unknown else "--lanes names no lane"
        raise UsageError(wrong, hint=f"lanes are {', '.join(Lane)}", code="bad_lane")
    return [lane for lane in Lane if lane in names]


def _stop_on_signals(stop: threading.Event) -> None:
    def came(_number: int, _frame: object) -> None:
        # os.write: a signal may come in the middle of another write to the same stream.
        line = b"stopping: what is in flight ends first\n"
        if stop.is_set():
            line = b"already stopping: a request in flight is never cut short, it could be paid for twice\n"
        with contextlib.suppress(OSError):
            os.write(2, line)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, came)


def _warn_without_redis(store: Store) -> None:
    try:
        store.run(Call(("PING",), bool))
    except Unavailable as error:
        log.warning("redis_away", code=error.code, redis=store.address.label, hint="workers wait for it")


def run_redis(port: int, directory: Path) -> None:
    """Become the embedded server: this process is replaced, so that signals reach it."""
    from worker.embedded import lock_directory, port_is_free, server_command

    lock_directory(directory)
    if not port_is_free(port):
        raise SmsqError(
            f"port {port} on 127.0.0.1 is taken",
            hint="a server may be running already: smsq doctor; otherwise choose another --port",
            code="port_taken",
        )
    command = server_command(directory, port)
    write_lines(f"redis://127.0.0.1:{port}/0  data in {directory.resolve()}")
    sys.stderr.flush()
    # The server writes its log to standard output, which is for answers here.
    os.dup2(2, 1)
    os.execv(command[0], command)  # noqa: S606 - the server that was found, with our configuration


def run_simulator(
    *,
    host: str,
    port: int,
    latency_ms: float,
    faults: str,
    throttle: bool,
    seed: int,
    balance: str,
    price: str,
    minute: float | None,
) -> None:
    """Run the simulator until SIGTERM or SIGINT."""
    from worker.simulator import FAULTS, FaultSpecError, SimulatorConfig, serve

    config = SimulatorConfig(
        latency_ms=latency_ms,
        faults=faults,
        throttle=throttle,
        seed=seed,
        balance=_money("--balance", balance),
        price=_money("--price", price),
        minute=Settings.from_env().provider_minute if minute is None else minute,
    )
    try:
        serve(config, host, port)
    except FaultSpecError as error:
        raise UsageError(
            f"--faults: {error}", hint=f"kinds: {', '.join(FAULTS)}", code="bad_faults"
        ) from None
    except OSError as error:
        raise SmsqError(
            f"the simulator can't listen on {host}:{port}: {error.strerror or type(error).__name__}",
            hint="choose another --port; 0 takes a free one",
            code="port_taken",
        ) from None
    note("simulator stopped")


def _money(option: str, text: str) -> Decimal:
    try:
        return parse_money(text)
    except ValueError:
        raise UsageError(f"{option} {text[:20]!r} is no amount of money", code="bad_money") from None
