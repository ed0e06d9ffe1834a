"""What waits between upload and store: read, cut into speeches, looked over and corrected by one user.

Nothing of it is a speech yet. The bytes and the text lie in a ``PendingUpload`` that belongs to whoever uploaded
it; storing or discarding it takes it away, and what was forgotten goes after a day.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from speeches import upload
from speeches.extraction import Lexicon
from speeches.models import PendingUpload, Speech
from speeches.readers import Limits, ReadError, read_guarded
from speeches.readers.cleaning import cleaned
from speeches.readers.parts import SpeechPart
from speeches.readers.statements import part_of

# What a text may say of itself, in the order of the form; each a field of Speech.
FIELDS = ("title", "speaker", "post", "occasion", "issuing_body", "delivered_on")
KEPT_FOR = dt.timedelta(days=1)
# The web process waits for the reader; its own time limit is longer than this.
SECONDS = 25
# One page shows so many speeches, each with its form.
MOST_PARTS = 100


@dataclass(frozen=True)
class Paragraph:
    """A line of a part that a new speech could begin with: ``start`` is its offset in the whole text."""

    start: int
    text: str


def receive_file(
    data: bytes, *, name: str, by: Any, limits: Limits, delivered_on: dt.date | None = None
) -> PendingUpload:
    """Read a file and let it wait for ``by``. Raises ``AlreadyStored``, or ``ReadError`` where it cannot be read."""
    if known := upload.stored(data):
        raise upload.AlreadyStored(known)
    document = read_guarded(data, name=name, limits=limits, seconds=SECONDS)
    pending = _pending(document.text, by=by, delivered_on=delivered_on, title=name.rpartition(".")[0] or name)
    pending.name, pending.size, pending.format = name[-300:], len(data), document.format
    pending.notes = document.notes
    pending.file.save("original", ContentFile(data), save=False)
    pending.save()
    return pending


def receive_text(text: str, *, by: Any, delivered_on: dt.date | None = None) -> PendingUpload:
    """Let pasted text wait for ``by``. Raises ``ReadError`` where nothing is left of it once it is cleaned."""
    words, notes = cleaned(text)
    if not words.strip():
        raise ReadError("no_text")
    first = words.lstrip().partition("\n")[0]
    pending = _pending(words, by=by, delivered_on=delivered_on, title=first[:60])
    pending.format, pending.size, pending.notes = "txt", len(words.encode("utf-8", "surrogatepass")), notes
    pending.save()
    return pending


def _pending(text: str, *, by: Any, delivered_on: dt.date | None, title: str) -> PendingUpload:
    clear_forgotten()
    parts = upload.parts_of(text)
    if len(parts) > MOST_PARTS:
        raise ReadError("too_many_speeches", count=len(parts), limit=MOST_PARTS)
    titles = [title] if len(parts) == 1 else [f"{title} {number}" for number in range(1, len(parts) + 1)]
    words, rows, found = upload.lexicon(), [], 0
    for part, each in zip(parts, titles, strict=True):
        rows.append(_row(part, words, title=each, delivered_on=delivered_on))
        found += sum(rows[-1]["found"].values())
        if found > upload.MOST_FINDINGS:
            raise ReadError("too_many_findings", limit=upload.MOST_FINDINGS)
    return PendingUpload(text=text, parts=rows, by=by)


def _row(part: SpeechPart, words: Lexicon, *, title: str = "", delivered_on: dt.date | None = None) -> dict[str, Any]:
    """A part as ``PendingUpload.parts`` keeps it: what it says of itself, and how much was found in it."""
    values = dict.fromkeys(FIELDS, "")
    values["title"] = upload.title_of(part) or title[:300]
    values["delivered_on"] = delivered_on.isoformat() if delivered_on else ""
    evidence = {}
    for field in FIELDS:
        if stated := getattr(part, field):
            values[field] = str(stated.value)
            evidence[field] = stated.evidence
    if part.occasion and values["title"] != (title := upload.title_of(part)):
        values["title"], evidence["title"] = title, part.occasion.evidence
    found = upload.count(part.text, words)
    return {"start": part.start, "end": part.end, "values": values, "evidence": evidence, "found": dict(found)}


def of(user: Any) -> QuerySet[PendingUpload]:
    """The uploads that wait for ``user``, the latest first."""
    return PendingUpload.objects.filter(by=user)


def keep(pending: PendingUpload, values: Sequence[dict[str, str]]) -> None:
    """Keep what the user typed into the form of each part, right or wrong; it is checked when it is stored."""
    for row, typed in zip(pending.parts, values, strict=True):
        row["values"] = typed
    pending.save(update_fields=["parts"])


def paragraphs(pending: PendingUpload, number: int) -> list[Paragraph]:
    """The lines of a part (counted from 0) that are not blank."""
    row = pending.parts[number]
    found, at = [], row["start"]
    for line in pending.text[row["start"] : row["end"]].splitlines(keepends=True):
        if line.strip():
            found.append(Paragraph(at, line.strip()))
        at += len(line)
    return found


def merge(pending: PendingUpload, number: int) -> None:
    """Make a part and the one after it one speech, which keeps what the first one says of itself."""
    if not 0 <= number < len(pending.parts) - 1:
        return
    first, second = pending.parts[number], pending.parts.pop(number + 1)
    whole = _row(part_of(pending.text, first["start"], second["end"]), upload.lexicon())
    whole["values"] = first["values"]
    whole["evidence"] = first["evidence"]
    pending.parts[number] = whole
    pending.save(update_fields=["parts"])


def cut(pending: PendingUpload, number: int, at: int) -> None:
    """Let a new speech begin at ``at``, which is the start of a paragraph of the part ``number``."""
    if not 0 <= number < len(pending.parts):
        return
    row = pending.parts[number]
    if len(pending.parts) >= MOST_PARTS or at not in {paragraph.start for paragraph in paragraphs(pending, number)[1:]}:
        return
    words = upload.lexicon()
    above = _row(part_of(pending.text, row["start"], at), words)
    above["values"], above["evidence"] = row["values"], row["evidence"]
    title = pending.text[at : row["end"]].strip().partition("\n")[0][:60]
    below = _row(part_of(pending.text, at, row["end"]), words, title=title)
    pending.parts[number : number + 1] = [above, below]
    pending.save(update_fields=["parts"])


def texts(pending: PendingUpload) -> list[str]:
    """The text of each speech, without blank lines around it."""
    return [pending.text[row["start"] : row["end"]].strip("\n") for row in pending.parts]


@transaction.atomic
def store(pending: PendingUpload, drafts: Sequence[upload.SpeechDraft], *, by: Any) -> list[Speech]:
    """Store what was looked over, and let it wait no longer. Raises ``AlreadyStored``."""
    data = None
    if pending.file:
        with pending.file.open() as file:
            data = file.read()
    speeches = upload.save(drafts, data=data, name=pending.name, format=pending.format, by=by)
    discard(pending)
    return speeches


@transaction.atomic
def discard(pending: PendingUpload) -> None:
    """Take an upload away, row and bytes."""
    pending.delete()
    if pending.file:
        transaction.on_commit(lambda: pending.file.storage.delete(pending.file.name))


def clear_forgotten() -> int:
    """Discard every upload that has waited for more than a day, whoever's it is."""
    forgotten = list(PendingUpload.objects.filter(at__lt=timezone.now() - KEPT_FOR)[:100])
    for pending in forgotten:
        discard(pending)
    return len(forgotten)
