"""The operator of a number: ``info.php?get_operator=1`` (SMSC protocol §9.5)."""

import re
from collections.abc import Mapping
from typing import Any

from worker.simulator.smsc.errors import NO_DATA, RefusedError
from worker.simulator.smsc.hlr import country_of, network_of

OPERATOR = "Simulator"

_PHONE = re.compile(r"\+?([0-9]{3,15})")
_ZONES = {"250": 0, "401": 3}
"""Hours relative to Moscow by country code [assumed: the same base as ``tz`` of ``send.php``]."""


def find_operators(given: Mapping[str, str]) -> tuple[list[dict[str, Any]], bool]:
    """Find the operators of one number or several.

    Russian mobile numbers (79) and Kazakh ones (77) are known here, as far as their country goes; no other.

    Args:
        given: the request's parameters.

    Returns:
        An object for each number, and whether the reply is to have the form for many: a comma anywhere asks
        for it [assumed, as in ``status.php``]. There each object has its number, and one that wasn't found
        has an error in place of the rest [assumed].

    Raises:
        RefusedError: error 1 without numbers or for something else [assumed], error 3 if none is known.
    """
    text = given.get("phone", "")
    mass = "," in text
    phones = []
    for piece in filter(None, map(str.strip, text.split(","))):
        number = _PHONE.fullmatch(piece)
        if number is None:
            raise RefusedError(1)
        phones.append(number[1])
    if given.get("get_operator") != "1" or not phones:
        raise RefusedError(1)
    if not any(map(network_of, phones)):
        raise RefusedError(3, NO_DATA)
    return [({"phone": phone} if mass else {}) | _describe(phone) for phone in phones], mass


def _describe(phone: str) -> dict[str, Any]:
    network = network_of(phone)
    if not network:
        return {"error": NO_DATA, "error_code": 3}
    return {
        "country": country_of(phone),
        "operator": OPERATOR,
        "region": "",
        "mcc": network[:3],
        "mnc": network[3:],
        "tz": _ZONES[network[:3]],
    }
