"""How fast commitments are read, beside jieba alone on the same text: python -m tests.benchmarks.extraction FILE…

Prints characters a second of both and the ratio, the time at four lengths, and the most memory taken.
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

from speeches.extraction import extract

DAY = dt.date(2026, 1, 8)
LENGTHS = (10_000, 100_000, 1_000_000, 10_000_000)


def seconds(call: Callable[[], Any]) -> float:
    """Processor time of one call."""
    begin = time.process_time()
    call()
    return time.process_time() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--longest", type=int, default=1_000_000)
    args = parser.parse_args()
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
