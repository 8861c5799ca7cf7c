"""Reads a picture or PDF from stdin, writes what is safe of it to stdout: a program of its own, run by ``safe_files``.

A picture is decoded and written anew, so that nothing but what is seen of it remains: no place where it was taken, no
remarks, nothing behind its end. A PDF is looked through, object by object, and stays as it is. What a crafted file can
do (unpack to more than there is room for) ends this process and no other. It imports nothing of prep.
"""

import base64
import io
import json
import resource
import sys
from typing import Any

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 25
# The largest of a good telephone's camera; what unpacks to more is no plan and no photograph.
MAX_PIXELS = 50_000_000
# A sheet of A4 at 300 dots an inch.
LONGEST_SIDE = 3_508
MAX_OBJECTS = 200_000
QUALITY = 88
# Kinds of actions that run something or send something (ISO 32000-2, table 201).
_ACTIONS = {
    "/JavaScript": "script",
    "/Launch": "launch",
    "/SubmitForm": "launch",
    "/ImportData": "launch",
    "/GoToE": "embedded",
    "/Rendition": "embedded",
    "/Movie": "embedded",
    "/Sound": "embedded",
    "/RichMediaExecute": "embedded",
}
# Keys of dictionaries that hold scripts or other files.
_KEYS = {
    "/JS": "script",
    "/JavaScript": "script",
    "/XFA": "script",
    "/EmbeddedFiles": "embedded",
    "/EF": "embedded",
    "/AF": "embedded",
    "/RichMediaContent": "embedded",
}
_TYPES = {"/EmbeddedFile": "embedded", "/RichMedia": "embedded", "/FileAttachment": "embedded"}


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()
    json.dump(_of_pdf(content) if content.startswith(b"%PDF-") else _of_picture(content), sys.stdout)


def _of_picture(content: bytes) -> dict[str, Any]:
    from PIL import Image, ImageOps, UnidentifiedImageError

    # Ours is asked before anything is unpacked.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as opened:
            width, height = opened.size
            if width * height > MAX_PIXELS:
                return {"error": "pixels", "width": width, "height": height}
            if getattr(opened, "n_frames", 1) > 1:
                return {"error": "moves"}
            # JPEG alone: unpacked no larger than it is needed.
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture = ImageOps.exif_transpose(opened)
            is_drawing = opened.format == "PNG"
            picture = _upon_white(picture)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError):
        # What Pillow raises for a file that is damaged or none of these.
        return {"error": "picture"}
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    # Only the pixels go over: whatever else the file said stays behind.
    clean = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    made = io.BytesIO()
    if is_drawing:
        clean.save(made, "PNG", optimize=True)
    else:
        clean.save(made, "JPEG", quality=QUALITY, optimize=True)
    return {
        "kind": "PNG" if is_drawing else "JPEG",
        "content": base64.b64encode(made.getvalue()).decode("ascii"),
    }


def _upon_white(picture: Any) -> Any:
    """The picture in grey or in colours; what can be seen through lies on white, as on paper."""
    from PIL import Image

    if picture.mode in {"1", "L"} and "transparency" not in picture.info:
        return picture.convert("L")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture)
    return picture.convert("RGB")


def _of_pdf(content: bytes) -> dict[str, Any]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            return {"error": "locked"}
        if not len(reader.pages):
            return {"error": "pdf"}
        found = _harm_in(reader)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError):
        # What pypdf raises for a file that is damaged.
        return {"error": "pdf"}
    return {"error": found} if found else {"kind": "PDF"}


def _harm_in(reader: Any) -> str | None:
    """What a PDF holds that runs, sends or carries something; None for nothing. Every object is looked at."""
    from pypdf.generic import IndirectObject

    numbers = {(number, generation) for generation, some in reader.xref.items() for number in some}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > MAX_OBJECTS:
        return "objects"
    waiting: list[Any] = [reader.trailer]
    waiting += [
        IndirectObject(number, generation, reader) for number, generation in sorted(numbers) if number
    ]
    for reference in waiting:
        if (found := _harm_of(reference)) is not None:
            return found
    return None


def _harm_of(reference: Any) -> str | None:
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

    waiting = [reference.get_object() if isinstance(reference, IndirectObject) else reference]
    while waiting:
        one = waiting.pop()
        # What it refers to is an object of its own, and looked at as such.
        if isinstance(one, DictionaryObject):
            for key in one:
                if key in _KEYS:
                    return _KEYS[key]
            action = _ACTIONS.get(str(one.get("/S"))) if "/S" in one else None
            kind = next(
                (_TYPES[str(one.get(key))] for key in ("/Type", "/Subtype") if str(one.get(key)) in _TYPES),
                None,
            )
            if action or kind:
                return action or kind
            waiting += [value for value in one.values() if not isinstance(value, IndirectObject)]
        elif isinstance(one, ArrayObject):
            waiting += [value for value in one if not isinstance(value, IndirectObject)]
    return None


if __name__ == "__main__":
    main()
