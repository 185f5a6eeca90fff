"""What the subscriber's network answers to an HLR request (SMSC protocol §5.6), made up.

| recipient | what an HLR or ping request finds |
| --- | --- |
| 79000000401 | reachable, at home |
| 79000000402 | known, but out of reach: status 1 with err 6 |
| 79000000403 | no such subscriber: status 20 with err 1 |
| 79000000404 | reachable, roaming |
| 79000000405 | undecided: status 1, but no err, and neither ``imsi`` nor ``msc`` |

Other subscribers are at home, and reachable where the drawn status is 1.
"""

import zlib

from worker.simulator.delivery import Fate

HLR_FIELDS = ("imsi", "msc", "mcc", "mnc", "cn", "net", "rcn", "rnet")
"""The eight fields in the order of fmt 1."""

UNDECIDED = "79000000405"
_ROAMING = "79000000404"
_FATES = {
    "79000000401": (1, 0),
    "79000000402": (1, 6),
    "79000000403": (20, 1),
    _ROAMING: (1, 0),
    UNDECIDED: (1, 0),
}
_NO_SUCH_SUBSCRIBER = 1

_COUNTRIES = {"250": "Россия", "401": "Казахстан"}


def bend_query(fate: Fate, phone: str) -> Fate:
    """Change the fate of an HLR or ping request into the one that a magic recipient asks for."""
    if phone not in _FATES:
        return fate
    status, err = _FATES[phone]
    return fate._replace(status=status, err=err)


def network_of(phone: str) -> str:
    """Give the country and network code shown for a number, made up from its country alone [assumed]."""
    return "25001" if phone.startswith("79") else "40101" if phone.startswith("77") else ""


def country_of(phone: str) -> str:
    """Give the name of a number's country, empty if it isn't known here."""
    return _COUNTRIES.get(network_of(phone)[:3], "")


def hlr_of(phone: str, status: int, err: int) -> dict[str, str]:
    """Make up the answer of the subscriber's network.

    Args:
        phone: the subscriber.
        status: status of the request.
        err: its error code.

    Returns:
        The eight fields, all empty while nothing is known, or if there is no such subscriber [assumed]. The
        service centre is known of a subscriber within reach only [assumed].
    """
    network = network_of(phone)
    if status <= 0 or err == _NO_SUCH_SUBSCRIBER:
        return dict.fromkeys(HLR_FIELDS, "")
    mcc, mnc = network[:3], network[3:]
    subscriber = zlib.crc32(phone.encode()) % 10**10
    fields = {
        "imsi": f"{network}{subscriber:010}",
        "msc": "" if err else "79000000000",
        "mcc": mcc,
        "mnc": mnc,
        "cn": country_of(phone),
        "net": "Simulator",
        "rcn": "",
        "rnet": "",
    }
    if phone == _ROAMING:
        fields |= {"msc": "77000000000", "rcn": "Казахстан", "rnet": "Simulator KZ"}
    if phone == UNDECIDED:
        fields |= {"imsi": "", "msc": ""}
    return fields
