"""The review desk. Every answer but the first is a part of the page: changed cards, an editor, what words come to."""

import datetime as dt
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from speeches.highlight import marked, paragraph_around, windows
from speeches.models import Finding, Speech
from tracker import desk, intake, review, timeline, tree, units, workflow
from tracker.forms.review import DraftForm
from tracker.models import Review, Unit
from tracker.rules import visible_speeches
from tracker.units import Directory
from tracker.views.lists import whole
from tracker.views.speeches import page_of, siblings

may_review = permission_required("tracker.review_finding", raise_exception=True)
# Names that a browser offers where a unit is chosen for an alias; others can be typed.
MOST_NAMES = 500
# Findings that one request confirms: a second's work, however many there are.
MOST_AT_ONCE = 40
# Decisions are asked for again over this span, since one that is made now may be seen a moment later.
OVERLAP = dt.timedelta(seconds=15)


def _speech(request: HttpRequest, pk: int) -> Speech:
    return get_object_or_404(visible_speeches(request.user), pk=pk)


def _finding(speech: Speech, pk: int | None) -> Finding:
    found = get_object_or_404(speech.findings, pk=pk)
    found.speech = speech
    return found


def refusable(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What a domain function refuses is said on the page; the cards as they are now come with it."""

    @wraps(view)
    def answered(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, pk, *args, **kwargs)
        except workflow.Refused as refusal:
            speech = _speech(request, pk)
            since = review.moment(speech)
            answer = _changed(request, speech, since and since - OVERLAP, notice=" ".join(refusal.messages))
            answer["HX-Reswap"] = "none"
            return answer

    return answered


@may_review
@require_GET
def desk_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The desk itself: the text on the left, the findings on the right."""
    speech = _speech(request, pk)
    since = review.moment(speech)
    directory = Directory()
    cards = desk.cards(speech, directory=directory)
    decided = [card.state != desk.OPEN for card in cards if card.finding]
    pages = windows(speech.text, [card.start for card in cards])
    number = page_of(request, pages)
    start, end = pages[number - 1]
    here = [card for card in cards if start <= card.start < end]
    context = {
        "speech": speech,
        "text": marked(speech.text, [card.mark for card in here], start=start, end=end),
        "cards": here,
        "page": number,
        "pages": range(1, len(pages) + 1),
        "tiers": Finding.Tier.choices,
        "unit_names": [unit.name for unit in directory.units.values()][:MOST_NAMES],
        "siblings": siblings(speech, request.user),
        "following": review.next_speech(speech) if all(decided) else None,
        "total": len(decided),
        "decided": sum(decided),
        "since": since.isoformat() if since else "",
    }
    return render(request, "review/desk.html", context)


def _progress(speech: Speech, since: dt.datetime | None) -> dict[str, Any]:
    """How far the review has come, and the moment from which changes are to be asked for."""
    total, left = speech.findings.count(), review.undecided(speech).count()
    return {
        "total": total,
        "decided": total - left,
        "following": None if left else review.next_speech(speech),
        "since": since.isoformat() if since else "",
    }


def _changed(
    request: HttpRequest,
    speech: Speech,
    since: dt.datetime | None,
    *,
    findings: Iterable[Finding] = (),
    notice: str = "",
    said: str = "",
) -> HttpResponse:
    """The cards of ``findings`` and of all that was decided since ``since``, each to take its old one's place."""
    latest = review.moment(speech)
    touched = list(review.decided_since(speech, since).prefetch_related("commitments"))
    ids = {each.finding_id for each in touched if each.finding_id} | {finding.pk for finding in findings}
    added = [each for each in touched if not each.finding_id]
    context = {
        "speech": speech,
        "cards": desk.cards(speech, findings=speech.findings.filter(pk__in=ids)),
        "added": [card for card in map(desk.card_of_added, added) if card],
        "gone": [f"r{each.pk}" for each in added if each.undone_at],
        "paragraphs": _paragraphs(speech, added),
        "notice": notice,
        "said": said,
        **_progress(speech, latest),
    }
    return render(request, "review/changed.html", context)


def _paragraphs(speech: Speech, added: Iterable[Review]) -> list[SafeString]:
    """The paragraphs whose marks changed because words in them were added by hand, or are so no more."""
    starts = {each.start for review in added for each in review.commitments.all() if each.start is not None}
    if not starts:
        return []
    marks = [card.mark for card in desk.cards(speech)]
    around = sorted({paragraph_around(speech.text, start) for start in starts})
    oob = mark_safe(' hx-swap-oob="true"')
    return [marked(speech.text, marks, start=start, end=end, attrs=oob) for start, end in around]


@may_review
@require_POST
@refusable
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm or dismiss one finding as it stands on the page."""
    speech = _speech(request, pk)
    _same_day(request, speech)
    since = review.moment(speech)
    finding = _finding(speech, whole(request.POST.get("finding")))
    match request.POST.get("decision"):
        case "confirm":
            commitment = intake.confirm(finding, by=request.user)
            said = _("Entered as %(number)s.") % {"number": commitment.number}
        case "dismiss":
            intake.dismiss(finding, by=request.user)
            said = _("Dismissed.")
        case _:
            return HttpResponseBadRequest()
    answer = _changed(request, speech, since, findings=[finding], said=said)
    return trigger_client_event(answer, "decided", {"key": f"f{finding.pk}"}, after="swap")


def _same_day(request: HttpRequest, speech: Speech) -> None:
    """Refuse to decide on deadlines that were reckoned from another day than the one the page shows."""
    shown = request.POST.get("version")
    if shown and shown != str(speech.version):
        raise workflow.Stale(_("The speech was corrected in the meantime. Reload the page and look at it again."))


@may_review
@require_POST
@refusable
def confirm_above(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm every undecided finding with at least the chosen confidence, in percent.

    So many at a time as are quickly done; the page then asks for the next, and says in ``done`` how many it has had.
    """
    speech = _speech(request, pk)
    _same_day(request, speech)
    percent = whole(request.POST.get("above"))
    if percent is None or percent > 100:
        raise workflow.Refused(_("Give the confidence as a number from 0 to 100."))
    since = review.moment(speech)
    # The page shows whole percents: what it shows as 90 is confirmed from 90 on.
    least = (percent - 0.5) / 100
    confirmed = review.confirm_above(speech, least, by=request.user, at_most=MOST_AT_ONCE)
    done = len(confirmed) + (whole(request.POST.get("done")) or 0)
    said = ngettext("%(count)d finding confirmed.", "%(count)d findings confirmed.", done) % {"count": done}
    answer = _changed(request, speech, since, findings=confirmed, said=said)
    if len(confirmed) == MOST_AT_ONCE and review.undecided(speech).filter(confidence__gte=least).exists():
        trigger_client_event(answer, "more", {"done": done}, after="settle")
    return answer


@may_review
@require_POST
@refusable
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision back: the one that is named, else the latest of one's own."""
    speech = _speech(request, pk)
    since = review.moment(speech)
    named = request.POST.get("review")
    decision = speech.reviews.filter(pk=whole(named)).first() if named else review.last_of(speech, request.user)
    if decision is None:
        raise workflow.Refused(_("There is nothing of yours to take back on this speech."))
    findings = review.undo(decision, by=request.user)
    answer = _changed(request, speech, since, findings=findings, said=_("Taken back."))
    return trigger_client_event(answer, "reopened", {"key": f"f{findings[0].pk}" if findings else ""}, after="swap")


@may_review
@require_GET
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What has been decided since the page last asked, by whomever; nothing where all is as it was."""
    speech = _speech(request, pk)
    latest = review.moment(speech)
    since = timeline.moment(request.GET.get("since", ""))
    notice = ""
    if request.GET.get("version") not in (None, "", str(speech.version)):
        notice = _("The speech was corrected in the meantime. Reload the page and look at it again.")
    elif latest is None or (since and latest == since):
        return HttpResponse(status=204)
    return _changed(request, speech, since and since - OVERLAP, notice=notice)


def _editor(request: HttpRequest, speech: Speech, forms: list[DraftForm], **context: Any) -> HttpResponse:
    """The editor, with one form or (splitting) several. After a refused input it takes the old one's place."""
    context |= {"speech": speech, "forms": forms}
    answer = render(request, "review/editor.html", context)
    if request.method == "POST":
        answer["HX-Retarget"], answer["HX-Reswap"] = "#editor", "outerHTML"
    return answer


def _saved(answer: HttpResponse, key: str) -> HttpResponse:
    """Tell the page to close the editor before its cards change, and to go on to the next afterwards."""
    trigger_client_event(answer, "saved", {})
    return trigger_client_event(answer, "decided", {"key": key}, after="swap")


@may_review
@refusable
def edit(request: HttpRequest, pk: int, finding_pk: int) -> HttpResponse:
    """Correct a finding's fields and confirm it."""
    speech = _speech(request, pk)
    finding = _finding(speech, finding_pk)
    directory = Directory()
    form = DraftForm(request.POST or None, base=intake.draft(finding, directory), directory=directory)
    if request.method == "POST" and form.is_valid():
        _same_day(request, speech)
        since = review.moment(speech)
        commitment = intake.confirm(finding, by=request.user, as_draft=form.draft())
        said = _("Entered as %(number)s.") % {"number": commitment.number}
        return _saved(_changed(request, speech, since, findings=[finding], said=said), f"f{finding.pk}")
    return _editor(request, speech, [form], heading=_("Correct and confirm"), finding=finding)


@may_review
@refusable
def merge(request: HttpRequest, pk: int, finding_pk: int) -> HttpResponse:
    """Make one commitment of a finding and the next undecided one."""
    speech = _speech(request, pk)
    finding = _finding(speech, finding_pk)
    if request.method == "POST":
        following = _finding(speech, whole(request.POST.get("with")))
    else:
        following = review.next_undecided(finding)
        if following is None:
            raise workflow.Refused(_("There is nothing after this finding that it could be merged with."))
        following.speech = speech
    directory = Directory()
    base = review.merged_draft([finding, following], directory)
    form = DraftForm(request.POST or None, base=base, directory=directory)
    if request.method == "POST" and form.is_valid():
        _same_day(request, speech)
        since = review.moment(speech)
        commitment = review.merge([finding, following], by=request.user, as_draft=form.draft())
        said = _("Entered as %(number)s.") % {"number": commitment.number}
        answer = _changed(request, speech, since, findings=[finding, following], said=said)
        return _saved(answer, f"f{following.pk}")
    return _editor(request, speech, [form], heading=_("Merge with the next"), finding=finding, following=following)


@may_review
@refusable
def split(request: HttpRequest, pk: int, finding_pk: int) -> HttpResponse:
    """Make several commitments of a finding: ``cut`` are the offsets at which a new one begins."""
    speech = _speech(request, pk)
    finding = _finding(speech, finding_pk)
    directory = Directory()
    clauses = review.clauses(finding)
    asked = set(map(whole, (request.POST or request.GET).getlist("cut")))
    cuts = [start for start, _end in clauses[1:] if start in asked]
    forms = [
        DraftForm(request.POST or None, base=base, directory=directory, prefix=f"p{number}")
        for number, base in enumerate(review.split_drafts(finding, cuts, directory), start=1)
    ]
    if request.method == "POST" and len(forms) > 1 and all(list(map(DraftForm.is_valid, forms))):
        _same_day(request, speech)
        since = review.moment(speech)
        made = review.split(finding, [form.draft() for form in forms], by=request.user)
        said = _("Entered as %(number)s.") % {"number": "、".join(each.number for each in made)}
        return _saved(_changed(request, speech, since, findings=[finding], said=said), f"f{finding.pk}")
    pieces = [
        {"start": start, "text": speech.text[start:end], "cut": start in cuts, "first": start == finding.start}
        for start, end in clauses
    ]
    return _editor(request, speech, forms, heading=_("Split"), finding=finding, clauses=pieces)


@may_review
@refusable
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a commitment that was missed: ``start`` and ``end`` are the words that were selected in the text."""
    speech = _speech(request, pk)
    start, end = (whole((request.POST or request.GET).get(name)) for name in ("start", "end"))
    if start is None or end is None:
        raise workflow.Refused(_("Select the words of the commitment in the text."))
    directory = Directory()
    base = review.stretch_draft(speech, start, end, directory)
    form = DraftForm(request.POST or None, base=base, directory=directory)
    if request.method == "POST" and form.is_valid():
        _same_day(request, speech)
        since = review.moment(speech)
        commitment = review.add(form.draft(), by=request.user)
        said = _("Entered as %(number)s.") % {"number": commitment.number}
        key = f"r{commitment.reviews.get().pk}"
        answer = _saved(_changed(request, speech, since, said=said), key)
        return trigger_client_event(answer, "added", {"key": key}, after="swap")
    return _editor(request, speech, [form], heading=_("Add what was missed"), start=base.start, end=base.end)


@may_review
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """What the words in the editor come to, while they are typed; and names to complete them with."""
    speech = _speech(request, pk)
    typing = request.POST.get("typing", "")
    prefix = typing.rpartition("-")[0]
    directory = Directory()
    base = intake.Draft(title="", speech=speech, begins_on=speech.delivered_on)
    form = DraftForm(request.POST, base=base, directory=directory, prefix=prefix or None)
    field = typing.rpartition("-")[2]
    suggestions = _completions(form.value(field), directory) if field in ("lead", "support") else []
    context = {
        "speech": speech,
        "form": form,
        "reading": form.reading(),
        "typing_field": field,
        "suggestions": suggestions,
    }
    return render(request, "review/reading.html", context)


def _completions(typed: str, directory: Directory) -> list[tuple[str, Unit]]:
    """Up to eight units for the name that is being typed, each by its best name; those that begin with it first."""
    word = (typed.replace("，", "、").replace(",", "、").rpartition("、")[2]).strip()
    if not word or word in directory.names:
        return []
    fitting = [(name, unit) for name, unit in directory.names.items() if word in name]
    best: dict[int, tuple[str, Unit]] = {}
    for name, unit in sorted(fitting, key=lambda pair: (not pair[0].startswith(word), len(pair[0]), pair[0])):
        best.setdefault(unit.pk, (name, unit))
    return list(best.values())[:8]


@may_review
@require_POST
@refusable
def new_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a name that the tree does not know into it: as a unit of its own, or as an alias of another."""
    _speech(request, pk)
    name = request.POST.get("name", "")
    try:
        if other := request.POST.get("alias_of", "").strip():
            units.add_alias(_kept_unit(request, other), name, by=request.user)
        else:
            below = request.POST.get("below", "").strip()
            parent = _kept_unit(request, below) if below else tree.top(request.user)
            units.create(name, kind=request.POST.get("kind", ""), by=request.user, parent=parent)
    except ValidationError as error:
        raise workflow.Refused(error.messages) from error
    return read(request, pk)


def _kept_unit(request: HttpRequest, name: str) -> Unit:
    """The unit that ``name`` means, if it is in the user's charge."""
    unit = Directory().find(name)
    if unit is None:
        raise workflow.Refused(_("There is no unit “%(name)s”. Choose one of the list.") % {"name": name})
    if not tree.keepable(request.user).filter(pk=unit.pk).exists():
        raise workflow.Refused(_("Choose a unit in your charge."))
    return unit
