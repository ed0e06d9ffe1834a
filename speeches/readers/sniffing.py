"""What format a file is in, told by its content: its name may say anything."""

import re

from .document import Limits
from .errors import ReadError
from .packed import Package

MAIL = re.compile(rb"\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:MIME-Version|Content-Type):", re.I)
PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|div|p|table)\b",
    re.I | re.S,
)
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
UNSUPPORTED = {
    b"Rar!\x1a\x07": "rar",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"\x1f\x8b": "gz",
    b"AT&TFORM": "djvu",
    b"KDH ": "kdh",
    b"HH ": "caj",
    b"CAJ": "caj",
}


def format_of(data: bytes, limits: Limits) -> str:
    """Return the format of ``data``: ``ole`` for doc and wps alike, ``txt`` where it is nothing else."""
    head = data[:4096]
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _packed(data, limits)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    if head.lstrip().startswith(b"{\\rtf"):
        return "rtf"
    for mark, name in UNSUPPORTED.items():
        if head.startswith(mark):
            raise ReadError("unsupported", format=name)
    if (MAIL.match(head) and b"multipart/" in head + data[4096:16384]) or _is_single_page_mail(head):
        return "mhtml"
    return "html" if _is_page(head) else "txt"


def _packed(data: bytes, limits: Limits) -> str:
    package = Package(data, limits)
    if "OFD.xml" in package.names:
        return "ofd"
    if "word/document.xml" in package.names:
        return "docx"
    if "mimetype" in package.names:
        kind = package.read("mimetype").decode("ascii", "replace").strip()
        if kind.startswith(OPEN_DOCUMENT + "text"):
            return "odt"
        raise ReadError("unsupported", format=kind.removeprefix(OPEN_DOCUMENT)[:40])
    if "[Content_Types].xml" in package.names:
        types = package.read("[Content_Types].xml")
        if b"wordprocessingml" in types:
            return "docx"
        raise ReadError("unsupported", format="xlsx" if b"spreadsheetml" in types else "pptx")
    raise ReadError("unsupported", format="zip")


def _is_single_page_mail(head: bytes) -> bool:
    return bool(MAIL.match(head)) and re.search(rb"^Content-Type:\s*text/html", head, re.I | re.M) is not None


def _is_page(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", "replace")
    else:
        text = head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    return PAGE.match(text) is not None
