"""docx: what Word and WPS write today (ECMA-376)."""

from collections import defaultdict
from collections.abc import Iterator

from . import numbering
from .document import Limits, Raw
from .errors import ReadError
from .packed import Element, Package, attribute, child, children, first, local

# Text that is not part of the document as it reads: deletions, the older twin of a drawing, field codes.
LEFT_OUT = {"del", "moveFrom", "Fallback", "instrText", "delText", "footnoteReference", "rPr", "pPr"}


def read_docx(data: bytes, limits: Limits) -> Raw:
    """Return the body's text, with the numbers of its lists; headers, footers and notes are left out."""
    package = Package(data, limits)
    if any(name.endswith("vbaProject.bin") for name in package.names):
        raise ReadError("macro")
    main = _main_part(package)
    body = child(package.xml(main), "body")
    if body is None:
        raise ReadError("damaged")
    folder = main.rpartition("/")[0]
    lists = Lists(package.xml_if_any(f"{folder}/numbering.xml"), package.xml_if_any(f"{folder}/styles.xml"))
    text = "\n".join(_blocks(body, lists))
    return Raw(text, metadata=_metadata(package), notes={"numbered": []} if lists.used else {})


def _main_part(package: Package) -> str:
    relations = package.xml_if_any("_rels/.rels")
    for relation in relations if relations is not None else ():
        if (attribute(relation, "Type") or "").endswith("/officeDocument"):
            return (attribute(relation, "Target") or "").lstrip("/")
    return "word/document.xml"


def _blocks(container: Element, lists: "Lists") -> Iterator[str]:
    """Yield the paragraphs of ``container``; a table row of one-line cells is one line."""
    for block in container:
        match local(block):
            case "p":
                yield from _paragraph(block, lists)
            case "tbl":
                for row in _rows(block):
                    cells = [[*_blocks(cell, lists)] for cell in children(row, "tc")]
                    yield from row_lines(cells)
            case "sdt" | "sdtContent" | "customXml" | "ins" | "moveTo" | "smartTag":
                yield from _blocks(block, lists)


def _rows(table: Element) -> Iterator[Element]:
    for part in table:
        if local(part) == "tr":
            yield part
        elif local(part) in {"sdt", "sdtContent", "customXml"}:
            yield from _rows(part)


def row_lines(cells: list[list[str]]) -> Iterator[str]:
    """Yield a row of a table: one line with tabs, or every paragraph where cells hold several."""
    filled = [[line for line in cell if line.strip()] for cell in cells]
    if all(len(cell) <= 1 for cell in filled):
        yield "\t".join(cell[0] for cell in filled if cell)
    else:
        for cell in filled:
            yield from cell


def _paragraph(paragraph: Element, lists: "Lists") -> Iterator[str]:
    boxes: list[Element] = []
    text = "".join(_words(paragraph, boxes))
    marker = lists.marker(paragraph) if text.strip() else ""
    yield numbering.joined(marker, text) if marker else text
    for box in boxes:
        yield from _blocks(box, lists)


def _words(element: Element, boxes: list[Element]) -> Iterator[str]:
    for part in element:
        match local(part):
            case "t":
                yield part.text or ""
            case "tab" | "ptab":
                yield "\t"
            case "br" | "cr":
                yield "\n"
            case "noBreakHyphen":
                yield "-"
            case "txbxContent":
                boxes.append(part)
            case "r" if child(part, "rPr", "vanish") is not None:
                continue
            case name if name not in LEFT_OUT:
                yield from _words(part, boxes)


class Lists:
    """The automatic numbers of a document, counted as its paragraphs come by."""

    def __init__(self, definitions: Element | None, styles: Element | None) -> None:
        self.used = False
        self._levels: dict[str, dict[int, numbering.Level]] = {}
        self._depths: dict[tuple[str, str], int] = {}
        self._lists: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._styles = {} if styles is None else {attribute(s, "styleId"): s for s in children(styles, "style")}
        for definition in definitions if definitions is not None else ():
            if local(definition) == "abstractNum":
                name = attribute(definition, "abstractNumId") or ""
                levels = {_integer(level, "ilvl"): level for level in children(definition, "lvl")}
                self._levels[name] = {depth: _level(level) for depth, level in levels.items()}
                for depth, level in levels.items():
                    self._depths.setdefault((name, _value(child(level, "pStyle")) or ""), depth)
            elif local(definition) == "num":
                self._add(definition)

    def _add(self, instance: Element) -> None:
        number = attribute(instance, "numId") or ""
        self._lists[number] = _value(child(instance, "abstractNumId")) or ""
        for override in children(instance, "lvlOverride"):
            if (start := child(override, "startOverride")) is not None:
                self._starts[number, _integer(override, "ilvl")] = _integer(start, "val")

    def marker(self, paragraph: Element) -> str:
        """Count ``paragraph`` and return the number that stands before it, or nothing."""
        number, depth = self._place(paragraph)
        levels = self._levels.get(self._lists.get(number, ""), {})
        if depth not in levels:
            return ""
        counts, fresh = self._counts[self._lists[number]], self._starts.pop((number, depth), None)
        marker = numbering.count_on(counts, levels, depth, fresh)
        self.used = self.used or bool(marker)
        return marker

    def _place(self, paragraph: Element) -> tuple[str, int]:
        """Return the list and the depth in it, as the paragraph or its style says."""
        properties = child(paragraph, "pPr")
        name = _value(child(properties, "pStyle"))
        number, depth = _numbered(properties)
        for _ in range(10):  # a style may stand on another, and that on a third; never in a circle
            if number is not None or name not in self._styles:
                break
            style = self._styles[name]
            number, depth = _numbered(child(style, "pPr"))
            depth = self._depth_of(number, name) if depth is None else depth
            name = _value(child(style, "basedOn"))
        return number or "", depth or 0

    def _depth_of(self, number: str | None, style: str | None) -> int | None:
        """Return the level of a list that says itself which style it belongs to."""
        return self._depths.get((self._lists.get(number or "", ""), style or ""))


def _level(level: Element) -> numbering.Level:
    start = child(level, "start")
    return numbering.Level(
        text=_value(child(level, "lvlText")) or "",
        format=_value(child(level, "numFmt")) or "decimal",
        start=1 if start is None else _integer(start, "val"),
    )


def _numbered(properties: Element | None) -> tuple[str | None, int | None]:
    place = child(properties, "numPr")
    depth = child(place, "ilvl")
    return _value(child(place, "numId")), None if depth is None else _integer(depth, "val")


def _value(element: Element | None) -> str | None:
    return None if element is None else attribute(element, "val")


def _integer(element: Element, name: str) -> int:
    value = attribute(element, name) or ""
    return int(value) if value.isdecimal() and len(value) < 9 else 0


def _metadata(package: Package) -> dict[str, str]:
    core, application = package.xml_if_any("docProps/core.xml"), package.xml_if_any("docProps/app.xml")
    named = {
        "title": first(core, "title"),
        "author": first(core, "creator"),
        "created": first(core, "created"),
        "modified": first(core, "modified"),
        "program": first(application, "Application"),
        "pages": first(application, "Pages"),
    }
    return {key: found.text.strip() for key, found in named.items() if found is not None and found.text}
