"""Files that the provider prepares: the list, and fetching one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from worker.cli import options

group = typer.Typer(help="Files that the provider prepares: list, get.", no_args_is_help=True)


@group.command("list")
def list_(
    after: Annotated[
        int, typer.Option("--after", metavar="ID", min=0, help="Only those with a greater id.")
    ] = 0,
    count: Annotated[
        int, typer.Option("--count", metavar="N", min=0, help="At most so many. Default: the provider's.")
    ] = 0,
    timeout: options.Timeout = 90.0,
    as_json: options.Json = False,
) -> None:
    """List the deferred downloads. Times are in the account's time zone."""
    from worker.cli import downloads

    downloads.show(after=after, count=count, timeout=timeout, as_json=as_json)


@group.command()
def get(
    which: Annotated[
        str,
        typer.Argument(metavar="ID_OR_NAME", help="The id, the name or the file's name.", show_default=False),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to write it. Default: the file's own name.",
            show_default=False,
        ),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until it is ready.")] = False,
    timeout: Annotated[
        float,
        typer.Option("--timeout", metavar="S", min=0, help="Seconds until it must be ready, with --wait."),
    ] = 600.0,
    as_json: options.Json = False,
) -> None:
    """Fetch a file. It appears when it is complete; what was interrupted goes on where it broke off.

    Needs credentials here: the file comes straight from the provider.
    """
    from worker.cli import downloads

    downloads.get(which, output, wait=wait, timeout=timeout, as_json=as_json)
