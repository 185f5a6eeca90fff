"""What the provider has on record: incoming and sent messages, statistics, tariffs, operators."""

from __future__ import annotations

from typing import Annotated

import typer

from worker.cli import options

_PATIENCE = 90.0


def inbox(
    after: Annotated[
        int, typer.Option("--after", metavar="ID", min=0, help="Only messages with a greater id.")
    ] = 0,
    hours: Annotated[
        int, typer.Option("--hours", metavar="N", min=1, max=168, help="Of the last so many hours.")
    ] = 24,
    to_phone: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="PHONE", help="Only what this number of ours received.", show_default=False
        ),
    ] = None,
    count: Annotated[
        int, typer.Option("--count", metavar="N", min=1, max=10_000, help="Messages at most.")
    ] = 1000,
    timeout: options.Timeout = _PATIENCE,
    as_json: options.Json = False,
) -> None:
    """Show incoming messages, with their texts. Times are in the account's time zone."""
    from worker.cli import inbox

    inbox.show(after=after, hours=hours, to_phone=to_phone, count=count, timeout=timeout, as_json=as_json)


def history(
    start: options.From = None,
    end: options.To = None,
    phones: Annotated[
        list[str] | None,
        typer.Option("--phone", metavar="PHONE", help="Only to these; several times.", show_default=False),
    ] = None,
    emails: Annotated[
        list[str] | None,
        typer.Option(
            "--email", metavar="ADDRESS", help="E-mails to these; several times.", show_default=False
        ),
    ] = None,
    count: Annotated[
        int, typer.Option("--count", metavar="N", min=1, max=100_000, help="Messages at most.")
    ] = 100,
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="S", min=0, help="Seconds to wait for each page.")
    ] = _PATIENCE,
    as_json: options.Json = False,
) -> None:
    """Show what the provider has sent for the account, newest first, with texts; at most six months back."""
    from worker.cli import history

    history.show(
        start=start,
        end=end,
        phones=phones or [],
        emails=emails or [],
        count=count,
        timeout=timeout,
        as_json=as_json,
    )


def statistics(
    start: options.From = None,
    end: options.To = None,
    timeout: options.Timeout = _PATIENCE,
    as_json: options.Json = False,
) -> None:
    """Show what was sent and spent, by login, as the provider counts it."""
    from worker.cli import account_data

    account_data.show_statistics(start, end, timeout=timeout, as_json=as_json)


def tariffs(timeout: options.Timeout = _PATIENCE, as_json: options.Json = False) -> None:
    """Show the account's tariffs as the provider tells them."""
    from worker.cli import account_data

    account_data.show_tariffs(timeout=timeout, as_json=as_json)


def operator(
    phones: options.Phones, timeout: options.Timeout = _PATIENCE, as_json: options.Json = False
) -> None:
    """Show the operator, country and region of phones, by the provider's tables. Free of charge."""
    from worker.cli import account_data

    account_data.show_operators(phones, timeout=timeout, as_json=as_json)
