"""Options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, also when it is an error.")]
Sender = Annotated[
    str | None,
    typer.Option(
        "--sender",
        metavar="ID",
        help="Sender ID that the provider has approved: up to 11 Latin letters or digits, or 15 digits."
        " Default: SMSQ_SENDER.",
        show_default=False,
    ),
]
Provider = Annotated[
    str | None,
    typer.Option("--provider", metavar="NAME", help="smsc. Default: SMSQ_PROVIDER.", show_default=False),
]
CampaignName = Annotated[
    str, typer.Argument(metavar="ID", help="The campaign's id or name.", show_default=False)
]
