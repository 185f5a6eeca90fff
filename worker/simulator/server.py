"""Running the simulator on a socket of its own until a signal ends it."""

import asyncio
import contextlib
import signal
import socket
import sys

from aiohttp import web

from worker.simulator.app import create_app
from worker.simulator.config import SimulatorConfig
from worker.simulator.sandbox import SANDBOX

_LONGEST_LINE = 65_536
"""Bytes of a request line: GET requests that carry a text are longer than aiohttp's 8 KB."""

_PATIENCE_AT_END = 0.5
"""Seconds that requests in flight get when the simulator is told to end."""

_BACKLOG = 1024


def serve(config: SimulatorConfig, host: str = "127.0.0.1", port: int = 8025) -> None:
    """Run a simulator until SIGTERM or SIGINT, after printing one line that says where it listens.

    Args:
        config: its settings.
        host: address to listen on.
        port: port to listen on, 0 for any free one.

    Raises:
        FaultSpecError: ``config.faults`` can't be read.
        OSError: the port can't be had.
    """
    asyncio.run(_serve(config, host, port))


async def _serve(config: SimulatorConfig, host: str, port: int) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Windows has no signal handlers on loops: there Ctrl-C raises KeyboardInterrupt.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, ended.set)
    app = create_app(config)
    runner = web.AppRunner(
        app,
        access_log=None,
        shutdown_timeout=_PATIENCE_AT_END,
        max_line_size=_LONGEST_LINE,
        max_field_size=_LONGEST_LINE,
    )
    await runner.setup()
    try:
        door = Door(runner, host, port)
        await door.open()
        app[SANDBOX].outage.shut_door = door.shut_for
        sys.stdout.write(
            f"SMSC simulator on http://{_in_url(host)}:{door.port}"
            f"  login {config.login}, password {config.password}, API key {config.api_key}\n"
        )
        sys.stdout.flush()
        await ended.wait()
    finally:
        await runner.cleanup()


class Door:
    """The listening socket, which can be shut for a while and opened again on the same port.

    Args:
        runner: what serves the connections.
        host: address to listen on.
        port: port to listen on, 0 for any free one at the first opening.
    """

    def __init__(self, runner: web.AppRunner, host: str, port: int) -> None:
        self._runner = runner
        self._host = host
        self.port = port
        self._site: web.SockSite | None = None

    async def open(self) -> None:
        """Begin to listen."""
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        listener = socket.create_server((self._host, self.port), family=family, backlog=_BACKLOG)
        self.port = listener.getsockname()[1]
        self._site = web.SockSite(self._runner, listener, backlog=_BACKLOG)
        await self._site.start()

    async def shut_for(self, seconds: float) -> None:
        """Refuse new connections for so many seconds."""
        if self._site is not None:
            await self._site.stop()
        await asyncio.sleep(seconds)
        await self.open()


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
