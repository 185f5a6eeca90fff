"""Contact groups: ``G<number>`` among the recipients stands for a group's numbers (SMSC protocol §3.1)."""

import re
from collections.abc import Mapping, Sequence

_GROUP = re.compile(r"(?<![^,;\s])G([0-9]{1,9})(?![^,;\s])")


class Groups:
    """The account's groups.

    Args:
        groups: numbers of the groups' members, by the group's own number.
    """

    def __init__(self, groups: Mapping[int, Sequence[str]]) -> None:
        self._members: dict[int, str] = {}
        self.replace(groups)

    def replace(self, groups: Mapping[int, Sequence[str]]) -> None:
        """Have these groups and no others."""
        self._members = {number: ",".join(phones) for number, phones in groups.items()}

    def expand(self, recipients: str) -> str:
        """Put members in the place of groups.

        A group that doesn't exist stays as it is and is thus no number [assumed]; an empty one leaves
        nothing.

        Args:
            recipients: recipients parted by commas or semicolons.

        Returns:
            The same with groups expanded.
        """
        if "G" not in recipients:
            return recipients
        return _GROUP.sub(lambda found: self._members.get(int(found[1]), found[0]), recipients)
