"""Search over speeches and commitments."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tracker import search
from tracker.models import Commitment
from tracker.rules import visible_assignments, visible_commitments, visible_speeches

# A longer title is shown where the words stand in it.
LONGEST_TITLE = 150


def results(request: HttpRequest) -> HttpResponse:
    """Commitments first, a page of them; beside them the speeches, best twenty."""
    query = search.Query.read(request.GET.get("q", ""))
    commitments = search.find_commitments(query, visible_commitments(request.user)) if query.text else []
    speeches = search.find_speeches(query, visible_speeches(request.user)) if query.text else []
    page = Paginator(commitments, 20).get_page(request.GET.get("page"))
    found = Commitment.objects.select_related("speech").prefetch_related(_charged(request.user))
    rows = search.in_order(found, page.object_list)
    context = {
        "query": query,
        "page": page,
        "commitments": [
            {
                "row": row,
                "title": search.highlighted(row.title, query, around=LONGEST_TITLE),
                "text": search.highlighted(_further(row), query),
                "units": list(dict.fromkeys(assignment.unit for assignment in row.charged if assignment.unit)),
            }
            for row in rows
        ],
        "speeches": [
            {
                "row": row,
                "title": search.highlighted(row.title, query, around=LONGEST_TITLE),
                "text": search.highlighted(row.text, query),
            }
            for row in search.in_order(visible_speeches(request.user), speeches[:20])
        ],
        "speech_count": len(speeches),
        "most": search.MOST,
        "day": timezone.localdate(),
    }
    return render(request, "tracker/search.html", context)


def _charged(user: Any) -> Prefetch:
    """Of the units that an item charges, those that its page shows ``user`` too."""
    rows = visible_assignments(user).select_related("unit").order_by("role", "pk")
    return Prefetch("assignments", rows, to_attr="charged")


def _further(row: Commitment) -> str:
    """What an item says beyond its title, which is often the very sentence of the speech."""
    return row.content or (row.quote if row.quote.strip() != row.title else "")
