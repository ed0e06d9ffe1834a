"""Names of units: what one is made of, and where it ends.

A name is read from its left end, which grammar gives (a clause begins, 由, 请, 、), to its last kind word: 局,
领导小组, 镇. Between the two nothing may stand that no name contains, such as 要, 把 or 加快. What kind word ends
it says how surely it acts: an office always does, a hospital or a market may be what is built, a county may be
where. No word is segmented: a dictionary made for news cuts the names of bodies in the wrong places.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from speeches.extraction.bodies import (
    FIELD,
    FIELDS,
    FREE_NOUN,
    GUARDS,
    HOUSE,
    KINDS,
    LEVELS,
    NOT_A_NAME,
    OFFICE,
    PLACE,
    UNGUARDED,
    VERB_FIRST,
)
from speeches.extraction.model import Lexicon

_LONGEST = max(map(len, KINDS))
LAST = re.compile("[" + "".join({k[-1] for k in [*KINDS, "企业"]}) + "]")
_REACH = 18

# ---- collectives ----------------------------------------------------------------------------------------

NUMBER = r"(?:[两二三四五六七八九十几]|十[一二三四五六七八九]|\d{1,3})"
_BRACKET = r"（(?:[^（）]{1,12})）"
# 各产茶乡镇, 县直有关部门: words that make a collective of a noun, and posts in a work that make one of 单位.
_QUALIFIER = (
    r"各级各|各有关|各相关|各个|各家|各级|各类|各|有关|相关|所有|全部|全体|其他|其它|其余|所在|属地|涉及|涉事|每个|每家|任何|"
    rf"[{LEVELS}](?:级|直|属)(?=[各有相部单机企国平预主重])|(?:县区|市县)(?=各|有关|部门)|职能|行业|业务|主管|监管|上级|基层|直属"
)
_POSTED = (
    r"管理|总承包|施工总承包|驻村帮扶|项目建设|项目施工|责任|牵头|承办|主办|会办|协办|配合|主管|监管|职能|成员|组成|主责|承建|代建|施工|监理|建设|设计|勘察|业主|产权|用人|用地|帮扶|包联|包保|派出|派驻|"
    r"运营|经营|管护|参建|编制|实施|评估|检测|第三方|执法|金融|医疗|养老|新闻|审图|测绘|鉴定|代理|参与|入驻|试点|物业|燃气|供热|供水|供电|客运|货运|运输|快递|电力|通信|公交|危化|矿山"
)
_COLLECTIVE = re.compile(
    rf"(?:"
    rf"(?:各|所有|每个|有关|相关)?[县市区镇乡村州旗](?:镇|街)?{_BRACKET}(?!长)(?:人民政府|政府|党委|党工委|两委|\"两委\"|[委局办](?=[要应须在和、，]|$))?"
    rf"|各[一-龥]{{1,6}}{_BRACKET}"
    rf"|(?:各?[省市县区镇乡村街]{{2,3}}|[省市县区镇乡村](?:、[省市县区镇乡村]){{1,3}})[两三四]级(?!干部|书记|领导|[河林田]长|书|网|体系|平台|政务|财政|医|班子|联动|服务|综合|便民|公共|机构|物流|电商|改革|挂)(?:政府|党委|组织|部门)?"
    rf"|各地(?=[要应，、在于均])"
    rf"|(?:(?![由请归经在把])[一-龥]){{0,6}}所在(?:地)?(?:乡镇|县区|街道|[县市](?:{_BRACKET})?|区|镇|村)(?:人民政府|政府|党委)?"
    rf"|(?:\d+个)?[一-龥]{{1,12}}的(?:乡镇|单位|部门|镇街|街道|县区|县市区|市州|市县|社区|村|镇|乡)(?=要(?!求)|必须|务必|应当|应在|须|限期|本月|下月|年内|年底|\d+月)"
    rf"|(?:[东西南北中]部|沿[一-龥]{{1,2}}|主城|中心城)\d{{1,2}}个?(?:市州|县市区|县区|区县|市|县|区|乡镇|镇|乡|村)(?=每|要|必须|各)"
    rf"|每[县乡镇村区](?=组织|要|都|必须|负责)"
    rf"|[东西南北中][片部区][二两三四五六七八九十][乡镇村县区]"
    rf"|[两三四五六七八九]县[一两三四二]?[区市](?=要|各|[，、]|\d|年|必须)"
    rf"|属地(?=[要负、，和按做配落管一]|$)"
    rf"|三大(?:电信|通信)?运营商"
    rf"|项目(?:业主|监理)(?:单位)?(?!的)"
    rf"|(?:各)?村（居）(?:民)?(?:委会|两委)?"
    rf"|村(?:支)?\"?两委\"?"
    rf"|(?:各有关|各相关|各|相关|有关|原)?(?:{_POSTED})(?:单位|部门|企业|机构|方(?![案面式向法便针]))"
    rf")"
)
# Whose: 全县各乡镇, 局属各单位, 沿江各县.
_WHOSE = re.compile(
    rf"(?:全[{LEVELS}校]|[城农][区村]|[省市县区镇乡](?:委|政府|人民政府)|各地(?=各)|本?(?:机关|系统|集团|公司)|[局校院厂矿部厅委社行][属直机]关?|沿[一-龥]{{1,2}}|[东南西北山库灾产圩湖矿林][一-龥]|[{LEVELS}](?:级|直|属|内|域))(?=各|每个)|(?:[一-龥]{{1,2}}口|政法|涉农|涉企|群团)(?=各(?:部门|单位))|[东西南北中][片部区](?={NUMBER}个)|沿[一-龥]{{1,2}}(?={NUMBER}个)"
)
_PARTY_BODY = re.compile(rf"(?:各|属地)?[一-龥]{{0,5}}(?:{_BRACKET})?党（工）委")
# With what a collective may begin; all else is no collective, without further reading.
_MAY_COLLECT = re.compile(
    rf"[{LEVELS}各有相所全其属涉每任职行业主监上基直村项城农三本机系集局校院厂矿部厅委社原沿东南西北中山库灾产圩湖林两二三四五六七八九十几\d]|{_POSTED}"
)
_BRACKETED = re.compile(r"（([^（）]{1,12})）")
_QUALIFIED = re.compile(rf"(?:{_QUALIFIER})+级?")
# 各带企业跑一趟: each of those named before does something.
_EACH_DOES = re.compile(r"各(?:带|抽|派(?!出|驻)|拿|搞|抓|负|尽|就|跑|写|添|组织(?=[一两三四五\d]|开展|召开))")
_MORE = re.compile(r"党委|党组织|党组|党支部|政府")
# Single characters that end a collective only right after 各 or with words before them: 各局, 各产茶县.
_SHORT_NOUNS = "县市区镇乡村局委办所站厂矿组队段科"
_COUNTED = re.compile(
    rf"{NUMBER}[个家]?(?:乡镇|镇街|街道|社区|园区|县市区|县区|区县|市县|部门|单位|保险公司|公司|银行|运营商|县|镇|乡|村|区政府|区)"
)

# ---- one name -------------------------------------------------------------------------------------------

ANY_FIELD = "|".join(sorted(FIELDS, key=len, reverse=True))
_FIELD_NAME = re.compile(
    rf"(?:全?[{LEVELS}](?:级|直|属)?)?(?:{ANY_FIELD})+(?P<kind>系统|战线)?(?:[和与](?:{ANY_FIELD})+(?:管理)?(?=[局委厅]))?"
)
_QUOTED = re.compile(r'(?:[省市县区镇乡州])?"[一-龥]{1,6}"')
# What a field may be followed by before the kind: 机关事务|管理|局.
_TASKS = re.compile(
    r"(?:监督|管理|监管|执法|事务|服务|开发|建设|发展|保障|稽查|监察|督察|监测|指导|促进|推进|改革|综合|行政|交易|质量|安全|生产|工作)+$"
)
# With what a stretch before a field may end, if it belongs to the name: 云溪区|教育局, 国家|发展改革委.
_LEAD_END = re.compile(
    rf'(?:[{LEVELS}级直属厂矿校院总分"]|国家|中国|国网|驻.|地方|高速|[特巡刑]|森林|水上|铁路|街道|集团|公司|兵团|所|处|站)$'
)
# What a name does not go on with: 县文旅局|联合县市场监管局.
_VERB_NEXT = re.compile(
    r"联合(?!社|会|体|国|执法|党|支|工)|会同|协同|组织(?!部|科|处|股|办|室|委)|负责|督促|配合|指导(?!中心|站|办|处|科|组|委|所)"
)
# 县计划、财政 are offices; 全市计划投入 is none.
_PLANNERS = re.compile(r"[、局委和等部生]")
_STATIONED = re.compile(r"驻[一-龥]{2,14}?(?:纪检监察组|纪检组|监察组|工作组|办事处|联络处)")
_MEMBERS = re.compile(r"各?(?:成员单位|下属单位|直属单位|科室|股室|处室)")
_LEVEL_SET = frozenset(LEVELS)
# What stands in the longer names of places: 江州市云溪区, 清溪土家族乡.
_LONG_LEAD = re.compile(r"[族省市县区镇旗州盟]|国家|中国|国网|驻|公司|集团|街道|局|厅|委|厂|校|院")
# What stands before a field in the names of a firm's departments: 安全|环保|部.
_STAFF = frozenset(
    "安全 质量 生产 技术 人力 综合 战略 企业 产业 党群 工程 合同 设备 财务 运营 后勤 物资 质量安全 安全生产".split()
)
_SEATS = ("两办", "省委", "州委", "镇委", "旗委", "纪委", "政府", "县委", "市委", "区委", "党委", "人大", "政协")


@dataclass(frozen=True, eq=False)
class Known:
    """The office's own names, from its Lexicon."""

    units: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    lengths: tuple[int, ...] = ()

    def end(self, text: str, at: int, names: frozenset[str]) -> int:
        """Where the longest of the names that stands here ends; `at` where none does."""
        return next((at + n for n in self.lengths if text[at : at + n] in names), at)


NOTHING = Known()


@lru_cache(maxsize=8)
def own_names(lexicon: Lexicon | None) -> Known:
    """The Lexicon's names, ready to be looked up."""
    if lexicon is None:
        return NOTHING
    units = lexicon.units | lexicon.groups
    lengths = {len(n) for n in units | lexicon.people if n}
    return Known(units, lexicon.groups, lexicon.people, tuple(sorted(lengths, reverse=True)))


@dataclass(frozen=True)
class Name:
    """One name: where it ends, and how surely it acts (office, house, place; field where no kind word stands)."""

    end: int
    sort: str


def name_at(text: str, at: int, known: Known = NOTHING) -> Name | None:
    """The name of a unit that begins here, the longest reading of it; None where none begins."""
    own = known.end(text, at, known.units) if known.units else at
    best = Name(own, OFFICE) if own > at else None
    for read in (collective_at, _field, _generic):
        found = read(text, at)
        for _ in range(4):
            if found is None or (longer := _part(text, at, found)) is None:
                break
            found = longer
        if found and (best is None or found.end > best.end):
            best = found
    if best and text[best.end : best.end + 1] == "（" and (m := _BRACKETED.match(text, best.end)):
        inner = _generic(m.group(1), 0)
        if inner and inner.end == len(m.group(1)):
            return Name(m.end(), best.sort)
    return best


def collective_at(text: str, at: int) -> Name | None:
    """各乡镇, 县直有关部门, 各县（市、区）, 六个街道."""
    if "（工）委" in text[at : at + 24] and (m := _PARTY_BODY.match(text, at)):
        return Name(m.end(), PLACE)
    if not _MAY_COLLECT.match(text, at) and "所在" not in text[at : at + 8] and "的" not in text[at + 1 : at + 14]:
        return None
    if m := _COLLECTIVE.match(text, at) or _COUNTED.match(text, at):
        return Name(m.end(), PLACE)
    if m := _WHOSE.match(text, at):
        return collective_at(text, m.end())
    m = _QUALIFIED.match(text, at)
    if not m or _EACH_DOES.match(text, at):
        return None
    begin = m.end()
    stop = NOT_A_NAME.search(text, begin, begin + 12)
    for last in LAST.finditer(text, begin, stop.start() if stop else begin + 12):
        end = last.end()
        noun = "企业" if text.endswith("企业", begin, end) else _kind(text, begin, end)
        if not noun or (len(noun) == 1 and noun not in _SHORT_NOUNS):
            continue
        if len(noun) == 1 and end - begin == 1 and not m.group().endswith(("各", "个", "家", "所在", "相关", "有关")):
            continue
        end = _lengthened(text, begin, end)
        if more := _MORE.match(text, end):
            end = more.end()
        if bracket := _BRACKETED.match(text, end):
            end = bracket.end()
        return Name(end, KINDS.get(noun, PLACE))
    return None


def is_group(name: str, known: Known = NOTHING) -> bool:
    """Whether a name stands for several units: 各乡镇, 县直有关部门."""
    found = collective_at(name, 0)
    return name in known.groups or (found is not None and found.end == len(name))


def _field(text: str, at: int) -> Name | None:
    """交通, 县财政, 市场监管局, 教育系统."""
    m = _FIELD_NAME.match(text, at)
    if not m or (m.group().endswith("计划") and not _PLANNERS.match(text, m.end())):
        return None
    if m["kind"]:
        return Name(m.end(), PLACE)
    for n in range(min(_LONGEST, len(text) - m.end()), 0, -1):
        end = m.end() + n
        if text[m.end() : end] in KINDS and _kind(text, m.end(), end) == text[m.end() : end]:
            return Name(end, KINDS[_kind(text, at, end) or text[m.end() : end]])
    return Name(m.end(), FIELD)


def _generic(text: str, at: int) -> Name | None:
    """The shortest sound name by its kind word."""
    quoted = _QUOTED.match(text, at)
    begin = quoted.end() if quoted else at
    stop = NOT_A_NAME.search(text, begin, at + _REACH)
    limit = stop.start() if stop else at + _REACH
    for m in LAST.finditer(text, begin, limit):
        kind = _kind(text, at, m.end())
        if kind and _sound(text, at, m.end(), kind):
            end = _lengthened(text, at, m.end())
            return Name(end, KINDS[_kind(text, at, end)])
    return None


def _lengthened(text: str, at: int, end: int) -> int:
    """Where a kind word ends that begins inside the one read: 各县|市区, 乡镇|街道, 工业园|区."""
    return next((end + n for n in (2, 1) if end + n <= len(text) and len(_kind(text, at, end + n)) > n), end)


def _kind(text: str, at: int, end: int) -> str:
    """The kind word that ends here, "" where none does."""
    for n in range(min(_LONGEST, end - at), 0, -1):
        word = text[end - n : end]
        if word in KINDS and not _guarded(text, end - n, end, word, end - n > at):
            return word
    return ""


def _guarded(text: str, start: int, end: int, word: str, inner: bool) -> bool:
    """Whether what stands beside a kind word makes it part of another word."""
    if word == "委" and text[end : end + 2] in ("会同", "会商"):
        return False
    if word == "村" and text[end : end + 2] in ("组建", "组织"):
        return False
    if text[end : end + 1] == "长" and text[end : end + 2] not in ("长期", "长效"):
        return True
    before, after = GUARDS.get(word, ("", ""))
    if end < len(text) and _goes_on(text, end, word):
        after = ""
        return inner and text[start - 1] in before
    after += GUARDS.get(word[-1], ("", ""))[1] if word[-1] in "队室所处站科部" else ""
    return (inner and text[start - 1] in before) or (end < len(text) and text[end] in after)


def _goes_on(text: str, end: int, word: str) -> bool:
    """Whether a verb begins after a kind word, though its first character could belong to the word."""
    m = UNGUARDED.match(text, end)
    if m is None:
        return False
    verb = m.group()
    if verb == "组织" and word in ("村", "党", "组", "社", "社区", "区", "镇", "乡"):
        return text[end + 2 : end + 3] not in ("要", "、", "和", "，", "书", "带", "")
    if verb in ("在", "对"):
        return len(word) > 1
    if verb == "部分":
        return False
    return not (word == "市" and verb == "场")


def _sound(text: str, at: int, end: int, kind: str) -> bool:
    """Whether a stretch that ends with a kind word is a name from its very beginning."""
    stem = text[at : end - len(kind)]
    if kind == "工地":
        return False
    if not stem:
        return len(kind) > 1 or kind in "县市区镇乡村"
    if len(stem) == 1 and stem in "一两三四五六七八九十本该此我全每新老原外邻" and len(kind) == 1:
        return stem in "一二三四五六七八九十" and kind in "院厂矿"
    if len(kind) == 2 and kind[1] in "里上":
        return False
    verb = VERB_FIRST.match(stem)
    if verb and (
        len(verb.group()) == 1 or FREE_NOUN.search(text[at:end]) or (KINDS[kind] != OFFICE and verb.group() != stem)
    ):
        return False
    # A field before the kind: what stands before both must be a place or a level, or no name begins here.
    bare = _TASKS.sub("", stem)
    for n in range(min(9, len(bare)), 1, -1):
        if bare[-n:] in FIELDS:
            lead = bare[:-n]
            return (
                not lead
                or lead in FIELDS
                or lead in _STAFF
                or (len(lead) < 5 and (lead[0] in LEVELS or text[at - 1 : at] in _LEVEL_SET))
                or (_LEAD_END.search(lead) is not None and (len(lead) < 5 or _LONG_LEAD.search(lead[:-1]) is not None))
            )
    if kind in ("镇", "乡", "村", "县", "区", "市") and len(stem) > 3:
        return _LONG_LEAD.search(stem) is not None
    return len(stem) <= 12


def _part(text: str, start: int, name: Name) -> Name | None:
    """What a name goes on with: 县政府 + 督查室, 云溪区 + 教育局, 街道 + 司法所."""
    at = name.end
    if at >= len(text) or (text[at] == text[start] and text[at] in LEVELS):
        return None  # 县委|县政府
    if _VERB_NEXT.match(text, at):
        return None
    above = text[at - 2 : at] in (*_SEATS, "集团", "公司", "银行", "总局", "机关")
    if above or (name.sort == PLACE and text[at - 1] in "县市区镇乡村道省州"):
        inner = _field(text, at)
        if inner is None or inner.sort == FIELD:
            inner = _generic(text, at)
        if inner and inner.sort != FIELD and (above or inner.sort in (OFFICE, HOUSE) or name.sort == PLACE):
            bare = FREE_NOUN.fullmatch(text[at : inner.end]) is not None
            if not bare or text[at : inner.end] == "机关" or (inner.sort != PLACE and text[start] not in "各所有每"):
                return inner
    if text[at] == "驻" and (m := _STATIONED.match(text, at)):
        return Name(m.end(), OFFICE)
    if text[at] == "办" and text[at - 2 : at] in _SEATS and text[at + 1 : at + 2] not in set("理好学成法事案实"):
        return Name(at + 1, OFFICE)
    if m := _MEMBERS.match(text, at):
        return Name(m.end(), PLACE)
    part = _generic(text, at)
    if part is None or part.sort == PLACE or part.end - at > 10:
        return None
    return None if text[part.end - 1] in "厂园馆店场矿" or FREE_NOUN.search(text[at : part.end]) else part
