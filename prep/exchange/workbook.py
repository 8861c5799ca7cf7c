"""Workbooks (XLSX, ODS, old XLS): checked before they are unpacked, read in a process of their own."""

import io
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from prep.errors import Problem, Refused
from prep.exchange.child import read_in_child
from prep.language import Message, say

MAX_UNPACKED_BYTES = 50 << 20
MAX_RATIO = 100
MAX_ENTRIES = 2000
_CHILD = Path(__file__).with_name("workbook_child.py")
_ZIP = b"PK\x03\x04"
# The container of old office files, and of encrypted new ones.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What is small may be packed tightly: a template of 30 kB of empty cells is no bomb.
_SMALL_BYTES = 1 << 20

CellValue = str | float | bool | date | datetime | time | timedelta | None


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as it stands: row numbers from 1, cells and columns from 0, merged ranges from 0, inclusive."""

    name: str
    is_visible: bool
    rows: tuple[tuple[int, tuple[CellValue, ...]], ...]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()


def is_workbook(content: bytes) -> bool:
    """Whether the content is of a kind that only a spreadsheet program can read."""
    return content.startswith((_ZIP, _OLE))


def read_workbook(content: bytes, *, name: str) -> list[RawSheet]:
    """All sheets of a workbook.

    Raises
    ------
    Refused
        If it is encrypted, unpacks to too much, is damaged or is not a workbook.
    """
    if content.startswith(_ZIP):
        _check_archive(content, name)
    elif "EncryptedPackage".encode("utf-16-le") in content:
        raise _encrypted(name)
    answer = read_in_child(_CHILD, content, name=name, decoded=_decoded)
    if "error" in answer:
        raise _encrypted(name) if answer["error"] == "password" else _damaged(name)
    return [_sheet(one) for one in answer["sheets"]]


def _check_archive(content: bytes, name: str) -> None:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise _damaged(name) from error
    with archive:
        entries = archive.infolist()
        names = {entry.filename for entry in entries}
        if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
            raise _refused(name, say("The file is not a table: it is another kind of packed file."))
        if any(entry.flag_bits & 1 for entry in entries):
            raise _encrypted(name)
        unpacked = sum(entry.file_size for entry in entries)
        ratio = unpacked / max(len(content), 1)
        if (
            len(entries) > MAX_ENTRIES
            or unpacked > MAX_UNPACKED_BYTES
            or (ratio > MAX_RATIO and unpacked > _SMALL_BYTES)
        ):
            raise _refused(
                name,
                say(
                    "Unpacked the file would be {size} MiB in {count} parts; at most {most} MiB are read.",
                    size=round(unpacked / (1 << 20)),
                    count=len(entries),
                    most=MAX_UNPACKED_BYTES >> 20,
                ),
                say("Take pictures and other sheets away, or import it in parts."),
            )
        for entry in entries:
            _check_entry(archive, entry, name)


def _check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> None:
    """Unpack it once in small pieces: the sizes declared may be wrong, then the checksum does not hold."""
    try:
        with archive.open(entry) as part:
            before = b""
            while piece := part.read(1 << 16):
                seam = before[-16:] + piece
                if b"<!DOCTYPE" in seam or b"<!ENTITY" in seam:
                    raise _refused(
                        name, say("The file holds a document type, which a spreadsheet never has.")
                    )
                if entry.filename == "META-INF/manifest.xml" and b"encryption-data" in seam:
                    raise _encrypted(name)
                before = seam
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError, zlib.error) as error:
        raise _damaged(name) from error


def _sheet(one: dict[str, Any]) -> RawSheet:
    rows = [(number, tuple(_value(cell) for cell in cells)) for number, cells in one["rows"]]
    return RawSheet(
        name=one["name"],
        is_visible=one["is_visible"],
        rows=tuple((number, cells) for number, cells in rows if any(cell is not None for cell in cells)),
        merged=tuple((tuple(start), tuple(end)) for start, end in one["merged"]),
        hidden_rows=tuple(one["hidden_rows"]),
        hidden_columns=tuple(one["hidden_columns"]),
    )


def _value(cell: Any) -> CellValue:
    if isinstance(cell, str):
        return cell if cell.strip() else None
    value: CellValue = cell
    return value


def _decoded(one: dict[str, Any]) -> Any:
    match one:
        case {"datetime": text}:
            return datetime.fromisoformat(text)
        case {"date": text}:
            return date.fromisoformat(text)
        case {"time": text}:
            return time.fromisoformat(text)
        case {"seconds": seconds}:
            return timedelta(seconds=seconds)
        case _:
            return one


def _encrypted(name: str) -> Refused:
    return _refused(
        name,
        say("The file is protected by a password."),
        say("Save a copy without a password and import the copy."),
    )


def _damaged(name: str) -> Refused:
    return _refused(name, say("The file is damaged, or is not the kind of file that its name says."))


def _refused(name: str, rule: Message, remedy: Message | None = None) -> Refused:
    remedy = remedy or say("Open it in a spreadsheet program, save it as XLSX and import that.")
    return Refused(Problem(place=name, value=None, rule=rule, remedy=remedy))
