"""rtf: what Word, WPS and WordPad write as rich text (RTF 1.9)."""

import re
from dataclasses import dataclass, replace

from .document import Limits, Notes, Raw
from .errors import ReadError

TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|[\r\n]+|(?P<text>[^\\{}\r\n]+)|\\"
)
BREAKS = {"par": "\n", "line": "\n", "sect": "\n\n", "page": "\n\n", "row": "\n", "tab": "\t", "cell": "\t"}
SIGNS = {"emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”"}
SPACES = {"emspace": "\u3000", "enspace": "\u2002", "bullet": "·"}
WORDS = BREAKS | SIGNS | SPACES
# Groups that hold no text of the document. Those marked \* are unknown extensions and left out as well.
LEFT_OUT = {
    "annotation", "atnauthor", "atnid", "author", "bkmkend", "bkmkstart", "buptim", "colortbl",
    "comment", "company", "creatim", "datafield", "fldinst", "footer", "footerf", "footerl", "footerr",
    "footnote", "ftncn", "ftnsep", "ftnsepc", "generator", "header", "headerf", "headerl", "headerr",
    "info", "keywords", "listoverridetable", "listtable", "nonshppict", "object", "objdata", "operator",
    "panose", "pict", "pntxta", "pntxtb", "printim", "private", "revtim", "revtbl", "rxe", "stylesheet",
    "subject", "tc", "themedata", "title", "txe", "xe", "xmlnstbl", "latentstyles", "rsidtbl",
    "filetbl", "nonesttables", "pnseclvl",
}  # fmt: skip
# {\*\shppict and {\*\listtext … hold what readers should show although they are marked as extensions.
KEPT = {"pntext", "listtext", "shpinst", "shptxt", "nesttableprops", "upr", "ud"}
CHARSETS = {77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 204: "cp1251"}


@dataclass(frozen=True)
class _Group:
    """What holds between two braces."""

    skipped: bool = False
    fonts: bool = False
    unicode_fallback: int = 1
    encoding: str | None = None


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.encoding = "gb18030"
        self.fonts: dict[int, str | None] = {}
        self.parts: list[str] = []
        self.bytes = bytearray()
        self.groups: list[_Group] = []
        self.group = _Group()
        self.font = 0
        self.skip_chars = 0
        self.extension = False

    def read(self) -> str:
        at = 0
        while match := TOKEN.match(self.data, at):
            at = match.end()
            kind = match.lastgroup
            if kind == "brace":
                if not self._brace(match["brace"]):
                    break
            elif match["word"]:
                number = int(match["number"]) if match["number"] else None
                if match["word"] == b"bin":
                    at += max(number or 0, 0)
                else:
                    self._word(match["word"].decode("ascii"), number)
            elif kind == "sign":
                self._sign(match["sign"])
            elif kind == "hex":
                self._bytes(bytes.fromhex(match["hex"].decode("ascii")), 1)
            elif kind == "text":
                self._bytes(match["text"], len(match["text"]))
        self._flush()
        # A character beyond the first plane comes as two halves.
        return "".join(self.parts).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def _brace(self, brace: bytes) -> bool:
        """Open or close a group; False where the document ends."""
        self._flush()
        self.skip_chars, self.extension = 0, False
        if brace == b"{":
            self.groups.append(self.group)
        else:
            self.group = self.groups.pop() if self.groups else _Group()
        return bool(self.groups)

    def _word(self, word: str, number: int | None) -> None:
        extension, self.extension = self.extension, False
        if word == "u" and number is not None:
            self._flush()
            self._put(chr(number % 0x10000))
            self.skip_chars = self.group.unicode_fallback
            return
        self.skip_chars = 0
        if word in LEFT_OUT or (extension and word not in KEPT):
            self.group = replace(self.group, skipped=True)
        elif word == "fonttbl":
            self.group = replace(self.group, skipped=True, fonts=True)
        elif word == "uc":
            self.group = replace(self.group, unicode_fallback=max(number or 0, 0))
        elif word == "ansicpg":
            self.encoding = {936: "gb18030", 950: "cp950"}.get(number or 0, f"cp{number or 1252}")
        elif word == "f":
            self._choose_font(number or 0)
        elif word == "fcharset" and self.group.fonts:
            self.fonts[self.font] = CHARSETS.get(number or 0)
        elif word in WORDS:
            self._flush()
            self._put(WORDS[word])

    def _choose_font(self, number: int) -> None:
        self._flush()
        self.font = number
        if not self.group.fonts:
            self.group = replace(self.group, encoding=self.fonts.get(number))

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self.extension = True
        elif sign == b"~":
            self._bytes(b" ", 1)
        elif sign in b"{}\\":
            self._bytes(sign, 1)
        elif sign == b"_":
            self._bytes(b"-", 1)
        elif sign in b"\r\n":
            self._flush()
            self._put("\n")

    def _bytes(self, data: bytes, count: int) -> None:
        self.extension = False
        skipped = min(self.skip_chars, count)
        self.skip_chars -= skipped
        if not self.group.skipped:
            self.bytes += data[skipped:]

    def _put(self, text: str) -> None:
        if not self.group.skipped:
            self.parts.append(text)

    def _flush(self) -> None:
        """Decode what has come in as bytes; a Chinese character may be one escape and one plain letter."""
        if self.bytes:
            self.parts.append(_decoded(bytes(self.bytes), self.group.encoding or self.encoding))
            self.bytes.clear()


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "replace")
    except LookupError:
        return data.decode("gb18030", "replace")


def read_rtf(data: bytes, limits: Limits) -> Raw:
    """Return the text with the numbers of its lists; headers, footers, notes and pictures are left out."""
    reader = _Reader(data)
    text = reader.read()
    if not text.strip() and reader.groups:
        raise ReadError("truncated")
    notes: Notes = {"cut_off": []} if reader.groups else {}
    return Raw(text, encoding=reader.encoding, notes=notes)
