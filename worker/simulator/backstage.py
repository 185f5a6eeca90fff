"""The paths that no provider has: ``/_books`` to look at what happened, ``/_control`` to change what will."""

import itertools
import json
from typing import Any

from aiohttp import web

from worker.simulator.control import ControlError, control
from worker.simulator.prices import unpadded
from worker.simulator.sandbox import SANDBOX
from worker.simulator.tally import Tally

_LINES_AT_ONCE = 5_000


def add_backstage(app: web.Application) -> None:
    """Add the routes to an application."""
    app.router.add_get("/_books", _show_books)
    app.router.add_get("/_books/recipients", _show_recipients)
    app.router.add_get("/_books/requests", _show_requests)
    app.router.add_get("/_books/messages", _show_messages)
    app.router.add_get("/_books/sms2/recipients", _show_sms2_recipients)
    app.router.add_get("/_books/sms2/messages", _show_sms2_messages)
    app.router.add_post("/_control", _control)


async def _show_books(request: web.Request) -> web.Response:
    """Answer the counters as JSON."""
    sandbox = request.app[SANDBOX]
    sandbox.smsc.waits.settle(sandbox.config.clock())
    summary = await sandbox.books.summary()
    summary["balance"] = unpadded(sandbox.smsc.account.balance)
    summary["rented"] = sandbox.smsc.rentals.rented()
    summary["sms2"] = await sandbox.sms2.summary(sandbox.config.clock())
    summary["sms2"]["also_at_smsc"] = sandbox.sms2.books.tally.shared_with(sandbox.books.tally)
    summary["script_pending"] = sandbox.scripts.pending()
    return _json(summary)


async def _show_recipients(request: web.Request) -> web.StreamResponse:
    """Stream a line for each phone that SMSC took."""
    return await _stream(request, request.app[SANDBOX].books.tally)


async def _show_sms2_recipients(request: web.Request) -> web.StreamResponse:
    """Stream a line for each phone that SMS2 took."""
    sandbox = request.app[SANDBOX]
    sandbox.sms2.settle(sandbox.config.clock())
    return await _stream(request, sandbox.sms2.books.tally)


async def _stream(request: web.Request, tally: Tally) -> web.StreamResponse:
    """Stream a line for each phone: phone, times taken, different texts, parted by tabs."""
    response = web.StreamResponse(headers={"Content-Type": "text/tab-separated-values; charset=utf-8"})
    await response.prepare(request)
    lines: list[str] = []
    async for phone, taken, texts in tally.recipients():
        lines.append(f"{phone}\t{taken}\t{texts}\n")
        if len(lines) == _LINES_AT_ONCE:
            await response.write("".join(lines).encode())
            lines.clear()
    await response.write("".join(lines).encode())
    return response


async def _show_requests(request: web.Request) -> web.Response:
    """Answer the last requests, oldest first: texts too, as this is a local sandbox, but no credentials."""
    wanted = request.query.get("last", "100")
    if not (wanted.isascii() and wanted.isdigit()):
        return _json({"error": "last: expected a number"}, 400)
    ring = request.app[SANDBOX].ring
    return _json(list(ring)[max(len(ring) - int(wanted), 0) :])


async def _show_messages(request: web.Request) -> web.Response:
    """Answer what was taken, the last first: all with ``id``, or the ``last`` so many (100)."""
    batches = request.app[SANDBOX].smsc.batches
    if "id" in request.query:
        return _json([batch.describe() for batch in batches.with_id(request.query["id"])])
    wanted = request.query.get("last", "100")
    if not (wanted.isascii() and wanted.isdigit()):
        return _json({"error": "last: expected a number"}, 400)
    return _json([batch.describe() for batch in itertools.islice(batches.newest_first(), int(wanted))])


async def _show_sms2_messages(request: web.Request) -> web.Response:
    """Answer what SMS2 took, the last first: the one with ``id``, or the ``last`` so many (100)."""
    sandbox = request.app[SANDBOX]
    sandbox.sms2.settle(sandbox.config.clock())
    messages = sandbox.sms2.messages
    if "id" in request.query:
        found = messages.find(request.query["id"])
        return _json([found.describe()] if found else [])
    wanted = request.query.get("last", "100")
    if not (wanted.isascii() and wanted.isdigit()):
        return _json({"error": "last: expected a number"}, 400)
    return _json([message.describe() for message in itertools.islice(messages.newest_first(), int(wanted))])


async def _control(request: web.Request) -> web.Response:
    """Carry orders out and answer with what still waits in the script."""
    sandbox = request.app[SANDBOX]
    try:
        await control(sandbox, json.loads(await request.read()))
    except ControlError as error:
        return _json({"error": str(error)}, 400)
    except ValueError:
        return _json({"error": "the body is no JSON"}, 400)
    return _json({"ok": True, "script_pending": sandbox.scripts.pending()})


def _json(value: Any, status: int = 200) -> web.Response:
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    return web.Response(body=body, status=status, content_type="application/json", charset="utf-8")
