"""``prep init``: the database of a county from its region pack."""

import click

from prep.cli.output import remark, settings
from prep.cli.rights import right
from prep.language import say


@right("server")
@click.command()
@click.option("--region", "pack_name", required=True, metavar="PACK", help="Key of a pack, or a pack file.")
def init(pack_name: str) -> None:
    """Make the database of a county: municipalities, bodies, seats and roles, all still to be filled."""
    from prep import migrations
    from prep.db import make_engine, write_session
    from prep.regions.packs import load_pack
    from prep.registry.install import install

    pack = load_pack(pack_name)
    engine = make_engine(settings().resolved_database_url)
    migrations.upgrade(engine)
    with write_session(engine, actor="command: init", why=f"region pack {pack.key}") as session:
        county = install(session, pack)
        remark(
            say(
                "{county}: {n} municipalities. Next: “prep sites import FILE”, “prep bodies list”, “prep serve”.",
                county=county.name_fi,
                n=len(county.municipalities),
            )
        )
