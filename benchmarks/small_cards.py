"""A thousand cards of A6 with a QR code each, four on a sheet: seconds and memory, against plain platypus.

``python -m benchmarks.small_cards`` sets the same words with ReportLab's platypus too, one card on a page of A6 with
its QR code, neither imposed nor with a structure tree, and prints the ratio of the two.
"""

import io
import resource
from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A6
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate

from prep.cards.code import card_code, content_digest
from prep.cards.imposing import Batch, write_prints
from prep.cards.parts import People, PersonLine, Print, Steps
from prep.cards.qr import content
from prep.cards.typography import Font, register_fonts
from prep.terms import CardFormat, Language

AT = datetime(2026, 11, 22, 8, 46, tzinfo=UTC)
CARDS = 1000
STEPS = ("Kirjaa hälytysaika ja hälyttäjä.", "Ilmoita tilannekeskukselle, että olet tehtävässä.")


def cards() -> list[Print]:
    """Cards of which no two say the same."""
    return [
        Print(
            name=f"Kortti {number}",
            kicker="Yhteystietokortti",
            title=f"Kunta {number}",
            below=("Varautumisen yhteyshenkilö",),
            code=card_code(content_digest({"card": number})),
            language=Language.FI,
            parts=(
                Steps("0–15 min", STEPS),
                People(
                    "Soita tässä järjestyksessä",
                    tuple(
                        PersonLine(
                            f"Virka {post}", f"Esimerkki {number}-{post}", (f"+358 00 {number:04d} {post}",)
                        )
                        for post in range(5)
                    ),
                ),
            ),
            foot="Versio 1 · tulostettu 22.11.2026 klo 10.46",
            classification="Vain sisäiseen käyttöön",
            data_age="",
        )
        for number in range(CARDS)
    ]


def ours(made: list[Print], *, has_tree: bool) -> bytes:
    file = io.BytesIO()
    batch = Batch(CardFormat.A6, made)
    write_prints(file, [batch], title="Kortit", language=Language.FI, at=AT, has_tree=has_tree)
    return file.getvalue()


def platypus(made: list[Print]) -> bytes:
    """The same words as paragraphs, one card on a page."""
    file = io.BytesIO()
    body = ParagraphStyle("body", fontName=Font.REGULAR, fontSize=12, leading=15)
    story: list[Flowable] = []
    for one in made:
        steps, people = one.parts
        assert isinstance(steps, Steps)
        assert isinstance(people, People)
        picture = Drawing(48, 48)
        picture.add(QrCodeWidget(content(one.code), barWidth=48, barHeight=48, barLevel="Q"))
        words = [one.kicker, one.title, *one.below, steps.title, *steps.steps, people.title]
        words += [text for row in people.rows for text in (row.post, row.name, *row.numbers)]
        words += [one.foot, one.classification]
        story += [picture, *(Paragraph(text, body) for text in words), PageBreak()]
    margin = 18
    document = SimpleDocTemplate(
        file, pagesize=A6, leftMargin=margin, rightMargin=margin, topMargin=margin, bottomMargin=margin
    )
    document.build(story)
    return file.getvalue()


def timed(work: Callable[[], bytes]) -> tuple[float, int]:
    began = perf_counter()
    written = work()
    return perf_counter() - began, len(written)


def main() -> None:
    register_fonts()
    made = cards()
    # What is read once for the whole process is not what is measured.
    ours(made[:1], has_tree=True)
    plain_s, plain_bytes = timed(lambda: platypus(made))
    print(f"{'':22}{'s':>7}{'MB':>7}{'ratio':>7}")
    print(f"{'plain platypus':22}{plain_s:7.2f}{plain_bytes / 1e6:7.2f}{1:7.2f}")
    for name, has_tree in (("imposed", False), ("imposed, with tree", True)):
        seconds, size = timed(lambda: ours(made, has_tree=has_tree))  # noqa: B023
        print(f"{name:22}{seconds:7.2f}{size / 1e6:7.2f}{seconds / plain_s:7.2f}")
    # Of the whole run, in KiB as Linux counts.
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
