"""Rosters: who does what, told by names and roles alone.

县城管局牵头，县财政局、各乡镇配合，9月底前完成 — as it stands in parentheses, in sentences of their own and before
colons; and the bare list after 责任单位： or in the cell of a table.
"""

import re
from dataclasses import dataclass, field

from speeches.extraction.bodies import FIELD, HOUSE, NOT_A_NAME
from speeches.extraction.deadlines import Spot as DateSpot
from speeches.extraction.deadlines import spot as spot_dates
from speeches.extraction.lists import names_at
from speeches.extraction.names import NOTHING, Known
from speeches.extraction.persons import SURNAMES, TITLE_ONLY, TITLED_NAME, named_at, party_at, person_at


@dataclass
class Roster:
    """Who is named, in which role, and by when. `when` keeps its place in the words that were read."""

    responsible: list[str] = field(default_factory=list)
    supporting: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    when: DateSpot | None = None
    # Whether a role was said, rather than names alone.
    roles: bool = False

    def __bool__(self) -> bool:
        return bool(self.responsible or self.supporting or self.people or self.when)


_HELP = r"(?:做好)?(?:协同)?(?:配合|参与|参加|协助|协办|协作|会办|支持|协同)(?:做好|实施|落实|工作)?"
_LEAD = (
    r"(?:总?牵头(?:负责|落实|实施|抓总|办理|组织|协调|推进)?|(?:共同|具体|分别|分工)?负责(?:落实|实施|牵头|办理|推进|组织实施)?|主办|承办|包抓|包保|包联|主抓|挂帅|牵总|抓总|"
    r"(?:组织)?(?:抓好)?(?:落实|实施)|办理|推进|(?:负)?责任单位)"
)
_MANNER = (
    r"(?:等)?(?:有关|相关|各)?(?:部门|单位|成员单位)?(?:要|须|，)?"
    r"(?:(?:按(?:照|各自)?)?(?:各自)?(?:工作|部门)?(?:职责|职能|职权|任务)(?:分工|范围|要求|权限)?|根据职责(?:分工)?|共同|分别|具体|积极|密切|全力|主动|依法|统筹|分级|分工|抓好|做好|同时|内|分头|总)*"
)
_DOES = re.compile(rf"{_MANNER}(?:(?P<help>{_HELP})|(?P<lead>{_LEAD}))(?=[，；;、。\s]|$)")
# In parentheses the work may be named: 县民政局配合安置.
_DOES_WHAT = re.compile(rf"{_MANNER}(?:(?P<help>{_HELP})|(?P<lead>{_LEAD}))[一-龥]{{0,8}}?(?=[，；;、。\s]|$)")
_REMARK = re.compile(
    r"(?:列第一|排第一|第一位|首位|为牵头|排名第一|位列首|标[*★])[^，；;。]{0,24}|[^，；;。]{0,16}(?:列第一位|列首位|排首位|为牵头单位|为牵头部门)[^，；;。]{0,12}|下同|以下同|待定|长期坚持|持续推进|持续实施|长期"
)
_OFF = re.compile(r"(?:[，；;、。\s]|并?由|其中|以及|和(?=各))+")
_DONE = re.compile(
    r"(?:[之以]?前)?(?:全面|全部|基本|按期|如期)?(?:完成|办结|落实|到位|启动|见效|整改|销号|开工|竣工|建成|报送|实施)?(?:到位)?(?=[，；;、。\s]|$)"
)
_LONGEST = 200


def roster(words: str, *, loose: bool = False) -> Roster | None:
    """What words that name people, roles and days, and nothing else, say; None where they say anything else.

    With `loose` a role may name the work: 县财政局负责资金保障.
    """
    found, at = Roster(), 0
    waiting: list[tuple[str, list[str]]] = []
    if not 2 <= len(words) <= _LONGEST:
        return None
    dates = spot_dates(words) if re.search(r"[\d月日季年底]", words) else []
    while at < len(words):
        if (off := _OFF.match(words, at)) and off.end() > at:
            at = off.end()
            continue
        if remark := _REMARK.match(words, at):
            at = remark.end()
            continue
        if day := next((d for d in dates if at <= d[0] <= at + 1 and d[1] > at), None):
            done = _DONE.match(words, day[1])
            if not done:
                return None
            found.when, at = day, done.end()
            continue
        end = _charged(words, at, found, waiting, dates, _DOES_WHAT if loose else _DOES)
        if end is None:
            return None
        at = end
    for kind, names in waiting:
        (found.people if kind == "people" else found.responsible).extend(names)
    return found if found.responsible or found.supporting or found.people else None


def _charged(
    words: str,
    at: int,
    found: Roster,
    waiting: list[tuple[str, list[str]]],
    dates: list[DateSpot],
    role: re.Pattern[str],
) -> int | None:
    """Reads one list of names and the role behind it; those without a role wait for that of the next."""
    party = party_at(words, at)
    if party:
        waiting += [("people", party.people)] if party.people else []
        waiting += [("units", [*party.units.names])] if party.units else []
        end = party.end
    elif (end := named_at(words, at)) > at:
        waiting.append(("people", [words[at:end]]))
    else:
        plain = _plain(words, at)
        if plain is None:
            return None
        names, end = plain
        waiting.append(("units", names))
    does = role.match(words, end)
    if not does and any(d[0] == end for d in dates):
        found.roles = True
        return end
    if not does:
        etc = re.compile(r"等?(?:有关|相关)?(?:部门|单位)?(?=[，；;、。\s]|$)").match(words, end)
        return etc.end() if etc else None
    found.roles = True
    for kind, names in waiting:
        if kind == "people":
            found.people += names
        else:
            (found.supporting if does["help"] else found.responsible).extend(names)
    waiting.clear()
    return does.end()


_PLAIN = re.compile(
    r"(?P<names>[一-龥（）\"、]{2,60}?)(?=(?:等[一-龥]{0,6})?(?:按[一-龥]{2,8})?(?:具体)?(?:牵头|负责|配合|参与|协助|落实))"
)


def _plain(words: str, at: int) -> tuple[list[str], int] | None:
    """Names of a kind that no rule knows, which only their role shows to be names: 公路养护股牵头."""
    m = _PLAIN.match(words, at)
    if not m:
        return None
    names = m["names"].split("、")
    if all(2 <= len(n) <= 14 and not NOT_A_NAME.search(n) for n in names):
        return names, m.end()
    return None


# 县住建局 孙志强
NAME_ALONE = re.compile(rf"\s[{SURNAMES}][一-龥×]{{1,2}}(?=$|[、，；\s])")

# ---- the list after a label, or in a cell --------------------------------------------------------------

_REST = re.compile(
    r"(?:(?:按(?:照)?(?:各自)?职(?:责|能)(?:分工)?(?:分别|共同)?(?:抓好|负责)?(?:落实)?|分工负责|分别负责|共同负责|具体负责|等(?:有关|相关)?(?:部门|单位)?|等)?(?:牵头|负责|配合|参与|落实|承办)?)$"
)
_SPLIT = re.compile(
    r"[、，,/；;](?![^（]*）)|及(?!其|时)|和(?!城乡|旅游|规划|社会|信息|改革|平|谐|[一-龥]{1,3}[区县镇乡村](?:政府)?$)"
)
_NOBODY = re.compile(r"[—\-/无×\s]*|详见.*|待定|.*(?:列第一|排第一|第一位|首位|为牵头|下同|如下).*|[以按].*")
_PAGES = re.compile(r"\d{6}")


def units_of(words: str) -> list[str]:
    """The units of a list that stands after a label: 县财政局、各乡镇（街道）."""
    together = names_at(words.strip(), 0)
    words = words.strip(" ：:【】")
    found: list[str] = []
    for piece in _spaced(_SPLIT.split(words)):
        bare = _REST.sub("", piece.strip(" ：:【】"))
        bare = re.sub(r"^(?:由|市级层面|县级层面)|（(?:牵头|主办|第一)[^（）]{0,6}）$", "", bare)
        if 1 < len(bare) <= 30 and not _PAGES.search(bare) and not _NOBODY.fullmatch(bare):
            found.append(bare)
    if together and words[: together.end].endswith(("部门", "单位")) and len(together.names) >= len(found):
        rest = words[together.end :]
        if not rest.strip("，、；; "):
            return [*together.names]
    return found


def _spaced(pieces: list[str]) -> list[str]:
    """Names that only a space parts: 县财政局 各乡镇."""
    found: list[str] = []
    for piece in pieces:
        words = piece.split()
        if len(words) > 1 and all((n := names_at(w, 0)) and n.end == len(w) for w in words):
            found += words
        else:
            found.append(piece)
    return found


def people_of(words: str) -> list[str]:
    """The persons of a list that stands after a label: 县委常委、副县长何勇 is one, 何勇、邹平 are two."""
    found: list[str] = []
    for piece in re.split(
        r"[、，,/；;](?![^（]*）)|和|及|\s{2,}|(?<=[一-龥]{2})\s(?=[一-龥]{2})", words.strip(" ：:【】")
    ):
        bare = re.sub(r"（?\d[\d\-—]{4,}）?$", "", piece.strip(" ：:【】"))
        if not 1 < len(bare) <= 30 or _PAGES.search(bare) or _NOBODY.fullmatch(bare):
            continue
        if (
            found
            and bool(TITLE_ONLY.fullmatch(found[-1])) != bool(TITLE_ONLY.fullmatch(bare))
            and (TITLE_ONLY.fullmatch(found[-1]) or not words[: words.find(bare)].endswith("、"))
        ):
            last = found.pop()
            between = words[words.find(last) + len(last) : words.find(bare)]
            found.append(last + between + bare)
        else:
            found.append(bare)
    return found


def both_of(words: str) -> tuple[list[str], list[str]]:
    """Units and persons of a list in which both stand: 县交通运输局邹平."""
    units: list[str] = []
    people: list[str] = []
    for piece in re.split(r"[、，,/；;\s](?![^（]*）)", words):
        names = names_at(piece, 0)
        if (person := person_at(piece, 0)) and person[1] == len(piece):
            people += person[0]
        elif names and names.end < len(piece):
            units += names.names
            people += people_of(piece[names.end :].strip("（）"))
        elif names:
            units += names.names
        else:
            people += people_of(piece)
    return units, people


# ---- whose a heading or the words before a colon are ---------------------------------------------------

_ORDER = re.compile(
    r"[>\s*#●◆■☆—·-]*(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]+|第[一二三四五六七八九十]+[，、])?\s*"
)
_DUTY = re.compile(
    r"(?:（[^（）]{1,10}）)?(?:具体|主要|共同)?(?:牵头|负责|主办|承办|承担|包抓|主抓|落实|分管)?(?:负责|办理|落实|推进|抓)?(?:的)?(?:重点|主要|具体)?(?:任务|事项|工作|职责|项目|部分|要求)?(?:分工|清单)?(?:（[^（）]{1,10}）)?"
)
_TO_DO = re.compile(
    r"(?:（[^（）]{1,8}）)?(?:同志)?(?:要求?|负责|任务|重点|牵头负责|主要负责|具体负责|的任务|的?主要任务|的?职责|需|应|须|牵头|承担)?(?:做到|做好|抓好|完成|落实)?(?:以下|如下|下列)?(?:[一二三四五六七八九十\d]+[项件个条])?(?:工作|任务|事项|事)?"
)
_ASKS = re.compile(r"[怎干办做]么?$")


def titled(title: str, known: Known = NOTHING) -> Roster | None:
    """Whose tasks stand below a heading that names nobody else: （三）县教育局, 二、王建国副县长负责."""
    if len(title) > 40:
        return None
    at = order.end() if (order := _ORDER.match(title)) else 0
    bare = title.rstrip("：:。； ")
    party = party_at(bare, at, known)
    if party is None or not _DUTY.fullmatch(bare, party.end) or _ASKS.search(bare):
        return None
    if party.units and party.units.sort == HOUSE and not bare[party.end :]:
        return None  # 中医馆、村卫生室: what the text below is about
    if party.units and (party.units.sort == FIELD or (party.units.collective and bare[party.end :])):
        return None
    if not party.units and not (bare[party.end :] or TITLED_NAME.fullmatch(party.people[-1])):
        return None
    return Roster([*party.units.names] if party.units else [], [], party.people, None, True)


_NOTE = re.compile(r"[>\s*#●◆■□▲☆★※—·-]*[【\[](?P<whose>[^】\]]{2,30})[】\]]")


def noted(words: str, known: Known = NOTHING) -> tuple[Roster, int] | None:
    """Whose a paragraph is that begins with a name in brackets, and where the brackets end: 【县住建局】6月底前…."""
    m = _NOTE.match(words)
    whose = titled(m["whose"], known) if m else None
    return (whose, m.end()) if m and whose else None


def addressed(words: str, known: Known = NOTHING) -> Roster | None:
    """Whom the words before a colon charge with all that follows it: 市教育局：, 县水利局牵头，县财政局配合：."""
    at = order.end() if (order := _ORDER.match(words)) else 0
    if at >= len(words):
        return None
    party = party_at(words, at, known)
    if party and _TO_DO.fullmatch(words, party.end):
        return Roster([*party.units.names] if party.units else [], [], party.people, None, True)
    said = roster(words[at:])
    return said if said and said.roles else None
