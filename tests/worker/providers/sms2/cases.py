"""The table: what is called, what goes over the wire, what the provider answers, what comes of it."""

from __future__ import annotations

from producers.contract import Hold, InDoubt, NotSent, Refused, Taken

from .base_cases import BASES
from .calls import EMOJI, FLASH, LINES, MMS, NO_SENDER, PERSONAL, SEND, Case
from .read_cases import READS

OK = "Message successfully sent! Message_ID=27460"
AUTH = NotSent("auth", wait=600.0, code=1, pause_account=True)
NO_MONEY = NotSent("no_money", wait=60.0, code=3, pause_account=True)
SERVICE_OFF = NotSent("service_off", wait=600.0, code=10, pause_account=True)

SENDS = [
    Case("taken", SEND, OK, Taken("27460")),
    Case("taken, id of letters", SEND, "Message successfully sent! Message_ID=ab_C-9", Taken("ab_C-9")),
    Case("taken, line break", SEND, OK + "\r\n", Taken("27460")),
    Case("taken, byte order mark", SEND, b"\xef\xbb\xbf" + OK.encode(), Taken("27460")),
    Case("taken without sender", NO_SENDER, OK, Taken("27460")),
    Case("taken flash", FLASH, OK, Taken("27460")),
    Case("taken, two lines", LINES, OK, Taken("27460")),
    Case("taken in utf-8", EMOJI, OK, Taken("27460")),
    Case("taken, list of one text", PERSONAL, OK, Taken("27460")),
    Case("auth", SEND, "Error: authentication failure", AUTH),
    Case("can't send", SEND, "Error: can't send this message", Refused(2, "cannot_send")),
    Case("can't send, typeset", SEND, "Error: can’t send this message.", Refused(2, "cannot_send")),
    Case("no money", SEND, "Error: your credit is null", NO_MONEY),
    Case("direction", SEND, "Error: direction is closed", Refused(4, "direction_closed")),
    Case("number", SEND, "Error: unsupported phone number", Refused(5, "unsupported_number")),
    Case("sender", SEND, "Error: unsupported sender", Refused(6, "unsupported_sender")),
    Case("blacklisted", SEND, "Error: phone blacklisted", Refused(7, "blacklisted")),
    Case("blocked", SEND, "Error: blocked text message", Refused(8, "blocked_text")),
    Case("duplication", SEND, "Error: message duplication", Refused(9, "message_duplication")),
    Case("duplication, capitals", SEND, "ERROR:  Message\nduplication\n", Refused(9, "message_duplication")),
    Case("switched off", SEND, "Error: service is switched off", SERVICE_OFF),
    Case("unknown", SEND, "Error: try later", Hold(99, "unknown_error", "Error: try later")),
    Case(
        "unknown in Russian",
        SEND,
        "Error: номер 79119876543, «Привет & 100%»",
        Hold(99, "unknown_error", "Error: номер 7911***6543, «***»"),
    ),
    Case(
        "unknown, long", SEND, "Error: " + "x" * 500, Hold(99, "unknown_error", "Error: " + "x" * 112 + "…")
    ),
    Case("another script's error", SEND, "Error: wrong base", Hold(99, "unknown_error", "Error: wrong base")),
    Case("cut error", SEND, "Error: unsupported", Hold(99, "unknown_error", "Error: unsupported")),
]

DOUBTS = [
    Case("empty", SEND, "", InDoubt("empty_reply")),
    Case("spaces", SEND, " \r\n", InDoubt("empty_reply")),
    Case("nothing but the word", SEND, "Error:", InDoubt("unreadable_reply")),
    Case("page", SEND, "<html>Error: no</html>", InDoubt("unreadable_reply")),
    Case("no id", SEND, "Message successfully sent! Message_ID=", InDoubt("reply_without_id")),
    Case("bad id", SEND, "Message successfully sent! Message_ID=<1>", InDoubt("reply_without_id")),
    Case("cut", SEND, "Message successfully se", InDoubt("unreadable_reply")),
    Case("bytes", SEND, b"\x98\xff\x00", InDoubt("unreadable_reply")),
    Case("multicast's answer", SEND, "Success", InDoubt("unreadable_reply")),
    Case("500", SEND, "", InDoubt("http_500"), 500),
    Case("500 ok", SEND, OK, InDoubt("http_500"), 500),
    Case("502 error", SEND, "Error: phone blacklisted", InDoubt("http_502"), 502),
    Case("503", SEND, "busy", InDoubt("http_503"), 503),
    Case("302", SEND, "", InDoubt("http_302"), 302, {"Location": "/elsewhere"}),
    Case("302 error", SEND, "Error: phone blacklisted", InDoubt("http_302"), 302, {"Location": "/x"}),
    Case("201 ok", SEND, OK, InDoubt("http_201"), 201),
    Case("404", SEND, "<html>404</html>", InDoubt("http_404"), 404),
    Case("403 known", SEND, "Error: authentication failure", AUTH, 403),
    Case("403 unknown", SEND, "Error: forbidden", InDoubt("http_403"), 403),
]

MMS_CASES = [
    Case("taken", MMS, "Ok_123456", Taken("123456")),
    Case("no id", MMS, "Ok_", InDoubt("reply_without_id")),
    Case("error", MMS, "Error", Hold(31, "mms_error", "Error")),
    Case("description", MMS, "Error: файл Тема", Hold(31, "mms_error", "Error: файл ***")),
    Case("description, line", MMS, "Error\nbad file", Hold(31, "mms_error", "Error bad file")),
    Case("known description", MMS, "Error: your credit is null", NO_MONEY),
    Case("known description, line", MMS, "Error\nphone blacklisted", Refused(7, "blacklisted")),
    Case("empty", MMS, "", InDoubt("empty_reply")),
    Case("page", MMS, "Errors <html>", InDoubt("unreadable_reply")),
    Case("500", MMS, "Error", InDoubt("http_500"), 500),
    Case("400", MMS, "Error", InDoubt("http_400"), 400),
    Case("400 known", MMS, "Error: authentication failure", AUTH, 400),
]

CASES = [*SENDS, *DOUBTS, *MMS_CASES, *READS, *BASES]
