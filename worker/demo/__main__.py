"""``python -m worker.demo [--stay]``."""

import argparse
import sys


def main() -> int:
    """Run the demo and return its exit status: 0 when the books agree, 130 after Ctrl-C."""
    parser = argparse.ArgumentParser(
        prog="python -m worker.demo",
        description="Send a campaign of 10,000 to a simulated provider, and compare the books.",
    )
    parser.add_argument(
        "--stay", action="store_true", help="stay up after the report, until Ctrl-C; data stays in var/up"
    )
    arguments = parser.parse_args()
    try:
        from worker.demo.run import run
    except KeyboardInterrupt:  # so early that nothing has been started
        return 130
    return run(stay=arguments.stay)


if __name__ == "__main__":
    sys.exit(main())
