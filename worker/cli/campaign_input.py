"""What a campaign is to be made of: the file, the text, a name that follows from both, the rejects."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from producers.errors import BadFile, UsageError
from producers.recipients import CsvFile, Intake, IntakeStats, OneCFile, RejectsFile
from producers.recipients.one_c_file import looks_like_one_c
from producers.settings import Settings, checked_provider
from producers.texts import Template, fold_name, list_columns
from worker.cli.message import read_text

#: Columns that hold a whole text, when no text is given.
TEXT_COLUMNS = ("text", "текст", "message", "сообщение")
#: Values of ``--format``; ``auto`` is CSV, and 1C's form is never guessed, only recognised in the error.
FORMATS = ("auto", "csv", "1c")
#: Of the file's name in the campaign's: names have at most 200 characters.
_STEM = 150


@dataclass(frozen=True)
class Request:
    """What the user wrote; the members are those of ``smsq campaign start``."""

    file: Path
    text: str | None = None
    text_file: Path | None = None
    name: str | None = None
    sender: str | None = None
    provider: str | None = None
    at: str | None = None
    phone_column: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    format: str = "auto"
    rejects: Path | None = None


@dataclass(frozen=True)
class CampaignInput:
    """A request whose file and text have been looked at.

    Attributes:
        name: The campaign's name.
        source: The file.
        template: The text.
        intake: Gives the recipients; its rejects go to ``rejects``.
        rejects: The file of rejects, which appears with the first one.
    """

    name: str
    source: CsvFile | OneCFile
    template: Template
    intake: Intake
    rejects: RejectsFile

    @property
    def rejects_path(self) -> str | None:
        """Where the rejects are; None when there are none."""
        return str(self.rejects.path) if self.rejects.count else None


def read_request(request: Request, settings: Settings) -> CampaignInput:
    """Look at the file and the text; nothing is planned.

    Raises:
        UsageError: Something doesn't fit; the errors below it say what.
    """
    if request.text is not None and request.text_file is not None:
        raise UsageError("--text and --text-file are both given", hint="give one of them", code="two_texts")
    source, template = _read_one_c(request) if request.format == "1c" else _read_csv(request)
    path = request.rejects or request.file.with_name(f"{request.file.name}.rejects.csv")
    if path.resolve() == request.file.resolve():
        raise UsageError("--rejects is the file of recipients itself", code="bad_rejects")
    rejects = RejectsFile(path)
    provider = checked_provider(request.provider or settings.provider)
    intake = Intake(
        source,
        template,
        size=settings.batch_size_of(provider),
        phone_column=request.phone_column,
        rejects=rejects,
        provider=provider,
    )
    sender = settings.sender if request.sender is None else request.sender
    name = _name(request.file, template, sender) if request.name is None else request.name
    return CampaignInput(name, source, template, intake, rejects)


def _read_one_c(request: Request) -> tuple[OneCFile, Template]:
    given = {
        "--text": request.text,
        "--text-file": request.text_file,
        "--phone-column": request.phone_column,
        "--delimiter": request.delimiter,
    }
    for option, value in given.items():
        if value is not None:
            raise UsageError(
                f"{option} doesn't go with --format 1c",
                hint="each line is phone#text: it has its own text, and no columns",
                code="bad_format",
            )
    return OneCFile(request.file, encoding=request.encoding), Template("{text}")


def _read_csv(request: Request) -> tuple[CsvFile, Template]:
    if request.format not in FORMATS:
        raise UsageError(
            f"there is no format {request.format!r}", hint=f"one of {', '.join(FORMATS)}", code="bad_format"
        )
    if looks_like_one_c(request.file):
        raise BadFile(
            f"{request.file.name} has no header: its first line is phone#text, as 1C writes it",
            hint="use --format 1c",
            code="no_header",
        )
    delimiter = "\t" if request.delimiter in {"tab", "\\t"} else request.delimiter
    source = CsvFile(request.file, delimiter=delimiter, encoding=request.encoding)
    return source, Template(_text(request, source))


def _text(request: Request, source: CsvFile) -> str:
    if request.text is not None:
        return read_text(request.text)
    if request.text_file is not None:
        return _read_text_file(request.text_file)
    found = [column for column in source.columns if fold_name(column) in TEXT_COLUMNS]
    if len(found) == 1:
        return f"{{{found[0]}}}"
    if found:
        raise BadFile(
            f"more than one column may hold the texts: {list_columns(found)}",
            hint="choose with --text '{column}'",
            code="ambiguous_text_column",
        )
    raise BadFile(
        f"there is no text: {source.name} has no column {', '.join(TEXT_COLUMNS)}",
        hint="give --text, with {column} for personal parts, or --text-file",
        code="no_text",
    )


def _read_text_file(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadFile(f"can't read the text in {path}: {error.strerror}", code="unreadable_text") from None
    except UnicodeDecodeError:
        raise BadFile(
            f"the text in {path} is not UTF-8", hint="save it as UTF-8", code="unreadable_text"
        ) from None
    return text.removesuffix("\n").removesuffix("\r")


def _name(file: Path, template: Template, sender: str) -> str:
    """Return a name that the same campaign always gets, so that it isn't started twice by accident."""
    digest = hashlib.blake2b(digest_size=4)
    digest.update(file_digest(file))
    digest.update(f"{template.source}\0{sender}".encode("utf-8", "surrogatepass"))
    return f"{file.stem[:_STEM]}-{digest.hexdigest()}"


def file_digest(file: Path) -> bytes:
    """Return a digest of a file's content."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()


def describe_rejects(stats: IntakeStats) -> str:
    """Return how many rows were rejected and why: ``12 (phone_empty 7, text_empty 5)``."""
    if not stats.rejected:
        return "0"
    ordered = sorted(stats.rejected_by_reason.items(), key=lambda item: (-item[1], item[0]))
    return f"{stats.rejected} ({', '.join(f'{reason} {count}' for reason, count in ordered)})"
