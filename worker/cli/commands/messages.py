"""One text to a few phones, and what became of it."""

from __future__ import annotations

from typing import Annotated

import typer

from worker.cli import kind_options as kinds
from worker.cli import options


def send(
    phones: Annotated[
        list[str],
        typer.Argument(metavar="PHONE", help="Recipients, in any usual form.", show_default=False),
    ],
    text: Annotated[
        str | None,
        typer.Option(
            "--text",
            metavar="TEXT",
            help="The text, at most 1000 characters. - reads it from standard input, which keeps it out of"
            " the list of processes.",
            show_default=False,
        ),
    ] = None,
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
    wait: options.Wait = False,
    timeout: options.WaitTimeout = 30.0,
    kind: kinds.KindName = "sms",
    translit: kinds.Translit = 0,
    short_links: kinds.ShortLinks = False,
    send_at: kinds.SendAt = "",
    tz: kinds.Zone = None,
    period: kinds.Period = "",
    freq: kinds.Frequency = 0,
    valid: kinds.Valid = "",
    max_segments: kinds.MaxSegments = 0,
    bot: kinds.Bot = "",
    captcha: kinds.Captcha = "",
    user_ip: kinds.UserIp = "",
    partner: kinds.Partner = "",
    keep_plus: kinds.KeepPlus = False,
    as_json: options.Json = False,
) -> None:
    """Send one text to one phone or a few.

    Prints the message's id as soon as it is safe in the ledger; a worker sends it. With --wait the exit
    status is 1 when a recipient was refused, failed or is held, or when the time ran out: the message then
    stays on its way. Without --key, the same command twice sends twice.

    A push is a link on the first line of the text and a title on the second; binary-hex is written in pairs
    of hexadecimal digits; a ping needs no text. Recipients of a Telegram message may be names or #ID; G12 is
    a contact group at the provider.
    """
    from worker.cli import message

    chosen = kinds.make(
        kind,
        kinds=kinds.SENT,
        send_at=send_at,
        translit=translit,
        shorten_links=short_links,
        tz=tz,
        period=period,
        freq=freq,
        valid=valid,
        max_segments=max_segments,
        bot=bot,
        captcha=captcha,
        user_ip=user_ip,
        partner=partner,
        keep_plus=keep_plus,
    )
    message.send(
        phones,
        kinds.require_text(text, kind),
        sender=sender,
        provider=provider,
        urgent=urgent,
        key=key,
        timeout=timeout if wait else None,
        as_json=as_json,
        options=chosen,
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
    provider_record: Annotated[
        bool,
        typer.Option(
            "--provider-record",
            help="Show the provider's own record of each recipient: operator, country, segments and more.",
        ),
    ] = False,
    timeout: Annotated[
        float,
        typer.Option(
            "--timeout",
            metavar="S",
            min=0,
            help="Seconds to wait at most, with --refresh or --provider-record.",
        ),
    ] = 90.0,
    as_json: options.Json = False,
) -> None:
    """Show what became of a message, recipient by recipient, as the ledger knows it."""
    if provider_record:
        from worker.cli import provider_record as record

        record.show(message_id, timeout=timeout, as_json=as_json)
        return
    from worker.cli import message

    message.show(message_id, timeout=timeout if refresh else None, as_json=as_json)


def delete(
    message_id: Annotated[
        str,
        typer.Argument(
            metavar="MESSAGE_ID",
            help="The id that sending printed; or the provider's, with the recipients.",
            show_default=False,
        ),
    ],
    recipients: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="RECIPIENT",
            help="Only these recipients: phones or e-mail addresses. Needed with the provider's id.",
            show_default=False,
        ),
    ] = None,
    timeout: options.Timeout = 90.0,
    as_json: options.Json = False,
) -> None:
    """Delete a message at the provider: its record, and the message if it hasn't been sent yet.

    One request for each recipient. What the ledger knows stays there. Exit status 1 when one of them could
    not be deleted.
    """
    from worker.cli import deleting

    deleting.delete(message_id, recipients or [], timeout=timeout, as_json=as_json)
