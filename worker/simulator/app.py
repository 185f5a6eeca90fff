"""The simulator as an aiohttp application."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from worker.simulator.backstage import add_backstage
from worker.simulator.calls import Provider
from worker.simulator.config import SimulatorConfig
from worker.simulator.exchange import exchange
from worker.simulator.sandbox import SANDBOX, build_sandbox
from worker.simulator.smsc.provider import JSON_PATH


def create_app(config: SimulatorConfig | None = None) -> web.Application:
    """Build the simulator.

    Args:
        config: its settings; the defaults if left out.

    Returns:
        An application with SMSC's scripts under ``/sys/``, their JSON calls under ``/rest/``, SMS2's scripts
        at the root, and ``/_books`` and ``/_control`` beside them.

    Raises:
        FaultSpecError: ``config.faults`` can't be read.
    """
    settings = config or SimulatorConfig()
    app = web.Application(client_max_size=settings.max_body)
    sandbox = app[SANDBOX] = build_sandbox(settings)
    for endpoint in sandbox.smsc.endpoints:
        handler = _handler(sandbox.smsc, endpoint)
        app.router.add_get(f"/sys/{endpoint}", handler, allow_head=False)
        app.router.add_post(f"/sys/{endpoint}", handler)
        # [assumed]: only ``send`` and ``status`` were ever seen there.
        app.router.add_post(f"{JSON_PATH}{endpoint.removesuffix('.php')}/", handler)
    for endpoint in sandbox.sms2.endpoints:
        handler = _handler(sandbox.sms2, endpoint)
        app.router.add_get(f"/{endpoint}", handler, allow_head=False)
        app.router.add_post(f"/{endpoint}", handler)
    add_backstage(app)
    return app


def _handler(provider: Provider, endpoint: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        return await exchange(request, provider, endpoint)

    return handle
