"""Campaigns: a file of recipients, started once, watched, stopped, reported."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from worker.cli import options

group = typer.Typer(
    help="Campaigns: start, watch, pause, cancel, report.", no_args_is_help=True, rich_markup_mode="markdown"
)


@group.command("start")
def start(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="CSV with a header and a column of phones; see also --phone-column and --format.",
            show_default=False,
        ),
    ],
    text: Annotated[
        str | None,
        typer.Option(
            "--text",
            metavar="TEMPLATE",
            help="The text; {column} stands for the row's cell. - reads it from standard input. Without it"
            " the file needs a column text, message, текст or сообщение.",
            show_default=False,
        ),
    ] = None,
    text_file: Annotated[
        Path | None,
        typer.Option(
            "--text-file",
            metavar="FILE",
            help="File that holds the text or template, UTF-8.",
            show_default=False,
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            "--name",
            metavar="NAME",
            help="Unique name, at most 200 characters. Default: the file's name and a digest of file, text"
            " and sender.",
            show_default=False,
        ),
    ] = None,
    sender: options.Sender = None,
    provider: options.Provider = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            metavar="TIME",
            help="When to begin: 2026-12-31T10:00, with a zone or in local time, or '31.12.2026 10:00'."
            " Default: now.",
            show_default=False,
        ),
    ] = None,
    phone_column: Annotated[
        str | None,
        typer.Option(
            "--phone-column",
            metavar="COLUMN",
            help="Column with the phones: its name, or its number from 1. Default: found by its name.",
            show_default=False,
        ),
    ] = None,
    delimiter: Annotated[
        str | None,
        typer.Option(
            "--delimiter",
            metavar="CHAR",
            help="Character between cells; tab for a tabulator. Default: found.",
            show_default=False,
        ),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option(
            "--encoding", metavar="NAME", help="The file's encoding. Default: found.", show_default=False
        ),
    ] = None,
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="auto, csv or 1c. auto is CSV. 1c: lines phone#text up to a line end, as 1C writes them for"
            " SMS2; a file without the line end has broken off and is refused.",
        ),
    ] = "auto",
    rejects: Annotated[
        Path | None,
        typer.Option(
            "--rejects",
            metavar="PATH",
            help="Where to write rows that can't be used; no file when there are none."
            " Default: FILE.rejects.csv.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Only count recipients, rejects and segments, and have the provider price a sample of at"
            " most 500. Without Redis, credentials or an answer the price isn't known.",
        ),
    ] = False,
    no_price: Annotated[
        bool, typer.Option("--no-price", help="With --dry-run: don't ask the provider for the price.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until every recipient is decided.")] = False,
    as_json: options.Json = False,
) -> None:
    """Start a campaign from a CSV file, or from a file of 1C's.

    Nothing is sent before the whole file has been read. The same command again, after Ctrl-C, a crash or by
    accident, goes on where it was or does nothing: the name that it makes follows from the file, the text and
    the sender, and a campaign is started once. To send the same again on purpose, give another --name.

    Ctrl-C while the file is read or planned: nothing has been sent. Ctrl-C with --wait: the campaign goes on.
    Both exit with 130. With --wait the exit status is 1 when the campaign was cancelled, when recipients are
    held, or when nobody was taken.
    """
    from worker.cli import campaign_start
    from worker.cli.campaign_input import Request

    request = Request(
        file=file,
        text=text,
        text_file=text_file,
        name=name,
        sender=sender,
        provider=provider,
        at=at,
        phone_column=phone_column,
        delimiter=delimiter,
        encoding=encoding,
        format=format_,
        rejects=rejects,
    )
    if dry_run:
        from worker.cli import campaign_dry_run

        campaign_dry_run.show(request, priced=not no_price, as_json=as_json)
    else:
        campaign_start.start(request, wait=wait, as_json=as_json)


@group.command("list")
def list_(
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, help="Campaigns to show at most.")
    ] = 100,
    as_json: options.Json = False,
) -> None:
    """List the campaigns, newest first."""
    from worker.cli import campaign

    campaign.show_all(limit, as_json=as_json)


@group.command("show")
def show(campaign_id: options.CampaignName, as_json: options.Json = False) -> None:
    """Show where a campaign stands: state, counts, segments, cost."""
    from worker.cli import campaign

    campaign.show(campaign_id, as_json=as_json)


@group.command("pause")
def pause(campaign_id: options.CampaignName, as_json: options.Json = False) -> None:
    """Let no further request go out. Requests that are under way end; resume goes on exactly there."""
    from worker.cli import campaign

    campaign.change(campaign_id, "pause", as_json=as_json)


@group.command("resume")
def resume(campaign_id: options.CampaignName, as_json: options.Json = False) -> None:
    """Go on with a paused campaign."""
    from worker.cli import campaign

    campaign.change(campaign_id, "resume", as_json=as_json)


@group.command("cancel")
def cancel(campaign_id: options.CampaignName, as_json: options.Json = False) -> None:
    """Give up every recipient that hasn't been sent to. A cancelled campaign can't be resumed."""
    from worker.cli import campaign

    campaign.change(campaign_id, "cancel", as_json=as_json)


@group.command("report")
def report(
    campaign_id: options.CampaignName,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write to a file, which appears when it is complete. Default: standard output.",
            show_default=False,
        ),
    ] = None,
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="csv or 1c. 1c: lines 'phone answer' with the answers that SMS2 gives, whoever sent it.",
        ),
    ] = "csv",
    as_json: Annotated[bool, typer.Option("--json", help="A JSON array instead of CSV.")] = False,
) -> None:
    """Write a row for each recipient: state, provider's codes and their meaning, cost, times.

    CSV in UTF-8 with commas, in the file's order. Rows that were rejected when the file was read are in the
    rejects file.
    """
    from worker.cli import campaign_report

    campaign_report.write(campaign_id, output, format=format_, as_json=as_json)
