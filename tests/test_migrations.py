import pytest
from sqlalchemy import Engine, text

from prep import migrations
from prep.errors import Refused


def test_the_migrated_database_is_what_the_models_say(engine: Engine) -> None:
    assert migrations.is_current(engine)
    assert migrations.differences(engine) == []


def test_a_second_upgrade_changes_nothing(engine: Engine) -> None:
    migrations.upgrade(engine)
    assert migrations.is_current(engine)


def test_a_database_of_a_newer_prep_is_refused_and_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(
        Refused, match=r"“9999” It was written by a newer version of prep. Install that version"
    ):
        migrations.upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"
