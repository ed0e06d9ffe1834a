"""A speech's text as HTML with its findings marked in place, character for character what is stored."""

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from speeches.readers.lines import HEADING, is_prose

# One page of text holds about so much: a long speech is shown in several, each as quick as the first.
MOST_CHARS = 60_000
MOST_MARKS = 500


@dataclass(frozen=True)
class Mark:
    """A stretch ``text[start:end]`` to be marked: ``key`` is its element's id, ``kind`` and ``state`` its look."""

    start: int
    end: int
    key: str
    kind: str
    state: str = ""


def windows(text: str, starts: Sequence[int]) -> list[tuple[int, int]]:
    """Cut ``text`` at line ends into (start, end) of pages; ``starts`` are where marks begin, in order."""
    found, first, marks = [], 0, 0
    for start, end in _lines(text):
        marks = bisect_right(starts, end - 1) - bisect_right(starts, first - 1)
        if start > first and (end - first > MOST_CHARS or marks > MOST_MARKS):
            found.append((first, start))
            first = start
    return [*found, (first, len(text))]


def marked(
    text: str, marks: Iterable[Mark], *, start: int = 0, end: int | None = None, attrs: SafeString | str = ""
) -> SafeString:
    """``text[start:end]`` as paragraphs, each with its offset in ``data-start``, and ``marks`` in them.

    Where marks overlap, a stretch looks like the mark that began last; its ``data-keys`` name all of them.
    ``attrs`` are further attributes of every paragraph.
    """
    end = len(text) if end is None else end
    wanted = sorted((mark for mark in marks if mark.start < end and mark.end > start), key=lambda mark: mark.start)
    begun: set[str] = set()
    paragraphs = []
    at = 0
    for first, last in _lines(text, start, end):
        if not text[first:last].strip():
            continue
        while at < len(wanted) and wanted[at].end <= first:
            at += 1
        here = [mark for mark in _until(wanted, at, last) if mark.end > first]
        line = text[first:last].rstrip("\n")
        kind = "heading" if HEADING.match(line) and not is_prose(line) else ""
        paragraphs.append((first, kind, first, attrs, _paragraph(text, first, first + len(line), here, begun)))
    return format_html_join("\n", '<p id="at-{}" class="{}" data-start="{}"{}>{}</p>', paragraphs)


def paragraph_around(text: str, at: int) -> tuple[int, int]:
    """Start and end of the line that holds the offset ``at``."""
    end = text.find("\n", at)
    return text.rfind("\n", 0, at) + 1, len(text) if end < 0 else end + 1


def _lines(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Start and end of every line, its line end included."""
    end = len(text) if end is None else end
    while start < end:
        found = text.find("\n", start, end)
        stop = end if found < 0 else found + 1
        yield start, stop
        start = stop


def _until(marks: Sequence[Mark], at: int, end: int) -> Iterator[Mark]:
    for mark in marks[at:]:
        if mark.start >= end:
            return
        yield mark


def _paragraph(text: str, start: int, end: int, marks: Sequence[Mark], begun: set[str]) -> SafeString:
    edges = sorted({start, end, *(min(max(edge, start), end) for mark in marks for edge in (mark.start, mark.end))})
    pieces = []
    for first, last in itertools.pairwise(edges):
        over = [mark for mark in marks if mark.start <= first and mark.end >= last]
        if not over:
            pieces.append(format_html("{}", text[first:last]))
            continue
        top = over[-1]
        new = [mark.key for mark in over if mark.key not in begun]
        begun.update(new)
        pieces.append(
            format_html(
                '<mark{} class="finding tier-{}" data-keys="{}" data-state="{}">{}</mark>',
                format_html(' id="in-{}"', new[-1]) if new else "",
                top.kind,
                " ".join(mark.key for mark in over),
                top.state,
                text[first:last],
            )
        )
    return format_html_join("", "{}", ((piece,) for piece in pieces))
