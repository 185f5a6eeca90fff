"""The groups of commands put together, and the entry point."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from worker.cli import errors
from worker.cli.commands import (
    bases,
    campaigns,
    decisions,
    downloads,
    kinds,
    messages,
    money,
    numbers,
    operations,
    records,
    services,
)

_SEND = "Send and follow"
_ASK = "Ask the provider"
_OPERATE = "Look after it"
_RUN = "Run the parts"

app = typer.Typer(
    name="smsq",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["--help", "-h"]},
)
app.command("send", rich_help_panel=_SEND)(messages.send)
app.command("status", rich_help_panel=_SEND)(messages.status)
app.add_typer(campaigns.group, name="campaign", rich_help_panel=_SEND)
app.command("call", rich_help_panel=_SEND)(kinds.call)
app.command("mms", rich_help_panel=_SEND)(kinds.mms)
app.command("email", rich_help_panel=_SEND)(kinds.email)
app.command("hlr", rich_help_panel=_SEND)(kinds.hlr)
app.command("wait-call", rich_help_panel=_SEND)(numbers.wait_call)
app.command("delete", rich_help_panel=_SEND)(messages.delete)
app.command("balance", rich_help_panel=_ASK)(money.balance)
app.command("cost", rich_help_panel=_ASK)(money.cost)
app.command("inbox", rich_help_panel=_ASK)(records.inbox)
app.command("history", rich_help_panel=_ASK)(records.history)
app.command("statistics", rich_help_panel=_ASK)(records.statistics)
app.command("tariffs", rich_help_panel=_ASK)(records.tariffs)
app.command("operator", rich_help_panel=_ASK)(records.operator)
app.add_typer(numbers.group, name="numbers", rich_help_panel=_ASK)
app.add_typer(downloads.group, name="downloads", rich_help_panel=_ASK)
app.add_typer(bases.group, name="bases", rich_help_panel=_ASK)
app.add_typer(decisions.group, name="held", rich_help_panel=_OPERATE)
app.command("audit", rich_help_panel=_OPERATE)(decisions.audit)
app.command("doctor", rich_help_panel=_OPERATE)(operations.doctor)
app.command("worker", rich_help_panel=_RUN)(services.worker)
app.command("redis", rich_help_panel=_RUN)(services.redis)
app.command("simulate", rich_help_panel=_RUN)(services.simulate)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"smsq {version('smsq')}")
        except PackageNotFoundError:
            typer.echo("smsq (not installed)")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """Bulk SMS through a queue: nothing is lost, nothing is sent twice.

    Settings come from the environment and from the file .env: SMSQ_REDIS_URL, SMSQ_SMSC_LOGIN and
    SMSQ_SMSC_PASSWORD (or SMSQ_SMSC_API_KEY), SMSQ_SENDER.

    Exit status: 0 done, 1 the work failed, 2 wrong use or settings, 130 interrupted by Ctrl-C. Answers go to
    standard output, everything else to standard error. Set SMSQ_DEBUG=1 to see where an unexpected error
    comes from.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: What stands behind the program's name; the process's own when None.

    Returns:
        The exit status.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    return errors.run(lambda: app(args=given, prog_name="smsq", standalone_mode=False), given)
