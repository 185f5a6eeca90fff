"""From rows to recipients: phones normalised, duplicates dropped, texts made and checked, cut into chunks."""

from __future__ import annotations

from collections.abc import Iterator

from producers.errors import BadFile, BadRecipient, BadTemplate
from producers.phones import parse_phone
from producers.recipients.chunk import Chunk, IntakeStats
from producers.recipients.phone_column import phone_column as find_phone_column
from producers.recipients.provider_rules import ProviderRules, rules_of
from producers.recipients.rejects import RejectsFile
from producers.recipients.source import BadRow, Source
from producers.texts.segments import count_segments
from producers.texts.template import Template


class Intake:
    """Reads a source once and gives its recipients in chunks of equal size.

    The same source gives the same chunks: a producer that was killed reads the file again and compares what
    comes with what it wrote down. A row that can't be used is counted, written to the rejects and left out;
    it never stops the others.

    Args:
        source: A ``CsvFile``, ``OneCFile``, ``MappingRows`` or another source of rows.
        template: The text.
        size: Recipients a chunk.
        phone_column: Name of the phone column, or its number from 1, if it should not be found.
        rejects: Where to write rejected rows.
        provider: Whose rules phones and texts must keep.

    Raises:
        BadFile: No column, or more than one, may hold the phones; or the template uses a column's name that
            stands there twice.
        BadTemplate: The template names an unknown column, or no text that it makes can be sent.
        ValueError: ``size`` is less than 1.

    Attributes:
        text: The text that all recipients get, ready to send; None when each gets one of his own.
        size: Recipients a chunk.
        phone_column: Name of the phone column.
        stats: The counters.
    """

    def __init__(
        self,
        source: Source,
        template: Template,
        *,
        size: int,
        phone_column: str | None = None,
        rejects: RejectsFile | None = None,
        provider: str = "smsc",
    ) -> None:
        if size < 1:
            raise ValueError("size must be 1 or more")
        self._source = source
        self.size = size
        self._rejects = rejects
        self._rules = rules_of(provider, personal=template.constant_text is None)
        self._width = len(source.columns)
        self._column = find_phone_column(source.columns, phone_column)
        self._render = template.bind(source.columns)
        # A stray delimiter shifts the cells behind it. Nothing can come in front of the first column.
        self._must_fit = any((self._column, *self._render.positions))
        self.text = _check_template(template, self._rules)
        self.phone_column = source.columns[self._column]
        self.stats = IntakeStats()

    def chunks(self) -> Iterator[Chunk]:
        """Give the recipients, ``size`` a chunk, fewer only in the last; nothing for a source without any.

        To iterate anew starts the counters and the rejects file anew.

        Raises:
            BadFile: The source is damaged in the middle. Earlier chunks have been given by then: call
                ``CsvFile.count_rows`` before to know that it isn't.
        """
        stats = self.stats
        stats.reset()
        if self._rejects is not None:
            self._rejects.clear()
        # Measured: of the exact ways a set of integers is the cheapest, about 66 bytes a number.
        seen: set[int] = set()
        personal = self.text is None
        same_count = count_segments(self.text or "")
        column, width, size = self._column, self._width, self.size
        check_text, check_phone = self._rules.text, self._rules.phone
        phones: list[int] = []
        texts: list[str] = []
        segments: list[int] = []
        for row, cells in self._source:
            try:
                if len(cells) != width:
                    self._check_fit(cells)
                phone = parse_phone(cells[column])
                if phone in seen:
                    stats.duplicates += 1
                    continue
                if check_phone is not None:
                    check_phone(phone)
                if personal:
                    text = check_text(self._render(cells))
                    segments.append(count_segments(text))
                    texts.append(text)
            except BadRecipient as error:
                self._reject(row, cells, error)
                continue
            seen.add(phone)
            phones.append(phone)
            if len(phones) == size:
                yield self._chunk(phones, texts if personal else None, segments or [same_count] * size)
                phones, texts, segments = [], [], []
        if phones:
            yield self._chunk(phones, texts if personal else None, segments or [same_count] * len(phones))

    def require_recipients(self) -> None:
        """Make sure that the source had a recipient, once all chunks have been read.

        Raises:
            BadFile: It had none (``no_recipients``); the message tells a file without rows from one whose
                rows were all rejected.
        """
        if self.stats.accepted:
            return
        reasons = ", ".join(f"{code}: {count}" for code, count in self.stats.rejected_by_reason.items())
        raise BadFile(
            f"all {self.stats.rows} rows of {self._source.name} were rejected ({reasons})"
            if reasons
            else f"{self._source.name} has a header but no rows",
            hint="nothing is sent without a recipient",
            code="no_recipients",
        )

    def _check_fit(self, cells: list[str]) -> None:
        if isinstance(cells, BadRow):
            raise cells.error
        if len(cells) > self._width and self._must_fit:
            raise _shifted(len(cells), self._width)

    def _chunk(self, phones: list[int], texts: list[str] | None, segments: list[int]) -> Chunk:
        self.stats.accepted += len(phones)
        self.stats.segments += sum(segments)
        return Chunk(phones, texts, segments)

    def _reject(self, row: int, cells: list[str], error: BadRecipient) -> None:
        reasons = self.stats.rejected_by_reason
        reasons[error.code] = reasons.get(error.code, 0) + 1
        if self._rejects is None:
            return
        value = ""
        error.row = row
        if error.code.startswith("phone_"):
            error.field = self.phone_column
            value = cells[self._column]
        elif error.code.startswith("text_"):
            value = self._render(cells)
        elif error.code.startswith("row_"):
            value = " | ".join(cells)
        self._rejects.add(row, error, value)


def _shifted(cells: int, columns: int) -> BadRecipient:
    return BadRecipient(
        f"the row has {cells} cells under {columns} columns, and which of them belongs where isn't sure",
        field="row",
        hint="put quotation marks around a cell that holds the delimiter",
        code="row_shifted",
    )


def _check_template(template: Template, rules: ProviderRules) -> str | None:
    """Return the text that all recipients get, if there is one; refuse a text that no row can make good."""
    try:
        if template.constant_text is not None:
            return rules.text(template.constant_text)
        for literal in filter(str.strip, template.literals):
            rules.piece(literal)
    except BadRecipient as error:
        raise BadTemplate(error.message, hint=error.hint, code=error.code) from None
    return None
