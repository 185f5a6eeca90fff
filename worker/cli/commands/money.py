"""What the account has left."""

from __future__ import annotations

from worker.cli import options


def balance(as_json: options.Json = False) -> None:
    """Ask the provider for the account's balance, within its throttles."""
    from worker.cli import balance

    balance.show(as_json=as_json)
