"""On which line of a TOML file a value stands; the standard reader does not say."""

import re

Location = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]")
_FIELD = re.compile(r"\s*([\w.-]+)\s*=")


def line_of(text: str, location: Location) -> int | None:
    """The line of a value, or of the nearest table around it that has a line of its own.

    Indices count from 0, lines from 1. None for a value without any line, such as a table that is missing.

    >>> line_of('key = "x"\\n[[bodies]]\\n[[bodies]]\\nkey = "b"', ("bodies", 1, "key", "fi"))
    4
    """
    lines = _lines(text)
    for length in range(len(location), 0, -1):
        if location[:length] in lines:
            return lines[location[:length]]
    return None


def _lines(text: str) -> dict[Location, int]:
    found: dict[Location, int] = {}
    last: dict[Location, int] = {}
    table: Location = ()
    in_long_text = False
    for number, line in enumerate(text.splitlines(), start=1):
        quotes = line.count('"""') + line.count("'''")
        if not in_long_text:
            if header := _HEADER.match(line):
                table = _table(header[2].split("."), repeated=header[1] == "[[", last=last)
                found.setdefault(table, number)
            elif field := _FIELD.match(line):
                names = field[1].split(".")
                for length in range(1, len(names) + 1):
                    found.setdefault((*table, *names[:length]), number)
        in_long_text ^= quotes % 2 == 1
    return found


def _table(names: list[str], *, repeated: bool, last: dict[Location, int]) -> Location:
    """The location of a table header; ``last`` remembers the newest entry of each repeated table."""
    location: Location = ()
    for name in names[:-1]:
        location = (*location, name)
        if location in last:
            location = (*location, last[location])
    location = (*location, names[-1])
    if not repeated:
        return location
    last[location] = last.get(location, -1) + 1
    return (*location, last[location])
