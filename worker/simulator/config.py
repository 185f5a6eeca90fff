"""What a simulator can be told when it is built."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from worker.simulator.delivery import DeliveryCurve

Clock = Callable[[], float]


class FreeNumber(NamedTuple):
    """A number that may be rented.

    Attributes:
        phone: the number.
        type: 1 and 4 for virtual ones, 2 for SIM hosting (SMSC protocol §8.2).
        cost: money for a month.
        info: operator and supported notifications, in words.
    """

    phone: str
    type: int
    cost: Decimal
    info: str


class PhoneBase(NamedTuple):
    """A base of phones at SMS2.

    Attributes:
        name: its name.
        phones: its numbers.
        protected: it may be sent to, but neither read nor changed.
    """

    name: str
    phones: tuple[str, ...] = ()
    protected: bool = False


# All of these are made up.
FREE_NUMBERS = (
    FreeNumber("79000000901", 1, Decimal(300), "Simulator, SMS"),
    FreeNumber("79000000902", 2, Decimal("450.50"), "Simulator, SMS и звонки"),
    FreeNumber("79000000903", 4, Decimal(100), "Simulator, звонки"),
)
WAIT_NUMBERS = ("74950000001", "74950000002", "74950000003")
WAIT_NUMBERS_KZ = ("77270000001",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorConfig:
    """Settings of a simulator. Those marked [assumed] stand for facts that the provider doesn't publish.

    Attributes:
        login: the account's login.
        password: its password; its MD5 and SHA-1 in lower-case hex are taken as well (SMSC protocol §1.1).
        api_key: the key that replaces both.
        balance: money on the account (at SMSC).
        credit: how far the balance may fall below zero.
        currency: code shown by ``balance.php?cur=1``.
        price: money per segment, the same for every number.
        default_sender: the account's sender ID, for messages that name none.
        test_mode: "virtual sending" at SMSC: nothing is charged, statuses stay -1 with err 200 (SMSC protocol
            §3.2).
        seed: of all that is drawn by lot.
        clock: seconds since 1970; drives throttles and deliveries.
        utc_offset_hours: the account's time zone, for dates in words and for ``time``.
        first_id: the first id that the server assigns.
        delivery: how messages fare.
        delivery_scale: stretches its times; 0 makes every message final at once.
        latency_ms: how long each reply is held back; the request counts as simultaneous meanwhile.
        faults: a specification for ``worker.simulator.faults.FaultPlan``.
        throttle: enforce the limits of SMSC protocol §4.
        minute: seconds that the provider's "minute" lasts; all windows and lock-outs follow this scale.
        identity_ignores_id: two sends that differ in the client's ``id`` alone are identical [assumed,
            strict].
        any_mass_status: one mass status request of any kind a minute, not one of each kind [assumed, strict].
        block_addresses: lock addresses out (error 4) after many errors [assumed: 100 failed sends in a row
            within 10 minutes for 10 minutes; 5 failed log-ins within 30 minutes for 30 minutes].
        record_refused: a send refused with error 3, 6, 7 or 8 leaves a record that ``status.php`` finds
            [assumed: the reply carries an id, so there is one].
        max_text: characters allowed in a text; more is error 1 [assumed].
        prices_in_text: fmt 0 shows price and balance for ``cost`` 2 and 3 [assumed: no sample exists].
        err_always: fmt 0, 1 and 2 show ``err`` of delivered messages too, as the provider's template does;
            its samples don't. JSON never does, except for HLR and ping.
        show_flag: JSON statuses have ``flag``, as seen since 2023.
        groups: contact groups: numbers of their members by the group's own number.
        captcha: the text on every captcha picture.
        senders: sender names of the account besides ``default_sender``.
        wait_numbers: numbers to call for a confirmation, by the beginning of the caller's own number; the
            longest beginning counts.
        numbers: numbers that may be rented (see ``worker.simulator.smsc.rentals``).
        download_ranges: ``downloads.php`` answers ``Range`` requests with a part of the file [assumed];
            else it sends the whole file.
        empty_inbox_is_error: an inbox without messages is error 3, as in the history; else an empty list
            [assumed, the empty list].
        sms2_balance: money on the account at SMS2; None for the same sum as ``balance``.
        sms2_overdraft: how far it may fall; None for ``credit`` below zero.
        sms2_price: money for a message there; None for ``price``.
        sms2_per_segment: a message costs this for each segment; else once, whatever its length [assumed: the
            provider speaks of the cost of one message].
        sms2_senders: sender IDs registered there; empty if any that is well-formed will do [assumed].
        sms2_bases: bases of phones there.
        sms2_duplicate_minutes: how many of the provider's minutes a message that was taken has the same one
            to the same number refused; 0 for never [assumed, 20: no figure is published].
        sms2_utc_offset_hours: the zone of ``start_at`` there [assumed: Moscow's].
        requests_kept: how many requests ``/_books/requests`` remembers.
        value_limit: characters kept of each parameter there.
        max_body: bytes of a request body; the default holds 10,000 recipients with 1,000 percent-encoded
            characters each.
    """

    login: str = "demo"
    password: str = "demo"  # noqa: S105  a sandbox's published password
    api_key: str = "demo-key"
    balance: Decimal = Decimal(100_000)
    credit: Decimal = Decimal(0)
    currency: str = "RUR"
    price: Decimal = Decimal("1.4")
    default_sender: str = "SMSC.RU"
    test_mode: bool = False
    seed: int = 1
    clock: Clock = time.time
    utc_offset_hours: int = 3
    first_id: int = 1
    delivery: DeliveryCurve = field(default_factory=DeliveryCurve)
    delivery_scale: float = 1.0
    latency_ms: float = 0.0
    faults: str = ""
    throttle: bool = True
    minute: float = 60.0
    identity_ignores_id: bool = True
    any_mass_status: bool = True
    block_addresses: bool = True
    record_refused: bool = True
    max_text: int = 1000
    prices_in_text: bool = True
    err_always: bool = True
    show_flag: bool = True
    groups: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    captcha: str = "12345"
    senders: tuple[str, ...] = ()
    wait_numbers: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: {"": WAIT_NUMBERS, "77": WAIT_NUMBERS_KZ}
    )
    numbers: tuple[FreeNumber, ...] = FREE_NUMBERS
    download_ranges: bool = False
    empty_inbox_is_error: bool = False
    sms2_balance: Decimal | None = None
    sms2_overdraft: Decimal | None = None
    sms2_price: Decimal | None = None
    sms2_per_segment: bool = False
    sms2_senders: tuple[str, ...] = ()
    sms2_bases: tuple[PhoneBase, ...] = ()
    sms2_duplicate_minutes: float = 20.0
    sms2_utc_offset_hours: int = 3
    requests_kept: int = 1000
    value_limit: int = 10_000
    max_body: int = 128 * 2**20
