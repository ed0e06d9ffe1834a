"""ofd: the fixed-layout format of Chinese offices (GB/T 33190)."""

import posixpath
import re
from collections.abc import Iterator

from .document import Limits, Raw
from .errors import ReadError
from .layout import Glyph, Strip, paragraphs_of, strips_of
from .packed import Element, Package, attribute, child, children, first, local

# Characters of a page that a fuzzed or hostile file may ask for through "g COUNT STEP".
MOST_STEPS = 100_000
NUMBER = re.compile(r"-?\d*\.?\d+(?:[eE]-?\d+)?")


def read_ofd(data: bytes, limits: Limits) -> Raw:
    """Return the text in reading order, without running heads and page numbers; stamps are left out."""
    package = Package(data, limits)
    if "Encryptions.xml" in package.names or first(package.xml("OFD.xml"), "Encryptions") is not None:
        raise ReadError("encrypted")
    root = package.xml("OFD.xml")
    pages: list[list[Strip]] = []
    height, pictures = 1.0, False
    for body in children(root, "DocBody"):
        path = _path("", child(body, "DocRoot"))
        document = package.xml(path)
        templates = _parts(document, "TemplatePage", path)
        standard = _box(first(child(document, "CommonData"), "PhysicalBox"))
        for place in _parts(document, "Page", path).values():
            if len(pages) >= limits.max_pages:
                raise ReadError("too_many_pages", pages=f"> {limits.max_pages}", limit=limits.max_pages)
            page = package.xml(place)
            box = _box(first(child(page, "Area"), "PhysicalBox")) or standard or (0, 0, 210, 297)
            height = max(height, box[3])
            glyphs = [*_template_glyphs(package, page, templates), *_glyphs(page)]
            pages.append(strips_of(glyphs, len(pages)))
            pictures = pictures or first(page, "ImageObject") is not None
    if not any(pages):
        raise ReadError("scanned_pdf" if pictures else "no_text")
    text, notes = paragraphs_of(pages, height)
    return Raw(text, metadata={**_metadata(root), "pages": str(len(pages))}, notes=notes)


def _path(beside: str, element: Element | None, name: str = "") -> str:
    """Return the name that a location points to: from the root, or from the folder of ``beside``."""
    place = (element.text if not name else attribute(element, name)) if element is not None else None
    if not place or not place.strip():
        raise ReadError("damaged")
    place = place.strip()
    return posixpath.normpath(place[1:] if place.startswith("/") else posixpath.join(posixpath.dirname(beside), place))


def _parts(document: Element, kind: str, path: str) -> dict[str, str]:
    """Return the pages or the templates of a document by their number, in order."""
    return {
        attribute(part, "ID") or str(index): _path(path, part, "BaseLoc")
        for index, part in enumerate(found for found in document.iter() if local(found) == kind)
    }


def _template_glyphs(package: Package, page: Element, templates: dict[str, str]) -> Iterator[Glyph]:
    for used in children(page, "Template"):
        place = templates.get(attribute(used, "TemplateID") or "")
        template = package.xml_if_any(place) if place else None
        if template is not None:
            yield from _glyphs(template)


def _glyphs(page: Element) -> Iterator[Glyph]:
    """Yield the characters of a page with their boxes."""
    content = child(page, "Content")
    for element in content.iter() if content is not None else ():
        if local(element) == "TextObject" and attribute(element, "Visible") != "false":
            yield from _text_object(element)


def _text_object(element: Element) -> Iterator[Glyph]:
    box = _numbers(attribute(element, "Boundary"))
    if len(box) < 4:
        return
    size = next(iter(_numbers(attribute(element, "Size"))), box[3])
    if size <= 0:
        return
    matrix = _numbers(attribute(element, "CTM"))
    a, b, c, d, e, f = matrix if len(matrix) == 6 else (1, 0, 0, 1, 0, 0)
    height = size * (abs(d) or abs(c) or 1)
    width = size * (abs(a) or abs(b) or 1)
    x = y = 0.0
    for code in children(element, "TextCode"):
        x = next(iter(_numbers(attribute(code, "X"))), x)
        y = next(iter(_numbers(attribute(code, "Y"))), y)
        text = code.text or ""
        across, down = _steps(attribute(code, "DeltaX"), len(text)), _steps(attribute(code, "DeltaY"), len(text))
        for index, char in enumerate(text):
            left, base = box[0] + a * x + c * y + e, box[1] + b * x + d * y + f
            part = 0.5 if char.isascii() else 1
            yield Glyph(char, left, left + part * width, base - 0.88 * height, base + 0.12 * height)
            x += across[index] if index < len(across) else (0 if down else part * size)
            y += down[index] if index < len(down) else 0


def _steps(value: str | None, count: int) -> list[float]:
    """Return the steps between characters; "g 3 5.5" stands for 5.5 three times."""
    steps: list[float] = []
    words = iter((value or "").split())
    for word in words:
        if len(steps) >= min(count, MOST_STEPS):
            break
        if word == "g":
            times, step = _numbers(next(words, "")), _numbers(next(words, ""))
            if times and step:
                steps += step * min(max(int(times[0]), 0), count)
        else:
            steps += _numbers(word)
    return steps


def _numbers(value: str | None) -> list[float]:
    return [float(number) for number in NUMBER.findall(value or "")[:6]]


def _box(element: Element | None) -> tuple[float, float, float, float] | None:
    numbers = _numbers(element.text) if element is not None else []
    return (numbers[0], numbers[1], numbers[2], numbers[3]) if len(numbers) >= 4 else None


def _metadata(root: Element) -> dict[str, str]:
    info = first(root, "DocInfo")
    keys = {
        "Title": "title",
        "Author": "author",
        "CreationDate": "created",
        "ModDate": "modified",
        "Creator": "program",
    }
    found = {name: child(info, key) for key, name in keys.items()}
    return {name: words.text.strip() for name, words in found.items() if words is not None and words.text}
