from pathlib import Path

import pytest
from sqlalchemy import Engine

from prep.db import write_session
from prep.exchange.chain_files import import_chains
from prep.regions.packs import load_pack
from prep.registry.install import install
from tests.perho import CHAIN, ON, fill_group


@pytest.fixture
def perho(engine: Engine, tmp_path: Path) -> Engine:
    """Central Ostrobothnia with Perho's group and the chain that reaches it."""
    path = tmp_path / "ketjut.toml"
    path.write_text(CHAIN, encoding="utf-8")
    with write_session(engine, actor="test") as session:
        install(session, load_pack("keski-pohjanmaa"))
        fill_group(session)
        import_chains(session, path, on=ON)
    return engine
