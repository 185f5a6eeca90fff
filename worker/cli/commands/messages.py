"""One text to a few phones, and what became of it."""

from __future__ import annotations

from typing import Annotated

import typer

from worker.cli import options


def send(
    phones: Annotated[
        list[str],
        typer.Argument(metavar="PHONE", help="Recipients, in any usual form.", show_default=False),
    ],
    text: Annotated[
        str,
        typer.Option(
            "--text",
            metavar="TEXT",
            help="The text, at most 1000 characters. - reads it from standard input, which keeps it out of"
            " the list of processes.",
            show_default=False,
        ),
    ],
    sender: options.Sender = None,
    provider: options.Provider = None,
    urgent: Annotated[
        bool, typer.Option("--urgent", help="Overtake campaigns: for one-time passwords.")
    ] = False,
    key: Annotated[
        str | None,
        typer.Option(
            "--key",
            metavar="KEY",
            help="Idempotency key: the same command with the same key again sends nothing and shows the first"
            " message. Remembered for SMSQ_KEY_HOURS (168 hours).",
            show_default=False,
        ),
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait until every recipient is decided, and show it.")
    ] = False,
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="S", min=0, help="Seconds to wait at most, with --wait.")
    ] = 30.0,
    as_json: options.Json = False,
) -> None:
    """Send one text to one phone or a few.

    Prints the message's id as soon as it is safe in the ledger; a worker sends it. With --wait the exit
    status is 1 when a recipient was refused, failed or is held, or when the time ran out: the message then
    stays on its way. Without --key, the same command twice sends twice.
    """
    from worker.cli import message

    message.send(
        phones,
        text,
        sender=sender,
        provider=provider,
        urgent=urgent,
        key=key,
        timeout=timeout if wait else None,
        as_json=as_json,
    )


def status(
    message_id: Annotated[
        str, typer.Argument(metavar="MESSAGE_ID", help="The id that sending printed.", show_default=False)
    ],
    refresh: Annotated[
        bool,
        typer.Option(
            "--refresh",
            help="Have a worker ask the provider first. For more than eight recipients once a minute.",
        ),
    ] = False,
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="S", min=0, help="Seconds to wait at most, with --refresh.")
    ] = 90.0,
    as_json: options.Json = False,
) -> None:
    """Show what became of a message, recipient by recipient, as the ledger knows it."""
    from worker.cli import message

    message.show(message_id, timeout=timeout if refresh else None, as_json=as_json)
