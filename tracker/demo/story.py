"""What happened after the speeches, told in `stories/`, one file for each speech.

    【62公里农村公路提质改造】 month:+1
    县交通运输局 green
    sent+1    签收
    sent+35   进展 20 12 | 完成路面12公里。 | 问题：… | 下一步：…
    due-20    申请延期 month:+2 | 两户拆迁协议刚刚签订。
    due-20    批示 xuchanghe | 请一周内到现场拿出办法。

A promise is known by a phrase that stands in its sentence and in no other of the speech. After it comes
its last day (`last_day` in `dates`), or nothing; then, after a stroke, the title that the reviewer gave the
item where the sentence does not stand by itself. 每期 and an RFC 5545 rule mark a recurring duty, whose
steps are told of each period. A unit comes with the light it shows today, `-` where the day of the month
decides, and with 配合 where it only helps. A step's day counts from an anchor: `sent` (the item was sent
out), `due` (its original last day), `start` (of the period) or `today`; one that lies after today has not
happened yet. 进展 carries the percent, and the quantity reached of the target that the phrase names; 佐证：
names a sheet that was handed in with it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

STORIES = Path(__file__).parent / "stories"
# About seven months, four months and six weeks.
DELIVERED_DAYS_AGO = {"plenary": 210, "transport_environment": 120, "safety": 42}

PROMISE = re.compile(
    r"【(?P<phrase>.+)】(?: (?P<due>[a-z]+(?::[+-]?\d+)?))?(?: 每期 (?P<rrule>\S+))?(?: \| (?P<title>.+))?"
)
WORK = re.compile(r"(?P<unit>\w+) (?P<light>[a-z_]+|-)(?P<supports> 配合)?")
STEP = re.compile(
    r"(?P<anchor>sent|due|start|today)(?P<days>[+-]\d+) +(?P<act>\w+)"
    r"(?: (?P<percent>\d+)(?: (?P<quantity>[\d.]+))?)?(?: (?P<until>[a-z]+:[+-]\d+))?(?: (?P<by>[a-z]+))?"
)
PROBLEM, NEXT_STEP, EVIDENCE = MARKS = "问题：", "下一步：", "佐证："


@dataclass(frozen=True)
class Step:
    """One thing somebody did.

    `act` is the office's own word for it: 签收, 进展, 申请延期, 准予延期, 申请办结, 办结, 退回, 催办 or 批示.
    `by` is the username of the leader who wrote a 批示, `until` the day asked for in a 申请延期.
    """

    anchor: str
    days: int
    act: str
    text: str = ""
    percent: int | None = None
    quantity: float | None = None
    problem: str = ""
    next_step: str = ""
    evidence: str = ""
    until: str = ""
    by: str = ""


@dataclass(frozen=True)
class Work:
    """What one unit did about one promise; `light` is empty where the day of the month decides it."""

    unit: str
    light: str
    supports: bool
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Promise:
    """A commitment of a speech that somebody was charged with."""

    speech: str
    phrase: str
    due: str
    rrule: str
    title: str = ""
    works: tuple[Work, ...] = ()


def promises(speech: str) -> list[Promise]:
    """The promises of one speech in its order, each with what every unit did."""
    found: list[Promise] = []
    for line in _lines(STORIES / f"{speech}.txt"):
        if match := PROMISE.fullmatch(line):
            found.append(
                Promise(speech, match["phrase"], match["due"] or "", match["rrule"] or "", match["title"] or "")
            )
        elif match := STEP.fullmatch(line.partition(" | ")[0]):
            work = found[-1].works[-1]
            grown = replace(work, steps=(*work.steps, _step(match, line.split(" | ")[1:])))
            found[-1] = replace(found[-1], works=(*found[-1].works[:-1], grown))
        elif match := WORK.fullmatch(line):
            work = Work(match["unit"], match["light"].strip("-"), bool(match["supports"]))
            found[-1] = replace(found[-1], works=(*found[-1].works, work))
        else:
            raise ValueError(f"{speech}: not a line of a story: {line}")
    return found


def _lines(path: Path) -> Iterator[str]:
    return (line for line in path.read_text(encoding="utf-8").splitlines() if line)


def _step(match: re.Match[str], told: list[str]) -> Step:
    def after(mark: str) -> str:
        return next((part.removeprefix(mark) for part in told if part.startswith(mark)), "")

    return Step(
        anchor=match["anchor"],
        days=int(match["days"]),
        act=match["act"],
        text=next((part for part in told if not part.startswith(MARKS)), ""),
        percent=int(match["percent"]) if match["percent"] else None,
        quantity=float(match["quantity"]) if match["quantity"] else None,
        problem=after(PROBLEM),
        next_step=after(NEXT_STEP),
        evidence=after(EVIDENCE),
        until=match["until"] or "",
        by=match["by"] or "",
    )
