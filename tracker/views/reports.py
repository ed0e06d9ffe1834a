"""The papers that can be produced, each with what it is asked for with."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tracker import export, rules
from tracker.models import Assignment, PaperTemplate
from tracker.reports import breakdown, forms, ledger, office, pledge, rendering, templates
from tracker.units import subtree_ids

may_view = permission_required("tracker.view_reports", raise_exception=True)
may_view_templates = permission_required("tracker.view_templates", raise_exception=True)
may_change_template = permission_required("tracker.change_template", raise_exception=True)


def _forms(request: HttpRequest, filled: str = "") -> dict[str, Any]:
    """The page's forms by name; the one that was sent shows what is wrong with it."""
    kinds = {"breakdown": forms.BreakdownForm, "ledger": forms.LedgerForm, "pledge": forms.PledgeForm}
    return {
        name: kind(
            request.GET if name == filled else None,
            user=request.user,
            auto_id=f"id_{name}_%s",
            initial={"as_of": timezone.localdate(), "year": timezone.localdate().year if name == "pledge" else None},
        )
        for name, kind in kinds.items()
    }


def _page(request: HttpRequest, filled: str = "", status: int = 200) -> HttpResponse:
    context = {"forms": _forms(request, filled), "tab": "reports"}
    return render(request, "tracker/reports/reports.html", context, status=status)


@require_GET
@may_view
def reports(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_GET
@may_view
def breakdown_paper(request: HttpRequest) -> HttpResponse:
    form = _forms(request, "breakdown")["breakdown"]
    if not form.is_valid():
        return _page(request, "breakdown", 422)
    speech = form.cleaned_data["speech"]
    commitments = rules.visible_commitments(request.user, speech.commitments.all())
    filled = breakdown.context(speech, commitments, issued_by=_signed(request))
    if not filled["count"]:
        form.add_error("speech", _("Nothing of this speech is in the ledger yet. Review it first."))
        return render(
            request,
            "tracker/reports/reports.html",
            {"forms": {**_forms(request), "breakdown": form}, "tab": "reports"},
            status=422,
        )
    name = f"{speech.title}任务分解表"
    if form.cleaned_data["format"] == "xlsx":
        return export.file(breakdown.xlsx(filled), f"{name}.xlsx", export.XLSX_TYPE)
    return export.file(templates.make(breakdown.PAPER, filled), f"{name}.docx", export.DOCX_TYPE)


@require_GET
@may_view
def ledger_paper(request: HttpRequest) -> HttpResponse:
    form = _forms(request, "ledger")["ledger"]
    if not form.is_valid():
        return _page(request, "ledger", 422)
    chosen, day = form.cleaned_data, form.cleaned_data["as_of"]
    assignments = rules.visible_assignments(request.user, Assignment.objects.filter(commitment__entered_on__lte=day))
    if chosen["unit"]:
        assignments = assignments.filter(unit__in=subtree_ids([chosen["unit"]]))
    if chosen["year"]:
        assignments = assignments.filter(commitment__entered_on__year=chosen["year"])
    if chosen["open_only"]:
        assignments = assignments.filter(closed_on=None)
    try:
        data = ledger.xlsx(ledger.rows(assignments, day), day, issued_by=_signed(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("reports")
    return export.file(data, f"督办台账{day:%Y%m%d}.xlsx", export.XLSX_TYPE)


@require_GET
@may_view
def pledge_paper(request: HttpRequest) -> HttpResponse:
    form = _forms(request, "pledge")["pledge"]
    if not form.is_valid():
        return _page(request, "pledge", 422)
    unit, year = form.cleaned_data["unit"], form.cleaned_data["year"]
    try:
        seen = rules.visible_assignments(request.user)
        filled = pledge.context(seen, unit, year, issued_by=_signed(request))
        if not filled["count"]:
            raise ValidationError(_("This unit owes nothing in this year."))
    except ValidationError as error:
        form.add_error("unit", error)
        context = {"forms": {**_forms(request), "pledge": form}, "tab": "reports"}
        return render(request, "tracker/reports/reports.html", context, status=422)
    name = f"{unit.name}{year}年度责任状.docx"
    return export.file(templates.make(pledge.PAPER, filled), name, export.DOCX_TYPE)


def _signed(request: HttpRequest) -> str:
    return office.issuer(request.user)


def _paper(name: str) -> rendering.Paper:
    try:
        return templates.PAPERS[name]
    except KeyError:
        raise Http404 from None


@require_http_methods(["GET"])
@may_view_templates
def paper_templates(request: HttpRequest) -> HttpResponse:
    own = {row.paper: row for row in PaperTemplate.objects.select_related("uploaded_by")}
    papers = [(paper, own.get(name)) for name, paper in templates.PAPERS.items()]
    return render(request, "tracker/reports/templates.html", {"papers": papers, "tab": "templates"})


@require_http_methods(["GET", "POST"])
@may_view_templates
def paper_template(request: HttpRequest, name: str) -> HttpResponse:
    """One paper's template: what may stand in it, the present one to take home, and a new one in its place."""
    paper = _paper(name)
    form = forms.TemplateForm()
    if request.method == "POST":
        form = forms.TemplateForm(request.POST, request.FILES)
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                if upload.size > rendering.MOST_TEMPLATE_BYTES:
                    raise ValidationError(_("The file is too large for a template."))
                templates.replace(paper, name=upload.name, data=upload.read(), by=request.user)
            except ValidationError as error:
                form.add_error("file", error)
            else:
                messages.success(request, _("From now on this paper is made with your template."))
                return redirect("paper_template", name=name)
    context = {
        "paper": paper,
        "own": PaperTemplate.objects.filter(paper=name).select_related("uploaded_by").first(),
        "form": form,
        "tab": "templates",
    }
    return render(request, "tracker/reports/template.html", context, status=422 if form.errors else 200)


@require_GET
@may_view_templates
def paper_template_file(request: HttpRequest, name: str) -> HttpResponse:
    """The template in use, to be changed in Word or WPS and uploaded again."""
    paper = _paper(name)
    return export.file(templates.template_of(paper), f"{paper.label}.docx", export.DOCX_TYPE)


@require_POST
@may_change_template
def paper_template_restore(request: HttpRequest, name: str) -> HttpResponse:
    templates.restore(_paper(name), by=request.user)
    messages.success(request, _("The built-in template is in use again."))
    return redirect("paper_template", name=name)
