"""Which template a paper is made with: the office's own where there is one, else the built-in one."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction

from tracker.models import PaperTemplate, User
from tracker.reports import breakdown, bulletin_paper, notices, pledge, rendering
from tracker.reports.rendering import Paper

PAPERS = {paper.name: paper for paper in (breakdown.PAPER, notices.PAPER, pledge.PAPER, bulletin_paper.PAPER)}


def template_of(paper: Paper) -> bytes:
    """The docx that ``paper`` is made with at present."""
    own = PaperTemplate.objects.filter(paper=paper.name).first()
    if own is None:
        return rendering.built_in(paper)
    with own.file.open() as stored:
        return stored.read()


def make(paper: Paper, context: Mapping[str, Any]) -> bytes:
    """The finished docx."""
    return rendering.fill(template_of(paper), context)


def replace(paper: Paper, *, name: str, data: bytes, by: User) -> PaperTemplate:
    """Use ``data`` as the template of ``paper`` from now on. Raises ValidationError if it cannot be filled."""
    if not by.has_perm("tracker.change_template"):
        raise PermissionDenied
    rendering.check(data, paper)
    digest = sha256(data).hexdigest()
    with transaction.atomic():
        own = PaperTemplate.objects.select_for_update().filter(paper=paper.name).first() or PaperTemplate(
            paper=paper.name
        )
        own.name, own.sha256, own.uploaded_by = name[:300], digest, by
        own.file.save(digest, ContentFile(data), save=False)
        own.save()
    return own


def restore(paper: Paper, *, by: User) -> None:
    """Go back to the built-in template; the record of the replaced one stays in the history."""
    if not by.has_perm("tracker.change_template"):
        raise PermissionDenied
    for own in PaperTemplate.objects.filter(paper=paper.name):
        own.delete()
