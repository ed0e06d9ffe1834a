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
from django.db import connection, models
from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from speeches.models import Speech
from tracker.models import Assignment, Commitment, SearchEntry, Unit
from tracker.units import Directory

Kind = SearchEntry.Kind
MOST = 200  # nobody turns more pages than that; a narrower query is the better way
# A tsvector holds 1 MB; the words of a longer text are indexed up to here.
MOST_CHARACTERS = 200_000
MOST_WORDS = 12
_WORD = re.compile(r"[\w\u4e00-\u9fff]+")
SNIPPET = 90


def words(text: str) -> Iterator[str]:
    """The searchable words of ``text``, lower-cased, as jieba's search mode cuts them."""
    for word in jieba.cut_for_search(text[:MOST_CHARACTERS].replace("\x00", " ").lower()):
        if _WORD.fullmatch(word):
            yield word


@dataclass(frozen=True)
class Query:
    """What was asked: the words that must all occur, and the units that the query names."""

    text: str
    terms: tuple[str, ...]
    units: tuple[Unit, ...]

    @classmethod
    def read(cls, text: str) -> "Query":
        text = " ".join(text.replace("\x00", " ").split())[:100]
        directory = Directory()
        named = {unit.pk: unit for part in [text, *text.split()] if (unit := directory.find(part))}
        return cls(text, tuple(dict.fromkeys(words(text)))[:MOST_WORDS], tuple(named.values()))


def index(thing: Speech | Commitment) -> None:
    """Put a speech or commitment into the index, or bring its entry up to date."""
    if isinstance(thing, Speech):
        kind, body = Kind.SPEECH, f"{thing.speaker} {thing.post} {thing.occasion} {thing.issuing_body} {thing.text}"
    else:
        kind, body = Kind.COMMITMENT, f"{thing.number} {thing.content} {thing.quote} {thing.heading}"
    SearchEntry.objects.update_or_create(
        kind=kind, object_id=thing.pk, defaults={"title": " ".join(words(thing.title)), "body": " ".join(words(body))}
    )


def forget(thing: Speech | Commitment) -> None:
    kind = Kind.SPEECH if isinstance(thing, Speech) else Kind.COMMITMENT
    SearchEntry.objects.filter(kind=kind, object_id=thing.pk).delete()


def keep_up(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    """Signal handler: whatever door a change comes through, the index follows in the same transaction."""
    index(instance)


def drop(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    forget(instance)


def _ranked(kind: str, query: Query, visible: QuerySet) -> list[int]:
    """Ids of the visible things of one kind that have all the words, best first."""
    if not query.terms:
        return []
    seen, params = visible.order_by().values("pk").query.sql_with_params()
    quoted = [term.replace('"', "").replace("'", "") for term in query.terms]
    if connection.vendor == "sqlite":
        match = " ".join(f'"{term}"' for term in quoted)
        sql = f"""
            SELECT e.object_id FROM tracker_search_fts f JOIN tracker_searchentry e ON e.id = f.rowid
            WHERE tracker_search_fts MATCH %s AND e.kind = %s AND e.object_id IN ({seen})
            ORDER BY bm25(tracker_search_fts, 8.0, 1.0), e.object_id DESC LIMIT {MOST}"""  # noqa: S608
        arguments = [match, kind, *params]
    else:
        match = " & ".join(f"'{term}'" for term in quoted)
        sql = f"""
            SELECT e.object_id FROM tracker_searchentry e, to_tsquery('simple', %s) q
            WHERE (setweight(to_tsvector('simple', e.title), 'A') || setweight(to_tsvector('simple', e.body), 'D')) @@ q
            AND e.kind = %s AND e.object_id IN ({seen})
            ORDER BY ts_rank(setweight(to_tsvector('simple', e.title), 'A') ||
                             setweight(to_tsvector('simple', e.body), 'D'), q) DESC, e.object_id DESC
            LIMIT {MOST}"""  # noqa: S608
        arguments = [match, kind, *params]
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        return [row[0] for row in cursor.fetchall()]


def find_commitments(query: Query, visible: QuerySet[Commitment]) -> list[int]:
    """Ids of the commitments that match, best first: by their words, then by the unit that is charged."""
    found = _ranked(Kind.COMMITMENT, query, visible)
    if query.units:
        charged = Assignment.objects.filter(unit__in=query.units, deleted_at=None).values("commitment")
        rest = visible.filter(pk__in=charged).exclude(pk__in=found).order_by("-entered_on", "-pk")
        found += rest.values_list("pk", flat=True)[: MOST - len(found)]
    return found


def find_speeches(query: Query, visible: QuerySet[Speech]) -> list[int]:
    return _ranked(Kind.SPEECH, query, visible)


def in_order(queryset: QuerySet, ids: Iterable[int]) -> list[Any]:
    """The rows with these ids, in this order; in one query."""
    rows = queryset.in_bulk(list(ids))
    return [rows[pk] for pk in ids if pk in rows]


def highlighted(text: str, query: Query, *, around: int | None = SNIPPET) -> SafeString:
    """``text`` as HTML with the query's words marked; with ``around``, only the stretch where most of them stand."""
    names = {name for unit in query.units for name in (unit.name, unit.short_name) if name}
    wanted = sorted({query.text, *query.terms, *names} - {""}, key=len, reverse=True)
    if not wanted:
        return escape(text[: around or None])
    pattern = re.compile("|".join(re.escape(word) for word in wanted), re.IGNORECASE)
    if around and len(text) > around:
        places = [match.start() for match in pattern.finditer(text)]
        best = max(places, key=lambda at: sum(at <= other < at + around for other in places), default=0)
        start = max(0, best - around // 4)
        text = ("…" if start else "") + text[start : start + around] + ("…" if start + around < len(text) else "")
    pieces, last = [], 0
    for match in pattern.finditer(text):
        pieces += [escape(text[last : match.start()]), "<mark>", escape(match.group()), "</mark>"]
        last = match.end()
    return mark_safe("".join([*pieces, escape(text[last:])]))  # noqa: S308  every piece is escaped
