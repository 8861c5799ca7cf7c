"""``prep binder`` on an instance folder."""

import io
import json
from pathlib import Path

import pypdf
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from prep.cli import prep
from prep.db import make_engine, read_session
from prep.errors import NotFound
from prep.models import AuditEntry, IssuedCard


def run(*arguments: str | Path, **options) -> Result:
    return CliRunner().invoke(prep, ["binder", *(str(one) for one in arguments)], **options)


def test_a_binder_is_printed_its_cards_registered_and_the_trail_tells_of_it(instance: Path) -> None:
    file = instance / "perho.pdf"
    result = run("print", "Perho", "--lang", "sv", "--out", file, "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["pages"] == len(pypdf.PdfReader(io.BytesIO(file.read_bytes())).pages)
    assert file.stat().st_mode & 0o777 == 0o600
    engine = make_engine(f"sqlite:///{instance / 'prep.db'}")
    with read_session(engine) as session:
        cards = session.scalar(select(func.count()).select_from(IssuedCard))
        # A contact card, and an action card for each role of a municipality.
        assert cards == session.scalar(
            select(func.count()).select_from(IssuedCard).where(IssuedCard.municipality_code == "584")
        )
        assert cards is not None
        assert cards > 50
        noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "print")).one()
        assert noted.actor == "command: binder print"
    engine.dispose()


def test_an_unknown_municipality_is_refused_and_no_file_appears(instance: Path) -> None:
    file = instance / "none.pdf"
    with pytest.raises(NotFound, match="no municipality of this name"):
        raise run("print", "Tampere", "-o", file).exception  # type: ignore[misc]
    assert not file.exists()
