"""Documents that are ZIP files of XML: opened without trusting what they say of themselves."""

import io
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from .document import MEBIBYTE, Limits
from .errors import ReadError

Element = etree._Element


class Package:
    """The members of a ZIP file. No name in it is ever used as a path on the disk."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            whole = data.rfind(b"PK\x05\x06") >= 0
            raise ReadError("damaged" if whole else "truncated") from None
        members = self._zip.infolist()
        unpacked = sum(member.file_size for member in members)
        if len(members) > limits.max_members or unpacked > limits.max_unpacked:
            raise ReadError("zip_bomb")
        if any(_is_inflated(member, limits) for member in members):
            raise ReadError("zip_bomb")
        if any(member.flag_bits & 1 for member in members):
            raise ReadError("encrypted")
        self.names = frozenset(member.filename for member in members)
        self._limits = limits

    def read(self, name: str) -> bytes:
        """Return what is packed under ``name``; ``damaged`` where it is missing or spoilt."""
        try:
            return self._zip.read(name)
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
            raise ReadError("damaged") from None

    def xml(self, name: str) -> Element:
        """Return the root of the XML packed under ``name``."""
        return parse_xml(self.read(name), self._limits)

    def xml_if_any(self, name: str) -> Element | None:
        """Return the same, or None where nothing is packed under ``name`` or it cannot be parsed."""
        try:
            return self.xml(name) if name in self.names else None
        except ReadError:
            return None


def _is_inflated(member: zipfile.ZipInfo, limits: Limits) -> bool:
    return member.file_size > MEBIBYTE and member.file_size > member.compress_size * limits.max_ratio


def parse_xml(data: bytes, limits: Limits) -> Element:
    """Parse ``data`` with entities, document types and the network left alone."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise ReadError("damaged") from None
    if root is None:
        raise ReadError("damaged")
    return root


def local(element: Element) -> str:
    """Return the name of ``element`` without its namespace; those differ between editions of a format."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str | None:
    """Return the attribute whose name without its namespace is ``name``."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return value
    return None


def children(element: Element, *names: str) -> Iterator[Element]:
    """Yield the children of ``element`` that bear one of ``names``."""
    return (child for child in element if local(child) in names)


def child(element: Element | None, *path: str) -> Element | None:
    """Return the first child by each name of ``path`` in turn, or None."""
    for name in path:
        if element is None:
            return None
        element = next(children(element, name), None)
    return element


def first(element: Element | None, name: str) -> Element | None:
    """Return the first descendant that bears ``name``, or None."""
    if element is None:
        return None
    return next((found for found in element.iter() if local(found) == name), None)
