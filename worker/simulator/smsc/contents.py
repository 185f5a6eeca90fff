"""What a message of each kind must contain (SMSC protocol §3.1); anything less is error 1 [assumed]."""

import re

from worker.simulator.calls import Call
from worker.simulator.config import SimulatorConfig
from worker.simulator.smsc.errors import RefusedError
from worker.simulator.smsc.kinds import BINARY, CALL, MAIL, MMS, PUSH, TELEGRAM, Kind
from worker.simulator.smsc.recipients import ADDRESS, Letter
from worker.simulator.smsc.requests import CODECS

_COMMENT = re.compile(r"(?:\A|\r?\n)~~~[ \t]*(?:\r?\n|\Z)")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_TRAILER = re.compile(r"\s*pid:\s*[0-9A-Fa-f]{1,3},\s*dcs:\s*[0-9A-Fa-f]{1,3}\s*")
_LINK = re.compile(r"https?://[^\s/]+\S*")
_FILE_IN_TEXT = re.compile(r"<file/upload/files/[^>\s]+>|https?://[^\s/]+/\S+")
_VOICE = re.compile(r"[mw][234]?(?:,[a-z]{2})?")
_CALL_COURSE = re.compile(r"([0-9]{1,2}),([0-9]{1,5}),([0-9])")
_BOT = re.compile(r"@[A-Za-z0-9_]{3,32}")
_NAMED_ADDRESS = re.compile(r"[^<>]*<([^<>]+)>")


def split_comment(text: str) -> tuple[str, str]:
    """Part a text from its comment at the first line that is ``~~~``.

    The comment is neither sent nor priced, but shown by ``status.php`` [assumed: its name there is
    all that is published]. In a binary message the line begins the protocol's own trailer, which is kept as
    the comment.

    Args:
        text: the text as it came.

    Returns:
        The text and the comment, empty if there is none.
    """
    found = _COMMENT.search(text)
    return (text, "") if found is None else (text[: found.start()], text[found.end() :])


def check_request(call: Call, kind: Kind) -> None:
    """Check what a request says about all its messages.

    Args:
        call: the request.
        kind: what it asks for.

    Raises:
        RefusedError: error 1: an e-mail without subject or the address it comes from; a file's URL that isn't
            a full one; a voice or a course of a call that doesn't exist; a bot without ``@``.
    """
    given = call.parameters
    if given.get("fileurl") and not _LINK.fullmatch(given["fileurl"]):
        raise RefusedError(1)
    if kind is MAIL and not (given.get("subj") and _is_address(given.get("sender", ""))):
        raise RefusedError(1)
    if kind is CALL:
        if given.get("voice") and not _VOICE.fullmatch(given["voice"]):
            raise RefusedError(1)
        _check_course(given.get("param", ""))
    if kind is TELEGRAM and given.get("bot") and not _BOT.fullmatch(given["bot"]):
        raise RefusedError(1)


def check_letter(letter: Letter, kind: Kind, call: Call, config: SimulatorConfig) -> None:
    """Check one text.

    Args:
        letter: the text, without its prefix and comment.
        kind: what kind of message it is.
        call: the request it came in.
        config: the simulator's settings.

    Raises:
        RefusedError: error 1: no text (nor a file, where one may stand in for it); a text that is too long,
            but for e-mails; an MMS without a file, or with neither subject nor text; a WAP-push that isn't a
            link, a line break and a title; a binary message that isn't one.
    """
    text = letter.text
    if len(text) > config.max_text and kind is not MAIL:
        raise RefusedError(1)
    if kind.counted:
        if not text:
            raise RefusedError(1)
        return
    has_file = _has_file(call, text)
    if kind is MMS:
        if not (has_file and (text or call.parameters.get("subj"))):
            raise RefusedError(1)
    elif not (text or kind.text_optional or (kind.file_instead and has_file)):
        raise RefusedError(1)
    if kind is PUSH:
        _check_push(text)
    elif kind is BINARY:
        _check_binary(letter, call)


def _has_file(call: Call, text: str) -> bool:
    """Find a file among the parts of the body, behind a URL, or named within the text."""
    return bool(call.files or call.parameters.get("fileurl") or _FILE_IN_TEXT.search(text))


def _check_push(text: str) -> None:
    link, line_break, title = text.replace("\r\n", "\n").partition("\n")
    if not (_LINK.fullmatch(link.strip()) and line_break and title.strip()):
        raise RefusedError(1)


def _check_binary(letter: Letter, call: Call) -> None:
    """Check that the first byte, the length of the header, fits the rest."""
    if call.parameters.get("bin") == "2":
        if not _HEX.fullmatch(letter.text.strip()):
            raise RefusedError(1)
        data = bytes.fromhex(letter.text)
    else:
        data = letter.text.encode(CODECS[call.charset], "replace")
    if data[0] >= len(data):
        raise RefusedError(1)
    if "pid" in letter.comment and not _TRAILER.fullmatch(letter.comment):
        raise RefusedError(1)


def _check_course(param: str) -> None:
    """Check ``w,i,n``: seconds of ringing, seconds between attempts, attempts."""
    if not param:
        return
    found = _CALL_COURSE.fullmatch(param)
    if found is None or not 10 <= int(found[2]) <= 3600 or found[3] == "0":
        raise RefusedError(1)


def _is_address(sender: str) -> bool:
    """Tell whether an e-mail may come from here: an address, alone or after a name [assumed]."""
    named = _NAMED_ADDRESS.fullmatch(sender.strip())
    return ADDRESS.fullmatch(named[1] if named else sender.strip()) is not None
