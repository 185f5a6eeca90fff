"""Asking the network whether phones can be reached (HLR)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from producers import Receipt, WaitTimeout
from producers.kinds import Kind, SendOptions
from producers.settings import Settings
from worker.cli import answers, message
from worker.cli.answered import AnsweredError
from worker.governor.rules import RULES, window_seconds

#: What the network still has to say something about.
_OPEN = {"pending", "in_doubt", "taken"}
_REACHABLE = {"delivered": True, "read": True, "failed": False, "expired": False}
_WORDS = {True: "yes", False: "no", None: "unknown"}
_COLUMNS = ("phone", "reachable", "country", "operator", "roaming", "cost", "meaning")
#: More recipients than these are asked for all at once, which is allowed once a minute.
_ONE_BY_ONE = 8
#: Seconds beyond the throttle's turn after which a look-up is asked for anew: a failed one isn't repeated.
_PATIENCE = 10.0


def ask(phones: Sequence[str], *, key: str | None, timeout: float | None, as_json: bool) -> None:
    """Send HLR queries; wait for what the network says when ``timeout`` is given."""

    def show(receipt: Receipt, seconds: float | None) -> None:
        if seconds is None:
            if as_json:
                answers.write_json(_json(receipt.status()))
            return
        _show(receipt, seconds, as_json=as_json)

    message.send(
        phones,
        "",
        sender=None,
        provider=None,
        urgent=False,
        key=key,
        timeout=timeout,
        as_json=as_json,
        options=SendOptions(kind=Kind.HLR),
        show=show,
    )


def _show(receipt: Receipt, timeout: float, *, as_json: bool) -> None:
    deadline = time.monotonic() + timeout
    found = message.wait_for_outcome(receipt, timeout, None if as_json else _write)
    found = _refreshed(receipt, found, deadline)
    answer = _json(found)
    if not as_json:
        _write(answer)
    if _is_open(found):
        raise AnsweredError(
            f"the network did not say within {timeout:g} s whether each phone can be reached",
            hint=f"smsq status {receipt.id} --refresh tells more later",
            code="timeout",
            answer=answer,
        )
    refused = sum(recipient["state"] not in _REACHABLE for recipient in found["recipients"])
    if refused:
        raise AnsweredError(
            f"{refused} of {len(found['recipients'])} phones could not be asked for",
            hint="state and provider's codes are with each phone",
            code="not_taken",
            answer=answer,
        )
    if as_json:
        answers.write_json(answer)


def _refreshed(receipt: Receipt, found: dict[str, Any], deadline: float) -> dict[str, Any]:
    """Ask the provider, as often as it allows, until the network has said something of each phone."""
    minute = window_seconds(Settings.from_env().provider_minute)
    single = len(found["recipients"]) <= _ONE_BY_ONE
    pause = minute / (RULES["smsc", "status_one"].identical - 1 if single else 1)
    while _is_open(found) and (left := deadline - time.monotonic()) > 0:
        began = time.monotonic()
        try:
            found = receipt.refresh(min(left, pause + _PATIENCE))
        except WaitTimeout:
            found = receipt.status()
            continue
        if _is_open(found):
            # A delivery report may come meanwhile.
            found = _watched(receipt, found, min(began + pause, deadline))
    return found


def _watched(receipt: Receipt, found: dict[str, Any], until: float) -> dict[str, Any]:
    while _is_open(found) and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, 1.0))
        found = receipt.status()
    return found


def _is_open(found: dict[str, Any]) -> bool:
    return any(recipient["state"] in _OPEN for recipient in found["recipients"])


def _json(found: dict[str, Any]) -> dict[str, Any]:
    return {
        **found,
        "recipients": [
            {**recipient, "reachable": _REACHABLE.get(recipient["state"])}
            for recipient in found["recipients"]
        ],
    }


def _write(found: dict[str, Any]) -> None:
    answers.write_table(
        _COLUMNS,
        (
            (
                recipient["phone"],
                _WORDS[_REACHABLE.get(recipient["state"])],
                network.get("country", ""),
                network.get("network", ""),
                " ".join(filter(None, (network.get("roaming_country"), network.get("roaming_network")))),
                recipient["cost"] or "",
                message.meaning_of(recipient),
            )
            for recipient in found["recipients"]
            for network in [recipient.get("hlr") or {}]
        ),
        right=("cost",),
    )
