"""Phones and numbers that take part in confirmation: calls by subscribers, numbers for rent."""

from __future__ import annotations

from typing import Annotated

import typer

from worker.cli import options

_PATIENCE = 90.0

group = typer.Typer(help="Numbers for incoming messages: list, rent, renew.", no_args_is_help=True)

Number = Annotated[
    str, typer.Argument(metavar="PHONE", help="The number, as the list shows it.", show_default=False)
]


@group.command("list")
def list_(timeout: options.Timeout = _PATIENCE, as_json: options.Json = False) -> None:
    """List the numbers that can be rented, with their prices."""
    from worker.cli import numbers

    numbers.show(timeout=timeout, as_json=as_json)


@group.command()
def rent(
    phone: Number,
    no_prolong: Annotated[
        bool, typer.Option("--no-prolong", help="This month only: not rented again by itself.")
    ] = False,
    key: options.Key = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask whether you are sure.")] = False,
    timeout: options.Timeout = _PATIENCE,
    as_json: options.Json = False,
) -> None:
    """Rent a number. Costs money: asks first, unless --yes.

    When the provider's answer gets lost nothing is rented a second time: the list of free numbers tells.
    """
    from worker.cli import numbers

    numbers.rent(phone, prolong=not no_prolong, key=key, sure=yes, timeout=timeout, as_json=as_json)


@group.command()
def renewal(
    phone: Number,
    prolong: Annotated[
        bool, typer.Option("--on/--off", help="Rented again each month, or not.", show_default=False)
    ],
    timeout: options.Timeout = _PATIENCE,
    as_json: options.Json = False,
) -> None:
    """Switch the renewal of a rented number on or off."""
    from worker.cli import numbers

    numbers.change_renewal(phone, prolong=prolong, timeout=timeout, as_json=as_json)


def wait_call(
    phone: Annotated[
        str, typer.Argument(metavar="PHONE", help="Whose call is waited for.", show_default=False)
    ],
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Wait for the call, or only say which number to call.")
    ] = True,
    timeout: Annotated[
        float | None,
        typer.Option(
            "--timeout",
            metavar="S",
            min=0,
            help="Seconds to wait for the call. Default: as long as the provider does, 15 minutes.",
            show_default=False,
        ),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Confirm a phone by its subscriber's call.

    Prints the number to call and until when, then waits. Exit status: 0 the subscriber has called, 1 not in
    time, 130 Ctrl-C. Works without a worker when there are credentials here.
    """
    from worker.cli import wait_call

    wait_call.show(phone, wait=wait, timeout=timeout, answer_timeout=_PATIENCE, as_json=as_json)
