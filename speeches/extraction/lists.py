"""Lists of units, with the endings put back that their names share: 县计划、财政、扶贫等部门."""

import re
from dataclasses import dataclass
from functools import lru_cache

from speeches.extraction.bodies import FIELD, FIELDS, HOUSE, LEVELS, NOT_A_NAME, OFFICE, PLACE
from speeches.extraction.names import ANY_FIELD, NOTHING, NUMBER, Known, collective_at, name_at


@dataclass(frozen=True)
class Names:
    """A list of units as one stretch: the names, where it ends, and the sort of the surest one."""

    names: tuple[str, ...]
    end: int
    sort: str
    collective: bool = False


# A piece of a list: its words, and the sort of its name; LEVEL for a lone 市 or 县, BARE for what is not yet a name.
Piece = tuple[str, str]
LEVEL, BARE = "level", ""
_SORTS = (LEVEL, BARE, FIELD, PLACE, HOUSE, OFFICE)
_LINK = re.compile(r"、|以及|和|与|及|，(?=(?:[省市县区州镇乡]|各)[一-龥]{1,7}(?:局|委|办|乡镇|部门|单位))")
_TAIL = re.compile(
    rf"(?P<etc>等)?(?P<n>{NUMBER}?)(?P<c>个|家)?(?P<mod>(?:有关|相关|职能|主管|业务|行业|组成|成员|责任|区直|县直|市直)*)"
    r"(?P<end>区政府|县政府|部门|单位|机构|乡镇|街道|社区|媒体|公司|企业|银行|中心卫生院|卫生院|医院|学校|林场|镇|乡|村|局|厂|矿|区|县|科室|所|站)?(?P<shop>运营商)?"
)
_BARE = re.compile(r"[一-龥×]{2,6}?(?=[、和与及]|以及|等|[两二三四五六七八九十\d])")
_LEVEL_LIST = re.compile(rf"(?:各?[{LEVELS}]、)+(?=[{LEVELS}](?:[一-龥]{{2,8}}部门|[两三四](?!级)))")
_ONE_LEVEL = re.compile(rf"各?[{LEVELS}](?=[、和])")
# 县委县政府|督查室 is one body.
_OF_BOTH = re.compile(
    rf"(?P<seats>(?P<level>[{LEVELS}])委(?P=level)(?:人民)?政府)(?=督|目|信访|接待|研究|政研|机关|农)"
)
# 解放区、滨河区|政府
_SEAT = re.compile(rf"[{LEVELS}](?P<seat>人民政府|政府|党委|管委会)$")
_OF_OFFICE = re.compile(rf"^({ANY_FIELD})(?:职能|主管|有关|相关|业务)部门$")
# Endings that a name with another kind word may still take: 茶园、大屋场四个村.
_PLACE_ENDS = ("区政府", "县政府", "镇", "乡", "村", "街道", "社区")


@lru_cache(maxsize=1024)
def names_at(text: str, at: int, known: Known = NOTHING, parts: int = 3) -> Names | None:
    """The list of units that begins here, of at most so many parts with endings of their own; None where none begins."""
    pieces: list[Piece] = []
    if levels := _LEVEL_LIST.match(text, at):
        pieces = [(p, LEVEL) for p in levels.group().split("、") if p]
        at = levels.end()
    end, collective = at, False
    while len(pieces) < 40:
        if name := name_at(text, at, known):
            pieces.append((text[at : name.end], name.sort))
            end = name.end
            collective = collective or collective_at(text, at) is not None
        elif (bare := _ONE_LEVEL.match(text, at) or _BARE.match(text, at)) and not NOT_A_NAME.search(
            bare.group().lstrip("各")
        ):
            pieces.append((bare.group(), BARE))
            end = bare.end()
        else:
            break
        link = _LINK.match(text, end)
        if link and link.end() < len(text):
            at = link.end()
        elif name and (whole := _OF_BOTH.match(text, at)) and whole.start() == at and len(pieces) == 1:
            body = name_at(text, whole.end("seats") - 2, known)
            if body is None or body.end <= whole.end("seats"):
                break
            pieces[-1], end = (text[at : body.end], OFFICE), body.end
            break
        elif name and text[end : end + 1] == text[at] and text[at] in LEVELS and name_at(text, end, known):
            at = end  # 县委县政府
        else:
            break
    return _closed(text, end, pieces, collective, known, parts) if pieces else None


def _closed(text: str, end: int, pieces: list[Piece], collective: bool, known: Known, parts: int) -> Names | None:
    """The list, closed by what follows it: 等部门, 四个村, 三家; None where it never turned out to be one of units."""
    sorts = [s for _, s in pieces]
    tail = _TAIL.match(text, end)
    assert tail is not None
    if tail["end"] and (tail["etc"] or tail["mod"] or tail["n"]) and not (tail["n"] and len(pieces) == 1):
        names = tuple(_with_ending(p, tail["end"], counted=True) for p in pieces)
        link = _LINK.match(text, tail.end())
        more = names_at(text, link.end(), known, parts - 1) if parts and link and link.end() < len(text) else None
        if more:
            return Names(names + more.names, more.end, more.sort, collective or more.collective)
        return Names(names, tail.end(), OFFICE if tail["end"] == "部门" else PLACE, collective or bool(tail["n"]))
    last, sort = pieces[-1]
    if LEVEL in sorts and sort not in (LEVEL, BARE) and last[0] in LEVELS:
        # 市、县水利部门
        levels = sorts.count(LEVEL)
        return Names(
            tuple(p + last[1:] for p, _ in pieces[:levels]) + tuple(p for p, _ in pieces[levels:]), end, OFFICE
        )
    if tail["n"] and tail["c"] == "家" and sorts[0] and len(pieces) > 1:
        # 移动、电信、联通三家
        return Names(tuple(p for p, _ in pieces), tail.end(), OFFICE)
    if sort == BARE:
        shorter = pieces[:-1]
        cut = len(last) + 1
        return _closed(text, end - cut, shorter, collective, known, parts) if shorter else None
    if tail["etc"]:
        if all(s in (BARE, FIELD) for s in sorts):
            return None  # 供水、燃气、通信等管线
        end += 1
    ending = _shared(last, collective)
    if ending.endswith(("政府", "党委", "管委会")):
        return Names(
            tuple(p + ending if s == PLACE and p[-1] in LEVELS else p for p, s in pieces), end, OFFICE, collective
        )
    if BARE in sorts and not ending:
        return None
    if ending == "部门":
        pieces[-1] = (_OF_OFFICE.sub(r"\1部门", last), sort)
    return Names(tuple(_with_ending(p, ending) for p in pieces), end, max(sorts, key=_SORTS.index), collective)


def _shared(last: str, collective: bool) -> str:
    """The ending that bare pieces of a list share with its last name."""
    if last.endswith("部门") and len(last) > 2 and not collective:
        return "部门"
    if last.endswith("公司") and last[:-2].lstrip(LEVELS) in FIELDS:
        return "公司"
    if (seat := _SEAT.search(last)) and not collective:
        return seat["seat"]
    return next((k for k in ("街道", "社区", "单位", "镇", "乡", "村", "矿") if last.endswith(k)), "")


def _with_ending(piece: Piece, ending: str, *, counted: bool = False) -> str:
    name, sort = piece
    lacks = sort == BARE or (sort == FIELD and (counted or ending in ("部门", "单位", "机构", "公司")))
    misread = counted and sort == HOUSE and ending in _PLACE_ENDS and not name.endswith(ending)
    return name + ending if lacks or misread else name
