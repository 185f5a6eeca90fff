"""SMSC's server, played locally over a real socket: a sandbox for users and the judge of our fault tests.

It is written from the provider's published rules alone and imports nothing of the project, so that it can't
agree with our mistakes. Where those rules are silent, docstrings say ``[assumed]`` and ``SimulatorConfig``
has a setting if the choice may matter.

``python -m worker.simulator --help`` lists its options and faults; ``worker.simulator.smsc.magic`` lists the
recipients that make it do something certain; ``GET /_books`` tells what it took and whether anybody got a
text twice, and ``/_books/messages``, ``/_books/recipients`` and ``/_books/requests`` tell more;
``worker.simulator.control`` lists what ``POST /_control`` changes.
"""

from worker.simulator.app import create_app
from worker.simulator.config import FreeNumber, SimulatorConfig
from worker.simulator.delivery import DeliveryCurve, Outcome
from worker.simulator.faults import FAULTS, FaultSpecError
from worker.simulator.server import serve

__all__ = [
    "FAULTS",
    "DeliveryCurve",
    "FaultSpecError",
    "FreeNumber",
    "Outcome",
    "SimulatorConfig",
    "create_app",
    "serve",
]
