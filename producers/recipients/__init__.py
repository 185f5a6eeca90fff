"""Recipients: files and rows of an application become chunks of phones and texts."""

from producers.recipients.chunk import Chunk, IntakeStats
from producers.recipients.csv_file import CsvFile
from producers.recipients.intake import Intake
from producers.recipients.mappings import MappingRows
from producers.recipients.one_c_file import OneCFile
from producers.recipients.phone_column import phone_column
from producers.recipients.rejects import RejectsFile
from producers.recipients.source import Source

__all__ = [
    "Chunk",
    "CsvFile",
    "Intake",
    "IntakeStats",
    "MappingRows",
    "OneCFile",
    "RejectsFile",
    "Source",
    "phone_column",
]
