"""docs/region-packs.md says what is so."""

import re
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from prep.regions.kinds import LanguageStatus
from prep.regions.packs import load_pack
from prep.regions.schema import RegionPack

PAGE = Path(__file__).parents[2] / "docs" / "region-packs.md"


def example() -> str:
    (found,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    return str(found)


def test_the_example_can_be_used_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "esimerkki.toml"
    path.write_text(example(), encoding="utf-8")
    pack = load_pack(path)
    assert pack.codes == ("997", "998", "999")
    assert pack.municipality("999").centre is None
    assert pack.municipality("999").languages is LanguageStatus.UNKNOWN
    assert pack.population() is None
    assert pack.body("board").seats[0].constituency == "joet"


def forms(model: type[BaseModel]) -> set[type[BaseModel]]:
    found = {model}
    for field in model.model_fields.values():
        for inner in inside(field.annotation):
            found |= forms(inner)
    return found


def inside(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in inside(part)]


def test_every_field_of_a_pack_is_described() -> None:
    page = PAGE.read_text(encoding="utf-8")
    fields = {name for form in forms(RegionPack) for name in form.model_fields} - {"fi", "sv", "en"}
    assert len(fields) > 80
    assert [name for name in sorted(fields) if f"`{name}`" not in page] == []


def test_compulsory_fields_are_in_bold_and_others_are_not() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for table, form in tables().items():
        (row,) = re.findall(rf"^\| `\[+{re.escape(table)}\]+` \|(.*)\|$", page, flags=re.MULTILINE)
        own = re.sub(r"\([^)]*\)", "", row)
        bold = set(re.findall(r"\*\*`(\w+)`\*\*", own))
        compulsory = {name for name, field in form.model_fields.items() if field.is_required()}
        # Told once for all the tables that have it.
        assert bold == compulsory - ({"evidence"} if "inferred" in form.model_fields else set()), table


def tables() -> dict[str, type[BaseModel]]:
    named = {
        name: inside(field.annotation)[0]
        for name, field in RegionPack.model_fields.items()
        if inside(field.annotation)
    }
    return named | {"bodies.seats": inside(named["bodies"].model_fields["seats"].annotation)[0]}
