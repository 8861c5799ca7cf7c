"""All cards of the invented county: how long making and setting them takes, against bare text on as many sides.

``python -m benchmarks.cards`` prints seconds, and their ratio to what ReportLab alone needs for 40 lines of plain
text on each of as many sides.
"""

import io
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from prep import migrations
from prep.cards import document, records
from prep.cards.typography import Font, register_fonts
from prep.db import make_engine, read_session, write_session
from prep.demo.people import populate
from prep.regions.packs import load_pack
from prep.registry.install import install
from prep.terms import Language

ON = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 8, 46, tzinfo=UTC)
LINES = 40
TEXT = "Ilmoita tilannekeskukselle, että olet tehtävässä. Seuraava tilannekuva klo ____."


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = perf_counter()
    result = work()
    return perf_counter() - start, result


def plain(sides: int) -> None:
    """As many sides of plain text in an embedded font."""
    canvas = Canvas(io.BytesIO(), pageCompression=1, initialFontName=Font.REGULAR)
    for _ in range(sides):
        canvas.setFont(Font.REGULAR, 12)
        for line in range(LINES):
            canvas.drawString(50, 790 - 15 * line, TEXT)
        canvas.showPage()
    canvas.save()


def main() -> None:
    register_fonts()
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'prep.db'}")
        migrations.upgrade(engine)
        with write_session(engine, actor="benchmark") as session:
            county = install(session, load_pack("keski-pohjanmaa"), is_demo=True)
            populate(session, county, on=ON)
        print(f"{'':10}{'cards':>8}{'sides':>8}{'make s':>9}{'set s':>8}{'sides/s':>9}{'MB':>6}{'ratio':>7}")
        for language in Language:
            with read_session(engine) as session:
                make_s, cards = timed(
                    lambda: records.county_cards(session, language=language, on=ON, at=AT)  # noqa: B023
                )
            file = io.BytesIO()
            set_s, printed = timed(
                lambda: document.write(file, cards, title="Kortit", language=language, at=AT)  # noqa: B023
            )
            plain_s, _ = timed(lambda: plain(printed.sides))  # noqa: B023
            print(
                f"{language:10}{printed.cards:8}{printed.sides:8}{make_s:9.2f}{set_s:8.2f}"
                f"{printed.sides / set_s:9.0f}{len(file.getvalue()) / 1e6:6.1f}{(make_s + set_s) / plain_s:7.2f}"
            )
        engine.dispose()


if __name__ == "__main__":
    main()
