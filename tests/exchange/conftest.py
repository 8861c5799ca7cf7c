import pytest
from sqlalchemy import Engine

from prep.db import write_session
from prep.regions.packs import load_pack
from prep.registry.install import install


@pytest.fixture
def county(engine: Engine) -> Engine:
    """Central Ostrobothnia as a real installation: no invented numbers."""
    with write_session(engine, actor="test") as session:
        install(session, load_pack("keski-pohjanmaa"))
    return engine
