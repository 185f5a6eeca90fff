"""What a campaign would be: counted from the file alone, and priced by the provider if it can be asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from producers.errors import SmsqError
from producers.settings import Settings
from producers.texts import foreign_characters, measure
from worker.cli import answers
from worker.cli.campaign_input import CampaignInput, Request, describe_rejects, file_digest, read_request
from worker.cli.interrupts import Interrupted
from worker.cli.moments import local_time, parse_moment
from worker.cli.pricing import Estimate, Sample, ask_price
from worker.cli.progress import show_progress

#: Characters shown of those that force UCS-2: enough to find the one dash in a Latin text.
_SHOWN = 20
_ENCODINGS = {"gsm7": "GSM-7", "ucs2": "UCS-2"}


@dataclass
class _Texts:
    """What the texts are like."""

    shortest: int = 0
    longest: int = 0
    encodings: dict[str, int] = field(default_factory=dict)
    example: str = ""

    def add(self, texts: list[str], segments: list[int]) -> None:
        self.shortest = min([*segments, self.shortest or segments[0]])
        self.longest = max([*segments, self.longest])
        for text in texts:
            encoding = "ucs2" if foreign_characters(text) else "gsm7"
            self.encodings[encoding] = self.encodings.get(encoding, 0) + 1
        self.example = self.example or texts[0]


def show(request: Request, *, priced: bool, as_json: bool) -> None:
    """Count, and show what was counted; with its price if that is wished and can be known."""
    settings = Settings.from_env()
    at_ms = parse_moment(request.at) if request.at else 0
    prepared = read_request(request, settings)
    sample = Sample(file_digest(request.file)) if priced else None
    try:
        batches, texts = _count(prepared, sample)
        prepared.rejects.close()
        prepared.intake.require_recipients()
        price, unknown = _price(settings, request, prepared, sample)
    except KeyboardInterrupt:
        raise Interrupted("nothing was planned or sent") from None
    forcing = foreign_characters(prepared.intake.text or "".join(prepared.template.literals))
    if as_json:
        answer = _json(prepared, batches, texts, forcing)
        answer["price"] = price.json() if price is not None else None
        if unknown:
            answer["price_unknown"] = unknown
        answers.write_json(answer)
        return
    source, stats = prepared.source, prepared.intake.stats
    where = f"; see {prepared.rejects_path}" if prepared.rejects_path else ""
    facts = [
        ("name", prepared.name),
        ("file", f"{source.name}: {source.encoding}, cells parted by {_delimiter(source.delimiter)}"),
        ("phones", f"in column {prepared.intake.phone_column!r}"),
        ("rows", stats.rows),
        ("recipients", stats.accepted),
        ("duplicates", stats.duplicates),
        ("rejected", f"{describe_rejects(stats)}{where}"),
        ("text", _describe_text(prepared, texts)),
        ("encoding", _describe_encoding(texts, forcing)),
        ("segments", stats.segments),
        ("batches", f"{batches} of up to {prepared.intake.size} recipients"),
        ("price", price if price is not None else f"not known: {unknown}"),
    ]
    if at_ms:
        facts.append(("begins", local_time(at_ms)))
    answers.write_facts(facts)
    answers.note("dry run: nothing was planned or sent")


def _price(
    settings: Settings, request: Request, prepared: CampaignInput, sample: Sample | None
) -> tuple[Estimate | None, str]:
    """Return the price, or None and why it isn't known."""
    if sample is None:
        return None, "not asked for"
    stats = prepared.intake.stats
    sender = settings.sender if request.sender is None else request.sender
    if (request.provider or settings.provider) != "smsc":
        return None, "only smsc tells prices"
    try:
        return ask_price(
            settings,
            sample,
            prepared.intake.text,
            sender,
            recipients=stats.accepted,
            segments=stats.segments,
        ), ""
    except SmsqError as error:
        return None, error.message


def _count(prepared: CampaignInput, sample: Sample | None) -> tuple[int, _Texts]:
    batches, texts = 0, _Texts()
    total = prepared.source.count_rows()
    shared = prepared.intake.text
    with show_progress("counting", total) as progress:
        for chunk in prepared.intake.chunks():
            batches += 1
            if sample is not None:
                sample.add(chunk)
            if chunk.texts is not None:
                texts.add(chunk.texts, chunk.segments)
            progress.show(prepared.intake.stats.rows)
    if shared is not None:
        size = measure(shared)
        texts = _Texts(size.count, size.count, {size.encoding: prepared.intake.stats.accepted}, shared)
    return batches, texts


def _json(prepared: CampaignInput, batches: int, texts: _Texts, forcing: str) -> dict[str, object]:
    stats = prepared.intake.stats
    return {
        "dry_run": True,
        "name": prepared.name,
        "rows": stats.rows,
        "recipients": {
            "total": stats.rows - stats.duplicates,
            "accepted": stats.accepted,
            "rejected": stats.rejected,
        },
        "duplicates": stats.duplicates,
        "rejected_by_reason": stats.rejected_by_reason,
        "rejects_file": prepared.rejects_path,
        "segments": stats.segments,
        "batches": batches,
        "encodings": texts.encodings,
        "forces_ucs2": forcing,
        "example": texts.example,
    }


def _describe_text(prepared: CampaignInput, texts: _Texts) -> str:
    size = f"{texts.shortest}" if texts.shortest == texts.longest else f"{texts.shortest} to {texts.longest}"
    size += f" segment{'' if texts.longest == 1 else 's'}"
    if prepared.intake.text is None:
        return f"personal, {size} each; the first one:\n{texts.example}"
    return f"one for all, {size}:\n{texts.example}"


def _describe_encoding(texts: _Texts, forcing: str) -> str:
    if len(texts.encodings) > 1:
        return ", ".join(f"{_ENCODINGS[name]} for {count}" for name, count in sorted(texts.encodings.items()))
    [encoding] = texts.encodings
    if not forcing:
        return _ENCODINGS[encoding]
    more = len(forcing) - _SHOWN
    tail = f" and {more} more" if more > 0 else ""
    return f"{_ENCODINGS[encoding]}, because of {' '.join(forcing[:_SHOWN])}{tail}"


def _delimiter(char: str) -> str:
    return "tab" if char == "\t" else char
