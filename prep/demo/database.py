"""An empty database for the demonstration; a real county is never touched."""

from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.orm import Session

from prep import migrations
from prep.errors import Problem, Refused
from prep.language import say
from prep.models import Base, County, Installation


def start_again(engine: Engine) -> None:
    """Make the database new and empty, unless it holds a real county.

    Raises
    ------
    Refused
        If there is anything in it that is not a demonstration; it is left as it was.
    """
    tables = inspect(engine).get_table_names()
    if tables:
        _refuse_a_real_county(engine, tables)
        with engine.begin() as connection:
            Base.metadata.drop_all(connection)
            connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    migrations.upgrade(engine)


def _refuse_a_real_county(engine: Engine, tables: list[str]) -> None:
    with Session(engine) as session:
        installation = session.scalar(select(Installation)) if Installation.__tablename__ in tables else None
        if installation is not None and installation.is_demo:
            return
        if installation is None and Installation.__tablename__ in tables:
            # Migrated, and nothing in it yet.
            return
        county = session.scalar(select(County.name_fi)) if installation is not None else None
    raise Refused(
        Problem(
            place=say("The database"),
            value=county or ", ".join(tables[:5]),
            rule=say(
                "It holds something that is not a demonstration, and a demonstration begins by emptying it."
            ),
            remedy=say("Set PREP_INSTANCE to another folder, or PREP_DATABASE_URL to another database."),
        )
    )
