"""Cleaning that keeps meaning: from what stands in a file to the text of a speech."""

import re
import unicodedata

LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe\uffff]")
STRAY_MARKS = re.compile(r"^[>*|＞｜\s]+(?=\S)", re.MULTILINE)


def clean(text: str) -> str:
    """Return ``text`` as a speech's text: one line a paragraph, nothing in it that was not said."""
    text = LINE_ENDS.sub("\n", text)
    text = INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    text = STRAY_MARKS.sub("", text)
    lines = [line.strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
