"""Speeches written for the tests, and the shared texts where they are at hand."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"

BODY = (
    "今天把大家请来，是要把入冬以前的几件事情说清楚、定下来。河堤上还有三处险段没有处理，群众看在眼里，我们要放在心上。\n"
    "一、把险段处理完\n"
    "水利局牵头，沿河五个村配合，11月15日前把三处险段全部加固，每处不少于两百米。施工队伍已经谈好，材料由镇里统一采购。\n"
    "二、把沟渠清一遍\n"
    "各村在10月底以前清理沟渠四十公里，清一条、验一条。驻村干部每周报一次进度，办公室每月通报一次，排在最后的村要在会上说明。\n"
    "三、把责任落到人\n"
    "每个险段明确一名班子成员，名单明天贴出来。工作做得怎么样，开春以后看水往哪里流就知道了，请大家回去以后马上动手。\n"
)


def speech(head: str, closing: str = "同志们，时间不等人，拜托大家了。\n") -> str:
    """Return a speech of four hundred characters under ``head``."""
    return head + BODY + closing


def shared_text(path: str) -> str:
    """Return a text of the shared folder; skip the test where there is none."""
    file = SHARED / path
    if not file.exists():
        pytest.skip(f"no shared text {path} beside this checkout")
    return file.read_text(encoding="utf-8")


def shared_texts(pattern: str) -> list[Path]:
    """Return the shared files that match, or a single path that does not exist."""
    return sorted(SHARED.glob(pattern)) or [SHARED / "absent.txt"]
