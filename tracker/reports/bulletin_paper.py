"""督查通报 as a paper: letterhead with number, words, ranking, a chart of bars, the overdue ones, what is asked."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker.lights import Light
from tracker.reports import bulletins, office, paper
from tracker.reports.rendering import Paper

RED = "C8102E"
_EMPTY = "FFFFFF"
_LEGEND = ((Light.DONE, "按期办结"), (Light.DONE_LATE, "逾期办结"), (Light.GREEN, "正常"), (Light.BLUE, "临期"),
           (Light.GREY, "未启动或长期"), (Light.YELLOW, "未达序时"), (Light.RED, "逾期"))  # fmt: skip


def _summary(figures: dict[str, Any], start: dt.date, end: dt.date) -> str:
    total = figures["totals"]
    waiting = f"另有{figures['unassigned']}项尚未明确责任单位（已计入总数）。" if figures["unassigned"] else ""
    return (
        f"{office.day(start)}至{office.day(end)}，纳入督查的承办任务共{total['total']}项。截至{office.day(end)}，"
        f"办结{total['closed']}项（其中按期{total['done']}项、逾期{total['done_late']}项），办结率{total['closed_rate']}%；"
        f"按序时推进{total['on_pace']}项，未达序时进度{total['yellow']}项，逾期未办结{total['red']}项，"
        f"未启动或长期任务{total['grey']}项。{waiting}"
    )


def context(
    figures: dict[str, Any], *, title: str, start: dt.date, end: dt.date, comment: str, issuer: str, number: str,
    issued_on: dt.date | None,
) -> dict[str, Any]:  # fmt: skip
    """What the template is filled with: the frozen figures in words. ``number`` is empty in a draft."""
    units = []
    for unit in figures["units"]:
        cells = [office.LIGHT_COLOURS[light] for light, count in bulletins.bar(unit) for _n in range(count)]
        units.append({**unit, "bar": cells or [_EMPTY] * bulletins.BAR_CELLS})
    late = [
        {**row, "serial": serial, "deadline": office.day(dt.date.fromisoformat(row["deadline"]))}
        for serial, row in enumerate(figures["overdue"], 1)
    ]
    return {
        "number": number or "（征求意见稿）",
        "title": office.in_lines(title),
        "issuer": issuer,
        "issued_on": office.day(issued_on or timezone.localdate()),
        "summary": _summary(figures, start, end),
        "good": office.names(figures["good"][:10]),
        "bad": office.names(figures["bad"][:10]),
        "units": units,
        "overdue": late,
        "more_overdue": figures["totals"]["red"] - len(late),
        "comment": [line.strip() for line in comment.splitlines() if line.strip()],
    }


def context_of(bulletin: Any) -> dict[str, Any]:
    """The same for a bulletin that was issued: from its frozen figures alone."""
    return context(
        bulletin.snapshot,
        title=bulletin.title,
        start=bulletin.period_start,
        end=bulletin.period_end,
        comment=bulletin.comment,
        issuer=bulletin.snapshot["issuer"],
        number=f"（{bulletin.year}年第{bulletin.serial}期）",
        issued_on=timezone.localdate(bulletin.issued_at),
    )


def _letterhead(made: Any) -> None:
    head = paper.title(made, "督 查 通 报", colour=RED)
    head.runs[0].font.size = paper.Pt(42)
    head.paragraph_format.line_spacing = paper.Pt(60)
    paper.line(made, "{{ number }}", align="center", indent=False)
    paper.line(made, "{{ issuer }}　　　　　　{{ issued_on }}", name=paper.KAITI, align="center", indent=False)
    paper.band(made, f"'{RED}'", height=1)
    paper.line(made, "", indent=False)


def _units(made: Any) -> None:
    head = ("排名", "责任单位", "任务", "办结", "正常", "临期", "未达序时", "逾期", "办结率", "逾期率")
    table = paper.table(made, (13, 45, 13, 13, 13, 13, 13, 13, 14, 14), head, size=paper.FIVE)
    paper.row(table, ["{%tr for u in units %}"])
    fields = ("rank", "name", "total", "closed", "green", "blue", "yellow", "red", "closed_rate", "overdue_rate")
    texts = [f"{{{{ u.{field} }}}}{'%' if field.endswith('rate') else ''}" for field in fields]
    paper.row(table, texts, size=paper.FIVE, aligns=["center", "left", *["center"] * 8])
    paper.row(table, ["{%tr endfor %}"])


def _chart(made: Any) -> None:
    """A bar of coloured cells for each unit: it prints, needs no fonts or pictures, and every program shows it."""
    legend = paper.line(made, "图例：", align="center", indent=False, keep_with_next=True)
    paper.font(legend.runs[0], paper.FANGSONG, paper.FIVE)
    for light, word in _LEGEND:
        paper.font(legend.add_run("■"), "宋体", paper.FIVE, colour=office.LIGHT_COLOURS[light])
        paper.font(legend.add_run(f"{word}　"), paper.FANGSONG, paper.FIVE)
    table = paper.table(made, (48, *[3.6] * bulletins.BAR_CELLS, 18), style="")
    paper.row(table, ["{%tr for u in units %}"])
    cells = paper.row(table, ["{{ u.name }}", *[""] * bulletins.BAR_CELLS, "{{ u.total }}项"], size=paper.FIVE,
                      aligns=["right", *["left"] * bulletins.BAR_CELLS, "left"])  # fmt: skip
    for number in range(bulletins.BAR_CELLS):
        paper.shade(cells[number + 1], f"u.bar[{number}]")
    paper.row(table, ["{%tr endfor %}"])


def _overdue(made: Any) -> None:
    head = ("序号", "编号", "事项", "责任单位", "完成时限", "逾期天数", "进度")
    table = paper.table(made, (11, 21, 34, 28, 37, 12, 13), head, size=paper.FIVE)
    paper.row(table, ["{%tr for o in overdue %}"])
    fields = ("serial", "number", "title", "unit", "deadline", "days_late", "progress")
    texts = [f"{{{{ o.{field} }}}}{'%' if field == 'progress' else ''}" for field in fields]
    paper.row(table, texts, size=paper.FIVE, aligns=["center", "center", "left", "left", "center", "center", "center"])
    paper.row(table, ["{%tr endfor %}"])


def build() -> Any:
    """The built-in template."""
    made = paper.document()
    _letterhead(made)
    paper.title(made, "{{ title }}")
    paper.heading(made, "一、总体情况")
    paper.line(made, "{{ summary }}")
    paper.heading(made, "二、各单位情况")
    paper.line(made, "{% if good %}{{ good }}任务推进较好，无逾期和未达序时进度事项。{% endif %}"
                     "{% if bad %}{{ bad }}有逾期未办结事项，予以通报。{% endif %}"
                     "排名按逾期率由低到高排列；相同的，依次比较未达序时进度比例和按期办结比例。")  # fmt: skip
    _units(made)
    paper.line(made, "各单位任务完成情况图", name=paper.HEITI, size=paper.SMALL_FOUR, align="center", indent=False,
               keep_with_next=True)  # fmt: skip
    _chart(made)
    paper.heading(made, "三、逾期未办结事项")
    paper.tag(made, "{%p if overdue %}")
    _overdue(made)
    paper.line(
        made, "{% if more_overdue > 0 %}其余{{ more_overdue }}项详见督办台账。{% endif %}", size=paper.SMALL_FOUR
    )
    paper.tag(made, "{%p else %}")
    paper.line(made, "本期无逾期未办结事项。")
    paper.tag(made, "{%p endif %}")
    paper.heading(made, "四、下一步要求")
    paper.tag(made, "{%p for line in comment %}")
    paper.line(made, "{{ line }}")
    paper.tag(made, "{%p endfor %}")
    paper.seal(made, "{{ issuer }}", "{{ issued_on }}")
    return made


_UNIT = {"name": "县交通运输局", "rank": 1, "total": 3, "closed": 1, "on_pace": 1, "closed_rate": 33,
         "overdue_rate": 33,
         "red": 1, "yellow": 0, "blue": 0, "green": 1, "grey": 0, "done": 1, "done_late": 0,
         "bar": ["7FB69A"] * 9 + ["2E8B57"] * 8 + ["C62828"] * 8}  # fmt: skip
_LATE = {"serial": 1, "number": "2026-0001", "title": "改造农村公路", "unit": "县交通运输局",
         "deadline": "2026年6月30日", "days_late": 3, "progress": 60, "trouble": ""}  # fmt: skip
PAPER = Paper(
    name="bulletin",
    label=_("Bulletin"),
    fields=(
        ("number / title / issuer / issued_on", _("Number as （2026年第12期）, title, issuing office, day")),
        ("summary", _("The whole in one paragraph")),
        ("good / bad", _("Units without anything late or behind; units with something overdue")),
        ("units[].rank / name / total / closed / on_pace", _("Each unit: rank, name, items, closed, on pace")),
        ("units[].done / done_late / green / blue / yellow / red / grey", _("Its items by light")),
        ("units[].closed_rate / overdue_rate", _("Shares in percent")),
        ("units[].bar[0] … bar[24]", _("25 colours (RRGGBB) of its bar, for the background of table cells")),
        (
            "overdue[].serial / number / title / unit / deadline / days_late / progress / trouble",
            _("Each overdue item"),
        ),
        ("more_overdue", _("How many overdue items are not named")),
        ("comment[]", _("Paragraphs of what is asked next")),
    ),
    build=build,
    sample={
        "number": "（2026年第1期）",
        "title": "关于重点任务落实情况的通报",
        "issuer": "县政府督查室",
        "issued_on": "2026年7月3日",
        "summary": "共3项。",
        "good": "",
        "bad": "县交通运输局",
        "units": [_UNIT],
        "overdue": [_LATE],
        "more_overdue": 0,
        "comment": ["请加快办理。"],
    },
)
