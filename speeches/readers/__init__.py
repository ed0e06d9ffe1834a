"""Bytes to text: what a file says, whatever program made it. Pure: no Django, no clock, no network.

    document = read(data, name="讲话.docx")     # or ReadError
    for part in split(document.text): ...        # one speech each, from speeches.readers.splitting

``read_guarded`` does the same in a process of its own, held to a limit of memory and time. That process
imports this package for every file, so it holds no more than reading takes.
"""

from .cleaning import clean
from .document import NOTES, Document, Limits
from .errors import ReadError
from .guard import read_guarded
from .parts import SpeechPart, Stated
from .reading import read

__all__ = [
    "NOTES",
    "Document",
    "Limits",
    "ReadError",
    "SpeechPart",
    "Stated",
    "clean",
    "read",
    "read_guarded",
]
