"""html and mhtml: pages saved from the web or from Word."""

import email
import email.policy
import re
from email.errors import CloseBoundaryNotFoundDefect
from email.message import EmailMessage
from itertools import pairwise

from lxml import etree

from .document import Limits, Notes, Raw
from .errors import ReadError
from .packed import Element, local
from .plain import decode
from .word import row_lines

LEFT_OUT = {
    "script", "style", "head", "noscript", "template", "nav", "footer", "aside", "iframe", "object", "svg",
    "button", "select", "option", "input", "textarea", "video", "audio", "map", "del", "s", "strike",
}  # fmt: skip
BLOCKS = {
    "p", "div", "section", "article", "main", "header", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li",
    "dl", "dt", "dd", "table", "thead", "tbody", "tfoot", "caption", "blockquote", "pre", "center", "form",
    "fieldset", "figure", "figcaption", "address", "hr", "body", "html", "td", "th",
}  # fmt: skip
SPACES = re.compile(r"[ \t\r\n\f]+")
CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w-]{2,20})""", re.I)
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
BEGINNING, END = re.compile(r"<html[\s>]", re.I), re.compile(r"</html\s*>", re.I)
CUT_OFF: Notes = {"cut_off": []}
# Pages that say gb2312 mean its successor, as browsers take them to.
MEANT = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs"}
# A block whose text is links for the most part is a menu.
MENU = 0.6
MENU_LINKS = 3
MENU_BLOCKS = {"ul", "ol", "dl", "div", "table", "td", "section"}


def read_html(data: bytes, limits: Limits) -> Raw:
    """Return the text of a page, without menus, scripts and what is hidden."""
    text, encoding = decode_page(data)
    return _page(text, encoding)


def read_mhtml(data: bytes, limits: Limits) -> Raw:
    """Return the text of the page that a web archive carries."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    try:
        page = message.get_body(preferencelist=("html", "plain")) if isinstance(message, EmailMessage) else None
        content = page.get_payload(decode=True) if page is not None else None
    except (LookupError, ValueError, AttributeError, TypeError) as error:
        raise ReadError("damaged") from error
    if page is None or not isinstance(content, bytes) or not content:
        raise ReadError("no_text")
    named = page.get_content_charset()
    text, encoding = decode_page(content, named)
    raw = _page(text, encoding) if page.get_content_type() == "text/html" else Raw(text, encoding)
    ended = not any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in message.defects)
    return raw if ended else raw._replace(notes=CUT_OFF)


def decode_page(data: bytes, named: str | None = None) -> tuple[str, str]:
    """Decode a page as it says of itself, where that is true; else as it looks."""
    mark = CHARSET.search(data[:4096])
    for name in (named, mark and mark[1].decode("ascii")):
        name = MEANT.get((name or "").lower(), name)
        if name and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            try:
                return data.decode(name), name.lower()
            except (LookupError, ValueError):  # no such charset, not in it, or no name of one at all
                continue
    return decode(data)


def _page(text: str, encoding: str) -> Raw:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = etree.fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadError("damaged") from error
    if root is None:
        raise ReadError("no_text")
    if any("depth" in error.message for error in parser.error_log):
        raise ReadError("damaged")  # what is nested too deep is cut off, and with it all that follows
    title = " ".join((root.findtext(".//title") or "").split())
    # A page may do without its closing tag, but no program that opens it leaves it open.
    ended = END.search(text) or not BEGINNING.search(text)
    return Raw(
        "\n".join(_Page(root).lines),
        encoding,
        metadata={"title": title} if title else {},
        notes={} if ended else CUT_OFF,
    )


class _Page:
    """The lines of a page, gathered in one walk over its elements."""

    def __init__(self, root: Element) -> None:
        self.lines: list[str] = []
        self._words: list[str] = []
        self._rows: list[tuple[int, list[int]]] = []
        self._verbatim = 0
        menus = _menus(root)
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            name = local(element)
            if event == "end":
                self._verbatim -= name == "pre"
                if name in BLOCKS or name == "tr":
                    self._end(name)
                self._say(element.tail)
            elif name in LEFT_OUT or element in menus or HIDDEN.search(element.get("style", "")):
                walk.skip_subtree()
            else:
                self._verbatim += name == "pre"
                self._begin(name)
                self._say(element.text)
        self._break()

    def _say(self, text: str | None) -> None:
        if text:
            self._words.append(text if self._verbatim else SPACES.sub(" ", text))

    def _begin(self, name: str) -> None:
        if name == "br":
            self._words.append("\n")
        elif name in BLOCKS or name == "tr":
            self._break()
            if name == "tr":
                self._rows.append((len(self.lines), []))
            elif name in {"td", "th"} and self._rows:
                self._rows[-1][1].append(len(self.lines))

    def _end(self, name: str) -> None:
        if name == "p" and not "".join(self._words).strip(" ") and self.lines[-1:] != [""]:
            self.lines.append("")  # an empty paragraph sets apart what stands above and below
        self._break()
        if name == "tr" and self._rows:
            begin, cells = self._rows.pop()
            edges = [begin, *cells, len(self.lines)]
            row = [self.lines[first:last] for first, last in pairwise(edges)]
            self.lines[begin:] = row_lines(row)

    def _break(self) -> None:
        """End a block; an empty line inside it stays."""
        words = "\n".join(line.rstrip(" ") for line in "".join(self._words).split("\n")).strip("\n")
        if words:
            self.lines += words.split("\n")
        self._words.clear()


def _menus(root: Element) -> set[Element]:
    """Return the blocks that are links for the most part."""
    found = set()
    counts = [[0, 0, 0]]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            counts.append([len((element.text or "").strip()), 0, 0])
            continue
        text, linked, links = counts.pop()
        if local(element) == "a":
            linked, links = text, 1
        elif links >= MENU_LINKS and linked > MENU * text and local(element) in MENU_BLOCKS:
            found.add(element)
        counts[-1][0] += text + len((element.tail or "").strip())
        counts[-1][1] += linked
        counts[-1][2] += links
    return found
