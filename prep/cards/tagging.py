"""The structure tree of a PDF: what is a heading, a paragraph, a table, and in which order it is read aloud.

ReportLab writes none. Here the pen marks what it draws (ISO 32000-2, 14.7 and 14.8), and the tree is written with the
document. What stands in no element (lines, running heads, crop marks) is an artifact, which is not read aloud.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFString
from reportlab.pdfgen.canvas import Canvas

from prep.cards.page import Pen
from prep.cards.typography import Line
from prep.terms import Language


@dataclass(eq=False, slots=True)
class Element:
    """A node: its kind (``H1``, ``P``, ``TD`` …), and in it nodes and marked places as (side, number)."""

    kind: str
    alt: str = ""
    language: Language | None = None
    kids: list["Element | tuple[int, int]"] = field(default_factory=list)


class Tree:
    """The tree of a document being drawn."""

    def __init__(self, canvas: Canvas):
        self._canvas = canvas
        self.root = Element("Document")
        self._open = [self.root]
        # For each side, from 1, the element of every marked place on it.
        self._marked: dict[int, list[Element]] = {}

    @property
    def current(self) -> Element | None:
        """The element in which is being drawn; None outside all."""
        return self._open[-1] if len(self._open) > 1 else None

    def begin(self, element: Element) -> None:
        """Draw in a new element, the last one in that in which has been drawn so far."""
        self._open[-1].kids.append(element)
        self._open.append(element)

    def resume(self, element: Element) -> None:
        """Go on drawing in an element that was begun, and ended, on another side."""
        self._open.append(element)

    def end(self) -> None:
        self._open.pop()

    def mark(self, element: Element) -> int:
        """The number of a new marked place of an element on the side being drawn."""
        side = self._canvas.getPageNumber()
        marked = self._marked.setdefault(side, [])
        marked.append(element)
        element.kids.append((side, len(marked) - 1))
        return len(marked) - 1

    def write(self) -> None:
        """Add the tree to the document, before it is saved."""
        document: Any = self._canvas._doc  # type: ignore[attr-defined]  # There is no public way to its objects.
        pages = document.Pages.pages
        root = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        root_reference = document.Reference(root)
        references: dict[Element, Any] = {}
        top = self._node(document, pages, self.root, root_reference, references)
        numbers: list[Any] = []
        for place, (side, marked) in enumerate(sorted(self._marked.items())):
            # ReportLab knows neither of these names; it writes those on this list.
            page = pages[side - 1]
            page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
            page.StructParents, page.Tabs = place, PDFName("S")
            numbers += [place, PDFArray([references[element] for element in marked])]
        root.dict.update(
            K=top,
            ParentTree=document.Reference(PDFDictionary({"Nums": PDFArray(numbers)})),
            ParentTreeNextKey=len(self._marked),
        )
        document.Catalog.StructTreeRoot = root_reference
        document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})

    def _node(
        self, document: Any, pages: list[Any], element: Element, parent: Any, references: dict[Element, Any]
    ) -> Any:
        node = PDFDictionary({"S": PDFName(element.kind), "P": parent})
        reference = references[element] = document.Reference(node)
        own_side = next((kid[0] for kid in element.kids if not isinstance(kid, Element)), None)
        if own_side is not None:
            node.dict["Pg"] = document.Reference(pages[own_side - 1])
        kids: list[Any] = []
        for kid in element.kids:
            if isinstance(kid, Element):
                kids.append(self._node(document, pages, kid, reference, references))
            elif kid[0] == own_side:
                kids.append(kid[1])
            else:
                page = document.Reference(pages[kid[0] - 1])
                kids.append(PDFDictionary({"Type": PDFName("MCR"), "Pg": page, "MCID": kid[1]}))
        node.dict["K"] = PDFArray(kids)
        if element.alt:
            node.dict["Alt"] = PDFString(element.alt)
        if element.language:
            node.dict["Lang"] = PDFString(str(element.language))
        if element.kind == "TH":
            node.dict["A"] = PDFDictionary({"O": PDFName("Table"), "Scope": PDFName("Column")})
        return reference


class TaggedPen(Pen):
    """A pen that marks what it draws with the element in which it is drawn."""

    def __init__(self, canvas: Canvas, tree: Tree):
        super().__init__(canvas)
        self._tree = tree
        # Text in the order in which it is drawn, each stretch with its element and its number on the side.
        self._stretches: list[tuple[Element | None, int, Any]] = []
        canvas.addLiteral("/Artifact BMC")

    def line(self, x: float, baseline: float, line: Line, *, white: bool = False) -> None:
        if not line:
            return
        element = self._tree.current
        if not self._stretches or element is not self._stretches[-1][0]:
            self._text = self._canvas.beginText()
            number = self._tree.mark(element) if element else 0
            self._stretches.append((element, number, self._text))
        super().line(x, baseline, line, white=white)
        # Between the last word of a line and the first of the next: whoever reads aloud has no line ends.
        self._text.textOut(" ")

    def begin(self, kind: str, *, language: Language | None = None) -> None:
        self._tree.begin(Element(kind, language=language))

    def end(self) -> None:
        self._tree.end()

    @contextmanager
    def picture(self, alt: str) -> Iterator[None]:
        self._tree.begin(figure := Element("Figure", alt))
        number = self._tree.mark(figure)
        # The lines around it are an artifact, which ends here and goes on behind it.
        self._canvas.addLiteral(f"EMC /Figure <</MCID {number}>> BDC")
        yield
        self._canvas.addLiteral("EMC /Artifact BMC")
        self._tree.end()

    def lift(self) -> None:
        canvas = self._canvas
        canvas.addLiteral("EMC")
        for element, number, text in self._stretches:
            canvas.addLiteral(f"/{element.kind} <</MCID {number}>> BDC" if element else "/Artifact BMC")
            canvas.drawText(text)
            canvas.addLiteral("EMC")
