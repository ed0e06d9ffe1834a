"""How long two hundred pages take to read: python -m tests.benchmarks.reading

Prints seconds of processor time, in this process and for the guarded child as a whole.
"""

import resource
import sys
import time

import pypdfium2

from speeches.readers import clean, read, read_guarded
from speeches.readers.splitting import split
from tests.readers.samples import BODY
from tests.readers.writing import FORMATS, pdf

PAGES = 200


def main() -> None:
    copies = 50
    pages = len(pypdfium2.PdfDocument(pdf(BODY * copies)))
    text = "".join(f"第{number}次会议。{BODY}" for number in range(copies * PAGES // pages + 1))
    out = sys.stdout.write
    out(f"{PAGES} pages as printed, {len(text):,} characters\n{'format':8}{'KB':>8}{'read s':>9}{'guarded s':>11}\n")
    for kind, write in FORMATS.items():
        data = write(text)
        out(f"{kind:8}{len(data) // 1024:8}{spent(read, data):9.2f}{spent(read_guarded, data):11.2f}\n")
    out(f"clean {spent(clean, text):.2f} s, split {spent(split, clean(text)):.2f} s\n")


def spent(function, argument) -> float:
    """Return the seconds of processor time of a call, with those of the processes that it starts and ends."""
    begin = _used()
    function(argument)
    return _used() - begin


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
