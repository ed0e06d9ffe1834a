"""From a file or pasted text to speeches with findings, in one transaction: nothing half-made is ever stored."""

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from speeches.extraction import Lexicon, extract, resolve_value
from speeches.models import EARLIEST_DELIVERY, Finding, SourceFile, Speech, original_path
from speeches.readers import ReadError
from speeches.readers.parts import SpeechPart
from speeches.readers.splitting import split


@dataclass(frozen=True)
class SpeechDraft:
    """One speech as it is to be stored: its text and what is known of it. ``delivered_on`` is the day in China."""

    title: str
    text: str
    delivered_on: dt.date
    speaker: str = ""
    post: str = ""
    occasion: str = ""
    issuing_body: str = ""


# A thick file holds a few hundred commitments. So many are no speech, and nobody could review them.
MOST_FINDINGS = 5_000
# A title that tells nothing of what the speech is about.
NAMELESS = re.compile("(?:领导|同志|书记|市长|县长|镇长|工作|会议?|大会|讲话|发言|致辞|稿|提纲|材料|[在上的（）()])+")
# Counting stops at the limit; it looks that often, in characters.
STRETCH = 50_000


class AlreadyStored(Exception):
    """The same file (or the same text on the same day) is there already; ``speeches`` are what it holds."""

    def __init__(self, speeches: Sequence[Speech]) -> None:
        self.speeches = list(speeches)
        super().__init__("already stored")


def lexicon() -> Lexicon:
    """The office's own words, from the function that ``settings.SPEECHES_LEXICON`` names."""
    return import_string(settings.SPEECHES_LEXICON)()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def stored(data: bytes) -> list[Speech]:
    """The speeches that were stored from exactly these bytes before."""
    return list(Speech.objects.filter(source__sha256=sha256(data)).order_by("number"))


def draft_of(part: SpeechPart, *, fallback_title: str, delivered_on: dt.date) -> SpeechDraft:
    """The draft that a part amounts to if nobody corrects what it says of itself."""

    def said(name: str, limit: int) -> str:
        stated = getattr(part, name)
        return str(stated.value)[:limit] if stated else ""

    return SpeechDraft(
        title=title_of(part) or fallback_title[:300],
        text=part.text,
        delivered_on=delivered_on,
        speaker=said("speaker", 60),
        post=said("post", 100),
        occasion=said("occasion", 200),
        issuing_body=said("issuing_body", 100),
    )


def title_of(part: SpeechPart) -> str:
    """The title that a part bears, else one made of the occasion that it names, as offices do; "" without either.

    A title that would fit any speech (工作会议讲话稿) gives way to the occasion, by which people find it again.
    """
    if part.title and not (part.occasion and NAMELESS.fullmatch(str(part.title.value))):
        return str(part.title.value)[:300]
    return f"在{part.occasion.value}上的讲话"[:300] if part.occasion else ""


def parts_of(text: str) -> list[SpeechPart]:
    """The speeches that a cleaned text holds, in order."""
    return split(text)


def count(text: str, words: Lexicon) -> Counter[str]:
    """How many commitments of each tier the text holds, before it is stored; those beyond the limit are not counted.

    A text of any length is read stretch by stretch, so that one with a million of them costs no more than one
    that is refused for having a few too many.
    """
    found: Counter[str] = Counter()
    begin = 0
    while begin < len(text) and found.total() <= MOST_FINDINGS:
        end = text.find("\n", begin + STRETCH) + 1 or len(text)
        found.update(each.tier for each in extract(text[begin:end], delivered_on=None, lexicon=words))
        begin = end
    return found


def date_problem(day: dt.date, *, today: dt.date) -> str | None:
    """Why ``day`` cannot be the day of a speech, as a sentence for the user; None where it can."""
    if day < EARLIEST_DELIVERY:
        return _("The date lies before 1 October 1949. Check the year.")
    if day > today:
        return _("The date lies in the future. Enter the day on which the speech was actually delivered.")
    return None


def save(
    drafts: Sequence[SpeechDraft], *, data: bytes | None = None, name: str = "", format: str = "", by: Any = None
) -> list[Speech]:
    """Store a file (``data``, byte for byte) or pasted text (no ``data``) as speeches, and read them out.

    Raises ``AlreadyStored`` where exactly this is stored already, be it by somebody else at the same moment.
    """
    try:
        return _save(drafts, data=data, name=name, format=format, by=by)
    except IntegrityError:
        same = stored(data) if data is not None else []
        if not same:
            raise
        raise AlreadyStored(same) from None


@transaction.atomic
def _save(drafts: Sequence[SpeechDraft], *, data: bytes | None, name: str, format: str, by: Any) -> list[Speech]:
    source = _source(data, name=name, format=format, by=by) if data is not None else None
    speeches = []
    for number, draft in enumerate(drafts, start=1):
        digest = sha256(draft.text.encode("utf-8", "surrogatepass"))
        same = Speech.objects.filter(source=None, text_sha256=digest, delivered_on=draft.delivered_on)
        if source is None and same.exists():
            raise AlreadyStored(same)
        speech = Speech.objects.create(
            source=source, number=number, text_sha256=digest, added_by=by,
            title=draft.title, text=draft.text, delivered_on=draft.delivered_on, speaker=draft.speaker,
            post=draft.post, occasion=draft.occasion, issuing_body=draft.issuing_body,
        )  # fmt: skip
        read_out(speech)
        speeches.append(speech)
    return speeches


def _source(data: bytes, *, name: str, format: str, by: Any) -> SourceFile:
    """The row for these bytes. A row that failed before is used again: this is its second try."""
    digest = sha256(data)
    source = SourceFile.objects.select_for_update().filter(sha256=digest).first()
    if source and source.speeches.exists():
        raise AlreadyStored(source.speeches.order_by("number"))
    if source is None or not source.is_kept:
        source = receive(data, name=name, by=by)
    source.state, source.format = SourceFile.State.READ, format[:16]
    source.error_code, source.error_params = "", {}
    source.save()
    return source


@transaction.atomic
def receive(data: bytes, *, name: str, by: Any = None) -> SourceFile:
    """Keep the bytes of a file as they came, for a worker to read; the row that is there where they came before."""
    digest = sha256(data)
    source = SourceFile.objects.select_for_update().filter(sha256=digest).first()
    if source is None:
        source = SourceFile(sha256=digest, name=name[-300:] or "original", size=len(data), uploaded_by=by)
        _keep_bytes(source, data)
    elif not source.is_kept:
        source.file.save(source.name, ContentFile(data))
    return source


def _keep_bytes(source: SourceFile, data: bytes) -> None:
    """Store a new row with its bytes; those that a killed process has left behind are used, if they are whole."""
    storage, place = source.file.storage, original_path(source, source.name)
    if storage.exists(place):
        with storage.open(place) as left:
            whole = sha256(left.read()) == source.sha256
        if whole:
            source.file.name = place
            source.save()
            return
        storage.delete(place)
    source.file.save(source.name, ContentFile(data))


@transaction.atomic
def record_failure(data: bytes, *, name: str, error: ReadError, by: Any = None) -> SourceFile:
    """Keep a file that could not be read, with the reason, so that it can be tried again."""
    return _failed(receive(data, name=name, by=by), error)


@transaction.atomic
def record_refusal(chunks: Iterable[bytes], *, name: str, error: ReadError, by: Any = None) -> SourceFile:
    """Keep the name of a file that is refused unread, empty or too large, with the reason; its bytes are not kept."""
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        digest.update(chunk)
        size += len(chunk)
    source = SourceFile.objects.select_for_update().filter(sha256=digest.hexdigest()).first()
    source = source or SourceFile(sha256=digest.hexdigest(), size=size, uploaded_by=by)
    source.name = name[-300:] or "original"
    return _failed(source, error)


def _failed(source: SourceFile, error: ReadError) -> SourceFile:
    if source.pk and source.speeches.exists():
        return source
    source.state, source.error_code, source.error_params = SourceFile.State.FAILED, error.code, dict(error.params)
    source.save()
    return source


@transaction.atomic
def forget(source: SourceFile) -> None:
    """Delete a file that was never read into a speech, row and bytes. One with speeches is left alone.

    The bytes go while the row is still locked: whoever brings the same file at this moment keeps them anew.
    """
    row = SourceFile.objects.select_for_update().filter(pk=source.pk).first()
    if row and not row.speeches.exists():
        row.delete()
        if row.file:
            row.file.storage.delete(row.file.name)


def read_out(speech: Speech) -> list[Finding]:
    """Run the extractor over a speech and store what it finds. Only for a speech that has no findings yet.

    Raises ``ReadError`` where that is more than anybody could review.
    """
    found = extract(speech.text, delivered_on=speech.delivered_on, lexicon=lexicon())
    if len(found) > MOST_FINDINGS:
        raise ReadError("too_many_findings", limit=MOST_FINDINGS)
    return Finding.objects.bulk_create(
        (Finding.of(speech, number, commitment) for number, commitment in enumerate(found, start=1)), batch_size=500
    )


@transaction.atomic
def redate(speech: Speech, delivered_on: dt.date) -> int:
    """Correct the day of a speech and reckon every finding's last day anew. Returns how many moved.

    Commitments that are confirmed already keep their deadlines; ``tracker`` lists those that would move.
    """
    speech.delivered_on = delivered_on
    speech.version += 1
    speech.save(update_fields=["delivered_on", "version"])
    words = lexicon()
    moved = []
    for finding in speech.findings.exclude(deadline_value=""):
        last_day = resolve_value(finding.deadline_value, delivered_on=delivered_on, lexicon=words)
        if last_day != finding.last_day:
            finding.last_day = last_day
            moved.append(finding)
    Finding.objects.bulk_update(moved, ["last_day"], batch_size=500)
    return len(moved)
