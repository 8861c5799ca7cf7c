"""Find and read region packs: those shipped with prep, and a county's own file."""

from pathlib import Path

from pydantic import ValidationError

from prep.errors import NotFound, Problem, Refused
from prep.language import say
from prep.regions.checks import check
from prep.regions.faults import own_rules
from prep.regions.schema import RegionPack
from prep.toml_files import problems_of, read_toml

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
    pack = read_toml(path)
    problems = []
    try:
        found = pack.as_model(RegionPack)
    except ValidationError as error:
        problems = problems_of(error, pack, RegionPack, own_rules=own_rules)
    problems += check(pack)
    if problems:
        raise Refused(problems)
    return found
