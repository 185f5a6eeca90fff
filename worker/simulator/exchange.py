"""One request from arrival to answer: books, scripted replies, faults, latency; the provider only answers.

The request counts as simultaneous from the moment its body has been read until its reply is about to be
written. A client that gave up waiting doesn't shorten that: the server works on.
"""

import asyncio
from typing import Any

from aiohttp import web

from worker.simulator import wire
from worker.simulator.calls import Call, Provider, Reply
from worker.simulator.faults import Fault, Phase
from worker.simulator.sandbox import SANDBOX, Sandbox

_NOTHING = Reply(b"", "")


async def exchange(request: web.Request, provider: Provider, endpoint: str) -> web.StreamResponse:
    """Handle one request.

    Args:
        request: the request.
        provider: who answers it.
        endpoint: the script called.

    Returns:
        The response.
    """
    sandbox = request.app[SANDBOX]
    if asyncio.get_running_loop().time() < sandbox.outage.until:
        return wire.hang_up(request, reset=True)
    body = await request.read() if request.body_exists else b""
    call = provider.read(endpoint, request, body)
    if sandbox.latency_ms or sandbox.faults.spec:
        # With anything to wait for, the client may leave meanwhile, and aiohttp may then cancel this handler.
        reply, fault = await asyncio.shield(sandbox.keep(_serve(sandbox, provider, call)))
    else:
        reply, fault = await _serve(sandbox, provider, call)
    return await wire.put(request, reply, fault, sandbox.dice)


async def _serve(sandbox: Sandbox, provider: Provider, call: Call) -> tuple[Reply, Fault | None]:
    traffic, endpoint, fault = provider.traffic, call.endpoint, None
    with (
        sandbox.presence.enter(endpoint) as at_endpoint,
        sandbox.presence.enter(provider.room(call)) as in_room,
    ):
        entry = _describe(sandbox, provider, call)
        traffic.saw_request(endpoint, at_endpoint)
        traffic.saw_details(entry)
        reply = sandbox.scripts.next(endpoint)
        if reply is not None:
            traffic.saw_script(endpoint)
            entry["scripted"] = True
        else:
            fault = sandbox.faults.draw(endpoint)
            entry["fault"] = fault.kind.name if fault else None
            reply = await _answer(sandbox, provider, call, in_room, fault)
            entry["error"] = reply.error
        if sandbox.latency_ms:
            await asyncio.sleep(sandbox.latency_ms / 1000)
    return reply, fault


async def _answer(
    sandbox: Sandbox, provider: Provider, call: Call, in_room: int, fault: Fault | None
) -> Reply:
    if fault is not None:
        provider.traffic.saw_fault(fault.kind.name)
        if fault.kind.phase is Phase.BEFORE:
            return _prevent(sandbox, provider, call, fault)
        if fault.kind.phase is Phase.DELAY:
            await asyncio.sleep(fault.seconds)
    reply = provider.answer(call, in_room)
    if reply.error is not None:
        provider.traffic.saw_error(call.endpoint, reply.error)
    if fault is not None and fault.kind.name == "late":
        await asyncio.sleep(fault.seconds)
    return reply


def _prevent(sandbox: Sandbox, provider: Provider, call: Call, fault: Fault) -> Reply:
    name = fault.kind.name
    if name.startswith("error"):
        return provider.error(call, int(name.removeprefix("error")))
    if name == "refuse":
        sandbox.outage.begin(fault.seconds)
    return _NOTHING


def _describe(sandbox: Sandbox, provider: Provider, call: Call) -> dict[str, Any]:
    limit = sandbox.config.value_limit
    shown = {
        name: value if len(value) <= limit else f"{value[:limit]}… ({len(value)} characters)"
        for name, value in call.parameters.items()
        if name not in provider.credentials
    }
    return {
        "at": sandbox.config.clock(),
        "method": call.method,
        "endpoint": call.endpoint,
        "parameters": shown,
        "files": sorted(call.files),
        "error": None,
        "fault": None,
        "scripted": False,
    }
