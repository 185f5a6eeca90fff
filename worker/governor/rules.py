"""The providers' throttles as data: one row an endpoint, with its source."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """How often an endpoint may be called for one account.

    Attributes:
        identical: Most identical requests in a minute; 0 when the provider sets no limit.
        in_flight: Most requests at once that we allow ourselves, one below what the provider refuses.
        flight_group: Endpoints of one group share their slots in flight.
        source: Where the figures come from.
        any: Most requests in a minute, whatever they ask; 0 when the provider sets no limit.
        spends: Costs money: not made while the account has none.
        error_run: Error replies in a row after which we stop by ourselves; 0: the provider doesn't mind.
        error_run_minutes: Provider's minutes in which they count, and for which we then stop.
    """

    identical: int
    in_flight: int
    flight_group: str
    source: str
    any: int = 0
    spends: bool = False
    error_run: int = 0
    error_run_minutes: float = 10.0


#: Seconds. The provider counts when a request arrives, we when it leaves: so much more than its window keeps
#: two requests apart that were slow in different ways. Networks and busy machines don't shrink with a
#: simulator's shorter minute, so the least margin is absolute.
WINDOW_MARGIN = 2.0
LEAST_WINDOW_MARGIN = 0.25


def window_seconds(minute: float) -> float:
    """Return how long a request counts, for a provider whose minute lasts ``minute`` seconds."""
    return minute + max(WINDOW_MARGIN * minute / 60, LEAST_WINDOW_MARGIN)


RULES: dict[tuple[str, str], Rule] = {
    ("smsc", "send"): Rule(
        identical=1,
        in_flight=14,
        flight_group="send",
        source="SMSC, error 9 of send.php: more than one identical request a minute, 15 or more at once;"
        " error 4: 100 erroneous sends in a row within ten minutes block the address for ten",
        spends=True,
        # 100, less the 14 that may be under way when we notice, less a few of other programs on our address.
        error_run=80,
    ),
    ("smsc", "balance"): Rule(
        identical=10,
        in_flight=14,
        flight_group="send",
        source="SMSC, error 9 of balance.php: more than ten requests a minute, 15 or more at once",
    ),
    # One mass request at a time: one that is stuck on its way counts when it arrives, so the next must not be
    # near it. Together with the others four at once.
    ("smsc", "status"): Rule(
        identical=1,
        in_flight=1,
        flight_group="status_mass",
        source="SMSC, error 9 of status.php: more than one mass request a minute, 5 or more at once",
    ),
    ("smsc", "status_one"): Rule(
        identical=5,
        in_flight=3,
        flight_group="status",
        source="SMSC, error 9 of status.php: more than five requests for one message a minute, 5 at once",
    ),
    ("smsc", "price"): Rule(
        identical=5,
        in_flight=14,
        flight_group="send",
        source="SMSC, error 9 of send.php, cost=1: more than five identical requests a minute, 15 at once",
    ),
    # A deletion names one message, as a request for its status does: the stricter reading is that both count.
    ("smsc", "delete"): Rule(
        identical=5,
        in_flight=3,
        flight_group="status",
        source="SMSC, error 9 of status.php: more than five requests for one message a minute, 5 at once",
    ),
    **{
        ("smsc", endpoint): Rule(
            identical=3,
            in_flight=14,
            flight_group="send",
            source="SMSC, error 9 of get.php: more than three identical requests a minute",
        )
        for endpoint in ("history", "inbox", "statistics", "tariffs")
    },
    ("smsc", "operator"): Rule(
        identical=3,
        any=100,
        in_flight=14,
        flight_group="send",
        source="SMSC, error 9 of info.php: more than three identical requests or 100 of any kind a minute,"
        " 15 at once",
    ),
    ("smsc", "wait_call"): Rule(
        identical=50,
        in_flight=14,
        flight_group="send",
        source="SMSC, error 9 of wait_call.php: more than fifty identical requests a minute",
    ),
    **{
        ("smsc", endpoint): Rule(
            identical=2,
            in_flight=14,
            flight_group="send",
            spends=endpoint == "rent",
            source="SMSC, error 9 of receive_phones.php: more than two identical requests a minute",
        )
        for endpoint in ("numbers", "rent", "renewal")
    },
    **{
        ("smsc", endpoint): Rule(
            identical=3,
            in_flight=14,
            flight_group="send",
            source="SMSC, error 9 of downloads.php: more than three identical requests a minute",
        )
        for endpoint in ("downloads", "download_file")
    },
    # SMS2 documents no throttle. One recipient a request needs many at once; more than for SMSC would only
    # queue up for this process's connections.
    **{
        ("sms2", endpoint): Rule(
            identical=0,
            in_flight=14,
            flight_group="send",
            spends=endpoint == "send",
            source="SMS2 documents no limit; as many at once as the HTTP session has connections",
        )
        for endpoint in ("send", "balance", "status_one", "bases")
    },
}

#: Slots in flight that bulk work leaves to the other lanes, so that a one-time password never waits for one.
RESERVED_FOR_URGENT = 1
