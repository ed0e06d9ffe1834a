"""Cleaning that keeps meaning: from what stands in a file to the text of a speech."""

import re
import unicodedata

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


def cleaned(text: str) -> tuple[str, tuple[str, ...]]:
    """Return what ``clean`` does, and the notes on what was done."""
    rows, marked = _rows(text)
    notes = ["stray_marks"] if marked else []
    for note, step in (("page_furniture", _without_furniture), ("advert", _without_adverts)):
        kept = step(rows)
        if len(kept) < len(rows):
            notes.append(note)
        rows = kept
    for note, step in (("joined_lines", join), ("repeated", _without_repeated)):
        kept = step(rows)
        if len(kept) < len(rows):
            notes.append(note)
        rows = kept
    lines = ["\n" * (row.after_blank and index > 0) + row.text for index, row in enumerate(rows)]
    return "\n".join(lines), tuple(notes)


def _rows(text: str) -> tuple[list[Row], bool]:
    """Return the lines that hold anything, and whether a stray mark was taken from one."""
    text = LINE_ENDS.sub("\n", text)
    text = NARROW_SPACES.sub(" ", INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
    rows: list[Row] = []
    after_blank = marked = False
    for line in text.replace("**", "").split("\n"):
        bare = line.strip()
        words = STRAY_AFTER.sub("", STRAY_BEFORE.sub("", bare, count=1) if bare[:1] in STRAY else bare)
        words = AFTER_NUMBER.sub(r"\1", words, count=1) if "\t" in words else words
        if not words.strip(STRAY + " \t\u3000"):
            after_blank = after_blank or not bare
            continue
        marked = marked or len(words) < len(bare)
        rows.append(Row(words, cells_of(line[: len(line) - len(line.lstrip())]), after_blank))
        after_blank = False
    return rows, marked


def _without_furniture(rows: list[Row]) -> list[Row]:
    lines = [row.text for row in rows]
    numbers = page_numbers(lines)
    dropped = numbers | buttons(lines)
    return [
        row._replace(after_page=row.after_page or index - 1 in numbers)
        for index, row in enumerate(rows)
        if index not in dropped
    ]


def _without_adverts(rows: list[Row]) -> list[Row]:
    return [row for row in rows if not is_advert(row.text)]


def _without_repeated(rows: list[Row]) -> list[Row]:
    """Drop a line that says again what the one before it says, and a long one that stands just above."""
    kept: list[Row] = []
    for row in rows:
        above = [other.text for other in kept[-NEAR:]]
        again = len(row.text) >= SHORTEST_REPEATED and above[-1:] == [row.text]
        if not again and not (len(row.text) >= LONG and row.text in above):
            kept.append(row)
    return kept
