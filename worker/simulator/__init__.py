"""SMSC's and SMS2's servers, played locally: a sandbox for users and the judge of our fault tests.

Both answer on one real socket: SMSC under ``/sys/`` and ``/rest/``, SMS2 at the root.

It is written from the providers' published rules alone and imports nothing of the project, so that it can't
agree with our mistakes. Where those rules are silent, docstrings say ``[assumed]`` and ``SimulatorConfig``
has a setting if the choice may matter.

``python -m worker.simulator --help`` lists its options and faults; ``worker.simulator.smsc.magic`` and
``worker.simulator.sms2.magic`` list the recipients that make it do something certain; ``GET /_books`` tells
what it took and whether anybody got a text twice, and ``/_books/messages``, ``/_books/recipients`` (both also
below ``/_books/sms2/``) and ``/_books/requests`` tell more; ``worker.simulator.control`` lists what
``POST /_control`` changes.
"""

from worker.simulator.app import create_app
from worker.simulator.config import FreeNumber, PhoneBase, SimulatorConfig
from worker.simulator.delivery import DeliveryCurve, Outcome
from worker.simulator.faults import FAULTS, FaultSpecError
from worker.simulator.server import serve

__all__ = [
    "FAULTS",
    "DeliveryCurve",
    "FaultSpecError",
    "FreeNumber",
    "Outcome",
    "PhoneBase",
    "SimulatorConfig",
    "create_app",
    "serve",
]
