"""``python -m worker.simulator``: the simulator from the command line."""

import argparse
import os
import sys
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from worker.simulator.config import SimulatorConfig
from worker.simulator.faults import FAULTS, FaultSpecError
from worker.simulator.server import serve

_CANNOT = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the simulator from the command line.

    Args:
        arguments: the command line without the program's name; the process's own if left out.

    Returns:
        The exit code: 0 after a signal, 1 if the port can't be had. Wrong use exits with 2.
    """
    parser = _make_parser()
    options = parser.parse_args(arguments)
    config = SimulatorConfig(
        balance=options.balance,
        price=options.price,
        seed=options.seed,
        minute=options.minute,
        throttle=options.throttle,
        latency_ms=options.latency_ms,
        delivery_scale=options.delivery_scale,
        test_mode=options.test_mode,
        download_ranges=options.download_ranges,
        faults=options.faults,
    )
    try:
        serve(config, options.host, options.port)
    except FaultSpecError as error:
        parser.error(f"--faults: {error}")
    except OSError as error:
        sys.stderr.write(
            f"The simulator can't listen on {options.host}:{options.port}: {error.strerror or error}\n"
        )
        return _CANNOT
    return 0


def _make_parser() -> argparse.ArgumentParser:
    defaults = SimulatorConfig()
    kinds = "\n".join(f"  {kind.name:<16}{kind.meaning}" for kind in FAULTS.values())
    parser = argparse.ArgumentParser(
        prog="python -m worker.simulator",
        description="Play SMSC's and SMS2's servers on a local socket.",
        epilog=f"faults, as [ENDPOINT:]KIND=PROBABILITY[:SECONDS],... (send, status, sms, ...):\n{kinds}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument(
        "--port", type=int, default=8025, help="port to listen on, 0 for any free one (%(default)s)"
    )
    parser.add_argument(
        "--latency-ms", type=_positive, default=0.0, metavar="N", help="hold each reply back so long"
    )
    parser.add_argument("--faults", default="", metavar="SPEC", help="inject faults, see below")
    parser.add_argument(
        "--no-throttle", dest="throttle", action="store_false", help="no limits and no lock-outs"
    )
    parser.add_argument(
        "--seed", type=int, default=defaults.seed, metavar="N", help="of all lots (%(default)s)"
    )
    parser.add_argument(
        "--balance", type=_money, default=defaults.balance, metavar="RUB", help="(%(default)s)"
    )
    parser.add_argument(
        "--price", type=_money, default=defaults.price, metavar="RUB", help="a segment (%(default)s)"
    )
    parser.add_argument(
        "--minute",
        type=_positive,
        default=os.environ.get("SMSQ_PROVIDER_MINUTE", str(defaults.minute)),
        metavar="S",
        help="seconds that the throttles' minute lasts (SMSQ_PROVIDER_MINUTE or 60)",
    )
    parser.add_argument(
        "--delivery-scale",
        type=_positive,
        default=defaults.delivery_scale,
        metavar="X",
        help="stretch delivery times",
    )
    parser.add_argument(
        "--test-mode", action="store_true", help="virtual sending at SMSC: nothing charged or delivered"
    )
    parser.add_argument(
        "--download-ranges", action="store_true", help="downloads.php can go on where a client left off"
    )
    return parser


def _positive(text: str) -> float:
    number = float(text)
    if not 0 <= number < float("inf"):
        raise ValueError
    return number


def _money(text: str) -> Decimal:
    try:
        money = Decimal(text)
    except InvalidOperation:
        raise ValueError from None
    if not money.is_finite():
        raise ValueError
    return money


if __name__ == "__main__":
    sys.exit(main())
