"""Files that go with messages, kept by the digest of their content until well after they were sent."""

from __future__ import annotations

from collections.abc import Sequence

from producers.kinds import FileRef
from producers.ledger import keys
from producers.ledger.calls import Call

#: Seconds for which a file is kept after it was last given with a message: longer than any message waits.
KEPT = 14 * 24 * 3600


def keep(file: FileRef, content: bytes) -> Call[bool]:
    """Write a file down."""
    return Call(("SET", keys.file(file.digest), content, "EX", KEPT), bool)


def read(files: Sequence[FileRef]) -> Call[list[bytes | None]]:
    """Read files; None for one that isn't there any more."""
    return Call(("MGET", *(keys.file(file.digest) for file in files)), list)
