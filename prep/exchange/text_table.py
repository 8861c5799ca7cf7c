"""Tables in text files (CSV): their encoding, their separator, their rows."""

import csv
import io
import re
from collections.abc import Callable

from charset_normalizer import from_bytes

from prep.errors import Problem, Refused
from prep.language import Message, say

SEPARATORS = (";", ",", "\t")
# How an export writes what could begin a formula, and what looks as if an export had written it.
QUOTED = re.compile("'+[=+@-]")
# Signs that stand inside words when å, ä and ö of DOS or of an old Macintosh are read as Windows-1252.
_WRONG_CODE_PAGE = re.compile("[a-zåäö][„†‡™ŒŠ”][a-zåäöA-ZÅÄÖ]")


def read_rows(
    content: bytes, *, name: str, is_heading: Callable[[str], bool]
) -> tuple[list[tuple[int, tuple[str | None, ...]]], tuple[int, ...]]:
    """The rows that are not empty with their numbers from 1, and the lines in another encoding than the others.

    ``is_heading`` says whether a text is a known heading: it settles which separator the file uses.

    Raises
    ------
    Refused
        If it is no text, is in an encoding that municipalities' programs do not write, or a quotation mark
        is left open.
    """
    text, odd_lines = decoded(content, name=name)
    if text.lstrip().startswith("<"):
        raise _refused(name, None, say("The file is a page of text with tags, not a table."))
    first, _, rest = text.partition("\n")
    told = re.fullmatch(r"sep=(.)\r?", first.strip("\r\n"))
    separator = told[1] if told else _separator(text, is_heading)
    # The line that tells the separator is a row for the eye that counts them.
    rows = _parsed(rest if told else text, separator, name, 2 if told else 1)
    return [(number, cells) for number, cells in rows if any(cells)], odd_lines


def decoded(content: bytes, *, name: str) -> tuple[str, tuple[int, ...]]:
    """The text, and where some of its lines are in UTF-8 and others in Windows-1252, the numbers of the fewer ones."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(content, "utf-16", name), ()
    wide = _utf_16_without_mark(content)
    if wide:
        return _strictly(content, wide, name), ()
    if b"\0" in content:
        raise _refused(name, None, say("The file is not a table in text form."))
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        return _line_by_line(content, name)


def _line_by_line(content: bytes, name: str) -> tuple[str, tuple[int, ...]]:
    # Lists are put together by copying: a line may have kept the encoding of the file that it came from.
    lines: list[str] = []
    wide: list[int] = []
    narrow: list[int] = []
    for number, line in enumerate(content.splitlines(keepends=True), start=1):
        try:
            lines.append(line.decode("utf-8"))
            if not line.isascii():
                wide.append(number)
        except UnicodeDecodeError:
            lines.append(line.decode("cp1252", errors="replace"))
            narrow.append(number)
    text = "".join(lines)
    if "\ufffd" in text or _WRONG_CODE_PAGE.search(text):
        best = from_bytes(content, cp_isolation=["cp1252", "cp850", "mac_roman"]).best()
        raise _refused(
            name,
            best.encoding if best else None,
            say("The file is in an encoding that prep does not read: its å, ä and ö would be wrong."),
            say("Save it as UTF-8 (in Excel: “CSV UTF-8”), or as XLSX."),
        )
    return text, tuple(narrow if len(narrow) <= len(wide) else wide)


def _utf_16_without_mark(content: bytes) -> str | None:
    head = content[:2000]
    if len(head) < 8:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 0.4 * len(head) / 2 and even == 0:
        return "utf-16-le"
    if even > 0.4 * len(head) / 2 and odd == 0:
        return "utf-16-be"
    return None


def _strictly(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _refused(
            name, encoding, say("The file is damaged: some of its signs are cut in half.")
        ) from error


def _separator(text: str, is_heading: Callable[[str], bool]) -> str:
    """The one that yields most known headings in a row; among equals, the widest rows."""
    sample = "".join(text.splitlines(keepends=True)[:40])

    def merit(separator: str) -> tuple[int, int]:
        rows = [line.split(separator) for line in sample.splitlines()]
        headings = max((sum(is_heading(cell.strip(' "')) for cell in row) for row in rows), default=0)
        return headings, max((len(row) for row in rows), default=0)

    return max(SEPARATORS, key=merit)


def _parsed(
    text: str, separator: str, name: str, first_number: int
) -> list[tuple[int, tuple[str | None, ...]]]:
    rows = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = first_number
    try:
        for cells in reader:
            rows.append((number, tuple(_cell(cell) for cell in cells)))
            number += 1
    except csv.Error as error:
        raise Refused(
            Problem(
                place=say("{file}, row {row}", file=name, row=str(number)),
                value=None,
                rule=say("A quotation mark is opened and not closed, or closed in the middle of a cell."),
                remedy=say("Mend the quotation marks from this row on, or save the list as XLSX."),
            )
        ) from error
    return rows


def _cell(text: str) -> str | None:
    text = text.strip()
    # Exports put ' before a sign with which a formula could begin; here it is taken away again.
    return (text[1:] if QUOTED.match(text) else text) or None


def _refused(name: str, value: str | None, rule: Message, remedy: Message | None = None) -> Refused:
    remedy = remedy or say("Open it in a spreadsheet program, save it as XLSX and import that.")
    return Refused(Problem(place=name, value=value, rule=rule, remedy=remedy))
