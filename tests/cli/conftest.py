from collections.abc import Iterator
from pathlib import Path

import pytest

from prep.cli.output import settings
from prep.db import make_engine, write_session
from prep.exchange.chain_files import import_chains
from prep.regions.packs import load_pack
from prep.registry.install import install
from tests.perho import CHAIN, ON, fill_group

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An instance folder to which the commands speak, with the compiled simulator of the checkout."""
    compiled = ROOT / "instance" / "compiled"
    compiled.mkdir(parents=True, exist_ok=True)
    (tmp_path / "compiled").symlink_to(compiled, target_is_directory=True)
    monkeypatch.setenv("PREP_INSTANCE", str(tmp_path))
    monkeypatch.setenv("PREP_LANGUAGE", "en")
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


@pytest.fixture
def perho(database_url: str, instance: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a database with Central Ostrobothnia, Perho's group and the chain that reaches it."""
    (instance / "ketjut.toml").write_text(CHAIN, encoding="utf-8")
    engine = make_engine(database_url)
    with write_session(engine, actor="test") as session:
        install(session, load_pack("keski-pohjanmaa"))
        fill_group(session)
        import_chains(session, instance / "ketjut.toml", on=ON)
    engine.dispose()
    monkeypatch.setenv("PREP_DATABASE_URL", database_url)
    settings.cache_clear()
    return database_url
