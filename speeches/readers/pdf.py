"""pdf: what prints or exports as PDF, as far as it has a text layer."""

import ctypes
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium
import pypdfium2.raw as c

from .document import Limits, Raw
from .errors import ReadError
from .layout import Glyph, Strip, paragraphs_of, strips_of

# A scan may carry a stamp or a page number as text; so few characters a page are none.
FEWEST = 10
# What stands aslant is a watermark.
ASLANT = 0.1
KEYS = {"Title": "title", "Author": "author", "CreationDate": "created", "ModDate": "modified", "Producer": "program"}
DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?")


def read_pdf(data: bytes, limits: Limits) -> Raw:
    """Return the text in reading order, without running heads and page numbers.

    ``scanned_pdf`` where the pages are pictures; ``encrypted`` where it opens only with a password.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise ReadError(_reason(data, str(error))) from error
    with document:
        if len(document) > limits.max_pages:
            raise ReadError("too_many_pages", pages=len(document), limit=limits.max_pages)
        pages: list[list[Strip]] = []
        height, length = 1.0, 0
        for number in range(len(document)):
            strips, page_height = _page(document, number)
            pages.append(strips)
            height = max(height, page_height)
            length += sum(len(strip.text) for strip in strips)
            if length > limits.max_chars:
                raise ReadError("too_long", limit=limits.max_chars)
        if length < FEWEST * len(pages) and _has_pictures(document):
            raise ReadError("scanned_pdf")
        metadata = _metadata(document)
    text, notes = paragraphs_of(pages, height)
    return Raw(text, metadata={**metadata, "pages": str(len(pages))}, notes=notes)


def _reason(data: bytes, message: str) -> str:
    if "assword" in message or "ecurity" in message:
        return "encrypted"
    return "damaged" if b"%%EOF" in data[-2048:] else "truncated"


@contextmanager
def _opened(document: pdfium.PdfDocument, number: int) -> Iterator[pdfium.PdfPage | None]:
    """Open a page and close it again; None where it is spoilt, so that the others can still be read."""
    try:
        page = document[number]
    except pdfium.PdfiumError:
        yield None
        return
    try:
        yield page
    finally:
        page.close()


def _page(document: pdfium.PdfDocument, number: int) -> tuple[list[Strip], float]:
    """Return the lines of a page and its height."""
    with _opened(document, number) as page:
        if page is None:
            return [], 1.0
        text_page = page.get_textpage()
        try:
            glyphs = _glyphs(text_page.raw, page.get_size(), page.get_rotation())
            return strips_of(glyphs, number), page.get_height()
        finally:
            text_page.close()


def _glyphs(text_page: c.FPDF_TEXTPAGE, size: tuple[float, float], rotation: int) -> Iterator[Glyph]:
    """Yield the characters of a page with their boxes, as they stand when the page is upright."""
    box = c.FS_RECTF()
    at = ctypes.byref(box)
    pending = ""
    for index in range(c.FPDFText_CountChars(text_page)):
        code = c.FPDFText_GetUnicode(text_page, index)
        if code in {0, 10, 13, 0xFFFE, 0xFFFF} or not c.FPDFText_GetLooseCharBox(text_page, index, at):
            continue
        if 0xD800 <= code < 0xDC00:  # a character beyond the first plane comes as two halves
            pending = chr(code)
            continue
        char = pending + chr(code) if pending else chr(code)
        pending = ""
        if len(char) == 2:
            char = char.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        if char == " " and c.FPDFText_IsGenerated(text_page, index):
            continue
        if abs(math.sin(2 * c.FPDFText_GetCharAngle(text_page, index))) > ASLANT:
            continue
        yield _upright(char, box, size, rotation)


def _upright(char: str, box: c.FS_RECTF, size: tuple[float, float], rotation: int) -> Glyph:
    width, height = size
    match rotation:
        case 90:
            return Glyph(char, box.bottom, box.top, box.left, box.right)
        case 180:
            return Glyph(char, width - box.right, width - box.left, box.bottom, box.top)
        case 270:
            return Glyph(char, width - box.top, width - box.bottom, height - box.right, height - box.left)
    return Glyph(char, box.left, box.right, height - box.top, height - box.bottom)


def _has_pictures(document: pdfium.PdfDocument) -> bool:
    for number in range(min(len(document), 5)):
        with _opened(document, number) as page:
            pictures = page and page.get_objects(filter=[c.FPDF_PAGEOBJ_IMAGE], max_depth=3)
            if pictures and next(pictures, None) is not None:
                return True
    return False


def _metadata(document: pdfium.PdfDocument) -> dict[str, str]:
    found = {}
    for key, name in KEYS.items():
        value = document.get_metadata_value(key).strip()
        if (match := DATE.match(value)) and match[2] and match[3]:
            value = f"{match[1]}-{match[2]}-{match[3]}"
            value += f"T{match[4]}:{match[5]}:{match[6]}" if match[6] else ""
        if value:
            found[name] = value
    return found
