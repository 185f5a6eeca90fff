"""What a check of ``smsq doctor`` found."""

from __future__ import annotations

from dataclasses import dataclass

OK, WARNING, FAILED = "ok", "warning", "failed"


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Attributes:
        name: What was looked at.
        status: ``ok``, ``warning`` or ``failed``.
        message: What was found.
        hint: What to do; empty when there is nothing to do.
    """

    name: str
    status: str
    message: str
    hint: str = ""

    def json(self) -> dict[str, str]:
        """Return the finding's members."""
        return {"name": self.name, "status": self.status, "message": self.message, "hint": self.hint}
