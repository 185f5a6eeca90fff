"""What the account has left, and what a message would cost."""

from __future__ import annotations

from typing import Annotated

import typer

from worker.cli import kind_options as kinds
from worker.cli import options

_PATIENCE = 90.0


def balance(timeout: options.Timeout = _PATIENCE, as_json: options.Json = False) -> None:
    """Ask the provider for the account's balance, within its throttles.

    The question goes to the workers; with credentials this command asks by itself if none is there.
    """
    from worker.cli import balance

    balance.show(timeout=timeout, as_json=as_json)


def cost(
    phones: options.Phones,
    text: Annotated[
        str | None,
        typer.Option(
            "--text", metavar="TEXT", help="The text. - reads it from standard input.", show_default=False
        ),
    ] = None,
    sender: options.Sender = None,
    kind: kinds.AnyKindName = "sms",
    subject: kinds.Subject = "",
    voice: kinds.Voice = "",
    timing: kinds.Timing = "",
    file_url: kinds.FileUrl = "",
    translit: kinds.Translit = 0,
    short_links: kinds.ShortLinks = False,
    max_segments: kinds.MaxSegments = 0,
    bot: kinds.Bot = "",
    keep_plus: kinds.KeepPlus = False,
    timeout: options.Timeout = _PATIENCE,
    as_json: options.Json = False,
) -> None:
    """Ask the provider what a message would cost. Nothing is sent.

    At most 500 recipients; a file is priced by smsq campaign start FILE --dry-run.
    """
    from worker.cli import cost

    chosen = kinds.make(
        kind,
        subject=subject,
        voice=voice,
        call_timing=timing,
        file_url=file_url,
        translit=translit,
        shorten_links=short_links,
        max_segments=max_segments,
        bot=bot,
        keep_plus=keep_plus,
    )
    body = kinds.require_text(text, kind)
    cost.show(phones, body, sender=sender, options=chosen, timeout=timeout, as_json=as_json)
