"""What the columns of a ledger mean: guessed by their headings, then by what stands in them."""

import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from tracker.imports import days
from tracker.imports.reading import Row
from tracker.units import Directory

# field: (label, headings that offices use for it, the surest first)
FIELDS: dict[str, tuple[Any, str]] = {
    "title": (_("Item"), "重点任务 工作任务 事项内容 督办事项 督查事项 工作内容 任务名称 项目名称 事项 任务"),
    "content": (_("Details"), "具体内容 工作要求 主要内容 具体任务 任务内容 具体措施"),
    "target": (_("Target"), "工作目标 目标任务 年度目标 目标"),
    "heading": (_("Heading"), "任务类别 工作类别 类别 分类 板块"),
    "lead": (_("Leading unit"), "牵头单位 牵头部门 主办单位 承办单位 责任单位 责任部门 承办部门 牵头 主办 单位"),
    "support": (_("Supporting units"), "配合单位 协办单位 配合部门 参与单位 协同单位 配合 协办 责任单位"),
    "leader": (_("Leader in charge"), "责任领导 分管领导 包抓领导 县级领导 市级领导 牵头领导"),
    "person": (_("Person responsible"), "责任人 具体责任人 负责人 联系人 承办人"),
    "deadline": (
        _("Deadline"),
        "完成时限 办理时限 完成期限 办理期限 完成时间 办结时限 时间节点 计划完成时间 截止时间 时限",
    ),
    "entered_on": (_("Entered on"), "立项日期 立项时间 交办日期 交办时间 下达时间"),
    "source": (_("Source"), "来源 任务来源 事项来源 依据 文件依据"),
    "number": (_("The office's own number"), "编号 督办编号 事项编号 文号"),
    "progress": (_("Progress in percent"), "当前进度 完成进度 完成比例 完成率 进度"),
    "latest": (_("Latest progress"), "最新进展 进展情况 工作进展 落实情况 办理情况 完成情况 进展"),
    "problems": (_("Problems"), "存在问题 存在困难 困难问题 问题"),
    "closed_on": (_("Closed on"), "办结日期 办结时间 销号日期 销号时间 实际完成时间 完成日期"),
}
_LOOK_AT = 60


def bare(text: str) -> str:
    """A heading without spaces, brackets and what stands in them: 完成 时限（2026年） is 完成时限."""
    return re.sub(r"[\s　:：*]|[（(].*?[）)]", "", text)


def _by_heading(cells: Sequence[str]) -> dict[str, int]:
    """Each field's column, the surest heading first; one column serves one field."""
    wanted = [
        (rank, position, field, word)
        for position, (field, (_label, words)) in enumerate(FIELDS.items())
        for rank, word in enumerate(words.split())
    ]
    headings = [bare(cell) for cell in cells]
    found: dict[str, int] = {}
    for exact in (True, False):
        for _rank, _position, field, word in sorted(wanted):
            if field in found:
                continue
            for index, heading in enumerate(headings):
                same = heading == word if exact else len(word) > 2 and word in heading and len(heading) <= 12
                if heading and same and index not in found.values():
                    found[field] = index
                    break
    return found


def header_row(rows: Sequence[Row]) -> int:
    """The index in ``rows`` of the row of headings among the first fifteen, or -1 where none looks like one."""
    best, most = -1, 1
    for index, row in enumerate(rows[:15]):
        known = len(_by_heading(row.cells))
        if known > most:
            best, most = index, known
    return best


def headings(rows: Sequence[Row]) -> dict[str, int]:
    """The columns that can be told by the row of headings alone."""
    header = header_row(rows)
    return _by_heading(rows[header].cells) if header >= 0 else {}


def guess(rows: Sequence[Row], header: int, directory: Directory) -> dict[str, int]:
    """A column for each field that can be told, by the headings and, for the three that matter most, by content."""
    found = _by_heading(rows[header].cells) if header >= 0 else {}
    below = [row.cells for row in rows[header + 1 : header + 1 + _LOOK_AT]]
    width = max((len(cells) for cells in below), default=0)
    free = [index for index in range(width) if index not in found.values()]

    def best(score: dict[int, float], least: float) -> int | None:
        top = max(score, key=lambda index: score[index], default=None)
        return top if top is not None and score[top] >= least else None

    columns = {index: [cells[index] for cells in below if index < len(cells) and cells[index]] for index in free}
    columns = {index: texts for index, texts in columns.items() if texts}
    if "deadline" not in found:
        share = {at: sum(days.looks_like_day(text) for text in texts) / len(texts) for at, texts in columns.items()}
        found |= {"deadline": at} if (at := best(share, 0.5)) is not None else {}
    if "lead" not in found:
        known = {
            at: sum(any(directory.find(name) for name in days.names(text)) for text in texts) / len(texts)
            for at, texts in columns.items()
            if at not in found.values()
        }
        found |= {"lead": at} if (at := best(known, 0.5)) is not None else {}
    if "title" not in found:
        length = {at: sum(map(len, texts)) / len(texts) for at, texts in columns.items() if at not in found.values()}
        found |= {"title": at} if (at := best(length, 6)) is not None else {}
    return found
