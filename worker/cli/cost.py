"""What a message would cost, as the provider says; nothing is sent."""

from __future__ import annotations

from collections.abc import Sequence

from producers.answers import Price
from producers.contract import address_of
from producers.errors import BadRecipient, UsageError
from producers.kind_checks import check_message, parse_recipients
from producers.kinds import SendOptions
from producers.money import format_units
from producers.provider_calls import MOST_PRICED
from producers.questions import AskPrice
from producers.settings import Settings
from worker.cli import answers, asking
from worker.cli.message import read_text


def show(
    phones: Sequence[str],
    text: str,
    *,
    sender: str | None,
    options: SendOptions,
    timeout: float,
    as_json: bool,
) -> None:
    """Ask for the price and show it."""
    settings = Settings.from_env()
    try:
        numbers, addresses = parse_recipients(options.kind, phones)
    except BadRecipient as error:
        if error.row and len(phones) > 1:
            error.message = f"recipient {error.row}: {error.message}"
        raise
    if len(numbers) > MOST_PRICED:
        raise UsageError(
            f"{len(numbers)} recipients are too many: at most {MOST_PRICED} can be priced at a time",
            hint="smsq campaign start FILE --dry-run prices a file",
            code="bad_recipients",
        )
    name = settings.sender if sender is None else sender
    body, _ = check_message(read_text(text), name, options)
    recipients = tuple(address_of(number, addresses) for number in numbers)
    question = AskPrice(recipients=recipients, text=body, sender=name, options=options)
    found = asking.ask(question, timeout=timeout)
    price = asking.expect(found, Price)
    if as_json:
        answers.write_json(
            {
                "recipients": len(recipients),
                "cost": format_units(price.cost),
                "segments": price.segments,
                "age_seconds": round(found.age, 3),
            }
        )
        return
    answers.write_facts(
        [
            ("recipients", len(recipients)),
            ("cost", format_units(price.cost)),
            ("segments", price.segments),
        ]
    )
    answers.note_age(found.age)
