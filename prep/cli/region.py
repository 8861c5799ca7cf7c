"""``prep region``: region packs, and the official boundaries."""

from pathlib import Path

import click

from prep import clock
from prep.cli.output import as_json, language, remark, settings, show_json, show_table, text
from prep.cli.rights import right
from prep.language import say


@click.group()
def region() -> None:
    """Region packs and official boundaries."""


@right("public")
@region.command("list")
@as_json
def list_packs(*, json_wanted: bool) -> None:
    """The packs that come with prep."""
    from prep.regions.packs import load_pack, pack_keys

    packs = [load_pack(key) for key in pack_keys()]
    if json_wanted:
        show_json(
            [
                {
                    "key": pack.key,
                    "name": pack.county.name.in_language(language()),
                    "municipalities": len(pack.municipalities),
                    "population": pack.population(),
                    "agreements": [one.key for one in pack.agreements],
                }
                for pack in packs
            ]
        )
        return
    show_table(
        [say("Pack"), say("County"), say("Number of municipalities"), say("Population"), say("Agreement")],
        [
            [
                pack.key,
                pack.county.name.in_language(language()),
                len(pack.municipalities),
                pack.population(),
                ", ".join(one.name.in_language(language()) for one in pack.agreements) or None,
            ]
            for pack in packs
        ],
    )


@right("public")
@region.command()
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Check a region pack of one's own: every fault with its place, rule and remedy."""
    from prep.regions.packs import load_pack_file

    pack = load_pack_file(file)
    click.echo(
        text(
            say(
                "{file} is in order: {county}, {municipalities} municipalities, {bodies} bodies, {roles} named roles.",
                file=str(file),
                county=pack.county.name.in_language(language()),
                municipalities=len(pack.municipalities),
                bodies=len(pack.bodies),
                roles=len(pack.roles),
            )
        )
    )


@region.group()
def boundaries() -> None:
    """Official municipal boundaries for the maps."""


@right("settings.edit")
@boundaries.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_boundaries(file: Path) -> None:
    """Take the boundaries of the county's municipalities from a GeoJSON or GeoPackage file."""
    from prep.cli.output import open_database
    from prep.db import read_session
    from prep.regions.boundaries import BOUNDARIES_FILE, store_boundaries
    from prep.regions.boundaries import import_boundaries as take
    from prep.registry.install import installed_pack

    with read_session(open_database()) as session:
        pack = installed_pack(session)
    remark(say("Reading {file} …", file=file.name))
    found = take(file, pack, on=clock.today())
    store_boundaries(found, settings().instance / BOUNDARIES_FILE)
    click.echo(
        text(
            say(
                "The boundaries of {n} municipalities are in use: {names}.",
                n=len(found.areas),
                names=[one.name.in_language(language()) for one in pack.municipalities],
            )
        )
    )
