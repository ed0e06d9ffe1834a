"""Trailers: the parentheses and lines that name who does what is said above, and by when.

（牵头单位：市发改委；配合单位：各区；完成时限：6月底前）, 责任单位：市科技局, （市教育局牵头，市财政局配合）.
"""

import re
from dataclasses import dataclass, field

from speeches.extraction.bodies import OFFICE
from speeches.extraction.deadlines import Spot as DateSpot
from speeches.extraction.deadlines import spot as spot_dates
from speeches.extraction.lists import names_at
from speeches.extraction.units import charges

_ROLE = r"牵头(?:责任)?|主办|主要责任|责任|主责|承办|负责|落实|实施|配合|协办|参与|参加|协助|协同|会办|支持|督办|督导|指导|包保|分管|具体"
_WHAT = r"单位|部门|科室|股室|处室|机构|主体|领导|县领导|市领导|人"
_LABEL = re.compile(
    rf"(?:(?P<role>{_ROLE})(?P<what>{_WHAT})|(?<![一-龥])(?P<alone>牵头|主办|承办|配合|协办|会办|参与))(?:及[一-龥]{{2,6}})?[:：]"
    r"(?P<names>(?:[^；;。）)\n】\]（]|（[^（）]{1,12}）){2,200}?)(?=[；;。）)\n】\]]|[，、,]\s*(?:配合|牵头|责任|完成|办理|整改|协办|参与)(?:单位|部门|时限|时间|人)?[:：]"
    r"|\s+(?:配合|责任|完成|办理|整改|牵头|协办|参与|时限|主办|承办)|$)"
)
_WHEN = re.compile(
    r"(?:(?:完成|办理|整改|办结|推进|落实|报送|实施)?(?:时限|期限)(?:要求)?|(?:完成|办结|整改|计划完成)(?:时间|日期))[:：](?P<when>[^；;。）)\n】\]]{2,40})"
)
_CLOSING = re.compile(
    r"[（(【\[](?P<body>(?:[^（）()【】\[\]]|[（(][^（）()]{1,12}[）)]){2,160}?(?:牵头|负责|配合|参与|落实|承办|分工负责|实施|办理|牵头办理))[）)】\]](?=[。；;]?\s*$|[。；;])"
)
# A sentence of its own that does the same for what stands before it: 此项工作由县城管局牵头，县财政局配合。
SENTENCE = re.compile(
    r"\s*(?:以上|上述|此|该|这|本|前述)(?:[一二三四五六七八九十几两\d]*[项件些个条])?(?:工作|任务|事项|项目|事|问题|整改|改革|措施|内容)?，?(?:均|统一|都|分别|继续|一并)?由(?P<who>[^。；]{2,120})[。；]?\s*$"
)
START = re.compile(
    rf"[（(【\[\s]*(?:(?:{_ROLE})(?:{_WHAT})|(?:牵头|主办|承办|配合|协办|会办|参与)(?=[:：])|(?:完成|办理|整改|办结|推进|落实)?(?:时限|期限)(?:要求)?|(?:完成|办结|整改)(?:时间|日期))[:：]"
)
# Nothing but names, at the very end: （市教育局、市财政局）.
_NAMES = re.compile(r"[（(【\[](?P<body>[^（）()【】\[\]：:]{3,80})[）)】\]][。；;]?\s*$")
_HELPING = ("配合", "协办", "参与", "参加", "协助", "协同", "会办", "支持")
_REST = re.compile(
    r"(?:按(?:照)?(?:各自)?职(?:责|能)(?:分工)?(?:分别|共同)?(?:抓好|负责)?(?:落实)?|分工负责|分别负责|共同负责|具体负责|等(?:有关|相关)?(?:部门|单位)?|等)?(?:牵头|负责|配合|参与|落实|承办)?$"
)
_REMARK = re.compile(r"列第一|排第一|第一位|首位|为牵头|下同|如下|待定|详见|^以|^按")


@dataclass
class Trailer:
    """What one trailer says, with the stretch of text it takes."""

    responsible: list[str] = field(default_factory=list)
    supporting: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    when: DateSpot | None = None
    spans: list[tuple[int, int]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.responsible or self.supporting or self.people or self.when)


def _names(words: str) -> list[str]:
    found: list[str] = []
    for piece in re.split(r"[、，,/](?![^（]*）)|及|和(?!城乡|旅游|规划|社会|信息|改革)", words):
        bare = _REST.sub("", piece.strip(" ：:【】"))
        bare = re.sub(r"^(?:由|市级层面|县级层面)", "", bare)
        if 1 < len(bare) <= 24 and not re.search(r"\d{6}", bare) and not _REMARK.search(bare):
            found.append(bare)
    together = names_at(words, 0)
    if together and len(together.names) == len(found) and words[: together.end].endswith(("部门", "单位")):
        return [*together.names]
    return found


def find(text: str) -> Trailer:
    """The trailer of one folded paragraph; an empty one where it has none."""
    trailer = Trailer()
    for m in _LABEL.finditer(text):
        if (m["what"] or "").endswith(("人", "领导")):
            trailer.people += _names(m["names"])
        elif (m["role"] or m["alone"]) in _HELPING:
            trailer.supporting += _names(m["names"])
        else:
            trailer.responsible += _names(m["names"])
        trailer.spans.append(m.span())
    for m in _WHEN.finditer(text):
        spots = spot_dates(m["when"])
        if spots:
            a, b, symbol, flags = spots[-1]
            trailer.when = (m.start("when") + a, m.start("when") + b, symbol, flags)
        trailer.spans.append(m.span())
    for m in _CLOSING.finditer(text):
        if not START.match(m.group()) and _parenthesis(m["body"], trailer):
            trailer.spans.append(m.span())
    if not trailer and (last := _NAMES.search(text)):
        names = names_at(last["body"], 0)
        if names and names.end == len(last["body"]) and names.sort == OFFICE:
            trailer.responsible += names.names
            trailer.spans.append(last.span())
    return trailer


def _parenthesis(body: str, trailer: Trailer) -> bool:
    """市教育局牵头，市财政局、各区配合."""
    read = False
    for part in re.split(r"[，；;,](?=[^，；;,]*(?:牵头|负责|配合|参与|落实))", body):
        read_here = names_at(part.strip(), 0)
        if not read_here:
            continue
        names = [*read_here.names]
        verb = part.strip()[read_here.end :]
        while (link := re.match(r"[，,、]", verb)) and (more := names_at(verb, link.end())):
            names += more.names
            verb = verb[more.end :]
        if re.match(r"(?:等[^，]{0,8})?(?:积极|密切)?(?:配合|参与|协助)", verb):
            trailer.supporting += names
        else:
            trailer.responsible += names
        read = True
    return read


def sentence(text: str) -> Trailer:
    """What a sentence says that only names who does the work before it; empty for any other sentence."""
    trailer = Trailer()
    m = SENTENCE.match(text)
    if not m:
        return trailer
    clauses = re.split(r"[，,；;]", m["who"])
    for n, clause in enumerate(clauses):
        charge = charges(("" if n else "由") + clause, [])
        rest = clause[max(0, charge.end - (0 if n else 1)) :]
        if not charge or len(rest) > 12:
            return Trailer()
        trailer.responsible += charge.responsible
        trailer.supporting += charge.supporting
        trailer.people += charge.people
    return trailer
