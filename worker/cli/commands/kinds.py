"""Messages of other kinds: HLR queries, calls, MMS, e-mails."""

from __future__ import annotations

from typing import Annotated

import typer

from worker.cli import kind_options as kinds
from worker.cli import options

Text = Annotated[
    str | None,
    typer.Option(
        "--text", metavar="TEXT", help="The text. - reads it from standard input.", show_default=False
    ),
]
Urgent = Annotated[bool, typer.Option("--urgent", help="Overtake campaigns.")]


def hlr(
    phones: options.Phones,
    key: options.Key = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait for what the network says, and show it.")
    ] = False,
    timeout: options.WaitTimeout = 180.0,
    as_json: options.Json = False,
) -> None:
    """Ask the network whether phones can be reached, and where they are. Costs money, like a message.

    Prints the message's id; smsq status ID --refresh tells more later. With --wait the provider is asked
    again and again within its throttles until it has said of each phone whether it can be reached: yes, no or
    unknown. For more than eight phones it can be asked once a minute only. Exit status 1 when a phone was
    refused or the time ran out.
    """
    from worker.cli import reach

    reach.ask(phones, key=key, timeout=timeout if wait else None, as_json=as_json)


def call(
    phones: options.Phones,
    text: Text = None,
    audio: Annotated[
        str,
        typer.Option(
            "--audio",
            "--file-url",
            metavar="URL",
            help="Address of an audio file that is played.",
            show_default=False,
        ),
    ] = "",
    files: kinds.Files = None,
    code: Annotated[
        bool, typer.Option("--code", help="Have the provider make up a code and read it out.")
    ] = False,
    voice: kinds.Voice = "",
    timing: kinds.Timing = "",
    sender: options.Sender = None,
    send_at: kinds.SendAt = "",
    tz: kinds.Zone = None,
    key: options.Key = None,
    urgent: Urgent = False,
    wait: options.Wait = False,
    timeout: options.WaitTimeout = 30.0,
    as_json: options.Json = False,
) -> None:
    """Call phones and read a text out, play a file, or read out a code.

    Give one of --text, --audio, --file and --code. With --code and --wait the code is shown, so that it can
    be compared with what the subscriber types.
    """
    from producers.errors import UsageError
    from producers.kind_checks import VOICE_CODE
    from worker.cli import message

    if sum(map(bool, (text is not None, audio, files, code))) != 1:
        raise UsageError(
            "a call has one of --text, --audio, --file and --code", hint="give one of them", code="bad_call"
        )
    message.send(
        phones,
        VOICE_CODE if code else text or "",
        sender=sender,
        provider=None,
        urgent=urgent,
        key=key,
        timeout=timeout if wait else None,
        as_json=as_json,
        options=kinds.make("call", send_at=send_at, tz=tz, voice=voice, call_timing=timing, file_url=audio),
        files=files or (),
    )


def mms(
    phones: options.Phones,
    files: kinds.Files = None,
    file_url: kinds.FileUrl = "",
    subject: kinds.Subject = "",
    text: Text = None,
    sender: options.Sender = None,
    send_at: kinds.SendAt = "",
    tz: kinds.Zone = None,
    key: options.Key = None,
    wait: options.Wait = False,
    timeout: options.WaitTimeout = 30.0,
    as_json: options.Json = False,
) -> None:
    """Send an MMS: a file or the address of one, with a subject or a text."""
    from worker.cli import message

    message.send(
        phones,
        text or "",
        sender=sender,
        provider=None,
        urgent=False,
        key=key,
        timeout=timeout if wait else None,
        as_json=as_json,
        options=kinds.make("mms", send_at=send_at, tz=tz, subject=subject, file_url=file_url),
        files=files or (),
    )


def email(
    addresses: Annotated[
        list[str], typer.Argument(metavar="ADDRESS", help="E-mail addresses.", show_default=False)
    ],
    subject: kinds.Subject = "",
    text: Text = None,
    sender: Annotated[
        str,
        typer.Option(
            "--sender",
            metavar="ADDRESS",
            help="E-mail address of the sender, which the provider knows.",
            show_default=False,
        ),
    ] = "",
    files: kinds.Files = None,
    send_at: kinds.SendAt = "",
    tz: kinds.Zone = None,
    key: options.Key = None,
    wait: options.Wait = False,
    timeout: options.WaitTimeout = 30.0,
    as_json: options.Json = False,
) -> None:
    """Send an e-mail through the provider: subject, text and sender are needed."""
    from worker.cli import message

    message.send(
        addresses,
        kinds.require_text(text, "email"),
        sender=sender,
        provider=None,
        urgent=False,
        key=key,
        timeout=timeout if wait else None,
        as_json=as_json,
        options=kinds.make("email", send_at=send_at, tz=tz, subject=subject),
        files=files or (),
    )
