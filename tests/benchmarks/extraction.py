"""How fast commitments are read, beside jieba alone on the same text: python -m tests.benchmarks.extraction FILE…

Prints characters a second of both and the ratio, the time at four lengths, and the most memory taken; with --spite,
how the time grows with the length of what patterns may stumble over.
"""

import argparse
import datetime as dt
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jieba

from speeches.extraction import extract, find_deadlines, find_recurrences, find_targets, find_units

DAY = dt.date(2026, 1, 8)
LENGTHS = (10_000, 100_000, 1_000_000, 10_000_000)
# What patterns may stumble over, repeated to the length that is read: each should take about twice as long at twice
# the length.
SPITEFUL = (
    "，",
    "、",
    "（",
    "）",
    "“",
    "9",
    "九",
    "年",
    "月底前",
    "每月",
    "一月一",
    "要",
    "由",
    "局",
    "王局长、",
    "\n",
    " ",
    "5月1",
    "%",
)
SENTENCE = "要，、（9年月底前每月由王局长、5月1%" * 12 + "。"
READERS = (extract, find_deadlines, find_recurrences, find_targets, find_units)


def seconds(call: Callable[[], Any]) -> float:
    """Processor time of one call."""
    begin = time.process_time()
    call()
    return time.process_time() - begin


def spite() -> None:
    """Print, for each reader and each repeated stretch, the time at 100,000 characters and against half of them."""
    for reader in READERS:
        how = {"delivered_on": DAY} if reader in (extract, find_deadlines) else {}
        for stretch in (*SPITEFUL, SENTENCE):
            half, whole = (
                seconds(lambda n=n, s=stretch, r=reader, h=how: r((s * (n // len(s) + 1))[:n], **h))
                for n in (50_000, 100_000)
            )
            growth = f"{whole / half:.1f} times its half" if whole > 0.05 else "too little to compare"
            sys.stdout.write(f"{reader.__name__:17} {stretch[:6]!r:>10} {whole:6.2f} s, {growth}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--spite", action="store_true", help="read repeated signs instead of files")
    parser.add_argument("--longest", type=int, default=1_000_000)
    args = parser.parse_args()
    if args.spite:
        spite()
        return
    if not args.files:
        parser.error("which files?")
    text = "".join(path.read_text("utf-8") for path in args.files)
    out = sys.stdout.write
    out(f"first call {seconds(lambda: extract(text[:1000], delivered_on=DAY)):.2f} s\n")
    for length in (n for n in LENGTHS if n <= args.longest):
        long = (text * (length // len(text) + 1))[:length]
        took = seconds(lambda long=long: extract(long, delivered_on=DAY))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        out(f"{length:>12,} characters {took:8.2f} s {length / took:>10,.0f} a second, {memory} MB at most\n")
    jieba.initialize()
    sample = (text * (200_000 // len(text) + 1))[:200_000]
    ours = seconds(lambda: extract(sample, delivered_on=DAY))
    theirs = seconds(lambda: list(jieba.cut(sample)))
    rates = len(sample) / ours, len(sample) / theirs
    out(f"extract {rates[0]:,.0f}, jieba.cut {rates[1]:,.0f} characters a second: {rates[0] / rates[1]:.2f}\n")


if __name__ == "__main__":
    main()
