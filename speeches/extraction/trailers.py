"""Trailers: the parentheses, lines and sentences that name who does what is said above, and by when.

（牵头单位：市发改委；配合单位：各区；完成时限：6月底前）, 责任单位：市科技局, （市教育局牵头，市财政局配合）.
"""

import re
from dataclasses import dataclass

from speeches.extraction.bodies import OFFICE
from speeches.extraction.deadlines import spot as spot_dates
from speeches.extraction.lists import names_at
from speeches.extraction.roster import NAME_ALONE, Roster, both_of, people_of, roster, units_of

_LEADS = r"总?牵头(?:责任)?|主办|主要责任|主体责任|第一责任|责任|主责|承办|承接|负责|落实|实施|执行|包保|包抓|包联|挂钩|挂联|挂点|分管|联系|具体|经办|属地|行业主管|主管"
_HELPS = r"配合|协办|协作|协同|参与|参加|协助|会办|支持|支撑|协调配合"
_WATCHES = r"督办|督导|督查|指导|监督|验收|考核|审核|检查"
_WHAT = r"单位|部门|科室|股室|处室|机构|主体|(?:[省市县区镇乡]级?)?领导|局领导|人员|人|干部|同志|县委常委"
# 责任单位：, 牵头领导（包抓）：, 责任单位及责任人：
_LABEL = re.compile(
    rf"(?:(?<![一-龥])[省市县区镇乡]级)?(?:(?P<role>(?:{_LEADS}|{_HELPS}|{_WATCHES})(?:（[^（）]{{1,6}}）)?(?:、?(?:{_LEADS}|{_HELPS}))?)(?P<what>{_WHAT})"
    rf"|(?<![一-龥])(?P<alone>牵头|主办|承办|配合|协办|会办|参与|行业主管))(?:（[^（）]{{1,6}}）)?(?:(?:及|和|与|、|/)(?P<also>[一-龥]{{2,8}}?))?(?:名单)?(?:】?[:：]|】|[为是](?=[省市县区镇乡各])|——?|(?<=[位门室])\s+(?=[省市县区镇乡各]))"
)
_WHEN = re.compile(
    r"(?:(?:完成|办理|整改|办结|推进|落实|报送|实施|工作|任务|限期)?(?:时限|期限)(?:要求)?|(?:(?:预计|计划)?完成|办结|整改|落实|推进|实施)(?:时间|日期)(?:节点)?|时间(?:节点|要求|进度|安排)|进度要求)(?:】?[:：]|】)"
)
# Any other label ends the list of the one before: 联系电话：, 工作目标：
_OTHER = re.compile(r"(?<=[，、；;。\s（【\[])[一-龥]{2,10}[:：]")
_VALUE = re.compile(r"(?:[^；;。\n【】\]（）▲●◆■□☆★※]|（[^（）\n]{0,40}）)*")
# Names, roles and a date, and nothing else: （市教育局牵头，市财政局配合，6月底前完成）.
_CLOSED = re.compile(r"[（【\[](?P<body>(?:[^（）【】\[\]\n]|（[^（）\n]{1,16}）){2,200})[）】\]]")
# Beyond this many characters no sentence is looked for.
_FAR = 600
_POINT = re.compile(r"[>\s*]*(?:\d{1,2}[.．、]|（[一二三四五六七八九十\d]{1,3}）|[一二三四五六七八九十]{1,3}、)")
_FOLLOWS = re.compile(r"[。；;，,\s]*(?:$|\n)|[。；;]|\s*(?:\d{1,2}[.．、]|（[一二三四五六七八九十]{1,3}）)")
# A sentence of its own that does the same for what stands before it: 此项工作由县城管局牵头，县财政局配合。
_THIS = re.compile(
    r"\s*(?:(?:以上|上述|此|该|这|本|前述|相关|具体)(?:[一二三四五六七八九十几两\d]*[项件些个条])?(?:工作|任务|事项|项目|事|问题|整改|改革|措施|内容)?，?(?:均|统一|都|分别|继续|一并)?由|由|——)(?P<who>[^。；]{2,120})[。；]?\s*$"
)
START = re.compile(
    rf"[（(【\[\s▲●◆■□☆★※*·—>-]*(?:(?:[省市县区镇乡]级)?(?:{_LEADS}|{_HELPS}|{_WATCHES})(?:（[^（）]{{1,6}}）)?(?:{_WHAT})(?:（[^（）]{{1,6}}）)?(?:(?:及|和|与|、|/)[一-龥]{{2,8}}?)?(?:】?[:：]|】|——?|(?<=[位门室])\s+(?=[省市县区镇乡各]))|(?:牵头|主办|承办|配合|协办|会办|参与)(?=[:：])|{_WHEN.pattern})"
)


@dataclass
class Trailer(Roster):
    """What one trailer says, with the stretch of the paragraph that it takes."""

    start: int = 0
    end: int = 0
    # Where the sentence begins inside which it stands; 0 where it stands behind a sentence and speaks for all before.
    since: int = 0

    def move(self, kept: list[int]) -> None:
        """Puts every place where it stood before the text was closed up."""
        self.start, self.end, self.since = kept[self.start], kept[self.end - 1] + 1, kept[self.since]
        if self.when:
            self.when = (kept[self.when[0]], kept[self.when[1] - 1] + 1, *self.when[2:])

    def take(self, other: Roster) -> None:
        """Adds what another one says."""
        self.responsible += other.responsible
        self.supporting += other.supporting
        self.people += other.people
        self.when = self.when or other.when


def find(text: str) -> list[Trailer]:
    """The trailers of one folded paragraph, in their order; those that stand side by side are one."""
    if not re.search(r"[：:）】\]]|(?:单位|部门|科室)[为是—\s]", text):
        return []
    found = _closed(text)
    taken = [(t.start, t.end) for t in found]
    found += [t for t in _labelled(text) if not any(a <= t.start < b for a, b in taken)]
    found.sort(key=lambda t: t.start)
    joined: list[Trailer] = []
    for trailer in found:
        last = joined[-1] if joined else None
        if last and trailer.end <= last.end:
            continue
        if last and not re.search(r"[一-龥\d]", text[last.end : trailer.start]):
            last.take(trailer)
            last.end = trailer.end
        else:
            joined.append(trailer)
    for trailer in joined:
        if text[trailer.start : trailer.start + 1] in "（【[":
            trailer.since = (
                max(text.rfind(mark, max(0, trailer.start - _FAR), trailer.start) for mark in "。；！？;") + 1
            )
            if not re.search(r"[一-龥\d]", text[trailer.since : trailer.start]):
                trailer.since = 0
    return joined


def _closed(text: str) -> list[Trailer]:
    found = []
    for m in _CLOSED.finditer(text):
        body = m["body"]
        if re.search(r"[:：]", body):
            if mixed := _mixed(body, m.start("body")):
                mixed.start, mixed.end = m.span()
                found.append(mixed)
            continue
        said = roster(body, loose=True)
        if said is None:
            continue
        if not said.roles:
            # Nothing but names: only at the end of a sentence or a line, and no place or building.
            from_end = _FOLLOWS.match(text, m.end())
            after = text[: m.start()].rstrip()[-1:] in tuple("。；！") and len(text) - m.end() < 2
            listed = after and _POINT.match(text)
            if not from_end or not (_offices(body) or listed or (after and said.responsible)):
                continue
            if said.people and not listed:
                continue
        found.append(_trailer(said, m.start(), m.end(), m.start("body")))
    return found


def _mixed(body: str, at: int) -> Trailer | None:
    """Labels and bare roles in one parenthesis: 责任单位：各乡镇；县民政局配合；完成时限：12月."""
    said = _labelled(body)
    if not said:
        return None
    whole = Trailer(roles=True)
    end = 0
    for part in [*said, Trailer(start=len(body), end=len(body))]:
        between = roster(body[end : part.start].strip("；;，,、。 "), loose=True)
        for piece, shift in ((between, at + end), (part, at)):
            if piece:
                if piece.when:
                    piece.when = (piece.when[0] + shift, piece.when[1] + shift, *piece.when[2:])
                whole.take(piece)
        end = part.end
    return whole


def _offices(body: str) -> bool:
    """Whether a list without a role is one of units for sure."""
    names = names_at(body, 0)
    return names is not None and len(body) >= 3 and (names.sort == OFFICE or names.collective)


def _trailer(said: Roster, start: int, end: int, at: int) -> Trailer:
    when = (said.when[0] + at, said.when[1] + at, *said.when[2:]) if said.when else None
    return Trailer(said.responsible, said.supporting, said.people, when, said.roles, start, end)


def _labelled(text: str) -> list[Trailer]:
    marks: list[tuple[str, re.Match[str]]] = [("role", m) for m in _LABEL.finditer(text)]
    marks += [("when", m) for m in _WHEN.finditer(text)]
    for m in _OTHER.finditer(text):
        if not (_LABEL.search(m.group()) or _WHEN.search(m.group())):
            marks.append(("other", m))
    marks.sort(key=lambda pair: (pair[1].start(), pair[0] == "other", -pair[1].end()))
    found: list[Trailer] = []
    taken = 0
    for n, (kind, m) in enumerate(marks):
        if m.start() < taken or kind == "other":
            continue
        taken = m.end()
        following = next((x.start() for _, x in marks[n + 1 : n + 9] if x.start() >= taken), len(text))
        value = _VALUE.match(text, m.end(), following)
        assert value is not None
        end = value.end()
        trailer = _read(m, kind, value.group(), m.end())
        if trailer is None:
            continue
        opening = m.start() - 1 if text[m.start() - 1 : m.start()] in ("（", "【", "[") else m.start()
        closing = end + 1 if text[end : end + 1] in ("）", "】", "]") else end
        trailer.start, trailer.end = opening, closing
        found.append(trailer)
    return found


def _read(m: re.Match[str], kind: str, value: str, at: int) -> Trailer | None:
    """What stands after one label."""
    trailer = Trailer(roles=True)
    if kind == "when":
        spots = spot_dates(value[:60])
        if spots:
            a, b, symbol, flags = spots[-1]
            trailer.when = (at + a, at + b, symbol, flags)
        return trailer
    role = m["role"] or m["alone"] or ""
    person = (m["what"] or "").endswith(("人", "领导", "同志", "干部", "人员", "常委"))
    if re.match(_WATCHES, role) and not person:
        return trailer
    if role == "参加" and m.start() == len(m.string) - len(m.string.lstrip()):
        return None  # the head of minutes, which tells who was there
    if role == "联系" and not (m["what"] or "").endswith("领导"):
        return trailer
    if also := m["also"]:
        units, people = both_of(value) if also.endswith(("人", "领导", "同志")) != person else ([], [])
        if not units:
            units, people = ([], people_of(value)) if person else (units_of(value), [])
        trailer.responsible, trailer.people = units, people
    elif person:
        trailer.people = people_of(value)
    elif re.search(r"牵头|配合|负责|参与|协助", value) and (said := roster(value.strip())) and said.roles:
        trailer.take(said)
        trailer.when = None
    elif re.match(_HELPS, role):
        trailer.supporting = units_of(value)
    elif NAME_ALONE.search(value):
        trailer.responsible, trailer.people = both_of(value)
    else:
        trailer.responsible = units_of(value)
    return trailer


def sentence(text: str) -> Roster | None:
    """What a sentence says that only names who does the work before it; None for any other sentence."""
    m = _THIS.match(text)
    said = roster((m["who"] if m else text).strip("。；; —"))
    return said if said and said.roles else None
