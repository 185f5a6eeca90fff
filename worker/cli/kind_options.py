"""Options about the kind of a message and what goes with it, which several commands share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from producers.kinds import SendOptions

#: Kinds of ``smsq send``; the others have commands of their own.
SENT = ("sms", "flash", "push", "binary", "binary-hex", "ping", "viber", "social", "telegram")
OWN_COMMANDS = {"hlr": "smsq hlr", "call": "smsq call", "mms": "smsq mms", "email": "smsq email"}
#: Kinds that need no text.
TEXTLESS = frozenset({"hlr", "ping", "call", "mms"})

_MESSAGE = "Message"
#: A moment that `parse_moment` reads; the provider's own forms look otherwise.
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ].*|\d{1,2}\.\d{1,2}\.\d{4}[ T].*")


def _text(*names: str, metavar: str, help: str) -> Any:  # noqa: A002 - as typer calls it
    return typer.Option(*names, metavar=metavar, help=help, show_default=False, rich_help_panel=_MESSAGE)


KindName = Annotated[str, _text("--kind", metavar="KIND", help=f"One of {', '.join(SENT)}. Default: sms.")]
AnyKindName = Annotated[
    str, _text("--kind", metavar="KIND", help=f"One of {', '.join((*SENT, *OWN_COMMANDS))}. Default: sms.")
]
Translit = Annotated[
    int,
    _text("--translit", metavar="N", help="1: written in Latin letters; 2: in those that look alike."),
]
ShortLinks = Annotated[
    bool, typer.Option("--short-links", help="Replace links by short ones.", rich_help_panel=_MESSAGE)
]
SendAt = Annotated[
    str,
    _text(
        "--send-at",
        metavar="TIME",
        help="The provider keeps it until then: 2026-12-31T10:00, '31.12.2026 10:00', +60 (minutes), or"
        " 10-18 (between these hours).",
    ),
]
Zone = Annotated[
    int | None,
    _text("--tz", metavar="HOURS", help="Hours that hours in --send-at are ahead of Moscow, -14 to 14."),
]
Period = Annotated[
    str, _text("--period", metavar="HOURS", help="Spread the recipients over so many hours, 0.1 to 720.")
]
Frequency = Annotated[
    int,
    _text("--freq", metavar="MINUTES", help="Minutes between two groups within --period, 1 to 1440."),
]
Valid = Annotated[str, _text("--valid", metavar="HH:MM", help="How long the operator tries, 00:01 to 24:00.")]
MaxSegments = Annotated[
    int, _text("--max-segments", metavar="N", help="Cut the text after so many segments.")
]
Bot = Annotated[str, _text("--bot", metavar="@NAME", help="Telegram bot that sends it.")]
Captcha = Annotated[
    str, _text("--captcha", metavar="TEXT", help="What the visitor typed off the picture; with --user-ip.")
]
UserIp = Annotated[
    str, _text("--user-ip", metavar="ADDRESS", help="Address of the visitor who causes the message.")
]
Partner = Annotated[str, _text("--partner", metavar="ID", help="Partner id.")]
KeepPlus = Annotated[
    bool,
    typer.Option(
        "--keep-plus",
        help="Send numbers with a plus: the provider doesn't correct them.",
        rich_help_panel=_MESSAGE,
    ),
]
Subject = Annotated[str, _text("--subject", metavar="TEXT", help="The subject.")]
Voice = Annotated[
    str,
    _text("--voice", metavar="VOICE", help="m, m2, m3, m4, w, w2, w3 or w4; w,en with a language."),
]
Timing = Annotated[
    str,
    _text(
        "--timing",
        metavar="W,I,N",
        help="Seconds of ringing, seconds between two attempts, attempts: 22,20,5.",
    ),
]
FileUrl = Annotated[
    str, _text("--file-url", metavar="URL", help="Address of a file that the provider fetches.")
]
Files = Annotated[
    list[Path] | None,
    _text("--file", metavar="PATH", help="File that goes with it; may be given several times."),
]


def make(kind: str = "sms", *, send_at: str = "", kinds: Sequence[str] = (), **given: Any) -> SendOptions:
    """Return the options of a message; what doesn't go together is found when it is sent.

    Args:
        kind: Name of the kind.
        send_at: When the provider is to send.
        kinds: Names that may be given here; empty: all.
        given: Members of `SendOptions`.

    Raises:
        UsageError: There is no such kind here, or the time can't be read.
    """
    from producers.errors import UsageError
    from producers.kinds import Kind, SendOptions

    allowed = kinds or tuple(Kind)
    if kind not in allowed:
        elsewhere = OWN_COMMANDS.get(kind)
        raise UsageError(
            f"{kind[:20]!r} is no kind of message that can be given here",
            hint=f"it has a command of its own: {elsewhere}" if elsewhere else f"one of {', '.join(allowed)}",
            code="bad_kind",
        )
    return SendOptions(kind=Kind(kind), time=_time(send_at), **given)


def _time(text: str) -> str:
    """Return a moment in the provider's notation; its own forms stay as they are."""
    written = text.strip()
    if not _MOMENT.fullmatch(written):
        return written
    from worker.cli.moments import parse_moment

    return f"0{parse_moment(written, option='--send-at') // 1000}"


def require_text(text: str | None, kind: str) -> str:
    """Return the text; a kind that needs none gets an empty one.

    Raises:
        UsageError: There is none.
    """
    if text is None and kind not in TEXTLESS:
        from producers.errors import UsageError

        raise UsageError("there is no text", hint="give --text; - reads it from standard input")
    return text or ""


def check_files(paths: Sequence[Path]) -> None:
    """Make sure that files aren't too big, before they are read.

    Raises:
        UsageError: They are, or one can't be read.
    """
    from producers.errors import UsageError
    from producers.option_checks import MAX_FILES

    total = 0
    for path in paths:
        try:
            total += path.stat().st_size
        except OSError as error:
            raise UsageError(
                f"{path} can't be read: {error.strerror}", hint="check the name", code="bad_files"
            ) from None
        if not path.is_file():
            raise UsageError(f"{path} is no file", hint="check the name", code="bad_files")
    if total > MAX_FILES:
        raise UsageError(f"the files have more than {MAX_FILES} bytes together", code="bad_files")
