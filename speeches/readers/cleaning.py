"""Cleaning that keeps meaning: from what stands in a file to the text of a speech."""

import re
import unicodedata
from collections.abc import Callable

from .document import Notes, shown
from .furniture import buttons, is_advert, page_numbers
from .joining import Row, cells_of, join
from .lines import HEADING

LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
# Controls, marks of direction and width, object placeholders, the bullets of symbol fonts.
INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufff9-\uffff\uf020-\uf0ff\ud800-\udfff]"
)
NARROW_SPACES = re.compile(r"[\xa0\u2000-\u200a\u202f\u205f]")
STRAY = r">*|＞｜#＊■●◆▲★"
STRAY_BEFORE = re.compile(rf"[{STRAY}\s]+(?=\S)")
STRAY_AFTER = re.compile(r"(?<=\S)[\s|｜]+$")
AFTER_NUMBER = re.compile(rf"({HEADING.pattern})\t[\t ]*")
SHORTEST_REPEATED = 6
LONG = 40
NEAR = 3


def clean(text: str) -> str:
    """Return ``text`` as the text of a speech: one line a paragraph, and nothing in it that was not said.

    For a text that was pasted; ``read`` does the same to what it reads. Cleaning twice changes nothing more.
    """
    return cleaned(text)[0]


def cleaned(text: str) -> tuple[str, Notes]:
    """Return what ``clean`` does, and the notes on what was done."""
    rows, marked = _rows(text)
    notes = {"stray_marks": shown(marked)} if marked else {}
    for note, step in STEPS.items():
        rows, changed = step(rows)
        if changed:
            notes[note] = shown(changed)
    lines = ["\n" * (row.after_blank and index > 0) + row.text for index, row in enumerate(rows)]
    return "\n".join(lines), notes


def _rows(text: str) -> tuple[list[Row], list[str]]:
    """Return the lines that hold anything, and those that a stray mark was taken from, as they stood."""
    text = LINE_ENDS.sub("\n", text)
    text = NARROW_SPACES.sub(" ", INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
    rows: list[Row] = []
    marked: list[str] = []
    after_blank = False
    for stood in text.split("\n"):
        line = stood.replace("**", "")
        bare = line.strip()
        words = STRAY_AFTER.sub("", STRAY_BEFORE.sub("", bare, count=1) if bare[:1] in STRAY else bare)
        if words != stood.strip():
            marked.append(stood.strip())
        words = AFTER_NUMBER.sub(r"\1", words, count=1) if "\t" in words else words
        if not words.strip(STRAY + " \t\u3000"):
            after_blank = after_blank or not bare
            continue
        rows.append(Row(words, cells_of(line[: len(line) - len(line.lstrip())]), after_blank))
        after_blank = False
    return rows, marked


def _without_furniture(rows: list[Row]) -> tuple[list[Row], list[str]]:
    lines = [row.text for row in rows]
    numbers = page_numbers(lines)
    dropped = numbers | buttons(lines)
    kept = [
        row._replace(after_page=row.after_page or index - 1 in numbers)
        for index, row in enumerate(rows)
        if index not in dropped
    ]
    return kept, [lines[index] for index in sorted(dropped)]


def _without_adverts(rows: list[Row]) -> tuple[list[Row], list[str]]:
    adverts = [row.text for row in rows if is_advert(row.text)]
    return [row for row in rows if not is_advert(row.text)] if adverts else rows, adverts


def _without_repeated(rows: list[Row]) -> tuple[list[Row], list[str]]:
    """Drop a line that says again what the one before it says, and a long one that stands just above."""
    kept: list[Row] = []
    dropped: list[str] = []
    for row in rows:
        above = [other.text for other in kept[-NEAR:]]
        again = len(row.text) >= SHORTEST_REPEATED and above[-1:] == [row.text]
        if again or (len(row.text) >= LONG and row.text in above):
            dropped.append(row.text)
        else:
            kept.append(row)
    return kept, dropped


# Each takes the lines and returns them changed, with the lines that a note names.
STEPS: dict[str, Callable[[list[Row]], tuple[list[Row], list[str]]]] = {
    "page_furniture": _without_furniture,
    "advert": _without_adverts,
    "joined_lines": join,
    "repeated": _without_repeated,
}
