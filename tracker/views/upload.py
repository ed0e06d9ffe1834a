"""From a file or pasted text to stored speeches: upload, look over, correct the cutting, store."""

import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from speeches import preview, upload
from speeches.models import PendingUpload, SourceFile, Speech
from speeches.readers import ReadError
from tracker.forms.upload import PartFormSet, SpeechForm, UploadForm
from tracker.ingest import limits, size_problem
from tracker.views.lists import whole

# After so long no further file of an upload is begun: the browser still waits, and so does a server in front of us.
SECONDS_FOR_ALL = 50
# Paragraphs of one speech that are offered for cutting at a time.
MOST_PARAGRAPHS = 1000

may_upload = permission_required("speeches.add_speech", raise_exception=True)


@may_upload
def upload_speeches(request: HttpRequest) -> HttpResponse:
    """The form; and the list of what still waits to be looked over, and of what could not be read."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    known: list[Speech] = []
    if request.method == "POST" and form.is_valid():
        waiting, known = _receive(request, form)
        if len(waiting) == 1 and not known and not form.errors:
            return redirect("upload_preview", waiting[0].pk)
        if waiting and not known and not form.errors:
            return redirect("upload")
    context = {
        "form": form,
        "known": known,
        "waiting": preview.of(request.user).defer("text", "parts")[:50],
        "failed": SourceFile.objects.filter(state=SourceFile.State.FAILED).select_related("uploaded_by")[:50],
        "limit_mb": settings.UPLOAD_LIMIT_MB,
    }
    return render(request, "speeches/upload.html", context, status=422 if form.errors else 200)


def _receive(request: HttpRequest, form: UploadForm) -> tuple[list[PendingUpload], list[Speech]]:
    """Read everything that was sent. What fails becomes an error of the form; the rest goes on all the same."""
    waiting: list[PendingUpload] = []
    known: list[Speech] = []
    day, text = form.cleaned_data["delivered_on"], form.cleaned_data["text"]
    begun = time.monotonic()
    for number, file in enumerate(form.cleaned_data["files"]):
        if number and time.monotonic() - begun > SECONDS_FOR_ALL:
            late = _("The files before it took all the time there is. Upload it again, with fewer at once.")
            form.add_error("files", _("%(name)s: %(sentence)s") % {"name": file.name, "sentence": late})
            continue
        try:
            waiting.append(_receive_file(file, request.user, delivered_on=day))
        except upload.AlreadyStored as same:
            known += same.speeches
        except ReadError as error:
            form.add_error("files", _("%(name)s: %(sentence)s") % {"name": file.name, "sentence": sentence(error)})
    if text.strip():
        try:
            waiting.append(preview.receive_text(text, by=request.user, delivered_on=day))
        except ReadError as error:
            form.add_error("text", sentence(error))
    return waiting, known


def _receive_file(file: UploadedFile, user: Any, **kwargs: Any) -> PendingUpload:
    name = file.name or "original"
    if problem := size_problem(file.size or 0):
        upload.record_refusal(file.chunks(), name=name, error=problem, by=user)
        raise problem
    data = file.read()
    try:
        return preview.receive_file(data, name=name, by=user, limits=limits(), **kwargs)
    except ReadError as error:
        upload.record_failure(data, name=name, error=error, by=user)
        raise


def sentence(error: ReadError) -> str:
    """Why a file could not be read and what to do, in the user's language."""
    return _(ReadError.CODES[error.code]) % error.params


def _pending(request: HttpRequest, pk: int) -> PendingUpload:
    return get_object_or_404(preview.of(request.user), pk=pk)


def _formset(pending: PendingUpload, data: Any = None) -> Any:
    return PartFormSet(data, prefix="part", initial=[row["values"] for row in pending.parts])


def _shape(pending: PendingUpload) -> str:
    """The cutting as the page shows it, so that a page that was left open does not fill the wrong forms."""
    return ",".join(f"{row['start']}-{row['end']}" for row in pending.parts)


def _page(request: HttpRequest, pending: PendingUpload, formset: Any, status: int = 200) -> HttpResponse:
    parts = [
        {
            "form": form,
            "number": number,
            "fields": [(form[name], row["evidence"].get(name, "")) for name in SpeechForm.Meta.fields],
            "found": row["found"],
            "total": sum(row["found"].values()),
            "length": row["end"] - row["start"],
            "opening": pending.text[row["start"] : row["start"] + 200].strip(),
        }
        for number, (form, row) in enumerate(zip(formset.forms, pending.parts, strict=True))
    ]
    context = {
        "pending": pending,
        "formset": formset,
        "parts": parts,
        "shape": _shape(pending),
        "wanting": sum(len(form.errors) for form in formset.forms) if formset.is_bound else 0,
        "nothing_found": not any(part["total"] for part in parts),
    }
    template = "speeches/preview_parts.html" if request.htmx else "speeches/preview.html"
    return render(request, template, context, status=status)


@may_upload
def upload_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """How an upload falls into speeches and what each says of itself; storing it is a decision of its own."""
    pending = preview.of(request.user).filter(pk=pk).first()
    if pending is None:
        messages.info(request, _("This upload has been stored or discarded already."))
        return redirect("speeches")
    if request.method != "POST":
        return _page(request, pending, _formset(pending))
    if request.POST.get("shape") != _shape(pending):
        messages.warning(request, _("The cutting was changed in another window. Look at it again."))
        return redirect("upload_preview", pk)
    formset = _formset(pending, request.POST)
    preview.keep(pending, formset.typed())
    nothing = not any(sum(row["found"].values()) for row in pending.parts)
    if not formset.is_valid() or (nothing and not request.POST.get("store_anyway")):
        if nothing and formset.is_valid():
            messages.warning(request, _("No commitment was found. Tick the box if it is to be stored all the same."))
        return _page(request, pending, formset, status=422)
    drafts = [form.draft(text) for form, text in zip(formset.forms, preview.texts(pending), strict=True)]
    try:
        speeches = preview.store(pending, drafts, by=request.user)
    except upload.AlreadyStored as same:
        preview.discard(pending)
        messages.info(request, _("This has been stored before. Here is what is there; nothing was stored twice."))
        return redirect("speech", same.speeches[0].pk)
    except ReadError as error:
        messages.error(request, sentence(error))
        return _page(request, pending, formset, status=422)
    count = len(speeches)
    messages.success(
        request, ngettext("%(count)d speech stored.", "%(count)d speeches stored.", count) % {"count": count}
    )
    return redirect("review", speeches[0].pk)


@may_upload
@require_POST
def upload_cutting(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge a part with the next (``merge=NUMBER``) or let a speech begin at a paragraph (``cut=NUMBER-OFFSET``)."""
    pending = _pending(request, pk)
    if request.POST.get("shape") == _shape(pending):
        preview.keep(pending, _formset(pending, request.POST).typed())
        number, _dash, at = (request.POST.get("merge") or request.POST.get("cut") or "").partition("-")
        part, start = whole(number), whole(at)
        if "merge" in request.POST and part is not None:
            preview.merge(pending, part)
        elif part is not None and start is not None:
            preview.cut(pending, part, start)
    if request.htmx:
        return _page(request, pending, _formset(pending))
    return redirect("upload_preview", pk)


@may_upload
@require_GET
def upload_paragraphs(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The text of one part, paragraph by paragraph, each with a way to let a speech begin there."""
    pending = _pending(request, pk)
    if number >= len(pending.parts):
        return HttpResponse(status=404)
    paragraphs = preview.paragraphs(pending, number)
    context = {
        "pending": pending,
        "number": number,
        "paragraphs": paragraphs[:MOST_PARAGRAPHS],
        "left_out": len(paragraphs) > MOST_PARAGRAPHS,
    }
    return render(request, "speeches/preview_paragraphs.html", context)


@may_upload
@require_POST
def upload_discard(request: HttpRequest, pk: int) -> HttpResponse:
    preview.discard(_pending(request, pk))
    messages.info(request, _("Discarded; nothing was stored."))
    return redirect("upload")


def _failed(pk: int) -> SourceFile:
    return get_object_or_404(SourceFile, pk=pk, state=SourceFile.State.FAILED)


@may_upload
@require_POST
def failed_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a file that failed once more: after the limits or the program have changed it may go through."""
    source = _failed(pk)
    if not source.is_kept:
        upload.forget(source)
        messages.error(request, _("The file is no longer there. Upload it again."))
        return redirect("upload")
    with source.file.open() as file:
        data = file.read()
    try:
        pending = preview.receive_file(data, name=source.name, by=request.user, limits=limits())
    except ReadError as error:
        upload.record_failure(data, name=source.name, error=error, by=request.user)
        messages.error(request, _("%(name)s: %(sentence)s") % {"name": source.name, "sentence": sentence(error)})
        return redirect("upload")
    return redirect("upload_preview", pending.pk)


@may_upload
@require_POST
def failed_delete(request: HttpRequest, pk: int) -> HttpResponse:
    upload.forget(_failed(pk))
    messages.info(request, _("The file has been deleted."))
    return redirect("upload")


@may_upload
@require_GET
def failed_original(request: HttpRequest, pk: int) -> FileResponse:
    """The bytes of a file that could not be read, as they came."""
    return original(_failed(pk))


def original(source: SourceFile) -> FileResponse:
    """An original as a download, byte for byte; never shown in the browser, whatever it claims to be."""
    if not source.is_kept:
        raise Http404
    return FileResponse(
        source.file.open(),
        as_attachment=True,
        filename=source.download_name,
        content_type="application/octet-stream",
    )
