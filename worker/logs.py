"""Logging: one line an event, JSON in production and readable on a terminal, redacted in one place.

Our own lines go through structlog; those of Dramatiq, aiohttp and redis through the standard library, and
from there through the same processors.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, MutableMapping
from typing import Any, TextIO

import msgspec
import structlog

from worker.redaction import redact_event

_encode = msgspec.json.Encoder(enc_hook=str).encode


def _render_json(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    return _encode(dict(event)).decode()


def _renderer(log_format: str, stream: TextIO) -> Any:
    if (log_format or ("console" if stream.isatty() else "json")) == "json":
        return _render_json
    return structlog.dev.ConsoleRenderer(colors=stream.isatty(), pad_event_to=24)


class _OncePer(logging.Filter):
    """Lets a repeated message through once in a while: while Redis is away there are several a second.

    Args:
        seconds: How long the same message is left out.
        clock: Monotonic seconds.
    """

    def __init__(self, seconds: float = 30.0, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._seconds = seconds
        self._clock = clock
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether to write the record; only Dramatiq's are ever left out."""
        if not record.name.startswith("dramatiq"):
            return True
        now = self._clock()
        text = str(record.msg)
        if now - self._last.get(text, -self._seconds) < self._seconds:
            return False
        self._last[text] = now
        return True


def configure_logs(log_format: str = "", *, level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Set up structlog and the standard library's logging for this process.

    Args:
        log_format: ``json``, ``console``, or empty: console on a terminal, else JSON.
        level: Lowest level that is written.
        stream: Where to; standard error when None, so that standard output stays for answers.
    """
    out = stream or sys.__stderr__ or sys.stderr
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(
            structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=20)
        ),
        redact_event,
    ]
    renderer = _renderer(log_format, out)
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=out),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(out)
    handler.addFilter(_OncePer())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))
    # Dramatiq says at INFO that a worker is ready and that it shuts down; ours say so too.
    logging.getLogger("dramatiq").setLevel(max(level, logging.WARNING))
