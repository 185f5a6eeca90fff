"""Phone bases at SMS2: which there are, what is in them, and changing that."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from producers.errors import SmsqError, UsageError
from producers.phones import parse_phone
from producers.sms2_rules import check_phone
from worker.cli import answers
from worker.cli.answered import AnsweredError
from worker.cli.bases_calls import BaseCalls
from worker.cli.bases_errors import failed
from worker.cli.bases_input import FileChoice, read_file, read_numbers
from worker.cli.bases_session import read_settings, run
from worker.cli.bases_work import Work
from worker.cli.interrupts import Interrupted, Interrupts
from worker.providers.base import ProviderError

_NOT_CONFIRMED = "not_confirmed"


def choose(file: Path, phone_column: str | None, delimiter: str | None, encoding: str | None) -> FileChoice:
    """Return how a file is to be read, from what the user has written."""
    return FileChoice(file, phone_column, "\t" if delimiter in {"tab", "\\t"} else delimiter, encoding)


def show_list(*, as_json: bool) -> None:
    """List the bases."""
    with _telling() as interrupts:
        found = run(read_settings(), interrupts, BaseCalls.bases)
    if as_json:
        written = [{"name": base.name, "id": base.id, "phones": base.phones} for base in found]
        answers.write_json({"bases": written})
    else:
        answers.write_table(("name", "id", "phones"), found, right=("phones",))


def show(base: str, *, as_json: bool) -> None:
    """Show the numbers of a base, one a line: a file like that can be given to the other commands."""
    with _telling(base) as interrupts:
        phones = run(read_settings(), interrupts, lambda calls: calls.phones(base))
    if as_json:
        answers.write_json({"base": base, "phones": [str(phone) for phone in phones]})
    elif phones:
        answers.write_lines(*map(str, phones))
    else:
        answers.note("no numbers in the base")


def has(base: str, phone: str, *, as_json: bool) -> None:
    """Say whether a number is in a base."""
    number = check_phone(parse_phone(phone))
    with _telling(base) as interrupts:
        present = run(read_settings(), interrupts, lambda calls: calls.has(base, number))
    if as_json:
        answers.write_json({"base": base, "phone": str(number), "present": present})
    else:
        answers.write_lines("yes" if present else "no")


def change(
    base: str, phones: Sequence[str], choice: FileChoice | None, *, adding: bool, as_json: bool
) -> None:
    """Add numbers to a base, or remove them.

    Raises:
        AnsweredError: The provider has refused some, or it broke off; the answer says how far it came.
        Interrupted: Ctrl-C.
    """
    work = Work(base)
    with _telling(base, work) as interrupts:
        settings = read_settings()
        work.numbers = read_numbers(phones, choice)

        async def carry_out(calls: BaseCalls) -> None:
            # What a command before this one has done is found in the base itself.
            work.plan(await calls.phones(base), adding=adding)
            await work.carry_out(calls)

        run(settings, interrupts, carry_out)
    _tell(work, as_json=as_json)


def sync(base: str, choice: FileChoice, *, sure: bool, as_json: bool) -> None:
    """Make a base equal to a file, when the person at the terminal or ``--yes`` says so; errors as `change`.

    Raises:
        UsageError: The person has said no.
    """
    work = Work(base, sync=True)
    with _telling(base, work) as interrupts:
        settings = read_settings()
        work.numbers = read_file(choice)
        work.plan_sync(run(settings, interrupts, lambda calls: calls.phones(base)))
        if work.total:
            if not sure:
                _confirm(work, as_json=as_json)
            run(settings, interrupts, work.carry_out)
    _tell(work, as_json=as_json)


def _confirm(work: Work, *, as_json: bool) -> None:
    asks = not as_json and sys.stdin.isatty() and sys.stderr.isatty()
    if not as_json:
        answers.write_facts(work.facts(work.planned()))
    if not asks:
        raise AnsweredError(
            "this is only the plan, and there is no terminal to ask at: nothing was changed",
            hint="add --yes to carry it out",
            code=_NOT_CONFIRMED,
            exit_status=2,
            answer=work.planned(),
        )
    sys.stderr.write("carry it out? [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in {"y", "yes", "д", "да"}:
        raise UsageError("nothing was changed", code=_NOT_CONFIRMED)


def _tell(work: Work, *, as_json: bool) -> None:
    work.write_refused()
    answer = work.done()
    if not as_json:
        answers.write_facts(work.facts(answer))
    if work.refused:
        raise AnsweredError(
            f"SMS2 refused {len(work.refused)} of {work.total} numbers",
            hint="asked again, it may still refuse them: look at the numbers themselves",
            code="phones_refused",
            answer=answer,
        )
    if as_json:
        answers.write_json(answer)


@contextlib.contextmanager
def _telling(base: str | None = None, work: Work | None = None) -> Iterator[Interrupts]:
    """Turn what ends the block into an error that says how far the work came."""
    if base is not None and not base.strip():
        raise UsageError("the name of the base is empty", hint="smsq bases list shows them", code="bad_base")
    with Interrupts() as interrupts:
        try:
            yield interrupts
        except KeyboardInterrupt:
            raise Interrupted(
                f"interrupted; {work.came}" if work else "interrupted before the provider's answer came",
                hint="the same command goes on from there" if work and work.begun else "",
                number=interrupts.number,
                **(work.done() if work and work.begun else {}),
            ) from None
        except ProviderError as error:
            raise _broken(failed(error, base or ""), work) from None
        except SmsqError as error:
            raise _broken(error, work) from None


def _broken(error: SmsqError, work: Work | None) -> SmsqError:
    if work is None or not work.begun:
        return error
    return AnsweredError(
        f"{error.message}; {work.came}",
        hint=f"{error.hint}; the same command goes on from there".removeprefix("; "),
        code=error.code,
        exit_status=error.exit_status,
        answer=work.done(),
    )
