"""Kinds of message and their options to parameters of `send.php` (SMSC protocol, send parameters)."""

from __future__ import annotations

from producers.kinds import PLAIN, Kind, SendOptions
from worker.providers.smsc.call import Parameters

#: The flag of each kind; the order of the official library's table of formats.
KINDS: dict[Kind, tuple[str, str] | None] = {
    Kind.SMS: None,
    Kind.FLASH: ("flash", "1"),
    Kind.PUSH: ("push", "1"),
    Kind.HLR: ("hlr", "1"),
    Kind.BINARY: ("bin", "1"),
    Kind.BINARY_HEX: ("bin", "2"),
    Kind.PING: ("ping", "1"),
    Kind.MMS: ("mms", "1"),
    Kind.EMAIL: ("mail", "1"),
    Kind.CALL: ("call", "1"),
    Kind.VIBER: ("viber", "1"),
    Kind.SOCIAL: ("soc", "1"),
    Kind.TELEGRAM: ("tg", "1"),
}

#: The format number of each kind in a mail to the provider (official library, `send_sms` and `send_sms_mail`;
#: 12 is not used).
FORMATS: dict[Kind, int] = {
    Kind.SMS: 0,
    Kind.FLASH: 1,
    Kind.PUSH: 2,
    Kind.HLR: 3,
    Kind.BINARY: 4,
    Kind.BINARY_HEX: 5,
    Kind.PING: 6,
    Kind.MMS: 7,
    Kind.EMAIL: 8,
    Kind.CALL: 9,
    Kind.VIBER: 10,
    Kind.SOCIAL: 11,
    Kind.TELEGRAM: 13,
}


def parameters(options: SendOptions) -> Parameters:
    """Return the parameters that say what is special about a message; none for an ordinary SMS."""
    if options is PLAIN or options == PLAIN:
        return []
    flag = KINDS[options.kind]
    values = [
        ("translit", str(options.translit) if options.translit else ""),
        ("tinyurl", "1" if options.shorten_links else ""),
        ("time", options.time),
        ("tz", "" if options.tz is None else str(options.tz)),
        ("period", options.period),
        ("freq", str(options.freq) if options.freq else ""),
        ("valid", options.valid),
        ("maxsms", str(options.max_segments) if options.max_segments else ""),
        ("subj", options.subject),
        ("voice", options.voice),
        ("param", options.call_timing),
        ("fileurl", options.file_url),
        ("bot", options.bot),
        ("imgcode", options.captcha),
        ("userip", options.user_ip),
        ("pp", options.partner),
    ]
    return ([flag] if flag else []) + [(name, value) for name, value in values if value]
