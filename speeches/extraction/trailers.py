"""Trailers: the parentheses and lines that name who does what is said above, and by when.

（牵头单位：市发改委；配合单位：各区；完成时限：6月底前）, 责任单位：市科技局, （市教育局牵头，市财政局配合）.
"""

import re
from dataclasses import dataclass, field

from speeches.extraction.deadlines import Spot as DateSpot
from speeches.extraction.deadlines import spot as spot_dates
from speeches.extraction.units import names_at

_LABEL = re.compile(
    r"(?P<role>牵头(?:责任)?|主办|责任|主要责任|配合|协办|承办|主责|参与|参加|协助|协同|会办|落实|实施|督办|督导|指导|包保|分管|具体)?(?P<what>单位|部门|科室|领导|人|股室|处室)(?:[:：])"
    r"(?P<names>(?:[^；;。）)\n】\]（]|（[^（）]{1,8}）){2,200}?)(?=[；;。）)\n】\]]|[，、,]\s*(?:配合|牵头|责任|完成|办理|整改|协办|参与)(?:单位|部门|时限|时间|人)|\s+(?:配合|责任|完成|办理|整改|牵头|协办)|$)"
)
_WHEN = re.compile(
    r"(?:(?:完成|办理|整改|办结|推进|落实|报送|实施)?(?:时限|期限)(?:要求)?|(?:完成|办结|整改|计划完成)(?:时间|日期))[:：](?P<when>[^；;。）)\n】\]]{2,40})"
)
_CLOSING = re.compile(
    r"[（(](?P<body>[^（）()]{2,120}?(?:牵头|负责|配合|参与|落实|承办|分工负责))[）)](?=[。；;]?\s*$|[。；;])"
)
START = re.compile(
    r"[（(【\[\s]*(?:(?:牵头(?:责任)?|主办|责任|主要责任|配合|协办|承办|主责|参与|参加|协助|协同|会办|落实|实施|督办|督导|指导|包保|分管|具体)(?:单位|部门|科室|领导|人|股室|处室)|(?:完成|办理|整改|办结|推进|落实)?(?:时限|期限)(?:要求)?|(?:完成|办结|整改)(?:时间|日期))[:：]"
)
_HELPING = ("配合", "协办", "参与", "参加", "协助", "协同", "会办")
_REST = re.compile(
    r"(?:按(?:照)?(?:各自)?职(?:责|能)(?:分工)?(?:分别|共同)?(?:抓好|负责)?(?:落实)?|分工负责|分别负责|共同负责|具体负责|等(?:有关|相关)?(?:部门|单位)?)?(?:牵头|负责|配合|参与|落实|承办)?$"
)


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
        if 1 < len(bare) <= 24 and not re.search(r"\d{3}", bare):
            found.append(bare)
    together = names_at(words, 0)
    if together and len(together.names) == len(found) and words[: together.end].endswith(("部门", "单位")):
        return together.names
    return found


def find(text: str) -> Trailer:
    """The trailer of one folded paragraph; an empty one where it has none."""
    trailer = Trailer()
    for m in _LABEL.finditer(text):
        if m["what"] in ("人", "领导"):
            trailer.people += _names(m["names"])
        elif m["role"] in _HELPING:
            trailer.supporting += _names(m["names"])
        elif m["role"]:
            trailer.responsible += _names(m["names"])
        else:
            continue
        trailer.spans.append(m.span())
    for m in _WHEN.finditer(text):
        spots = spot_dates(m["when"])
        if spots:
            a, b, symbol, flags = spots[-1]
            trailer.when = (m.start("when") + a, m.start("when") + b, symbol, flags)
        trailer.spans.append(m.span())
    for m in _CLOSING.finditer(text):
        if _parenthesis(m["body"], trailer):
            trailer.spans.append(m.span())
    return trailer


def _parenthesis(body: str, trailer: Trailer) -> bool:
    """市教育局牵头，市财政局、各区配合."""
    read = False
    for part in re.split(r"[，；;,](?=[^，；;,]*(?:牵头|负责|配合|参与|落实))", body):
        names = names_at(part.strip(), 0)
        if not names:
            continue
        verb = part.strip()[names.end :]
        if re.match(r"(?:等[^，]{0,8})?(?:积极|密切)?(?:配合|参与|协助)", verb):
            trailer.supporting += names.names
        else:
            trailer.responsible += names.names
        read = True
    return read
