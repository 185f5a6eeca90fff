"""What is asked: parameters of sends, look-ups and the balance, message ids and fingerprints."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import msgspec

from producers.contract import SendRequest
from producers.kinds import FIRST_ADDRESS, PLAIN, Kind
from worker.providers.smsc import options, wire
from worker.providers.smsc.account import SmscAccount
from worker.providers.smsc.call import (
    BALANCE_PATH,
    SEND_PATH,
    STATUS_PATH,
    Call,
    Parameters,
    UnsendableError,
)

__all__ = ["BALANCE_PATH", "SEND_PATH", "STATUS_PATH"]

#: The longest id that a client may choose (SMSC protocol, parameter `id` of send).
MAX_ID_LENGTH = 40
_ID = re.compile(r"[A-Za-z0-9._-]+")

#: cost=3: cost and balance come with the reply. op=1: so does what became of each recipient.
_SEND = [("cost", "3"), ("op", "1")]

#: Russian and Kazakh numbers, the only ones that the server leaves alone without a plus.
_OWN_PLAN = range(70_000_000_000, 80_000_000_000)

#: What would make two recipients of one address, and what would end one in a list of personal texts.
_SEPARATORS = re.compile(r"[,;\s]")
_LIST_SEPARATORS = re.compile(r"[,;\s:|]")


def credentials(account: SmscAccount) -> str:
    """Return the members that every form starts with: login or key, format, charset."""
    return wire.form(wire.credentials(account))


def message_id(batch: str, attempt: int) -> str:
    """Return the id under which an attempt at a batch is sent.

    SMSC takes a number up to 2147483647 or a string of 40 letters. More clients have been seen to use
    numbers, but 31 bits are not unique without a counter of our own, and a counter that is lost with Redis
    would give the ids of old messages to new ones, whose status replies would then prove the wrong thing. The
    string is unique because the batch's id is, and names the batch in the provider's cabinet too. Batch ids
    begin with a letter, so that a server that reads ids as numbers finds 0, "none", and not another's number.

    Raises:
        ValueError: More than 40 characters, or others than latin letters, digits, ``.``, ``-`` and ``_``.
    """
    text = f"{batch}.{attempt}"
    if len(text) > MAX_ID_LENGTH:
        raise ValueError(f"message id of {len(text)} characters: SMSC takes {MAX_ID_LENGTH}")
    if not _ID.fullmatch(text):
        raise ValueError("message id: only latin letters, digits, dot, hyphen and underscore")
    return text


def send_call(request: SendRequest) -> Call:
    """Return a send.

    Raises:
        UnsendableError: ``files_missing`` or ``bad_recipient``.
    """
    named = request.options.files
    if len(named) != len(request.files):
        raise UnsendableError("files_missing")
    parameters = [
        *_SEND,
        ("id", request.provider_id),
        *message_parameters(request),
    ]
    files = tuple((ref.name, content) for ref, content in zip(named, request.files, strict=True))
    return Call(SEND_PATH, parameters, files, raw=request.options.kind is Kind.BINARY)


def send_body(request: SendRequest) -> str:
    """Return the form of a send, without the credentials and without files.

    Raises:
        UnicodeEncodeError: A text has half of a surrogate pair and can't be written in UTF-8.
        UnsendableError: As `send_call`.
    """
    return wire.form(send_call(request).parameters)


def message_parameters(request: SendRequest) -> Parameters:
    """Return sender, recipients, text or texts, and options.

    Raises:
        UnsendableError: ``bad_recipient``: an address that the provider would read as several.
    """
    text, texts = _text_or_list(request)
    parameters = [("sender", request.sender)] if request.sender else []
    plus, names = _recipients(request, _SEPARATORS if text is not None else _LIST_SEPARATORS)
    if text is not None:
        parameters += [("phones", ",".join([f"{plus}{name}" for name in names])), ("mes", text)]
    else:
        lines = [f"{plus}{name}:{line}" for name, line in zip(names, texts, strict=True)]
        parameters.append(("list", "\n".join(lines)))
    return parameters + options.parameters(request.options)


def _recipients(
    request: SendRequest, separators: re.Pattern[str]
) -> tuple[str, Sequence[int] | Sequence[str]]:
    """Return what goes before each recipient, and the recipients.

    Raises:
        UnsendableError: ``bad_recipient``: an address with a letter in it that ends an address.
    """
    wanted = request.options.keep_plus
    if not request.addresses:
        return _plus(request.phones, wanted=wanted), request.phones
    plus = _plus([phone for phone in request.phones if phone < FIRST_ADDRESS], wanted=wanted)
    names = [
        f"{plus}{phone}" if phone < FIRST_ADDRESS else request.recipient(phone) for phone in request.phones
    ]
    if any(not name or separators.search(name) for name in names):
        raise UnsendableError("bad_recipient")
    return "", names


def fingerprint(request: SendRequest) -> str:
    """Return a digest of all that makes two sends "identical", as 32 hexadecimal digits.

    The provider's rule isn't documented. The strict reading is taken: the id, which differs from one attempt
    to the next, doesn't make a request another one; all other parameters do, files by their digests.
    """
    text, texts = _text_or_list(request)
    names: object = request.phones
    if request.addresses:
        names = tuple(map(request.recipient, request.phones))
    parameters: tuple[object, ...] = (request.sender, names, text, texts)
    if request.options != PLAIN:
        parameters += (msgspec.structs.astuple(request.options),)
    return digest(parameters)


def digest(parameters: object) -> str:
    """Return a digest of values as 32 hexadecimal digits."""
    try:
        content = msgspec.msgpack.encode(parameters)
    except UnicodeEncodeError:
        # Half a surrogate pair: the form refuses it, and this must not fail before.
        content = repr(parameters).encode("utf-8", errors="backslashreplace")
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def status_call(queries: Sequence[tuple[str, int | str]], *, level: int) -> Call:
    """Return a request for the status of (message id, phone or e-mail address) pairs.

    A single pair is asked for in the form for one message, which the provider allows five times a minute. A
    comma at the end would name id and phone in the reply, but make it a mass request, of which it allows one.

    Args:
        queries: The pairs.
        level: 0 for the status, 1 for the whole record, 2 for country, operator and region too.
    """
    ids = ",".join([message for message, _ in queries])
    plus = _plus([name for _, name in queries if isinstance(name, int)])
    names = ",".join([f"{plus}{name}" if isinstance(name, int) else name for _, name in queries])
    return Call(
        STATUS_PATH, [("phone", names), ("id", ids), *([("all", str(level))] if level else [])], reads=True
    )


def _text_or_list(request: SendRequest) -> tuple[str | None, Sequence[str]]:
    """Return the one text, or the texts as they stand in `list`."""
    if request.texts is None:
        return request.text or "", ()
    if len(request.texts) == 1:
        return request.texts[0], ()
    if any("\n" in text or "\r" in text for text in request.texts):
        return None, [_one_line(text) for text in request.texts]
    return None, request.texts


def _one_line(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _plus(phones: Sequence[int], *, wanted: bool = False) -> str:
    """Return what goes before each of the numbers.

    A number without plus is "corrected" by the server, a Vietnamese 84912345678 probably to 74912345678.
    """
    if not phones or (not wanted and min(phones) in _OWN_PLAN and max(phones) in _OWN_PLAN):
        return ""
    return "+"
