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
from prep.errors import NotFound, Refused
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
    # Before there is a key nothing is signed, and that is said.
    assert told["files"] == [str(file)]
    assert "not signed" in result.stderr
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


def test_a_binder_is_signed_once_there_is_a_key_and_the_signature_is_checked(instance: Path) -> None:
    made = run("key")
    public = made.stdout.strip()
    assert "no backup holds it" in " ".join(made.stderr.split())
    again = run("key")
    assert (again.stdout.strip(), again.stderr) == (public, "")
    assert (instance / "binder.key").stat().st_mode & 0o777 == 0o600
    file, signature = instance / "county-only.pdf", instance / "county-only.pdf.minisig"
    made_too = run("print", "Halsua", "--out", file, "--html", "--json")
    assert len(json.loads(made_too.stdout)["files"]) == 4
    page = file.with_suffix(".html")
    assert run("verify", page, f"{page}.minisig", "--key", public).exit_code == 0
    good = run("verify", file, signature, "--key", public)
    assert good.exit_code == 0
    assert "The signature is good" in good.stderr
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(Refused, match="altered since it was signed"):
        raise run("verify", file, signature, "--key", public).exception  # type: ignore[misc]
    # A print that cannot be signed takes the signature of the one before away.
    (instance / "binder.key").unlink()
    assert run("print", "Halsua", "--out", file).exit_code == 0
    assert not signature.exists()


def test_the_password_comes_from_a_file_or_the_environment_and_a_weak_one_stops_before_the_work(
    instance: Path,
) -> None:
    file, words = instance / "locked.pdf", instance / "password"
    words.write_text("kansio pysyy lukossa\n", encoding="utf-8")
    made = run("print", "Halsua", "--out", file, "--encrypt", "--password-file", words)
    assert made.exit_code == 0, made.output
    assert "lukossa" not in made.output
    assert pypdf.PdfReader(file).decrypt("kansio pysyy lukossa")
    weak = run("print", "Halsua", "--out", file, "--encrypt", env={"BINDER_PASSWORD": "weak"})
    assert isinstance(weak.exception, Refused)
    assert run("print", "Halsua", "--out", file, "--password-file", words).exit_code == 2
    # A page beside it would be open to everybody.
    assert run("print", "Halsua", "--out", file, "--encrypt", "--html").exit_code == 2
