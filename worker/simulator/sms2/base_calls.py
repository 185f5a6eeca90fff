"""``api_call.cgi``: the functions that read and change bases; multicasts have a file of their own."""

from collections.abc import Mapping

from worker.simulator.sms2 import errors, magic
from worker.simulator.sms2.bases import Bases
from worker.simulator.sms2.errors import RefusedError
from worker.simulator.sms2.rules import is_phone

DONE = "Success"

Given = Mapping[str, str]


class BaseCalls:
    """The functions by their names.

    Each checks the base first, and only then the number [assumed]. What isn't given counts as empty, and so
    gets the error of its own kind [assumed].

    Args:
        bases: the account's bases.
    """

    def __init__(self, bases: Bases) -> None:
        self._bases = bases
        self.functions = {
            "list_of_bases": self._list,
            "add_phone_to_base": self._add,
            "add_phone_to_base_batch": self._add_batch,
            "is_phone_in_base": self._is_in,
            "get_base": self._get,
            "remove_phone_from_base": self._remove,
        }

    def _list(self, _given: Given) -> str:
        return self._bases.write_list()

    def _add(self, given: Given) -> str:
        """Add a number; one that is there already can't be added [assumed]."""
        base, phone = self._bases.open(given.get("base", "")), _read_phone(given)
        if phone in base.phones:
            raise RefusedError(errors.CANNOT_ADD)
        base.phones[phone] = None
        return DONE

    def _add_batch(self, given: Given) -> str:
        """Add the numbers that can be added.

        The reply lists as errors what is no number, isn't supported, or is there already [assumed]. White
        space around a line and empty lines don't count, and no line at all is a wrong number [assumed].
        """
        base = self._bases.open(given.get("base", ""))
        lines = list(filter(None, map(str.strip, given.get("phones", "").splitlines())))
        if not lines:
            raise RefusedError(errors.WRONG_PHONE)
        wrong, added = [], 0
        for phone in lines:
            if not _is_supported(phone) or phone in base.phones:
                wrong.append(phone)
            else:
                base.phones[phone] = None
                added += 1
        # Perl prints its hash with arrows, and quotes escape themselves with a backslash [assumed].
        listed = ", ".join('"' + one.replace("\\", r"\\").replace('"', r"\"") + '"' for one in wrong)
        return f'{{"success"=>{added}, "errors"=>[{listed}]}}'

    def _is_in(self, given: Given) -> str:
        base, phone = self._bases.open(given.get("base", "")), _read_phone(given)
        return "Yes" if phone in base.phones else "No"

    def _get(self, given: Given) -> str:
        """List the numbers, one a line [assumed: how they are parted isn't published]."""
        return "\n".join(self._bases.open(given.get("base", "")).phones) or "No phones in base"

    def _remove(self, given: Given) -> str:
        """Remove a number; one that isn't there can't be removed [assumed]."""
        base, phone = self._bases.open(given.get("base", "")), _read_phone(given)
        if phone not in base.phones:
            raise RefusedError(errors.CANNOT_REMOVE)
        del base.phones[phone]
        return DONE


def _read_phone(given: Given) -> str:
    phone = given.get("phone", "")
    if not _is_supported(phone):
        raise RefusedError(errors.WRONG_PHONE)
    return phone


def _is_supported(phone: str) -> bool:
    return is_phone(phone) and magic.REFUSED.get(phone) != errors.UNSUPPORTED_PHONE
