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
    typer.Option(
        "--provider", metavar="NAME", help="smsc or sms2. Default: SMSQ_PROVIDER.", show_default=False
    ),
]
CampaignName = Annotated[
    str, typer.Argument(metavar="ID", help="The campaign's id or name.", show_default=False)
]
Timeout = Annotated[
    float, typer.Option("--timeout", metavar="S", min=0, help="Seconds to wait for the answer.")
]
Key = Annotated[
    str | None,
    typer.Option(
        "--key",
        metavar="KEY",
        help="Idempotency key: the same command with the same key again does nothing and shows the first"
        " answer. Remembered for SMSQ_KEY_HOURS (168 hours).",
        show_default=False,
    ),
]
Phones = Annotated[
    list[str], typer.Argument(metavar="PHONE", help="Phones, in any usual form.", show_default=False)
]
Wait = Annotated[bool, typer.Option("--wait", help="Wait until every recipient is decided, and show it.")]
WaitTimeout = Annotated[
    float, typer.Option("--timeout", metavar="S", min=0, help="Seconds to wait at most, with --wait.")
]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="DAY", help="First day: 2026-12-31 or 31.12.2026.", show_default=False),
]
To = Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last day.", show_default=False)]
