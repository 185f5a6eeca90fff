"""The compact record of a recipient: 8 bytes for the phone, 13 for what became of it, 1 for its segments.

The three are stored as one string each for a whole batch. Phones and segments never change after planning;
the results are absent until there is something to say, so that a planned recipient takes 8 bytes.
"""

from __future__ import annotations

import struct
import sys
import zlib
from array import array
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from producers.contract import NO_ERR, NO_STATUS
from producers.states import RecipientState

#: state, provider status, provider err, cost in 1/10000 rouble, changed at in unix seconds, attempt.
_ROW = struct.Struct("<BbHIIB")
ROW_BYTES = _ROW.size
NO_COST = 0xFFFF_FFFF
#: Below this, compressing texts saves less than it costs.
_COMPRESS_FROM = 4096


class Row(NamedTuple):
    """What became of one recipient.

    Attributes:
        state: Where the recipient stands.
        status: The provider's status code or `NO_STATUS`.
        err: The provider's error code or `NO_ERR`.
        cost: 1/10000 rouble, or `NO_COST` when not known.
        changed_at: Unix seconds; 0 before anything happened.
        attempt: Which attempt at the batch this is about, and so under which message id the provider knows
            the recipient; 0 before the first.
    """

    state: int = RecipientState.PENDING
    status: int = NO_STATUS
    err: int = NO_ERR
    cost: int = NO_COST
    changed_at: int = 0
    attempt: int = 0


PENDING_ROW = Row()


def pack_phones(phones: Sequence[int]) -> bytes:
    """Return the phones as little-endian 64-bit numbers."""
    packed = array("Q", phones)
    if sys.byteorder != "little":
        packed.byteswap()
    return packed.tobytes()


def unpack_phones(blob: bytes) -> tuple[int, ...]:
    """Read what `pack_phones` wrote."""
    phones = array("Q")
    phones.frombytes(blob)
    if sys.byteorder != "little":
        phones.byteswap()
    return tuple(phones)


def pack_segments(segments: Sequence[int]) -> bytes:
    """Return a byte a recipient, or one byte when all are equal."""
    blob = bytes(min(count, 255) for count in segments)
    return blob[:1] if blob.count(blob[:1]) == len(blob) else blob


def unpack_segments(blob: bytes, recipients: int) -> list[int]:
    """Read what `pack_segments` wrote."""
    return list(blob) if len(blob) == recipients else [blob[0]] * recipients


def pack_texts(texts: Sequence[str]) -> bytes:
    """Return personal texts as JSON, compressed when that pays: similar texts shrink to a few bytes each."""
    blob = msgspec.json.encode(texts)
    return b"z" + zlib.compress(blob, 1) if len(blob) >= _COMPRESS_FROM else b"j" + blob


def unpack_texts(blob: bytes) -> tuple[str, ...]:
    """Read what `pack_texts` wrote."""
    data = zlib.decompress(blob[1:]) if blob[:1] == b"z" else blob[1:]
    return msgspec.json.decode(data, type=tuple[str, ...])


def pack_row(row: Row) -> bytes:
    """Return one recipient's result."""
    return _ROW.pack(*row)


def pack_rows(rows: Sequence[Row]) -> bytes:
    """Return the results of a whole batch."""
    return b"".join(_ROW.pack(*row) for row in rows)


def unpack_rows(blob: bytes, recipients: int) -> list[Row]:
    """Read the results of a batch; an empty string means that all are still pending."""
    if not blob:
        return [PENDING_ROW] * recipients
    return [Row(*fields) for fields in _ROW.iter_unpack(blob)]


def states_of(blob: bytes, recipients: int) -> bytes:
    """Return the state bytes of a batch's results, one a recipient, without reading the rest."""
    return blob[::ROW_BYTES] if blob else bytes([RecipientState.PENDING]) * recipients


def count_states(blob: bytes, recipients: int) -> dict[RecipientState, int]:
    """Return how many recipients stand in each state that occurs."""
    states = states_of(blob, recipients)
    return {RecipientState(value): states.count(value) for value in set(states)}


def indexes_in(state: RecipientState, blob: bytes, recipients: int) -> tuple[int, ...]:
    """Return which recipients of a batch stand in a state."""
    states = states_of(blob, recipients)
    if states.count(state) == recipients:
        return tuple(range(recipients))
    return tuple(index for index, value in enumerate(states) if value == state)
