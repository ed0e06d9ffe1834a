"""The list of speeches."""

import django_tables2 as tables
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from speeches.models import Finding, Speech
from tracker.models import Review


def with_counts(speeches: QuerySet[Speech]) -> QuerySet[Speech]:
    """Annotate ``found`` (findings) and ``decided`` (findings that somebody decided on)."""

    def count(of: QuerySet) -> Coalesce:
        return Coalesce(Subquery(of.order_by().values("speech").annotate(n=Count("pk")).values("n")), 0)

    return speeches.annotate(
        found=count(Finding.objects.filter(speech=OuterRef("pk"))),
        decided=count(Review.objects.filter(speech=OuterRef("pk"), finding__isnull=False, undone_at=None)),
    )


class SpeechTable(tables.Table):
    """Speeches, the latest first."""

    title = tables.Column(
        gettext_lazy("Title"),
        linkify=("speech", {"pk": tables.A("pk")}),
        attrs={"td": {"class": "col-item col-speech"}},
    )
    delivered_on = tables.DateColumn(verbose_name=gettext_lazy("Delivered on"), attrs={"td": {"class": "nowrap"}})
    speaker = tables.Column(gettext_lazy("Speaker"), default="")
    found = tables.Column(gettext_lazy("Findings"), attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    decided = tables.Column(gettext_lazy("Review"), orderable=False)
    added_by = tables.Column(gettext_lazy("Added by"), accessor="added_by__name", default="")

    class Meta:
        model = Speech
        fields = ("title", "delivered_on", "speaker", "found", "decided", "added_by")
        order_by = ("-delivered_on",)
        attrs = {"class": "table table-hover table-cards align-middle"}
        empty_text = gettext_lazy("No speech matches.")

    def render_decided(self, record: Speech) -> str | SafeString:
        if not record.found:
            return _("nothing found")
        if record.decided == record.found:
            return _("reviewed")
        return format_html(
            '<progress class="share" max="{}" value="{}"></progress> {}/{}',
            record.found, record.decided, record.decided, record.found,
        )  # fmt: skip
