"""Phone bases at SMS2: lists of numbers that are kept there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from worker.cli import options

group = typer.Typer(
    help="Phone bases at SMS2: list, show, add, remove, sync.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

Base = Annotated[
    str, typer.Argument(metavar="BASE", help="Name of the base, as the list shows it.", show_default=False)
]
Phones = Annotated[
    list[str] | None,
    typer.Argument(metavar="PHONE", help="Numbers, in any usual form.", show_default=False),
]
File = Annotated[
    Path | None,
    typer.Option(
        "--file",
        metavar="FILE",
        help="File of the numbers: CSV as for a campaign, or a number a line without a header.",
        show_default=False,
    ),
]
PhoneColumn = Annotated[
    str | None,
    typer.Option(
        "--phone-column",
        metavar="COLUMN",
        help="Column with the phones: its name, or its number from 1. Default: found by its name.",
        show_default=False,
    ),
]
Delimiter = Annotated[
    str | None,
    typer.Option(
        "--delimiter",
        metavar="CHAR",
        help="Character between cells; tab for a tabulator. Default: found.",
        show_default=False,
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding", metavar="NAME", help="The file's encoding. Default: found.", show_default=False
    ),
]


@group.command("list")
def list_(as_json: options.Json = False) -> None:
    """List the bases, with the count of their numbers.

    SMS2 has no call that makes a base: that is done on its page.
    """
    from worker.cli import bases

    bases.show_list(as_json=as_json)


@group.command()
def show(base: Base, as_json: options.Json = False) -> None:
    """Show the numbers of a base, one a line."""
    from worker.cli import bases

    bases.show(base, as_json=as_json)


@group.command()
def has(
    base: Base,
    phone: Annotated[str, typer.Argument(metavar="PHONE", help="The number.", show_default=False)],
    as_json: options.Json = False,
) -> None:
    """Say whether a number is in a base: yes or no. The exit status is 0 for both."""
    from worker.cli import bases

    bases.has(base, phone, as_json=as_json)


@group.command()
def add(
    base: Base,
    phones: Phones = None,
    file: File = None,
    phone_column: PhoneColumn = None,
    delimiter: Delimiter = None,
    encoding: Encoding = None,
    as_json: options.Json = False,
) -> None:
    """Add numbers to a base, 1,000 a request.

    The base is read first: numbers that are in it already count as present. The same command again, after
    Ctrl-C or when the provider was away, goes on where it was. Rows of the file that can't be used, and
    numbers that the provider refuses, are in FILE.rejects.csv. Exit status: 0 done, 1 the provider has
    refused numbers or could not be asked.
    """
    from worker.cli import bases

    choice = None if file is None else bases.choose(file, phone_column, delimiter, encoding)
    bases.change(base, phones or (), choice, adding=True, as_json=as_json)


@group.command()
def remove(
    base: Base,
    phones: Phones = None,
    file: File = None,
    phone_column: PhoneColumn = None,
    delimiter: Delimiter = None,
    encoding: Encoding = None,
    as_json: options.Json = False,
) -> None:
    """Remove numbers from a base, one a request, a few requests at once.

    Numbers that aren't in the base count as absent. Everything else as for add.
    """
    from worker.cli import bases

    choice = None if file is None else bases.choose(file, phone_column, delimiter, encoding)
    bases.change(base, phones or (), choice, adding=False, as_json=as_json)


@group.command()
def sync(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="CSV as for a campaign, or a number a line without a header.",
            show_default=False,
        ),
    ],
    base: Base,
    phone_column: PhoneColumn = None,
    delimiter: Delimiter = None,
    encoding: Encoding = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask whether you are sure.")] = False,
    as_json: options.Json = False,
) -> None:
    """Make a base equal to a file: add what it lacks, remove what the file lacks.

    Shows the plan and asks first, unless --yes. Without a terminal, and with --json, it only shows the plan,
    with exit status 2. A number whose row can't be read counts as lacking: look at FILE.rejects.csv.
    """
    from worker.cli import bases

    bases.sync(base, bases.choose(file, phone_column, delimiter, encoding), sure=yes, as_json=as_json)
