"""The table: phone bases and mailings to them."""

from __future__ import annotations

from producers.contract import Hold, InDoubt, NotSent, Refused, Taken
from worker.providers.sms2.bases import Base
from worker.providers.sms2.perl import AddedPhones

from .calls import ADD, ADD_BATCH, GET, HAS, LATER, LIST, NOW, REMOVE, A, B, Case, bad

LISTS = [
    Case(
        "two",
        LIST,
        '[{"base_name": "База", "id": "12", "phones_total": "34"}, '
        '{"base_name": "B", "id": 13, "phones_total": 0}]',
        [Base("База", "12", 34), Base("B", "13", 0)],
    ),
    Case("escaped", LIST, r'[{"base_name":"\u042f","id":"1","phones_total":"2"}]', [Base("Я", "1", 2)]),
    Case("none", LIST, "[]", []),
    Case("no number", LIST, '[{"base_name":"B","id":"1","phones_total":"many"}]', bad("bad_reply")),
    Case("no name", LIST, '[{"id":"1","phones_total":"1"}]', bad("bad_reply")),
    Case("cut", LIST, '[{"base_name":"B","id"', bad("bad_reply")),
    Case("wrong function", LIST, "Error: wrong function", bad("wrong_function", code=21)),
]

ADDS = [
    Case("added", ADD, "Success", None),
    Case("wrong phone", ADD, "Error: wrong phone number", bad("wrong_phone", code=22)),
    Case("wrong base", ADD, "Error: wrong base", bad("wrong_base", code=23)),
    Case("protected", ADD, "Error: base is protected", bad("base_protected", code=24)),
    Case("can't add", ADD, "Error: can't add phone number", bad("cannot_add", code=25)),
    Case("something else", ADD, "Successful", bad("bad_reply")),
    Case("batch", ADD_BATCH, '{"success"=>2, "errors"=>[]}', AddedPhones(2)),
    Case(
        "batch with errors",
        ADD_BATCH,
        '{"success"=>0, "errors"=>["70987654321", "1728376"]}',
        AddedPhones(0, ("70987654321", "1728376")),
    ),
    Case("batch in JSON", ADD_BATCH, '{"success":2,"errors":[]}', bad("bad_reply")),
    Case("batch, wrong base", ADD_BATCH, "Error: wrong base", bad("wrong_base", code=23)),
]

OTHERS = [
    Case("yes", HAS, "Yes", True),
    Case("no", HAS, "No", False),
    Case("neither", HAS, "Maybe", bad("bad_reply")),
    Case("lines", GET, f"{A}\r\n{B}\n", [A, B]),
    Case("commas", GET, f"{A}, {B},", [A, B]),
    Case("none", GET, "No phones in base", []),
    Case("empty", GET, "", bad("bad_reply")),
    Case("cut", GET, f"{A}\n7999", bad("bad_reply")),
    Case("protected", GET, "Error: base is protected", bad("base_protected", code=24)),
    Case("removed", REMOVE, "Success", None),
    Case("can't remove", REMOVE, "Error: can't remove phone number", bad("cannot_remove", code=26)),
    Case("500", REMOVE, "Success", bad("http_500"), 500),
]

MAILINGS = [
    Case("now", NOW, "Success", Taken("")),
    Case("later", LATER, "Success", Taken("")),
    Case("wrong base", NOW, "Error: wrong base", Refused(23, "wrong_base")),
    Case("wrong function", NOW, "Error: wrong function", Refused(21, "wrong_function")),
    Case("can't send", NOW, "Error: can't send this message", Refused(2, "cannot_send")),
    Case(
        "auth",
        NOW,
        "Error: authentication failure",
        NotSent("auth", wait=600.0, code=1, pause_account=True),
    ),
    Case("unknown", NOW, "Error: LOGIN no", Hold(99, "unknown_error", "Error: *** no")),
    Case("empty", NOW, "", InDoubt("empty_reply")),
    Case(
        "a single send's answer", NOW, "Message successfully sent! Message_ID=1", InDoubt("unreadable_reply")
    ),
    Case("502", NOW, "Success", InDoubt("http_502"), 502),
]

BASES = [*LISTS, *ADDS, *OTHERS, *MAILINGS]
