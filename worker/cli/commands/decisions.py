"""What waits for a person, and whether everything adds up."""

from __future__ import annotations

from typing import Annotated

import typer

from worker.cli import options

group = typer.Typer(no_args_is_help=True, help="Batches that wait for a person: list, release, resolve.")

Batch = Annotated[
    str, typer.Argument(metavar="ID", help="The batch's id, as the list shows it.", show_default=False)
]


@group.command("list")
def list_(as_json: options.Json = False) -> None:
    """List the batches that are held or in doubt, oldest first, with the reason.

    What is in doubt is looked up at the provider by itself; what is held waits for you.
    """
    from worker.cli import undecided

    undecided.show(as_json=as_json)


@group.command()
def release(batch: Batch, as_json: options.Json = False) -> None:
    """Send a held batch again, when you know that the provider has not taken it."""
    from worker.cli import undecided

    undecided.decide(batch, taken=False, as_json=as_json)


@group.command()
def resolve(
    batch: Batch,
    taken: Annotated[
        bool | None,
        typer.Option(
            "--taken/--not-sent",
            help="What you have found out: the provider has taken it (nothing is sent), or it surely has not"
            " (it is sent again).",
            show_default=False,
        ),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Say what became of a batch that is held or in doubt, when you have found it out."""
    from worker.cli import undecided

    undecided.decide(batch, taken=taken, as_json=as_json)


def audit(as_json: options.Json = False) -> None:
    """Check that every recipient of every campaign and message is accounted for.

    Counts each campaign from its recipients' records and compares; puts back on the timer what nothing would
    wake any more. Safe while workers run. Exit status 1 when something doesn't add up.
    """
    from worker.cli.audit import examine

    examine(as_json=as_json)
