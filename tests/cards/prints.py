"""Reading prints back: whether the file is sound, its structure tree, its codes, the words of a face."""

import io
import subprocess
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from prep.cards.imposing import Batch, write_prints
from prep.cards.parts import Part, Print
from prep.terms import CardFormat, Language
from tests.cards.builders import AT
from tests.cards.reading import fonts_of, picture


def a_print(*parts: Part, **changes) -> Print:
    usual = {
        "name": "Koe: Perho",
        "kicker": "Koe",
        "title": "Perho",
        "below": ("Varautumisen yhteyshenkilö",),
        "code": "K7Q2M4ZD",
        "language": Language.FI,
        "parts": parts,
        "foot": "Versio 1 · tulostettu 22.11.2026 klo 10.46",
        "classification": "Vain sisäiseen käyttöön",
        "data_age": "Tiedot vahvistettu 1.5.2026–2.11.2026",
    }
    return Print(**{**usual, **changes})


def written(prints: Sequence[Print], chosen: CardFormat = CardFormat.A4, **options) -> bytes:
    return written_batches([Batch(chosen, prints)], **options)


def written_batches(batches: Sequence[Batch], *, language: Language = Language.FI, **options) -> bytes:
    file = io.BytesIO()
    write_prints(file, batches, title="Tulosteet", language=language, at=AT, **options)
    return file.getvalue()


def assert_sound(pdf: bytes, folder: Path) -> None:
    """qpdf finds no fault, and every font is embedded."""
    path = folder / "print.pdf"
    path.write_bytes(pdf)
    checked = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "No syntax or stream encoding errors" in checked.stdout
    fonts = fonts_of(pdf, folder)
    assert fonts
    # Name, type (in two words), encoding, embedded, subset, unicode, …
    assert all(columns[-5:-2] == ["yes", "yes", "yes"] for columns in fonts), fonts


def structure(pdf: bytes) -> list[tuple[int, str]]:
    """The structure tree as it is read aloud: depth, and the kind of an element or its text in quotes."""
    run = subprocess.run(["pdfinfo", "-struct-text", "-"], input=pdf, capture_output=True, check=True)
    # Attributes of an element stand on lines of their own.
    lines = [line for line in run.stdout.decode().splitlines() if line.strip() and line.strip()[0] != "/"]
    return [
        (
            (len(line) - len(line.lstrip())) // 2,
            line.strip().removesuffix(":").removesuffix(" (block)").removesuffix(" (inline)"),
        )
        for line in lines
    ]


def texts_of(pdf: bytes, kind: str) -> list[str]:
    """What stands directly in the elements of a kind."""
    found = structure(pdf)
    return [
        text.strip('"').strip()
        for (_, before), (_, text) in pairwise(found)
        if before == kind and text.startswith('"')
    ]


def codes_of(pdf: bytes, folder: Path, side: int = 1) -> list[str]:
    """What the QR codes on a side of paper say."""
    path = folder / "side.png"
    picture(pdf, side, dpi=200).save(path)
    run = subprocess.run(["zbarimg", "--quiet", "--raw", str(path)], capture_output=True, text=True)
    return sorted(run.stdout.split())
