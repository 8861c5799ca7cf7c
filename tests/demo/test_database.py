import pytest
from sqlalchemy import Engine, select, text

from prep import migrations
from prep.db import read_session, write_session
from prep.demo.database import start_again
from prep.errors import Refused
from prep.models import County
from prep.regions.packs import load_pack
from prep.registry.install import install


@pytest.mark.parametrize("is_demo", [True, False])
def test_only_a_demonstration_is_begun_again(engine: Engine, *, is_demo: bool) -> None:
    with write_session(engine, actor="test") as session:
        install(session, load_pack("keski-pohjanmaa"), is_demo=is_demo)
    if is_demo:
        start_again(engine)
        assert migrations.is_current(engine)
    else:
        with pytest.raises(
            Refused, match="“Keski-Pohjanmaan hyvinvointialue” It holds something that is not a demon"
        ):
            start_again(engine)
    with read_session(engine) as session:
        assert session.scalars(select(County.key)).all() == ([] if is_demo else ["keski-pohjanmaa"])


def test_a_migrated_database_with_nothing_in_it_is_used(engine: Engine) -> None:
    start_again(engine)
    assert migrations.is_current(engine)


def test_a_database_of_another_program_is_left_alone(engine: Engine) -> None:
    start_again(engine)
    with engine.begin() as connection:
        for table in ("chain_item", "chain_list"):
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("ALTER TABLE installation RENAME TO other"))
    with pytest.raises(Refused, match="It holds something that is not a demonstration"):
        start_again(engine)
