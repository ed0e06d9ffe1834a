"""One file, several speeches: where each begins and ends."""

import re

from .parts import SpeechPart

NUMBERED_TITLE = re.compile(
    r"^(?:第[一二三四五六七八九十\d]+篇[：:\s]|.{0,20}(?:讲话|发言|讲话稿|发言稿)\d{1,2}$)", re.MULTILINE
)


def split(text: str) -> list[SpeechPart]:
    """Cut cleaned ``text`` into its speeches, in order; at least one. Together they cover all of it."""
    starts = [match.start() for match in NUMBERED_TITLE.finditer(text)]
    if not starts or text[: starts[0]].strip():
        starts.insert(0, 0)
    starts[0] = 0
    return [
        SpeechPart(start, end, text[start:end])
        for start, end in zip(starts, [*starts[1:], len(text)], strict=True)
    ]
