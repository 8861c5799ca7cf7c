"""Plans and photographs of others: told by their content, pictures written anew, PDFs that run something refused."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from prep.errors import Refused
from prep.exchange.safe_files import LARGEST_BYTES, made_safe


def picture(form: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object) -> bytes:
    made = BytesIO()
    Image.new(mode, size, "white").save(made, form, **options)
    return made.getvalue()


def located() -> bytes:
    """A photograph that tells where it was taken, and lies on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (63.0, 50.0, 0.0), 3: "E", 4: (23.0, 7.0, 0.0)})
    exif[0x013B] = "Kuvaaja"
    return picture("JPEG", exif=exif, comment=b"secret remark") + b"behind the end"


def document(**catalog: object) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    for key, value in catalog.items():
        writer.root_object[NameObject(f"/{key}")] = value  # type: ignore[assignment]
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def named(**names: object) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in names.items()})  # type: ignore[dict-item]


def action(kind: str) -> DictionaryObject:
    return named(S=NameObject(f"/{kind}"))


def carrying() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment("a.exe", b"MZ")
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def on_the_page() -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    link = named(Subtype=NameObject("/Link"), A=action("Launch"))
    page[NameObject("/Annots")] = ArrayObject([link])
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def locked() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("x", algorithm="RC4-128")
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def bomb() -> bytes:
    """A PNG of some kilobytes that says it has 900 million pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


def test_of_a_photograph_nothing_but_the_picture_stays_and_it_stands_upright() -> None:
    before = located()
    assert b"Kuvaaja" in before
    safe = made_safe(before, name="IMG_1.jpg")
    assert safe.kind.mime == "image/jpeg"
    for word in (b"Exif", b"Kuvaaja", b"GPS", b"secret remark", b"behind"):
        assert word not in safe.content
    with Image.open(BytesIO(safe.content)) as kept:
        assert (kept.size, kept.format, dict(kept.getexif())) == ((20, 40), "JPEG", {})


def test_what_a_drawing_says_beside_itself_goes_and_what_can_be_seen_through_is_white() -> None:
    text = PngInfo()
    text.add_text("Author", "Kuvaaja")
    made = BytesIO()
    Image.new("RGBA", (5_000, 10), (255, 0, 0, 0)).save(made, "PNG", pnginfo=text)
    safe = made_safe(made.getvalue(), name="plan.png")
    with Image.open(BytesIO(safe.content)) as kept:
        # No longer than a sheet at 300 dots an inch has.
        assert (kept.size, kept.mode, kept.getpixel((0, 0))) == ((3508, 7), "RGB", (255, 255, 255))
        assert kept.info.get("Author") is None


def test_webp_is_kept_as_a_photograph_that_everything_can_show() -> None:
    assert made_safe(picture("WEBP"), name="x.webp").kind.name == "JPEG"


def test_a_document_in_which_nothing_runs_stays_as_it_is() -> None:
    content = document(OpenAction=ArrayObject([]))
    assert made_safe(content, name="plan.pdf").content == content
    assert len(PdfReader(BytesIO(content)).pages) == 1


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"", "It is empty"),
        (b"\xff\xd8\xff" + b"x" * LARGEST_BYTES, "It has at most 10 MB"),
        (b"MZ...", "It is one of JPEG, PNG, WebP, PDF, whatever its name says"),
        (b"<svg onload='x()'/>", "It is one of JPEG"),
        (b"GIF89a", "It is one of JPEG"),
        (b"\xff\xd8\xff broken", "cannot be read as a picture: it is damaged"),
        (picture("JPEG", (400, 400))[:200], "cannot be read as a picture: it is damaged"),
        (bomb(), "at most 50 million pixels; this has 30000 × 30000"),
        (
            picture("WEBP", save_all=True, append_images=[Image.new("RGB", (40, 20))], duration=100),
            "more than one picture",
        ),
        (b"%PDF-1.7\n", "cannot be read as a PDF: it is damaged"),
        (locked(), "locked by a password"),
        (document(Names=named(JavaScript=named(Names=ArrayObject([])))), "It holds a script"),
        (document(OpenAction=action("JavaScript")), "It holds a script"),
        (document(OpenAction=action("Launch")), "an action that starts a program"),
        (
            document(AA=named(WC=named(S=NameObject("/SubmitForm"), F=TextStringObject("x")))),
            "sends something",
        ),
        (document(AcroForm=named(XFA=TextStringObject("x"))), "It holds a script"),
        (on_the_page(), "an action that starts a program"),
        (carrying(), "It holds another file"),
    ],
)
def test_what_may_do_harm_is_refused_with_a_reason(content: bytes, wrong: str) -> None:
    with pytest.raises(Refused, match=wrong):
        made_safe(content, name="x.pdf")
