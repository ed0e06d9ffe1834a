"""Makes files of every format from a text, one paragraph a line, as the usual programs would."""

import io
import struct
import zipfile
from email.message import EmailMessage
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFFICE = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
)
OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'
XML = '<?xml version="1.0" encoding="UTF-8"?>'
FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def zipped(members: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return file.getvalue()


def docx(text: str) -> bytes:
    paragraphs = [f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in text.split("\n")]
    return docx_of("".join(paragraphs))


def docx_of(body: str, **more: str | bytes) -> bytes:
    """A docx with ``body`` as its body's XML and ``more`` members of the folder word."""
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    return zipped(
        {
            "[Content_Types].xml": XML + types,
            "word/document.xml": f"{XML}<w:document {W}><w:body>{body}</w:body></w:document>",
            **{f"word/{name.replace('_', '.', 1)}": content for name, content in more.items()},
        }
    )


def odt(text: str) -> bytes:
    return odt_of("".join(f"<text:p>{_spaced(line)}</text:p>" for line in text.split("\n")))


def _spaced(line: str) -> str:
    free = len(line) - len(line.lstrip(" "))
    return (f'<text:s text:c="{free}"/>' if free else "") + escape(line.lstrip(" "))


def odt_of(body: str, styles: str = "", **more: str) -> bytes:
    content = (
        f"{XML}<office:document-content {OFFICE}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, **more})


def rtf(text: str, encoding: str = "gbk") -> bytes:
    """An rtf as Chinese Word writes it: characters as bytes of GBK, the others as numbers."""
    body = "\\par\n".join("".join(map(_rtf_char, line)) for line in text.split("\n"))
    head = "{\\rtf1\\ansi\\ansicpg936\\deff0{\\fonttbl{\\f0\\fnil\\fcharset134 \\'cb\\'ce\\'cc\\'e5;}}\\uc1\\pard\\f0 "
    return (head + body + "}").encode("ascii")


def _rtf_char(char: str) -> str:
    if char in "\\{}":
        return "\\" + char
    if char.isascii():
        return char
    try:
        return "".join(chr(byte) if 48 <= byte < 91 else f"\\'{byte:02x}" for byte in char.encode("gbk"))
    except UnicodeEncodeError:
        units = struct.unpack(f"<{len(char.encode('utf-16-le')) // 2}h", char.encode("utf-16-le"))
        return "".join(f"\\u{unit}?" for unit in units)


def html(text: str, encoding: str = "gb2312") -> bytes:
    body = "\n".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))
    page = f'<html><head><meta charset="{encoding}"><title>页</title></head><body>{body}</body></html>'
    return page.encode("gb18030" if encoding == "gb2312" else encoding)


def mhtml(text: str) -> bytes:
    message = EmailMessage()
    message["Subject"] = "讲话"
    message.set_content(html(text, "utf-8").decode(), subtype="html", charset="utf-8", cte="quoted-printable")
    message.make_related()
    message.add_related(b"\x89PNG", "image", "png")
    return message.as_bytes()


def pdf(text: str, *, head: str = "", size: int = 16) -> bytes:
    """A pdf as offices print it: first lines indented by two characters, page numbers between dashes."""
    style = ParagraphStyle(
        "body",
        fontName=FONT,
        fontSize=size,
        leading=size * 1.75,
        alignment=TA_JUSTIFY,
        wordWrap="CJK",
        firstLineIndent=2 * size,
    )

    def furnish(canvas, document) -> None:
        canvas.setFont(FONT, 12)
        canvas.drawCentredString(A4[0] / 2, 40, f"— {document.page} —")
        if head:
            canvas.drawCentredString(A4[0] / 2, A4[1] - 45, head)

    file = io.BytesIO()
    document = SimpleDocTemplate(file, pagesize=A4, title="讲话")
    lines = [Paragraph(escape(line), style) if line.strip() else Spacer(1, size * 1.75) for line in text.split("\n")]
    document.build(lines, onFirstPage=furnish, onLaterPages=furnish)
    return file.getvalue()


def ofd(text: str, *, across: int = 28, down: int = 22) -> bytes:
    """An ofd of ``across`` characters in a line and ``down`` lines on a page, first lines indented by two."""
    lines: list[tuple[int, str]] = []
    for paragraph in filter(str.strip, text.split("\n")):
        words, indent = paragraph.strip(), 2
        while words:
            cut = _line_end(words, across - indent)
            lines.append((indent, words[:cut]))
            words, indent = words[cut:], 0
    pages = [lines[at : at + down] for at in range(0, len(lines), down)]
    members = {f"Doc_0/Pages/Page_{n}/Content.xml": _ofd_page(page, n + 1) for n, page in enumerate(pages)}
    places = "".join(f'<ofd:Page ID="{n + 1}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    return zipped(
        {
            "OFD.xml": f"{XML}<ofd:OFD {OFD}><ofd:DocBody><ofd:DocInfo><ofd:Title>讲话</ofd:Title></ofd:DocInfo>"
            "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f"{XML}<ofd:Document {OFD}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297"
            f"</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>{places}</ofd:Pages></ofd:Document>",
            **members,
        }
    )


def _line_end(words: str, cells: int) -> int:
    """Break a line before a number or a mark that must not be parted from what stands before it."""
    width = 0.0
    for index, char in enumerate(words):
        width += 0.5 if char.isascii() else 1
        if width > cells:
            while index > 1 and (words[index] in "，。、；：？！”）》%" or (words[index - 1] + words[index]).isascii()):
                index -= 1
            return index
    return len(words)


def _ofd_page(lines: list[tuple[int, str]], number: int) -> str:
    size = 5.6
    drawn = [*((28 + indent * size, 40 + row * 10, words) for row, (indent, words) in enumerate(lines))]
    drawn.append((100, 280, f"— {number} —"))
    objects = "".join(
        f'<ofd:TextObject ID="{index}" Boundary="{x} {y} 160 {size}" Font="1" Size="{size}">'
        f'<ofd:TextCode X="0" Y="4.9" DeltaX="{_deltas(words, size)}">{escape(words)}</ofd:TextCode></ofd:TextObject>'
        for index, (x, y, words) in enumerate(drawn)
    )
    return f"{XML}<ofd:Page {OFD}><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>"


def _deltas(words: str, size: float) -> str:
    if not any(char.isascii() for char in words):
        return f"g {len(words) - 1} {size}"
    return " ".join(str(size / 2 if char.isascii() else size) for char in words[:-1])


def doc(text: str, *, flags: int = 0, after: str = "", program: str = "") -> bytes:
    """A Word 97 document whose text lies in two pieces: its first line of UTF-16, an ASCII one, and the rest.

    ``after`` is what follows the body: headers and footers, which are not part of it.
    """
    body = text.replace("\n", "\r") + "\r"
    whole = body + after
    stream = bytearray(2048)
    at = len(stream)
    stream += whole.encode("utf-16-le")
    struct.pack_into("<H", stream, 0, 0xA5EC)
    struct.pack_into("<H", stream, 0x0A, 0x0200 | flags)
    units = len(whole.encode("utf-16-le")) // 2
    struct.pack_into("<i", stream, 0x4C, len(body.encode("utf-16-le")) // 2)
    half = units // 2
    pieces = struct.pack("<III", 0, half, units)
    pieces += struct.pack("<HIH", 0, at, 0) + struct.pack("<HIH", 0, at + 2 * half, 0)
    clx = b"\x01\x02\x00\x00\x00" + b"\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", stream, 0x01A2, 0, len(clx))
    streams = {"WordDocument": bytes(stream), "1Table": clx}
    if program:
        streams["WpsCustomData"] = program.encode()
    return compound(streams)


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file ([MS-CFB]) with ``streams`` in its root; each is padded to leave the mini stream out."""
    sectors: list[bytes] = []
    chains: list[int] = []
    entries = []
    for name, content in streams.items():
        padded = content.ljust(4096, b"\0")
        padded += b"\0" * (-len(padded) % 512)
        first, count = len(sectors), len(padded) // 512
        sectors += [padded[at : at + 512] for at in range(0, len(padded), 512)]
        chains += [first + index + 1 for index in range(count - 1)] + [0xFFFFFFFE]
        entries.append((name, 2, first, len(padded)))
    directory = _directory(entries)
    first_directory = len(sectors)
    count = len(directory) // 512
    sectors += [directory[at : at + 512] for at in range(0, len(directory), 512)]
    chains += [first_directory + index + 1 for index in range(count - 1)] + [0xFFFFFFFE]
    tables = 1
    while tables * 128 < len(sectors) + tables:
        tables += 1
    first_table = len(sectors)
    chains += [0xFFFFFFFD] * tables
    chains += [0xFFFFFFFF] * (tables * 128 - len(chains))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
        0, tables, first_directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0,
    )  # fmt: skip
    places = [first_table + index for index in range(tables)]
    header += struct.pack("<109I", *places, *[0xFFFFFFFF] * (109 - tables))
    return header + b"".join(sectors) + struct.pack(f"<{len(chains)}I", *chains)


def _directory(entries: list[tuple[str, int, int, int]]) -> bytes:
    entries = [("Root Entry", 5, 0xFFFFFFFE, 0), *entries]
    packed = b""
    for index, (name, kind, first, size) in enumerate(entries):
        child = 1 if index == 0 and len(entries) > 1 else 0xFFFFFFFF
        right = index + 1 if 0 < index < len(entries) - 1 else 0xFFFFFFFF
        words = name.encode("utf-16-le")
        packed += words.ljust(64, b"\0") + struct.pack("<HBBIII", len(words) + 2, kind, 1, 0xFFFFFFFF, right, child)
        packed += struct.pack("<16xI16xIII", 0, first, size, 0)[: 128 - 80]
    return packed + b"\0" * (-len(packed) % 512)


FORMATS = {
    "docx": docx,
    "odt": odt,
    "rtf": rtf,
    "html": html,
    "mhtml": mhtml,
    "pdf": pdf,
    "ofd": ofd,
    "doc": doc,
}
