"""How a failure is told: an exit status, and ``error:`` and ``hint:`` lines or the public error object."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from worker.cli import answers

FAILED = 1


def run(invoke: Callable[[], object], arguments: Sequence[str]) -> int:
    """Run a command and return its exit status, whatever it raises.

    Args:
        invoke: Runs it; what it returns is the exit status if it is a number.
        arguments: What the user wrote: with ``--json`` among it errors are JSON.
    """
    answers.prepare_streams()
    as_json = "--json" in (arguments[: arguments.index("--")] if "--" in arguments else arguments)
    try:
        result = invoke()
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the answer has seen enough (``| head``). It wasn't written whole: not 0.
        answers.drop_output()
        return FAILED
    except Exception as error:  # noqa: BLE001 - the one place where everything ends
        try:
            return _tell(error, as_json=as_json)
        except OSError as problem:
            answers.drop_output()
            with contextlib.suppress(OSError):
                sys.stderr.write(f"error: the answer can't be written: {problem.strerror}\n")
            return FAILED
    return result if isinstance(result, int) else 0


def _tell(error: Exception, *, as_json: bool) -> int:
    if hasattr(error, "format_message"):
        return _tell_wrong_use(error, as_json=as_json)
    from producers.errors import SmsqError

    if isinstance(error, SmsqError):
        return _write(error.as_dict(), error.exit_status, as_json=as_json, more=getattr(error, "answer", {}))
    return _tell_unexpected(error, as_json=as_json)


def _tell_wrong_use(error: Any, *, as_json: bool) -> int:
    """What typer says of the command line itself. Its classes are known by their form: releases move them."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "smsq"
    message = error.format_message().strip()
    status = int(getattr(error, "exit_code", 2))
    if not message or type(error).__name__ == "NoArgsIsHelpError":
        # The help has been shown already; it is no answer when JSON was asked for.
        if not as_json:
            sys.stderr.write(message + "\n" if message else "")
            return status
        message = "no command was given"
    body = {"code": "usage", "message": message, "hint": f"{path} --help shows what can be given"}
    return _write(body, status, as_json=as_json)


def _tell_unexpected(error: Exception, *, as_json: bool) -> int:
    from worker.redaction import redact_text

    if os.environ.get("SMSQ_DEBUG", "") not in {"", "0"}:
        import traceback

        sys.stderr.write(redact_text("".join(traceback.format_exception(error))))
    if isinstance(error, OSError) and error.strerror:
        place = f": {error.filename}" if error.filename else ""
        body = {"code": "system", "message": redact_text(f"{error.strerror}{place}"), "hint": ""}
    else:
        body = {
            "code": "unexpected",
            "message": redact_text(f"{type(error).__name__}: {error}"),
            "hint": "this is a fault of smsq; SMSQ_DEBUG=1 shows where it is",
        }
    return _write(body, FAILED, as_json=as_json)


def _write(
    body: Mapping[str, str], status: int, *, as_json: bool, more: Mapping[str, object] | None = None
) -> int:
    if as_json:
        answers.write_json({"error": dict(body), **(more or {})})
        sys.stdout.flush()
        return status
    sys.stdout.flush()
    lines = f"error: {answers.printable(body['message'])}\n"
    if body["hint"]:
        lines += f"hint: {answers.printable(body['hint'])}\n"
    sys.stderr.write(lines)
    return status
