"""Files that units hand in with their reports: what is taken, how it is kept, how it is given out again.

What a file is, is read from its bytes; its name only has to agree. Nothing that a machine could execute, and
nothing that a browser would render as a page (HTML, SVG), is taken. A file is kept under its SHA-256,
so the same photo handed in twice is kept once.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

import filetype
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from tracker.models import Evidence, StatusUpdate
from tracker.workflow import Refused

MOST_FILES = 10
IMAGES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp"}
_OFFICE = "application/vnd.openxmlformats-officedocument."
_ZIP = "application/zip"
# extension: the media type it is given out with, and what its bytes may look like
DOCUMENTS: dict[str, tuple[str, frozenset[str]]] = {
    "pdf": ("application/pdf", frozenset({"application/pdf"})),
    "docx": (_OFFICE + "wordprocessingml.document", frozenset({_ZIP, _OFFICE + "wordprocessingml.document"})),
    "xlsx": (_OFFICE + "spreadsheetml.sheet", frozenset({_ZIP, _OFFICE + "spreadsheetml.sheet"})),
    "pptx": (_OFFICE + "presentationml.presentation", frozenset({_ZIP, _OFFICE + "presentationml.presentation"})),
    "ofd": ("application/ofd", frozenset({_ZIP})),
    "zip": (_ZIP, frozenset({_ZIP})),
    "mp4": ("video/mp4", frozenset({"video/mp4", "video/quicktime", "video/x-m4v"})),
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what Word, Excel and WPS wrote before 2007
OLD_OFFICE = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "wps": "application/vnd.ms-works",
    "et": "application/vnd.ms-excel",
}
ACCEPT = ",".join(f".{name}" for name in [*IMAGES, *DOCUMENTS, *OLD_OFFICE])


@dataclass(frozen=True)
class Checked:
    """A file that may be kept."""

    name: str
    data: bytes
    media_type: str


def check(name: str, data: bytes) -> Checked:
    """``data`` as a file that may be kept. Raises ``Refused`` with what is wrong and what to do."""
    name = PurePath(name.replace("\\", "/")).name[-200:] or "evidence"
    ending = PurePath(name).suffix.lower().removeprefix(".")
    if not data:
        raise Refused(_("“%(name)s” is empty.") % {"name": name}, field="files")
    too_large(name, len(data))
    kind = filetype.guess(data[:8192])
    found = kind.mime if kind else ""
    if ending in IMAGES and found == IMAGES[ending]:
        return Checked(name, data, found)
    if ending in DOCUMENTS and found in DOCUMENTS[ending][1]:
        return Checked(name, data, DOCUMENTS[ending][0])
    if ending in OLD_OFFICE and data.startswith(_OLE):
        return Checked(name, data, OLD_OFFICE[ending])
    if ending in IMAGES or ending in DOCUMENTS or ending in OLD_OFFICE:
        raise Refused(
            _("“%(name)s” is not what its name says. Open it, save it again in the right format, and choose that.")
            % {"name": name},
            field="files",
        )
    raise Refused(
        _("“%(name)s” cannot be taken: only photos (%(images)s) and documents (%(documents)s) can.")
        % {"name": name, "images": ", ".join(IMAGES), "documents": ", ".join([*DOCUMENTS, *OLD_OFFICE])},
        field="files",
    )


def too_large(name: str, size: int) -> None:
    """Raise ``Refused`` where a file of ``size`` bytes is larger than the office allows."""
    if size > settings.EVIDENCE_LIMIT_MB * 1024 * 1024:
        raise Refused(
            _(
                "“%(name)s” has %(size).1f MB; at most %(limit)d MB can be taken. "
                "Make the photo smaller, or split the file."
            )
            % {"name": name, "size": size / 1024 / 1024, "limit": settings.EVIDENCE_LIMIT_MB},
            field="files",
        )


def check_all(files: Sequence[tuple[str, int, IO[bytes]]]) -> list[Checked]:
    """Check files as (name, size in bytes, open file); what is too large is not even read."""
    if len(files) > MOST_FILES:
        raise Refused(_("At most %(most)d files can be handed in at once.") % {"most": MOST_FILES}, field="files")
    for name, size, _file in files:
        too_large(name, size)
    return [check(name, file.read()) for name, _size, file in files]


def keep(update: StatusUpdate, files: Sequence[Checked]) -> list[Evidence]:
    """Store checked files with an update."""
    kept = []
    for file in files:
        digest = hashlib.sha256(file.data).hexdigest()
        row = Evidence(update=update, name=file.name, size=len(file.data), sha256=digest, media_type=file.media_type)
        path = row.file.field.generate_filename(row, file.name)
        if row.file.storage.exists(path):
            row.file.name = path
        else:
            row.file.save(file.name, ContentFile(file.data), save=False)
        row.save()
        kept.append(row)
    return kept
