"""Search in Chinese: jieba cuts the words, the database's full-text index finds and ranks them.

SQLite's FTS5 and PostgreSQL's tsvector cut text at spaces, which Chinese does not have; so what they are
given is already cut, in ``cut_for_search`` mode: a long word (交通运输局) also yields the shorter ones in it
(交通, 运输), and is found by them. A query is cut the same way, and all of its words must occur. A word that
is a unit's name or alias also finds what that unit has been charged with, whatever the text calls it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import jieba
from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from speeches.models import Speech
from tracker.models import Assignment, Commitment, SearchEntry, Unit
from tracker.units import Directory

Kind = SearchEntry.Kind
MOST = 200  # nobody turns more pages than that; a narrower query is the better way
# PostgreSQL weighs every match anew, so of a word that stands everywhere only the newest matches are weighed.
WEIGHED = 500
# A tsvector holds 1 MB; the words of a longer text are indexed up to here.
MOST_CHARACTERS = 200_000
MOST_WORDS = 12
MOST_WORDINGS = 12
_WORD = re.compile(r"[\w\u4e00-\u9fff]+")
SNIPPET = 90


def words(text: str) -> Iterator[str]:
    """The searchable words of ``text``, lower-cased, as jieba's search mode cuts them."""
    for word in jieba.cut_for_search(text[:MOST_CHARACTERS].replace("\x00", " ").lower()):
        if _WORD.fullmatch(word):
            yield word


def _asked(text: str) -> tuple[str, ...]:
    """The words of one wording. Single characters count only where there is nothing longer.

    How jieba cuts the end of a word depends on what follows (局 by itself, but 局要 inside a sentence), so
    a lone character in the query would miss texts that do hold the name.
    """
    found = list(dict.fromkeys(words(text)))
    return tuple([word for word in found if len(word) > 1] or found)[:MOST_WORDS]


@dataclass(frozen=True)
class Query:
    """What was asked: words that must all occur, in any one of several ways to say it, and the units it names.

    ``wordings`` are those ways, each a tuple of words: the query as it stands, and once more with a unit's
    alias replaced by each other name of that unit. ``beside`` are the words that stand beside the units' names.
    """

    text: str
    wordings: tuple[tuple[str, ...], ...]
    units: tuple[Unit, ...]
    beside: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> "Query":
        text = " ".join(text.replace("\x00", " ").split())[:100]
        directory = Directory()
        named = {part: unit for part in [text, *text.split()] if (unit := directory.find(part))}
        names: dict[int, list[str]] = {}
        for name, unit in directory.names.items():
            names.setdefault(unit.pk, []).append(name)
        said = [text, *(text.replace(part, name) for part, unit in named.items() for name in names[unit.pk])]
        wordings = dict.fromkeys(_asked(way) for way in said[:MOST_WORDINGS])
        units = {unit.pk: unit for unit in named.values()}
        beside = [part for part in text.split() if part not in named and text not in named]
        return cls(text, tuple(way for way in wordings if way), tuple(units.values()), _asked(" ".join(beside)))

    @property
    def terms(self) -> set[str]:
        return {word for way in self.wordings for word in way}


def entry(thing: Speech | Commitment) -> SearchEntry:
    """What the index should hold of a speech or commitment; not saved."""
    if isinstance(thing, Speech):
        kind, body = Kind.SPEECH, f"{thing.speaker} {thing.post} {thing.occasion} {thing.issuing_body} {thing.text}"
    else:
        kind, body = Kind.COMMITMENT, f"{thing.number} {thing.content} {thing.quote} {thing.heading}"
    return SearchEntry(kind=kind, object_id=thing.pk, title=" ".join(words(thing.title)), body=" ".join(words(body)))


def index(thing: Speech | Commitment) -> None:
    """Put a speech or commitment into the index, or bring its entry up to date."""
    made = entry(thing)
    SearchEntry.objects.update_or_create(
        kind=made.kind, object_id=made.object_id, defaults={"title": made.title, "body": made.body}
    )


def forget(thing: Speech | Commitment) -> None:
    kind = Kind.SPEECH if isinstance(thing, Speech) else Kind.COMMITMENT
    SearchEntry.objects.filter(kind=kind, object_id=thing.pk).delete()


def keep_up(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    """Signal handler: whatever door a change comes through, the index follows in the same transaction."""
    index(instance)


def drop(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    forget(instance)


def _ranked(kind: str, wordings: tuple[tuple[str, ...], ...], visible: QuerySet) -> list[int]:
    """Ids of the visible things of one kind that have all the words of one wording, best first."""
    if not wordings:
        return []
    try:
        seen, params = visible.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # who may see nothing finds nothing
        return []
    # Words hold nothing but letters, digits and Han characters (``_WORD``), so quotes cannot be broken out of.
    if connection.vendor == "sqlite":
        match = " OR ".join("(" + " AND ".join(f'"{word}"' for word in way) + ")" for way in wordings)
        sql = f"""
            SELECT e.object_id FROM tracker_search_fts f JOIN tracker_searchentry e ON e.id = f.rowid
            WHERE tracker_search_fts MATCH %s AND e.kind = %s AND e.object_id IN ({seen})
            ORDER BY bm25(tracker_search_fts, 8.0, 1.0), e.object_id DESC LIMIT {MOST}"""  # noqa: S608
        return _ids(sql, [match, kind, *params])
    match = " | ".join("(" + " & ".join(f"'{word}'" for word in way) + ")" for way in wordings)
    vector = "(setweight(to_tsvector('simple', e.title), 'A') || setweight(to_tsvector('simple', e.body), 'D'))"
    sql = f"""
        SELECT e.object_id FROM (
            SELECT e.object_id, e.title, e.body FROM tracker_searchentry e
            WHERE {vector} @@ to_tsquery('simple', %s) AND e.kind = %s AND e.object_id IN ({seen})
            ORDER BY e.object_id DESC LIMIT {WEIGHED}) e
        ORDER BY ts_rank({vector}, to_tsquery('simple', %s)) DESC, e.object_id DESC LIMIT {MOST}"""  # noqa: S608
    return _ids(sql, [match, kind, *params, match])


def _ids(sql: str, arguments: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        return [row[0] for row in cursor.fetchall()]


def find_commitments(query: Query, visible: QuerySet[Commitment]) -> list[int]:
    """Ids of the commitments that match, best first: by all their words; then what a unit that is named is charged
    with, if it has the words beside the unit's name."""
    found = _ranked(Kind.COMMITMENT, query.wordings, visible)
    if query.units and len(found) < MOST:
        charged = Assignment.objects.filter(unit__in=query.units, deleted_at=None).values("commitment")
        rest = visible.filter(pk__in=charged).exclude(pk__in=found)
        if query.beside:
            return (found + _ranked(Kind.COMMITMENT, (query.beside,), rest))[:MOST]
        found += rest.order_by("-entered_on", "-pk").values_list("pk", flat=True)[: MOST - len(found)]
    return found


def find_speeches(query: Query, visible: QuerySet[Speech]) -> list[int]:
    return _ranked(Kind.SPEECH, query.wordings, visible)


def in_order(queryset: QuerySet, ids: Iterable[int]) -> list[Any]:
    """The rows with these ids, in this order; in one query."""
    rows = queryset.in_bulk(list(ids))
    return [rows[pk] for pk in ids if pk in rows]


def _densest(places: list[tuple[int, int]], around: int) -> int:
    """Where the ``around`` characters begin in which the ``places`` (where, how heavy) weigh most; the first such."""
    best, most, weight, end = 0, 0, 0, 0
    for first, (start, own) in enumerate(places):
        while end < len(places) and places[end][0] < start + around:
            weight += places[end][1]
            end += 1
        if weight > most:
            best, most = places[first][0], weight
        weight -= own
    return best


def highlighted(text: str, query: Query, *, around: int | None = SNIPPET) -> SafeString:
    """``text`` as HTML with the query's words marked; with ``around``, only the stretch where most of them stand."""
    names = {name for unit in query.units for name in (unit.name, unit.short_name) if name}
    wanted = sorted({query.text, *query.text.split(), *query.terms, *names} - {""}, key=len, reverse=True)
    if not wanted:
        return escape(text[: around or None])
    pattern = re.compile("|".join(re.escape(word) for word in wanted), re.IGNORECASE)
    if around and len(text) > around:
        # A long word says more than the short ones in it: 高标准农田 once is worth more than 标准 five times.
        places = [(match.start(), len(match.group()) ** 2) for match in pattern.finditer(text)]
        best = _densest(places, around)
        start = max(0, best - around // 4)
        text = ("…" if start else "") + text[start : start + around] + ("…" if start + around < len(text) else "")
    pieces, last = [], 0
    for match in pattern.finditer(text):
        pieces += [escape(text[last : match.start()]), "<mark>", escape(match.group()), "</mark>"]
        last = match.end()
    return mark_safe("".join([*pieces, escape(text[last:])]))  # noqa: S308  every piece is escaped
