"""Reading numbers from parameters."""

from collections.abc import Mapping

from worker.simulator.smsc.errors import RefusedError

_MOST_DIGITS = 15


def read_whole(given: Mapping[str, str], name: str, least: int, most: int) -> int | None:
    """Read a whole number.

    Args:
        given: the request's parameters.
        name: which.
        least: the smallest allowed.
        most: the largest allowed.

    Returns:
        The number, None if it isn't there or empty.

    Raises:
        RefusedError: error 1 for anything else.
    """
    text = given.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS and least <= int(text) <= most):
        raise RefusedError(1)
    return int(text)
