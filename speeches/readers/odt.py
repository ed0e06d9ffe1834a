"""odt: what LibreOffice and WPS write as OpenDocument text (ISO 26300)."""

import re
from collections.abc import Iterator

from . import numbering
from .document import Limits, Raw
from .errors import ReadError
from .packed import Element, Package, attribute, child, children, first, local
from .word import row_lines

# Deleted passages, notes, comments, and what a reader does not see as text of the document.
LEFT_OUT = {
    "tracked-changes", "note", "annotation", "sequence-decls", "forms", "ruby-text", "title", "desc",
    "list-header", "table-of-content-source", "bookmark", "soft-page-break",
}  # fmt: skip
FORMATS = {
    "1": str,
    "a": numbering.letter,
    "A": lambda number: numbering.letter(number).upper(),
    "i": numbering.roman,
    "I": lambda number: numbering.roman(number).upper(),
    "一, 二, 三, ...": numbering.chinese,
    "壹, 贰, 叁, ...": lambda number: numbering.chinese(number, digits=numbering.LEGAL, ten="拾"),
    "①, ②, ③, ...": numbering.circled,
}
MOST_SPACES = 200
SPACES = re.compile(r"[ \t\r\n]+")


def read_odt(data: bytes, limits: Limits) -> Raw:
    """Return the body's text, with the numbers of its lists; headers, footers and notes are left out."""
    package = Package(data, limits)
    if first(package.xml_if_any("META-INF/manifest.xml"), "encryption-data") is not None:
        raise ReadError("encrypted")
    if any(_is_macro(name) for name in package.names):
        raise ReadError("macro")
    content = package.xml("content.xml")
    body = child(content, "body", "text")
    if body is None:
        raise ReadError("damaged")
    lists = Lists(content, package.xml_if_any("styles.xml"))
    text = "\n".join(_blocks(body, lists))
    return Raw(text, metadata=_metadata(package), notes={"numbered": []} if lists.used else {})


def _is_macro(name: str) -> bool:
    library = name.startswith("Basic/") and name.endswith(".xml")
    return (library and "script-l" not in name) or (name.startswith("Scripts/") and not name.endswith("/"))


def _blocks(container: Element, lists: "Lists") -> Iterator[str]:
    for block in container:
        match local(block):
            case "p" | "h":
                yield from _paragraph(block, lists)
            case "list":
                with_list = lists.enter(block)
                yield from _blocks(block, lists)
                lists.leave(with_list)
            case "list-item":
                lists.count(block)
                yield from _blocks(block, lists)
            case "table-row":
                yield from row_lines([[*_blocks(cell, lists)] for cell in children(block, "table-cell")])
            case name if name not in LEFT_OUT:
                yield from _blocks(block, lists)


def _paragraph(paragraph: Element, lists: "Lists") -> Iterator[str]:
    boxes: list[Element] = []
    text = "".join(_words(paragraph, boxes))
    marker = lists.marker() if text.strip() else ""
    yield numbering.joined(marker, text) if marker else text
    for box in boxes:
        yield from _blocks(box, lists)


def _words(element: Element, boxes: list[Element]) -> Iterator[str]:
    yield SPACES.sub(" ", element.text or "")
    for part in element:
        match local(part):
            case "s":
                count = attribute(part, "c") or "1"
                yield " " * (min(int(count), MOST_SPACES) if count.isdecimal() and len(count) < 9 else 1)
            case "tab":
                yield "\t"
            case "line-break":
                yield "\n"
            case "text-box":
                boxes.append(part)
            case name if name not in LEFT_OUT:
                yield from _words(part, boxes)
        yield SPACES.sub(" ", part.tail or "")


class Lists:
    """The automatic numbers of a document, counted as its lists and items come by."""

    def __init__(self, *documents: Element | None) -> None:
        self.used = False
        self._styles: dict[str, dict[str, Element]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._open: list[str] = []
        self._pending = False
        for document in documents:
            for style in document.iter() if document is not None else ():
                if local(style) == "list-style":
                    levels = {attribute(level, "level") or "": level for level in style}
                    self._styles[attribute(style, "name") or ""] = levels

    def enter(self, element: Element) -> int:
        """Begin a list; its items count on where it says that it continues another."""
        name = attribute(element, "style-name") or (self._open[-1] if self._open else "")
        self._open.append(name)
        goes_on = attribute(element, "continue-numbering") == "true" or attribute(element, "continue-list")
        if not goes_on:
            self._counts.pop((name, len(self._open)), None)
        return len(self._open)

    def leave(self, depth: int) -> None:
        """End the list that ``enter`` began."""
        del self._open[depth - 1 :]

    def count(self, item: Element) -> None:
        """Begin an item; its first paragraph bears the number."""
        key = (self._open[-1] if self._open else "", len(self._open))
        level = self._level(*key)
        start = attribute(item, "start-value")
        value = start or (attribute(level, "start-value") if level is not None else None) or "1"
        begin = int(value) if value.isdecimal() and len(value) < 9 else 1
        self._counts[key] = begin if start or key not in self._counts else self._counts[key] + 1
        for deeper in [other for other in self._counts if other[0] == key[0] and other[1] > key[1]]:
            del self._counts[deeper]
        self._pending = True

    def marker(self) -> str:
        """Return the number of the item that has just begun, or nothing."""
        pending, self._pending = self._pending, False
        if not (pending and self._open):
            return ""
        name, depth = self._open[-1], len(self._open)
        level = self._level(name, depth)
        if level is None or local(level) != "list-level-style-number" or not attribute(level, "num-format"):
            return ""
        value = attribute(level, "display-levels") or "1"
        shown = min(int(value), depth) if value.isdecimal() and len(value) < 3 else 1
        numbers = [self._number(name, at) for at in range(depth - shown + 1, depth + 1)]
        self.used = True
        return (attribute(level, "num-prefix") or "") + ".".join(numbers) + (attribute(level, "num-suffix") or "")

    def _number(self, name: str, depth: int) -> str:
        level = self._level(name, depth)
        style = FORMATS.get(attribute(level, "num-format") or "1", str) if level is not None else str
        return style(self._counts.get((name, depth), 1))

    def _level(self, name: str, depth: int) -> Element | None:
        return self._styles.get(name, {}).get(str(depth))


def _metadata(package: Package) -> dict[str, str]:
    meta = package.xml_if_any("meta.xml")
    author = first(meta, "creator")
    named = {
        "title": first(meta, "title"),
        "author": author if author is not None else first(meta, "initial-creator"),
        "created": first(meta, "creation-date"),
        "modified": first(meta, "date"),
        "program": first(meta, "generator"),
    }
    return {key: found.text.strip() for key, found in named.items() if found is not None and found.text}
