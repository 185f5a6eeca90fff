"""What the intake gives: recipients in chunks, and how many rows went where."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Chunk:
    """Recipients of one batch, in the order of the file; the lists run in parallel.

    Attributes:
        phones: E.164 digits, no phone twice in all chunks of an intake.
        texts: A text a phone; None when all get the intake's ``text``.
        segments: Segments of each recipient's text.
    """

    phones: list[int]
    texts: list[str] | None
    segments: list[int]

    def __len__(self) -> int:
        return len(self.phones)


@dataclass(slots=True)
class IntakeStats:
    """Counters of an intake, brought up to date whenever a chunk is given.

    Attributes:
        accepted: Recipients in the chunks.
        duplicates: Rows left out because their phone stands in an earlier accepted row.
        segments: Segments of all accepted recipients.
        rejected_by_reason: Rows rejected, by the stable code of the reason.
    """

    accepted: int = 0
    duplicates: int = 0
    segments: int = 0
    rejected_by_reason: dict[str, int] = field(default_factory=dict)

    @property
    def rejected(self) -> int:
        """All rows rejected."""
        return sum(self.rejected_by_reason.values())

    @property
    def rows(self) -> int:
        """All rows read: accepted, duplicates and rejected; blank rows are none."""
        return self.accepted + self.duplicates + self.rejected

    def reset(self) -> None:
        """Set all counters to zero."""
        self.accepted = self.duplicates = self.segments = 0
        self.rejected_by_reason.clear()
