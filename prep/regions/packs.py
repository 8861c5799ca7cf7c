"""Find and read region packs: those shipped with prep, and a county's own file."""

import json
import re
import tomllib
from pathlib import Path

from pydantic import ValidationError

from prep.errors import NotFound, Problem, Refused
from prep.language import say
from prep.regions.checks import check
from prep.regions.faults import PackText, problems_of
from prep.regions.schema import RegionPack

PACK_DIR = Path(__file__).parent / "packs"


def pack_keys() -> list[str]:
    """The keys of the packs shipped with prep."""
    return sorted(path.stem for path in PACK_DIR.glob("*.toml"))


def load_pack(key: str | Path) -> RegionPack:
    """The pack of a key, or of a file of one's own.

    Raises
    ------
    NotFound
        When there is neither a shipped pack of that key nor a file of that name.
    Refused
        When the pack breaks a rule; all its problems are in the error.
    """
    shipped = pack_keys()
    if str(key) in shipped:
        return load_pack_file(PACK_DIR / f"{key}.toml")
    path = Path(key)
    if path.is_file():
        return load_pack_file(path)
    raise NotFound(
        Problem(
            place=say("region pack"),
            value=str(key),
            rule=say("There is no region pack of this name, and no such file."),
            remedy=say("Give the path of a file, or one of these: {allowed}.", allowed=shipped),
        )
    )


def load_pack_file(path: Path) -> RegionPack:
    """The pack in a TOML file; 5 to 20 ms.

    Raises
    ------
    Refused
        When the file cannot be read, is not TOML, or breaks a rule; all its problems are in the error.
    """
    pack = _read(path)
    problems = []
    try:
        # As JSON, so that lists and words become what the strict form asks for, and nothing else does.
        found = RegionPack.model_validate_json(json.dumps(pack.tables, default=str))
    except ValidationError as error:
        problems = problems_of(error, pack, RegionPack)
    problems += check(pack)
    if problems:
        raise Refused(problems)
    return found


def _read(path: Path) -> PackText:
    try:
        # utf-8-sig: Windows' Notepad puts a mark before the first letter.
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Refused(
            Problem(
                place=str(path),
                value=None,
                rule=say("The file cannot be read: {reason}.", reason=error.strerror or str(error)),
                remedy=say("Check the name of the file and the right to read it."),
            )
        ) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Refused(
            Problem(
                place=say("{file}: line {line}", file=path.name, line=str(line)),
                value=None,
                rule=say("The file is not in UTF-8, so its letters å, ä and ö cannot be read."),
                remedy=say("Save it again in the editor with the encoding UTF-8."),
            )
        ) from error
    try:
        return PackText(name=path.name, text=text, tables=tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Refused(_syntax_problem(error, path.name, text)) from error


def _syntax_problem(error: tomllib.TOMLDecodeError, name: str, text: str) -> Problem:
    lines = text.splitlines()
    at = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    number = int(at[1]) if at else max(len(lines), 1)
    line = lines[number - 1].strip() if number <= len(lines) else ""
    return Problem(
        place=say("{file}: line {line}", file=name, line=str(number)),
        value=line[:60],
        rule=say("The line cannot be read as TOML ({remark}).", remark=re.sub(r" \(at .*\)", "", str(error))),
        remedy=say("Look for a missing quote, bracket, comma or equals sign on this line or the one before."),
    )
